"""Shared code of the API endpoints that store stops: store, count in the metrics, answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from flask import Response

from suppression.adapters.observability.metrics import count_stop
from suppression.domain.vocabulary import Evidence
from suppression.usecases.idempotency import StoredResponse
from suppression.usecases.suppressions.record import StopResult
from suppression.web.http.json_bodies import json_response

Answer = TypeVar("Answer")


def store_and_count(
    store: Callable[[Callable[[Answer], StoredResponse]], StoredResponse],
    render: Callable[[Answer], StoredResponse],
    *,
    stops_of: Callable[[Answer], Iterable[StopResult]],
    evidence: Evidence,
) -> Response:
    """Store stops, count them once they are committed, and return the response.

    `store` is a use case that takes a render function and stores, in one transaction, the stops and
    the rendered response. A replay of a stored response renders nothing and so counts nothing.
    `stops_of` returns the stops of an answer. Stops of sandbox identifiers are not counted. Raises
    the errors of `store`, and then counts nothing.
    """
    stops: list[StopResult] = []

    def render_and_note(answer: Answer) -> StoredResponse:
        stops.extend(stops_of(answer))
        return render(answer)

    response = store(render_and_note)
    for stop in stops:
        if not stop.sandbox:
            count_stop(stop.scope.channel, evidence)
    return json_response(response)


def suppression_result(result: StopResult) -> dict[str, object]:
    """Return a stored stop as the values of StopResultSchema and of WithdrawalResultSchema.

    Each schema sends only the fields that it declares.
    """
    return {
        "index": result.index,
        "channel": result.scope.channel,
        "topic": result.scope.topic,
        "outcome": result.outcome,
        "suppression_id": result.record_id.hex(),
        "since": result.since,
        "whole_address": True if result.whole_address else None,
        "sandbox": True if result.sandbox else None,
    }
