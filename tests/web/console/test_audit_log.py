"""The audit log shows who did what and when: look-ups, sign-ins, users and policies."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from suppression.domain.controllers.model import Controller
from suppression.domain.imports.model import ImportAction
from suppression.domain.users.roles import Role
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.imports.apply import end_as_failed
from suppression.usecases.ledger import read_audit_log as read_log
from suppression.usecases.services import Services
from suppression.usecases.users.manage import create_user
from tests.api import Api
from tests.conftest import Clock
from tests.importing import Imports, emails
from tests.web.console.browser import Browser, signed_in

PHONE = "06 12 34 56 78"


def rows(browser: Browser, path: str = "/okwind/log") -> list[list[str]]:
    """Return the cells of the log without HTML, the newest line first."""
    browser.get(path)
    body = browser.text.split("<tbody>")[1].split("</tbody>")[0]
    lines = [re.findall(r"<td[^>]*>(.*?)</td>", line) for line in body.split("<tr>")[1:]]
    return [[re.sub(r"<[^>]+>", "", cell) for cell in line] for line in lines]


def told(browser: Browser) -> list[tuple[str, str]]:
    """Return the actor and the action of each line of the log."""
    return [(line[1], line[2]) for line in rows(browser)]


def test_what_happens_to_a_user_is_told_with_who_did_it(app: Flask, dpo: Browser) -> None:
    with app.app_context():
        services, okwind = app.extensions["suppression"], find_controller("okwind")
        dpo.clock.turn(seconds=1)
        create_user(services, okwind, "p.petit", Role.INTAKE, now=dpo.clock.now)
    dpo.get("/okwind/users")
    steps: list[tuple[str, dict[str, object]]] = [
        ("/okwind/users/role", {"login": "p.petit", "role": "auditor"}),
        ("/okwind/users/reset", {"login": "p.petit"}),
        ("/okwind/users/disable", {"login": "p.petit"}),
        ("/okwind/users/enable", {"login": "p.petit"}),
        ("/okwind/users/role", {"login": "p.petit", "role": ""}),
    ]
    for path, form in steps:
        dpo.clock.turn(seconds=1)
        assert dpo.post(path, form).status_code in {200, 303}, path
    assert ("cli", "user: a.dpo, created: DPO: all cases") in told(dpo)
    assert told(dpo)[:7] == [
        ("a.dpo", "user: p.petit, role: none"),
        ("a.dpo", "user: p.petit, enabled"),
        ("a.dpo", "user: p.petit, disabled"),
        ("a.dpo", "user: p.petit, password reset"),
        ("a.dpo", "user: p.petit, role: auditor: read"),
        ("cli", "user: p.petit, created: intake: record, look up"),
        ("a.dpo", "signed in"),
    ]


def test_look_ups_and_policies_are_told_and_no_value(dpo: Browser, api: Api) -> None:
    api.seen.add(PHONE)
    dpo.clock.turn(seconds=1)
    dpo.post("/okwind/look-up", {"identifier": PHONE, "purpose": "authority"})
    dpo.clock.turn(seconds=1)
    dpo.post("/okwind/policies", {"settings": "sms.marketing.rule=opt_in"})
    first, second, *_ = told(dpo)
    assert first == ("a.dpo", "policies, version 2, SMS, marketing")
    assert second == ("a.dpo", "look-up: question of the CNIL or a court")
    assert PHONE not in dpo.text


def test_a_sign_in_stands_with_every_company_that_one_serves(
    app: Flask, clock: Clock, seen: set[str], okwind: Controller, okonect: Controller
) -> None:
    both = signed_in(app, clock, seen, {okwind: Role.DPO, okonect: Role.AUDITOR}, login="both")
    for slug in ("okwind", "okonect"):
        assert rows(both, f"/{slug}/log")[0][1:3] == ["both", "signed in"]


def test_what_happens_to_an_import_is_told_also_that_it_was_given_up(
    app: Flask, dpo: Browser
) -> None:
    imports = Imports(app)
    dpo.clock.turn(seconds=1)
    staged = imports.stage(emails([0])).import_
    for action in (ImportAction.APPLY, None, ImportAction.APPLY, ImportAction.UNDO):
        dpo.clock.turn(seconds=1)
        if action:
            imports.wish(staged.import_id, action)
        else:
            with app.app_context():
                end_as_failed(imports.load(staged.import_id), now=dpo.clock.now)
    dpo.clock.turn(seconds=1)
    other = imports.stage(emails([1])).import_
    dpo.clock.turn(seconds=1)
    imports.wish(other.import_id, ImportAction.DISCARD)
    assert told(dpo)[:7] == [
        ("test", "import: discarded"),
        ("test", "import: file read"),
        ("test", "import: to be undone"),
        ("test", "import: to be applied"),
        ("worker", "import: given up after failures"),
        ("test", "import: to be applied"),
        ("test", "import: file read"),
    ]


def test_a_failed_sign_in_is_none(dpo: Browser) -> None:
    before = len(rows(dpo))
    dpo.post("/sign-out")
    dpo.get("/sign-in")
    dpo.post("/sign-in", {"login": "a.dpo", "password": "wrong"})
    dpo.sign_in("a.dpo")
    assert len(rows(dpo)) == before + 1


@pytest.mark.parametrize(
    ("role", "status"), [(Role.AUDITOR, 200), (Role.INTAKE, 403), (Role.OPERATOR, 403)]
)
def test_the_auditor_reads_it_and_others_do_not(
    browser_as: Callable[[Role], Browser], role: Role, status: int
) -> None:
    assert browser_as(role).get("/okwind/log").status_code == status


def test_older_entries_follow_page_by_page(
    dpo: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_log, "PAGE", 3)
    services: Services = app.extensions["suppression"]
    with app.app_context():
        for number in range(5):
            controller = find_controller("okwind")
            create_user(services, controller, f"p.{number}x", Role.INTAKE, now=dpo.clock.now)
    path, seen = "/okwind/log", list[str]()
    while path:
        seen += [line[3] for line in rows(dpo, path)]
        match = re.search(r'href="/console(/okwind/log\?before=[0-9a-f]+)"', dpo.text)
        path = match[1] if match else ""
    assert len(seen) == len(set(seen)) == 8
    assert rows(dpo, "/okwind/log?before=nonsense") == rows(dpo)


def test_another_company_s_entries_are_not_there(
    app: Flask, clock: Clock, seen: set[str], dpo: Browser, okonect: Controller
) -> None:
    mine = rows(dpo)
    other = signed_in(app, clock, seen, {okonect: Role.DPO}, login="other")
    assert rows(dpo) == mine
    assert {line[1] for line in rows(other, "/okonect/log")} == {"other", "cli"}
    assert other.get("/okwind/log").status_code == 404
