"""POST /v1/suppressions, /search and /release."""

from __future__ import annotations

from flask import Blueprint, Response

from suppression.adapters.observability.metrics import count_stop
from suppression.domain.controllers.model import Caller, valid_ref
from suppression.domain.errors import Fault, InvalidValueError
from suppression.domain.ledger.entries import LedgerEntry
from suppression.domain.suppressions.model import Outcome, Suppression
from suppression.domain.vocabulary import Channel, Evidence, Reason, Scope
from suppression.usecases.idempotency import Rendered
from suppression.usecases.releases.release import ReleaseAnswer, ReleaseRequest, ReleaseRow, release
from suppression.usecases.suppressions.record import StopAnswer, StopRequest, StopResult
from suppression.usecases.suppressions.search import search_suppressions
from suppression.usecases.suppressions.suppress import suppress
from suppression.web.api.suppression_results import stop_result
from suppression.web.http.api_key_auth import keyed
from suppression.web.http.context import now
from suppression.web.http.idempotency import claim_of
from suppression.web.http.identifiers import coverage_of, subject_of, subjects_of
from suppression.web.http.json_bodies import (
    SINGLE_LIMIT,
    json_body,
    json_response,
    loaded,
    rendered,
)
from suppression.web.http.rate_limits import unlimited
from suppression.web.schemas.suppressions import (
    ReleaseAnswerSchema,
    ReleaseRequestSchema,
    SearchAnswerSchema,
    SearchRequestSchema,
    SuppressionAnswerSchema,
    SuppressionRequestSchema,
)

blueprint = Blueprint("suppressions", __name__)

_STOP, _STOP_ANSWER = SuppressionRequestSchema(), SuppressionAnswerSchema()
_SEARCH, _SEARCH_ANSWER = SearchRequestSchema(), SearchAnswerSchema()
_RELEASE, _RELEASE_ANSWER = ReleaseRequestSchema(), ReleaseAnswerSchema()


@blueprint.post("/v1/suppressions")
@unlimited
@keyed(Scope.SUPPRESS)
def create(caller: Caller) -> Response:
    """Stop."""
    body = loaded(_STOP, json_body(limit=SINGLE_LIMIT))
    moment = now()
    request = StopRequest(
        subjects=subjects_of(caller.controller, body["identifiers"]),
        coverage=coverage_of(body),
        reason=body.get("reason", Reason.OBJECTION),
        evidence=Evidence.API,
        occurred_at=body.get("occurred_at"),
        expires_at=body.get("expires_at"),
        whole_address=body.get("whole_address", False),
        ref=valid_ref(body["ref"], pointer="/ref") if "ref" in body else "",
    )
    stored: list[StopResult] = []

    def render(answer: StopAnswer) -> Rendered:
        stored.extend(answer.results)
        return _stopped(answer)

    answer = suppress(
        caller.controller,
        request,
        render,
        actor=caller.actor,
        now=moment,
        claim=claim_of(caller),
    )
    for result in stored:  # only now is it committed; a replay has rendered nothing
        if not result.sandbox:
            count_stop(result.extent.channel, request.evidence)
    return json_response(answer)


@blueprint.post("/v1/suppressions/search")
@keyed(Scope.AUDIT)
def search(caller: Caller) -> Response:
    """What stands under an identifier, and its history."""
    body = loaded(_SEARCH, json_body(limit=SINGLE_LIMIT))
    channel: Channel | None = body.get("channel")
    if channel and channel.kind is not body["kind"]:
        detail = f"Send a channel that takes {body['kind']}."
        raise InvalidValueError(faults=(Fault(pointer="/channel", detail=detail),))
    subject = subject_of(caller.controller, body, partner_digests=True)
    found = search_suppressions(subject, channel, now=now())
    sent = {
        "in_force": [_standing(row) for row in found.in_force],
        "history": [_history(entry) for entry in found.history],
    }
    return json_response(rendered(_SEARCH_ANSWER, sent))


@blueprint.post("/v1/suppressions/release")
@keyed(Scope.RELEASE)
def lift(caller: Caller) -> Response:
    """Lift suppressions of exactly the named channels, purpose and topic."""
    body = loaded(_RELEASE, json_body(limit=SINGLE_LIMIT))
    request = ReleaseRequest(
        subjects=subjects_of(caller.controller, body["identifiers"], consent=True),
        coverage=coverage_of(body),
        reasons=tuple(body.get("reasons", ())),
        why=body["why"],
    )
    answer = release(
        caller.controller,
        request,
        _released,
        actor=caller.actor,
        now=now(),
        claim=claim_of(caller),
    )
    return json_response(answer)


def _stopped(answer: StopAnswer) -> Rendered:
    created = any(one.outcome is Outcome.CREATED for one in answer.results)
    sent = {
        "reference": answer.reference,
        "results": [stop_result(one) for one in answer.results],
    }
    return rendered(_STOP_ANSWER, sent, status=201 if created else 200)


def _released(answer: ReleaseAnswer) -> Rendered:
    sent = {
        "reference": answer.reference,
        "released": [_release_row(one) for one in answer.released],
        "still_denied_by": [_release_row(one) for one in answer.still_denied_by],
    }
    return rendered(_RELEASE_ANSWER, sent)


def _release_row(row: ReleaseRow) -> dict[str, object]:
    return {
        **_what(row.suppression),
        "index": row.index,
        "since": row.suppression.occurred_at,
        "whole_address": True if row.whole_address else None,
    }


def _standing(row: Suppression) -> dict[str, object]:
    return {
        **_what(row),
        "evidence": row.evidence,
        "source": row.source,
        "since": row.occurred_at,
        "last_occurred_at": row.last_occurred_at,
        "expires_at": row.expires_at,
    }


def _history(entry: LedgerEntry) -> dict[str, object]:
    return {
        **_what(entry),
        "type": entry.type,
        "evidence": entry.evidence,
        "source": entry.source,
        "occurred_at": entry.occurred_at,
        "expires_at": entry.expires_at,
        "recorded_at": entry.deed.recorded_at,
        "actor": entry.deed.actor,
        "ref": entry.deed.ref,
        "why": entry.deed.why,
        "client_class": entry.deed.client_class,
        "reference": entry.deed.reference,
    }


def _what(row: Suppression | LedgerEntry) -> dict[str, object]:
    return {
        "suppression_id": row.record_id.hex() if row.record_id else None,
        "channel": row.extent.channel,
        "purpose": row.extent.purpose,
        "topic": row.extent.topic,
        "reason": row.reason,
    }
