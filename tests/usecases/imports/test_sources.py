"""An import's stop and a person's own stop are stored as two rows, and neither hides the other."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from flask import Flask

from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.match_keys import Value
from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.vocabulary import Channel, Evidence, Kind, Reason
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.idempotency import StoredResponse
from suppression.usecases.services import Services
from suppression.usecases.suppressions.record import StopAnswer, StopRequest
from suppression.usecases.suppressions.suppress import suppress
from tests.api import Api
from tests.conftest import Clock

SOURCES = ("", "import-1", "import-2")
WITH_CHANNEL = [reason for reason in Reason if not reason.covers_everything]


@pytest.mark.parametrize(("first", "second"), list(itertools.permutations(SOURCES, 2)))
def test_stops_of_two_sources_are_two_rows(api: Api, app: Flask, first: str, second: str) -> None:
    for reason, other in itertools.product(WITH_CHANNEL, WITH_CHANNEL):
        email = f"{reason}.{other}@example.fr"
        stop(app, email, reason, first)
        stop(app, email, other, second)
        rows = api.search("email", email)["in_force"]
        assert {(row["reason"], row.get("source", "")) for row in rows} == {
            (reason, first),
            (other, second),
        }
        assert api.decision("email", email) == "deny"


def test_the_end_of_an_imports_stop_leaves_the_persons(api: Api, app: Flask, clock: Clock) -> None:
    for reason in WITH_CHANNEL:
        email = f"{reason}@example.fr"
        stop(app, email, Reason.IMPORTED, "import-1", ends_in=timedelta(minutes=1))
        stop(app, email, reason, "")
    clock.turn(minutes=2)
    for reason in WITH_CHANNEL:
        assert api.codes("email", f"{reason}@example.fr") == [reason]


def stop(
    app: Flask,
    value: Value,
    reason: Reason,
    source: str,
    *,
    ends_in: timedelta | None = None,
) -> None:
    services: Services = app.extensions["suppression"]
    instant = services.clock()
    with app.app_context():
        controller: Controller = find_controller("okwind")
        request = StopRequest(
            subjects=(services.subject(controller, Kind.EMAIL, value),),
            coverage=RequestedScope(channels=(Channel.EMAIL,)),
            reason=reason,
            evidence=Evidence.IMPORT if source else Evidence.API,
            occurred_at=instant,
            expires_at=instant + ends_in if ends_in else None,
            source=source,
        )
        suppress(controller, request, _unread, actor="test", now=instant)


def _unread(answer: StopAnswer) -> StoredResponse:
    return StoredResponse(status=0, body=answer.reference)
