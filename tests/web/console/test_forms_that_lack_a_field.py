"""A form without a needed field is refused: it removes no role and lifts no restriction."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from suppression.domain.cases.vocabulary import CaseKind
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import ForbiddenError
from suppression.domain.users.roles import Role
from suppression.usecases.users.manage import (
    change_role,
    create_user,
    disable_user,
    enable_user,
    list_users,
    reset_password,
)
from tests.api import Api
from tests.web.console.browser import Browser
from tests.web.console.cases.test_cases import PHONE, recorded, seen_on
from tests.web.operations.test_metrics import Count, count, watched

__all__ = ["count", "watched"]


@pytest.fixture
def petit(app: Flask, dpo: Browser, okwind: Controller) -> str:
    """Create a user whom the DPO may manage, and return their login."""
    with app.app_context():
        create_user(
            app.extensions["suppression"], okwind, "p.petit", Role.INTAKE, now=dpo.clock.now
        )
    return "p.petit"


@pytest.mark.usefixtures("petit")
def test_a_form_without_a_role_takes_none_away(
    app: Flask, dpo: Browser, okwind: Controller
) -> None:
    for form in ({}, {"role": "king"}):
        assert dpo.post("/okwind/users/role", {"login": "p.petit"} | form).status_code == 422
    with app.app_context():
        assert {user.login: user.roles for user in list_users(okwind)}["p.petit"] == {
            "okwind": Role.INTAKE
        }
    assert dpo.post("/okwind/users/role", {"login": "p.petit", "role": ""}).status_code == 303


@pytest.mark.usefixtures("petit")
def test_a_dpo_decides_about_nobody_who_has_no_role(
    app: Flask, dpo: Browser, okwind: Controller
) -> None:
    own, now = frozenset({"okwind"}), dpo.clock.now
    with app.app_context():
        by = next(user for user in list_users(okwind) if user.login == "a.dpo")
        change_role(okwind, "p.petit", None, by=by, now=now)
        services = app.extensions["suppression"]
        with pytest.raises(ForbiddenError):
            reset_password(services, "p.petit", within=own, now=now)
        for change in (disable_user, enable_user):
            with pytest.raises(ForbiddenError):
                change("p.petit", within=own, now=now)
            change("p.petit", now=now)


def test_nobody_was_told_of_a_lifting_before_the_restriction(dpo: Browser, api: Api) -> None:
    api.stop("phone", PHONE, reason="restriction", channels=None, purpose=None)
    dpo.post("/okwind/look-up", {"identifier": PHONE, "purpose": "request"})
    lifting = {"identifier": PHONE, "reason": "restriction", "why": "person_asked"}
    lifting |= {"seen": seen_on(dpo), "purpose": "request"}
    for day in ("0001-01-01", "2026-10-01", "9999-12-31", ""):
        assert dpo.post("/okwind/release", lifting | {"told_on": day}).status_code == 422, day
        beside = re.search(r'<input type="date" [^>]*name="told_on"[^>]*>', dpo.text)
        assert beside, day
        assert 'aria-invalid="true"' in beside[0], day
        assert api.decision("telephone", PHONE) == "deny"
    today = dpo.clock.now.date().isoformat()
    assert dpo.post("/okwind/release", lifting | {"told_on": today}).status_code == 200
    assert api.decision("telephone", PHONE) == "allow"


def test_nobody_was_told_of_a_lifting_before_the_restriction_was_asked_for_again(
    dpo: Browser, api: Api
) -> None:
    """The stop keeps its first date, so a letter older than the second restriction was accepted."""
    restriction = {"reason": "restriction", "channels": None, "purpose": None}
    api.stop("phone", PHONE, **restriction, occurred_at="2026-11-18T08:00:00Z")
    api.stop("phone", PHONE, **restriction)
    dpo.post("/okwind/look-up", {"identifier": PHONE, "purpose": "request"})
    lifting = {"identifier": PHONE, "reason": "restriction", "why": "person_asked"}
    lifting |= {"seen": seen_on(dpo), "purpose": "request"}
    assert dpo.post("/okwind/release", lifting | {"told_on": "2026-11-19"}).status_code == 422
    assert api.decision("telephone", PHONE) == "deny"
    today = dpo.clock.now.date().isoformat()
    assert dpo.post("/okwind/release", lifting | {"told_on": today}).status_code == 200


def test_stops_without_a_channel_that_a_case_adds_are_counted(dpo: Browser, count: Count) -> None:
    reference = recorded(dpo, CaseKind.RESTRICTION, phones="no number")
    path = f"/okwind/cases/{reference}/stop"
    assert dpo.post(path, {"phones": PHONE}).status_code == 303
    assert count('suppression_stops_total{channel="",evidence="dpo"}') == 1
    assert dpo.post(path, {"phones": "+33199000001"}).status_code == 303
    assert count('suppression_stops_total{channel="",evidence="dpo"}') == 1
