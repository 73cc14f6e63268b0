"""POST /v1/suppressions and its sub-paths search and release."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, Response

from suppression.domain.controllers.model import Caller, valid_ref
from suppression.domain.errors import InvalidValueError, MissingScopeError
from suppression.domain.ledger.entries import LedgerEntry
from suppression.domain.suppressions.kinds import StopKind
from suppression.domain.suppressions.model import Outcome, Suppression
from suppression.domain.vocabulary import ApiScope, Evidence, Purpose, Reason
from suppression.usecases.idempotency import StoredResponse
from suppression.usecases.releases.release import ReleaseAnswer, ReleaseRequest, ReleaseRow, release
from suppression.usecases.suppressions.record import StopAnswer, StopRequest
from suppression.usecases.suppressions.search import search_suppressions
from suppression.usecases.suppressions.suppress import suppress
from suppression.web.api.stored_stops import store_and_count, suppression_result
from suppression.web.http.api_key_auth import require_api_key
from suppression.web.http.context import now
from suppression.web.http.idempotency import idempotency_key
from suppression.web.http.identifiers import (
    parse_requested_scope,
    parse_subject,
    parse_subjects,
    searched_channel,
)
from suppression.web.http.json_bodies import (
    SINGLE_LIMIT,
    json_body,
    json_response,
    load,
    render,
)
from suppression.web.http.rate_limits import exempt_from_rate_limit
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
@exempt_from_rate_limit
@require_api_key(ApiScope.SUPPRESS)
def create(caller: Caller) -> Response:
    """Record stops of the identifiers in the body, for its channels, purpose and topic.

    All stops are stored, or none. Raises InvalidIdentifiersError for identifiers that cannot be
    parsed; ChannelMismatchError for a channel that no identifier fits, or an identifier that no
    channel takes; InvalidValueError for another invalid field, such as an unknown topic, an
    impossible date or an invalid `ref`, or a mail domain beside other identifiers;
    MissingScopeError for a mail domain if the key lacks `release`; IdempotencyKeyReusedError if the
    Idempotency-Key came with another body, IdempotencyKeyBusyError if its first request still runs.
    """
    body = load(_STOP, json_body(limit=SINGLE_LIMIT))
    instant, reason = now(), _reason(caller, body)
    request = StopRequest(
        subjects=parse_subjects(caller.controller, body["identifiers"], to_stop=True),
        coverage=parse_requested_scope(body),
        reason=reason,
        evidence=Evidence.API,
        occurred_at=body.get("occurred_at"),
        expires_at=body.get("expires_at"),
        whole_address=body.get("whole_address", False),
        ref=valid_ref(body["ref"], pointer="/ref") if "ref" in body else "",
    )
    store = partial(
        suppress,
        caller.controller,
        request,
        actor=caller.actor,
        now=instant,
        idempotency_key=idempotency_key(caller),
    )
    return store_and_count(
        store, _stopped, stops_of=lambda answer: answer.results, evidence=request.evidence
    )


@blueprint.post("/v1/suppressions/search")
@require_api_key(ApiScope.AUDIT)
def search(caller: Caller) -> Response:
    """Return an identifier's suppressions in force, and the ledger entries of these and past ones.

    With a channel in the body, suppressions on other channels are left out. Raises
    InvalidIdentifiersError for an identifier that cannot be parsed, InvalidValueError for a channel
    that takes another kind of identifier.
    """
    body = load(_SEARCH, json_body(limit=SINGLE_LIMIT))
    channel = searched_channel(body)
    subject = parse_subject(caller.controller, body, partner_digests=True)
    search_result = search_suppressions(subject, channel, now=now())
    sent = {
        "in_force": [_in_force(row) for row in search_result.in_force],
        "history": [_history(entry) for entry in search_result.history],
    }
    return json_response(render(_SEARCH_ANSWER, sent))


@blueprint.post("/v1/suppressions/release")
@require_api_key(ApiScope.RELEASE)
def release_suppressions(caller: Caller) -> Response:
    """Release suppressions of exactly the channels, purpose and topic in the body.

    Raises InvalidIdentifiersError for identifiers that cannot be parsed; ChannelMismatchError for a
    channel that no identifier fits, or an identifier that no channel takes; InvalidValueError for a
    purpose, topic or reasons that do not fit; IdempotencyKeyReusedError if the Idempotency-Key came
    with another body, IdempotencyKeyBusyError if its first request still runs.
    """
    body = load(_RELEASE, json_body(limit=SINGLE_LIMIT))
    request = ReleaseRequest(
        subjects=parse_subjects(caller.controller, body["identifiers"], consent=True),
        coverage=parse_requested_scope(body),
        reasons=tuple(body.get("reasons", ())),
        why=body["why"],
    )
    answer = release(
        caller.controller,
        request,
        _released,
        actor=caller.actor,
        now=now(),
        idempotency_key=idempotency_key(caller),
    )
    return json_response(answer)


def _reason(caller: Caller, body: Mapping[str, Any]) -> Reason:
    """Return the reason of the stops in a body: `domain` for whole mail domains.

    Raises InvalidValueError for a reason, a purpose or other identifiers that do not fit a mail
    domain; MissingScopeError for a mail domain if the key lacks the scope `release`.
    """
    domains = [identifier["kind"] is StopKind.DOMAIN for identifier in body["identifiers"]]
    if not any(domains):
        reason: Reason = body.get("reason", Reason.OBJECTION)
        if reason is Reason.DOMAIN:
            raise InvalidValueError.at("/reason", "Remove this: it belongs to the kind `domain`.")
        return reason
    if ApiScope.RELEASE not in caller.scopes:
        raise MissingScopeError("This API key lacks the scope `release`: a domain needs it too.")
    if not all(domains):
        pointer = f"/identifiers/{domains.index(False)}"
        raise InvalidValueError.at(pointer, "Send domains apart from other identifiers.")
    if body.get("reason", Reason.DOMAIN) is not Reason.DOMAIN:
        raise InvalidValueError.at("/reason", "Remove this: a domain has the reason `domain`.")
    if body.get("purpose", Purpose.MARKETING) is not Purpose.MARKETING:
        raise InvalidValueError.at("/purpose", "Remove this: a domain is stopped for `marketing`.")
    return Reason.DOMAIN


def _stopped(answer: StopAnswer) -> StoredResponse:
    created = any(stop_result.outcome is Outcome.CREATED for stop_result in answer.results)
    sent = {
        "reference": answer.reference,
        "results": [suppression_result(stop_result) for stop_result in answer.results],
    }
    return render(_STOP_ANSWER, sent, status=201 if created else 200)


def _released(answer: ReleaseAnswer) -> StoredResponse:
    sent = {
        "reference": answer.reference,
        "released": [_release_row(release_row) for release_row in answer.released],
        "still_denied_by": [_release_row(release_row) for release_row in answer.still_denied_by],
    }
    return render(_RELEASE_ANSWER, sent)


def _release_row(row: ReleaseRow) -> dict[str, object]:
    return {
        **_what(row.suppression),
        "index": row.index,
        "since": row.suppression.occurred_at,
        "whole_address": True if row.whole_address else None,
    }


def _in_force(row: Suppression) -> dict[str, object]:
    return {
        **_what(row),
        "evidence": row.evidence,
        "source": row.origin,
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
        "recorded_at": entry.context.recorded_at,
        "actor": entry.context.actor,
        "ref": entry.context.ref,
        "why": entry.context.why,
        "client_class": entry.context.client_class,
        "reference": entry.context.reference,
    }


def _what(row: Suppression | LedgerEntry) -> dict[str, object]:
    return {
        "suppression_id": row.record_id.hex() if row.record_id else None,
        "channel": row.scope.channel,
        "purpose": row.scope.purpose,
        "topic": row.scope.topic,
        "reason": row.reason,
    }
