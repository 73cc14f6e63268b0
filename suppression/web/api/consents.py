"""POST /v1/consents and its sub-paths withdraw, search and document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, Response

from suppression.domain.consents.documents import Language
from suppression.domain.consents.model import Proof, state_of
from suppression.domain.consents.proofs import check_proof
from suppression.domain.controllers.model import Caller, valid_ref
from suppression.domain.errors import FieldError, InvalidIdentifiersError
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.suppressions.model import Outcome, RecordId
from suppression.domain.suppressions.scopes import scopes_of_one
from suppression.domain.vocabulary import ApiScope
from suppression.usecases.consents.add import ConsentAnswer, add_consent
from suppression.usecases.consents.document import document_consent
from suppression.usecases.consents.record import ConsentRequest, RecordedConsent
from suppression.usecases.consents.search import FoundConsent, search_consents
from suppression.usecases.consents.withdraw import (
    WithdrawAnswer,
    WithdrawRequest,
    withdraw_consents,
)
from suppression.usecases.idempotency import StoredResponse
from suppression.web.api.stored_stops import store_and_count, suppression_result
from suppression.web.http.api_key_auth import require_api_key
from suppression.web.http.context import now
from suppression.web.http.idempotency import idempotency_key
from suppression.web.http.identifiers import (
    parse_requested_scope,
    parse_subject,
    parse_value,
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
from suppression.web.schemas.consents import (
    ConsentAnswerSchema,
    ConsentDocumentAnswerSchema,
    ConsentDocumentRequestSchema,
    ConsentRequestSchema,
    ConsentSearchAnswerSchema,
    ConsentSearchRequestSchema,
    WithdrawalAnswerSchema,
    WithdrawalRequestSchema,
)

blueprint = Blueprint("consents", __name__)

_CONSENT, _CONSENT_ANSWER = ConsentRequestSchema(), ConsentAnswerSchema()
_WITHDRAW, _WITHDRAW_ANSWER = WithdrawalRequestSchema(), WithdrawalAnswerSchema()
_SEARCH, _SEARCH_ANSWER = ConsentSearchRequestSchema(), ConsentSearchAnswerSchema()
_DOCUMENT, _DOCUMENT_ANSWER = ConsentDocumentRequestSchema(), ConsentDocumentAnswerSchema()


@blueprint.post("/v1/consents")
@require_api_key(ApiScope.CONSENT)
def create(caller: Caller) -> Response:
    """Record a person's consent, with its proof, for one or several channels and topics.

    Raises InvalidIdentifiersError for an identifier that cannot be parsed or that several people
    may share; ChannelMismatchError for a channel that takes another kind of identifier;
    InvalidValueError for another invalid field, such as an unknown topic, an impossible date, or a
    proof that contains the identifier; IdempotencyKeyReusedError if the Idempotency-Key came with
    another body, IdempotencyKeyBusyError if its first request still runs.
    """
    body = load(_CONSENT, json_body(limit=SINGLE_LIMIT))
    instant = now()
    answer = add_consent(
        caller.controller,
        _consent_request(caller, body),
        lambda answer: _recorded(answer, instant),
        actor=caller.actor,
        now=instant,
        ref=_ref(body),
        idempotency_key=idempotency_key(caller),
    )
    return json_response(answer)


@blueprint.post("/v1/consents/withdraw")
@exempt_from_rate_limit
@require_api_key(ApiScope.CONSENT)
def withdraw(caller: Caller) -> Response:
    """Withdraw consents: end those on record, and store stops for what the body names.

    Raises InvalidIdentifiersError for an identifier that cannot be parsed; ChannelMismatchError for
    a channel that takes another kind of identifier; InvalidValueError for another invalid field,
    such as an unknown topic, no channels, or an `occurred_at` over 5 minutes ahead;
    IdempotencyKeyReusedError if the Idempotency-Key came with another body, IdempotencyKeyBusyError
    if its first request still runs.
    """
    body = load(_WITHDRAW, json_body(limit=SINGLE_LIMIT))
    instant = now()
    request = WithdrawRequest(
        subject=parse_subject(caller.controller, body, partner_digests=True, consent=True),
        scopes=scopes_of_one(parse_requested_scope(body), body["kind"], body.get("topics", ())),
        occurred_at=body.get("occurred_at"),
        ref=_ref(body),
    )
    store = partial(
        withdraw_consents,
        caller.controller,
        request,
        actor=caller.actor,
        now=instant,
        idempotency_key=idempotency_key(caller),
    )
    return store_and_count(
        store, _withdrawn, stops_of=lambda answer: answer.stops, evidence=request.evidence
    )


@blueprint.post("/v1/consents/search")
@require_api_key(ApiScope.CONSENT)
def search(caller: Caller) -> Response:
    """Return a person's consents, ended ones too, with their proof, oldest first.

    With a channel in the body, only the consents for this channel are returned. Raises
    InvalidIdentifiersError for an identifier that cannot be parsed or that several people may
    share, InvalidValueError for a channel that takes another kind of identifier.
    """
    body = load(_SEARCH, json_body(limit=SINGLE_LIMIT))
    channel = searched_channel(body)
    found_consents = search_consents(
        caller.controller, _consenting(caller, body), channel, now=now()
    )
    return json_response(
        render(
            _SEARCH_ANSWER, {"data": [_found(found_consent) for found_consent in found_consents]}
        )
    )


@blueprint.post("/v1/consents/document")
@require_api_key(ApiScope.CONSENT)
def document(caller: Caller) -> Response:
    """Return the proof of a consent as a text to give to the person, in French or English.

    Raises NotFoundError if the controller has no consent with the id in the body.
    """
    body = load(_DOCUMENT, json_body(limit=SINGLE_LIMIT))
    own = Language.FR if caller.controller.country == "FR" else Language.EN
    language: Language = body.get("language", own)
    record_id = RecordId(bytes.fromhex(body["consent_id"]))
    text = document_consent(caller.controller, record_id, language, now=now())
    return json_response(render(_DOCUMENT_ANSWER, {"text": text, "language": language}))


def _consent_request(caller: Caller, body: Mapping[str, Any]) -> ConsentRequest:
    proof = Proof(
        wording=body["wording"],
        given_by=body["given_by"],
        evidence=body["evidence"],
        collected_by=body["collected_by"],
    )
    check_proof(
        proof,
        value=parse_value(body, field="identifier"),
        ref=_ref(body),
        region=body.get("country", caller.controller.country),
    )
    return ConsentRequest(
        subject=_consenting(caller, body),
        scopes=scopes_of_one(parse_requested_scope(body), body["kind"], body.get("topics", ())),
        given_at=body["given_at"],
        until=body.get("until"),
        proof=proof,
    )


_TWO_NUMBERS = (
    "Send the number with + and its country code: these digits may be two numbers, and a consent "
    "is one person's."
)
_NOT_ONE_PERSON = (
    "Send the address as an object whose `name` has one person's whole first name: a consent is "
    "one person's; an initial, a couple, a household or a hash may be another's."
)


def _consenting(caller: Caller, body: Mapping[str, Any]) -> Subject:
    """Return the person who consents, as fingerprints.

    Raises InvalidIdentifiersError for an identifier that cannot be parsed, or that several people
    may share, such as a postal address with an initial or digits that may be two numbers;
    InvalidValueError if the body has both `identifier` and `sha256`, or neither.
    """
    subject = parse_subject(caller.controller, body, consent=True)
    if subject.consent_key is None:
        detail = _TWO_NUMBERS if subject.either_fingerprints else _NOT_ONE_PERSON
        field = "sha256" if subject.hashed else "identifier"
        raise InvalidIdentifiersError(
            detail, faults=(FieldError(pointer=f"/{field}", detail=detail),)
        )
    return subject


def _ref(body: Mapping[str, Any]) -> str:
    return valid_ref(body["ref"], pointer="/ref") if "ref" in body else ""


def _recorded(answer: ConsentAnswer, instant: datetime) -> StoredResponse:
    created = any(
        recorded_consent.outcome is Outcome.CREATED for recorded_consent in answer.results
    )
    sent = {
        "reference": answer.reference,
        "results": [_result(recorded_consent, instant) for recorded_consent in answer.results],
    }
    return render(_CONSENT_ANSWER, sent, status=201 if created else 200)


def _result(recorded_consent: RecordedConsent, instant: datetime) -> dict[str, object]:
    return {
        "channel": recorded_consent.consent.scope.channel,
        "topic": recorded_consent.consent.scope.topic,
        "outcome": recorded_consent.outcome,
        "consent_id": recorded_consent.consent.record_id.hex(),
        "state": state_of(recorded_consent.consent, recorded_consent.months, instant),
        "given_at": recorded_consent.consent.given_at,
        "until": recorded_consent.consent.until,
        "still_denied_by": [
            {"code": stop.reason, "since": stop.since, "topic": stop.scope.topic}
            for stop in recorded_consent.still_denied_by
        ],
        "sandbox": True if recorded_consent.sandbox else None,
    }


def _withdrawn(answer: WithdrawAnswer) -> StoredResponse:
    created = any(stop_result.outcome is Outcome.CREATED for stop_result in answer.stops)
    sent = {
        "reference": answer.reference,
        "ended": [
            {
                "consent_id": consent.record_id.hex(),
                "channel": consent.scope.channel,
                "topic": consent.scope.topic,
                "given_at": consent.given_at,
            }
            for consent in answer.ended
        ],
        "results": [suppression_result(stop_result) for stop_result in answer.stops],
    }
    return render(_WITHDRAW_ANSWER, sent, status=201 if created else 200)


def _found(found_consent: FoundConsent) -> dict[str, object]:
    consent = found_consent.consent
    return {
        "consent_id": consent.record_id.hex(),
        "channel": consent.scope.channel,
        "purpose": consent.scope.purpose,
        "topic": consent.scope.topic,
        "state": found_consent.state,
        "given_at": consent.given_at,
        "until": consent.until,
        "ends_at": found_consent.ends_at,
        "wording": consent.proof.wording,
        "given_by": consent.proof.given_by,
        "evidence": consent.proof.evidence,
        "collected_by": consent.proof.collected_by,
        "source": consent.source,
        "recorded_at": consent.recorded_at,
    }
