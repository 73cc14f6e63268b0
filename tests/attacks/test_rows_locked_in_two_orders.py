"""Simultaneous requests that name the same people do not deadlock, whichever came first."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from suppression.domain.consents.model import Proof
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.suppressions.model import Scope
from suppression.domain.unsubscribe.preferences import marketing_email
from suppression.domain.vocabulary import GivenBy, Kind
from suppression.storage.engine.base import db
from suppression.storage.engine.database import disconnect
from suppression.storage.suppressions.new_rows import insert_row
from suppression.usecases.consents.import_rows import FileRow, import_consents
from suppression.usecases.consents.record import ConsentRequest
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.services import Services
from suppression.usecases.suppressions import record
from suppression.usecases.unsubscribe import preferences
from suppression.usecases.unsubscribe.preferences import PreferenceUpdate, save_preferences
from suppression.usecases.unsubscribe.stop_by_form import OptOutFormRequest, stop_by_form
from tests.api import Api
from tests.attacks.effects import link
from tests.databases import BACKENDS

OF_LINK = "jean.dupont@example.fr"
OTHERS = [f"anne.roux+{number}@example.fr" for number in range(40)]
_MEETING_SECONDS = 1.0


@pytest.fixture(params=BACKENDS[-1:])
def backend(request: pytest.FixtureRequest) -> str:
    """Return the newest PostgreSQL, because SQLite has one writer at a time."""
    return str(request.param)


def test_the_page_and_the_form_of_the_same_two_people_are_both_stored(
    app: Flask, api: Api, people: tuple[Subject, Subject], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page locked its link's row, the form the other address's: a deadlock, and a 503."""
    services: Services = app.extensions["suppression"]
    token = link(api, OF_LINK).rpartition("/u/")[2]
    api.stop("email", OF_LINK)
    of_link, other = people
    typed = OptOutFormRequest(subjects=(other,), scopes=(_all_mail(),))
    form = OptOutFormRequest(subjects=(of_link, other), scopes=(_all_mail(), _all_mail()))
    update = PreferenceUpdate(ticked=frozenset(), shown_open=frozenset(), typed=typed)
    _meet_after_first_rows(monkeypatch)

    def page() -> int:
        with app.app_context():
            return len(save_preferences(services, token, update, now=services.clock()).typed)

    def send_form() -> int:
        with app.app_context():
            controller = find_controller("okwind")
            return len(stop_by_form(controller, form, now=services.clock()).results)

    assert _together(page, send_form) == [1, 2]


def test_two_forms_that_name_topics_in_another_order_are_both_stored(
    app: Flask, people: tuple[Subject, Subject], monkeypatch: pytest.MonkeyPatch
) -> None:
    services: Services = app.extensions["suppression"]
    subject, _ = people
    scopes = tuple(marketing_email(topic) for topic in ("newsletter", "offers"))
    _meet_after_first_rows(monkeypatch)

    def send(ordered: tuple[Scope, ...]) -> int:
        form = OptOutFormRequest(subjects=(subject,), scopes=(ordered,))
        with app.app_context():
            controller = find_controller("okwind")
            return len(stop_by_form(controller, form, now=services.clock()).results)

    assert _together(lambda: send(scopes), lambda: send(scopes[::-1])) == [2, 2]


def test_earlier_ends_of_consents_wait_for_who_holds_the_oldest(
    app: Flask, people: tuple[Subject, Subject]
) -> None:
    """An import locked consents in the order of random ids, a withdrawal in the order of dates."""
    subject, _ = people

    def bring(until: datetime | None) -> int:
        rows = [
            FileRow(number=day, requests=(_consent(subject, day, until),)) for day in range(1, 9)
        ]
        with app.app_context():
            now = app.extensions["suppression"].clock()
            controller = find_controller("okwind")
            return len(import_consents(controller, rows, actor="cli", now=now))

    assert bring(until=None) == 8
    oldest = text("SELECT given_at FROM consents ORDER BY 1 LIMIT 1 FOR UPDATE")
    others = text("SELECT given_at FROM consents WHERE given_at > :oldest FOR UPDATE NOWAIT")
    with ThreadPoolExecutor(1) as pool, app.app_context():
        with db.engine.begin() as withdrawal:
            first = withdrawal.execute(oldest).scalar_one()
            shortened = pool.submit(bring, until=datetime(2027, 1, 1, tzinfo=UTC))
            time.sleep(_MEETING_SECONDS / 2)
            assert not shortened.done()
            assert len(withdrawal.execute(others, {"oldest": first}).all()) == 7
        assert shortened.result() == 8


def _consent(subject: Subject, day: int, until: datetime | None) -> ConsentRequest:
    return ConsentRequest(
        subject=subject,
        scopes=_all_mail(),
        given_at=datetime(2026, 11, day, tzinfo=UTC),
        until=until,
        proof=Proof(
            wording="I agree", given_by=GivenBy.WEB_FORM, evidence="form", collected_by="Anna"
        ),
    )


@pytest.fixture
def people(app: Flask, api: Api, seen: set[str]) -> Iterator[tuple[Subject, Subject]]:
    """Yield the person of the link, and another one whose row is locked before theirs."""
    assert api.key
    services: Services = app.extensions["suppression"]
    seen.update({OF_LINK, *OTHERS})
    with app.app_context():
        controller = find_controller("okwind")
        of_link, *others = (
            services.subject(controller, Kind.EMAIL, text) for text in (OF_LINK, *OTHERS)
        )
    yield of_link, min(others, key=_primary)
    with app.app_context():
        disconnect()


def _primary(subject: Subject) -> bytes:
    return subject.stored_rows(whole_address=False)[0][0]


def _all_mail() -> tuple[Scope, ...]:
    return (marketing_email(""),)


def _meet_after_first_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the two requests wait for each other, at most a second, after each has its first row."""
    barrier, met = threading.Barrier(2), threading.local()
    boxes = preferences._boxes  # noqa: SLF001 - as the page does

    def meet() -> None:
        if not getattr(met, "already", False):
            met.already = True
            with suppress(threading.BrokenBarrierError):
                barrier.wait(_MEETING_SECONDS)

    def boxes_then_meet(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - passed on
        shown = boxes(*given, **named)
        meet()
        return shown

    def insert_then_meet(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - passed on
        dates = insert_row(*given, **named)
        meet()
        return dates

    monkeypatch.setattr(preferences, "_boxes", boxes_then_meet)
    monkeypatch.setattr(record, "insert_row", insert_then_meet)


def _together(*works: Callable[[], int]) -> list[int]:
    with ThreadPoolExecutor(len(works)) as pool:
        return [task.result() for task in [pool.submit(work) for work in works]]
