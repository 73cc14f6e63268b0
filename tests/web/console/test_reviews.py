"""Stops that came by the public form beyond its rate limit are listed on Today for review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from suppression.domain.controllers.model import Controller
from suppression.domain.suppressions.model import RATE_LIMITED, Review
from suppression.domain.users.roles import Role
from suppression.storage.engine.database import writing
from suppression.storage.unsubscribe.rows import add_review
from suppression.web.console.cases import pages as cases
from tests.cli.test_commands import run
from tests.conftest import Clock
from tests.web.console.browser import Browser, signed_in

REFERENCES = ["AAAA-BBBB-CCCC", "DDDD-EEEE-FFFF", "GGGG-HHHH-JJJJ"]


@pytest.fixture
def waiting(app: Flask, clock: Clock, okwind: Controller) -> None:
    """Store three reviews, a minute apart."""
    with app.app_context(), writing() as transaction:
        for minute, reference in enumerate(REFERENCES):
            at = clock.now + timedelta(minutes=minute)
            add_review(
                transaction, okwind, Review(reference=reference, why=RATE_LIMITED, recorded_at=at)
            )


def test_today_lists_them_until_somebody_looked(app: Flask, waiting: None, dpo: Browser) -> None:
    del waiting
    dpo.get("/okwind/today")
    assert "Public form, to look at (3)" in dpo.text
    assert [dpo.text.index(reference) for reference in REFERENCES] == sorted(
        map(dpo.text.index, REFERENCES)
    )
    assert dpo.post("/okwind/reviews", {"reference": REFERENCES[0]}).status_code == 303
    dpo.get("/okwind/today")
    assert REFERENCES[0] not in dpo.text
    assert REFERENCES[0] not in run(app, "reviews", "list", "okwind").stdout
    dpo.get("/okwind/log")
    assert f"request of the public form looked at: {REFERENCES[0]}" in dpo.text
    assert dpo.post("/okwind/reviews", {"reference": REFERENCES[0]}).status_code == 404


def test_of_very_many_the_oldest_are_shown(
    waiting: None, dpo: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    del waiting
    monkeypatch.setattr(cases, "_MOST_REVIEWS", 2)
    dpo.get("/okwind/today")
    assert "(2+)" in dpo.text
    assert REFERENCES[2] not in dpo.text


def test_an_auditor_sees_them_and_has_no_button(
    waiting: None, browser_as: Callable[[Role], Browser]
) -> None:
    del waiting
    auditor = browser_as(Role.AUDITOR)
    auditor.get("/okwind/today")
    assert REFERENCES[0] in auditor.text
    assert "Looked at" not in auditor.text
    assert auditor.post("/okwind/reviews", {"reference": REFERENCES[0]}).status_code == 403


def test_another_company_s_are_not_there(
    app: Flask, clock: Clock, seen: set[str], waiting: None, okonect: Controller
) -> None:
    del waiting
    other = signed_in(app, clock, seen, {okonect: Role.DPO}, login="other")
    other.get("/okonect/today")
    assert "Public form" not in other.text
    assert other.post("/okonect/reviews", {"reference": REFERENCES[0]}).status_code == 404
