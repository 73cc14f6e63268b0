"""A link reopens only what a click closed on a later day; a click's own page undoes that click."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from suppression.domain.suppressions.model import RecordId
from suppression.domain.users.roles import Role
from suppression.domain.vocabulary import EntryType
from suppression.storage.engine.database import reading
from suppression.storage.ledger.rows import entries_about_records
from suppression.storage.ledger.tables import DbLedgerEntry
from suppression.usecases.operations.metrics_snapshot import snapshot_metrics
from suppression.usecases.operations.retention import purge_confirmations, purge_counts
from suppression.usecases.services import Services
from tests.api import Api
from tests.attacks.effects import UNDO, link
from tests.cli.test_commands import run
from tests.conftest import Clock
from tests.consenting import consented, on_record
from tests.web.console.browser import Browser
from tests.web.pages.test_preferences import BOTH, boxes, done, save

EMAIL = "jean.dupont@example.fr"
SIGN_UP = "https://okwind.example/sign-up?from=stop&lang=fr"
CLOSED = {"newsletter": "", "offers": ""}
GREY = {"newsletter": "disabled", "offers": "disabled"}


def click(api: Api, path: str, confirm: str = "all") -> str:
    """Press the button of a link's page and return the path of the next page."""
    answer = api.post(path, data={"confirm": confirm})
    return "/" + answer.headers["Location"].removeprefix("../")


def open_again(api: Api, path: str) -> int:
    """Tick every box of a link's page of choices and return the status."""
    return save(api, f"{path}/choices", *BOTH, shown=[]).status_code


def test_a_link_made_after_the_stop_opens_nothing(api: Api, clock: Clock) -> None:
    old = link(api, EMAIL)
    clock.turn(days=1)
    click(api, old)
    clock.turn(days=1)
    fresh = link(api, EMAIL)
    assert boxes(api, f"{fresh}/choices") == GREY
    assert open_again(api, fresh) == 200
    assert api.decision("email", EMAIL, topic="offers") == "deny"
    assert on_record(api, "email", EMAIL) == []
    assert open_again(api, old) == 303
    assert api.decision("email", EMAIL, topic="offers") == "allow"


def test_a_link_of_the_day_of_the_stop_opens_nothing(api: Api, clock: Clock) -> None:
    path = link(api, EMAIL)
    click(api, path)
    clock.turn(hours=1)
    assert open_again(api, path) == 200
    clock.turn(days=30)
    assert open_again(api, path) == 200
    assert api.decision("email", EMAIL, topic="offers") == "deny"


def test_a_day_is_one_of_utc_to_the_microsecond(api: Api, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 21, 23, 59, 59, 999999, tzinfo=UTC)
    path = link(api, EMAIL)
    clock.turn(microseconds=1)
    click(api, path)
    clock.turn(seconds=1)
    assert boxes(api, f"{path}/choices") == CLOSED
    other = link(api, "someone@example.fr")
    clock.now = datetime(2026, 11, 22, 23, 59, 59, 999999, tzinfo=UTC)
    click(api, other)
    assert boxes(api, f"{other}/choices") == GREY


def test_a_link_clicked_again_after_the_stop_makes_it_no_newer(api: Api, clock: Clock) -> None:
    """The attack: make a link after the stop and click it a day later, to make the stop newer."""
    click(api, link(api, EMAIL))
    clock.turn(days=1)
    fresh = link(api, EMAIL)
    clock.turn(days=1)
    for form in ({"List-Unsubscribe": "One-Click"}, {"confirm": "all"}, {"confirm": "1"}):
        api.post(fresh, data=form)
        clock.turn(days=1)
    assert open_again(api, fresh) == 200
    assert api.decision("email", EMAIL, topic="offers") == "deny"


def test_a_narrower_click_by_a_newer_link_opens_nothing_either(api: Api, clock: Clock) -> None:
    click(api, link(api, EMAIL))
    clock.turn(days=1)
    answer = api.post("/v1/links", {"identifier": EMAIL, "topic": "offers"}).get_json()["url"]
    fresh = "/u/" + str(answer).rpartition("/")[2]
    clock.turn(days=1)
    page = click(api, fresh, "1")
    (token,) = UNDO.findall(api.send("GET", page).text)
    assert api.post(page, data={"undo": token}).status_code == 303
    assert open_again(api, fresh) == 200
    assert api.decision("email", EMAIL, topic="offers") == "deny"


def test_after_a_new_consent_the_next_click_is_a_stop_of_its_own(api: Api, clock: Clock) -> None:
    click(api, link(api, EMAIL))
    clock.turn(days=2)
    consented(api, "email", EMAIL, topics=["offers"], given_at="2026-11-23T09:00:00Z")
    between = link(api, EMAIL)
    clock.turn(days=1)
    click(api, between)
    clock.turn(hours=1)
    assert boxes(api, f"{between}/choices") == {"newsletter": "disabled", "offers": ""}


@pytest.mark.parametrize("confirm", ["1", "all"])
def test_the_page_of_the_click_itself_undoes_it_for_a_day(
    api: Api, clock: Clock, confirm: str
) -> None:
    page = click(api, link(api, EMAIL), confirm)
    clock.turn(hours=23)
    (token,) = UNDO.findall(api.send("GET", page).text)
    assert api.post(page, data={"undo": token}).status_code == 303
    assert api.decision("email", EMAIL) == "allow"
    history = api.search("email", EMAIL)["history"]
    (release,) = [entry for entry in history if entry["type"] == "release"]
    assert release["evidence"] == "reopening"


def test_the_page_of_choices_undoes_all_that_they_stopped(api: Api, clock: Clock) -> None:
    """A link of the day of the stop reopens nothing, so a mistake is corrected on this page."""
    path = link(api, EMAIL) + "/choices"
    for left in (["offers"], []):
        sent = save(api, path, *left)
        page = "/" + sent.headers["Location"].removeprefix("../../")
        (token,) = UNDO.findall(api.send("GET", page).text)
        clock.turn(minutes=5)
        assert api.post(page, data={"undo": token}).status_code == 303
        assert boxes(api, path) == {"newsletter": "checked", "offers": "checked"}
        clock.turn(minutes=5)


def test_choices_are_not_undone_once_something_was_said(api: Api, clock: Clock) -> None:
    path = link(api, EMAIL)
    page = "/" + save(api, f"{path}/choices").headers["Location"].removeprefix("../../")
    (token,) = UNDO.findall(api.send("GET", page).text)
    clock.turn(minutes=5)
    api.post(path, data={"List-Unsubscribe": "One-Click"})
    clock.turn(minutes=5)
    assert api.post(page, data={"undo": token}).status_code == 409
    assert api.decision("email", EMAIL) == "deny"


def test_choices_that_stopped_a_number_too_are_not_undone(api: Api) -> None:
    """A typed number is stopped for ever, so the page must not promise to undo everything."""
    sent = save(api, link(api, EMAIL) + "/choices", "offers", phone="06 12 34 56 78")
    assert UNDO.findall(api.send("GET", "/r/" + sent.headers["Location"][8:]).text) == []


def test_what_stood_before_the_choices_is_not_undone(api: Api, clock: Clock) -> None:
    path = link(api, EMAIL)
    save(api, f"{path}/choices", "offers")
    clock.turn(minutes=5)
    sent = save(api, f"{path}/choices", "offers")
    assert UNDO.findall(done(api, sent)) == []


def test_a_reopening_has_an_evidence_of_its_own(
    app: Flask, api: Api, clock: Clock, browser_as: Callable[[Role], Browser]
) -> None:
    path = link(api, EMAIL)
    clock.turn(days=1)
    click(api, path)
    clock.turn(hours=1)
    done(api, save(api, f"{path}/choices", *BOTH, shown=[]))
    with app.app_context():
        evidence = _evidence_of_consents()
    assert evidence == ["reopening", "reopening"]
    dpo = browser_as(Role.DPO)
    dpo.get("/okwind/reopenings")
    assert _days(dpo)[:2] == [("22 November 2026", "1"), ("21 November 2026", "0")]


def test_an_unusual_number_alerts_the_dpo_and_the_operator(
    app: Flask, api: Api, clock: Clock, browser_as: Callable[[Role], Browser]
) -> None:
    paths = [link(api, f"person-{number}@example.fr") for number in range(11)]
    clock.turn(days=1)
    dpo = browser_as(Role.DPO)
    for number, path in enumerate(paths):
        click(api, path)
        clock.turn(minutes=1)
        dpo.get("/okwind/today")
        assert "an unusual number" not in dpo.text, number
        assert open_again(api, path) == 303
    dpo.get("/okwind/today")
    assert "an unusual number, yesterday or today" in dpo.text
    dpo.get("/okwind/reopenings")
    assert "unusual" in dict(_days(dpo))["22 November 2026"]
    assert "revoke their keys" in dpo.text
    assert _metric(app, clock) == 1
    clock.turn(days=3)
    assert _metric(app, clock) == 0


def test_a_sandbox_address_is_not_counted(
    api: Api, clock: Clock, browser_as: Callable[[Role], Browser]
) -> None:
    path = link(api, "allowed@example.test")
    clock.turn(days=1)
    click(api, path)
    clock.turn(hours=1)
    open_again(api, path)
    dpo = browser_as(Role.DPO)
    dpo.get("/okwind/reopenings")
    assert {number for _, number in _days(dpo)} == {"0"}


def test_counts_go_after_400_days(app: Flask, api: Api, clock: Clock) -> None:
    page = click(api, link(api, EMAIL))
    api.post(page, data={"undo": UNDO.findall(api.send("GET", page).text)[0]})
    with app.app_context():
        clock.turn(days=400)
        assert purge_counts(now=clock.now) == 0
        clock.turn(days=1)
        assert purge_counts(now=clock.now) == 1
        purge_confirmations(now=clock.now)


def test_a_newer_link_leads_to_the_companys_own_sign_up(app: Flask, api: Api, clock: Clock) -> None:
    click(api, link(api, EMAIL))
    clock.turn(days=1)
    fresh = link(api, EMAIL)
    for page in (fresh, f"{fresh}/choices"):
        assert "sign up" not in api.send("GET", f"{page}?lang=en").text
    assert "write to Okwind" in api.send("GET", f"{fresh}/choices?lang=en").text
    told = run(app, "controllers", "brand", "okwind", "--resubscribe-url", SIGN_UP)
    assert told.stderr.rstrip().endswith(f"sign-up page {SIGN_UP}.")
    for page in (fresh, f"{fresh}/choices"):
        for language, words in (("en", "sign up on their page"), ("fr", "inscrivez-vous")):
            shown = api.send("GET", f"{page}?lang={language}").text
            assert words in shown
            assert f'href="{SIGN_UP}"' in unescape(shown)
    assert run(app, "controllers", "brand", "okwind", "--resubscribe-url", "").exit_code == 0
    assert "sign up" not in api.send("GET", f"{fresh}?lang=en").text


@pytest.mark.parametrize(
    "url",
    [
        "http://okwind.example/sign-up",
        "javascript:alert(1)",
        "https://",
        "https://localhost/",
        "https://user:password@okwind.example/",
        "https://okwind.example/a b",
        "https://okwind.example\\@evil.example/",
        "https://okwind.example/" + "x" * 200,
        "//okwind.example/",
    ],
)
def test_only_an_https_page_with_a_name_is_taken(
    app: Flask, api: Api, browser_as: Callable[[Role], Browser], url: str
) -> None:
    del api
    assert run(app, "controllers", "brand", "okwind", "--resubscribe-url", url).exit_code == 1
    dpo = browser_as(Role.DPO)
    form = {"colour": "#1d4ed8", "resubscribe_url": url}
    assert dpo.post("/okwind/look", form).status_code == 422
    assert dpo.post("/okwind/look", form | {"resubscribe_url": SIGN_UP}).status_code == 303
    dpo.get("/okwind/look")
    assert f'value="{SIGN_UP}"' in unescape(dpo.text)


def _days(dpo: Browser) -> list[tuple[str, str]]:
    """Return the day and the number of each row of the page of reopenings."""
    rows = re.findall(r"<tr><td>(.+?)</td><td>(.+?)</td></tr>", dpo.text)
    return [(day.lstrip("0"), number) for day, number in rows]


def _metric(app: Flask, clock: Clock) -> int:
    """Return the gauge that the alert of docs/for-operators.md uses."""
    services: Services = app.extensions["suppression"]
    with app.app_context():
        return snapshot_metrics(services, now=clock.now).unusual_reopenings or 0


def _evidence_of_consents() -> list[str]:
    """Return the evidence of every consent in the ledger."""
    with reading() as transaction:
        records = transaction.execute(select(DbLedgerEntry.record_id)).scalars()
        entries = entries_about_records(transaction, [*map(RecordId, filter(None, records))])
    return [str(entry.evidence) for entry in entries if entry.type is EntryType.CONSENT]
