"""The API decides every case of tests/vectors/decisions/ from stored data as the table says."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from suppression.domain.calendar.timestamps import from_rfc3339, to_rfc3339
from suppression.domain.consents.model import Consent, Proof
from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.identifiers.match_keys import Digest, PostalAddress, Value
from suppression.domain.policy_testing.cases import (
    HASHED,
    NO_NAME,
    Expected,
    PolicyTestCase,
    example_number,
)
from suppression.domain.suppressions.active import ActiveSuppression, ContactHistory
from suppression.domain.suppressions.model import RecordId
from suppression.domain.vocabulary import Channel, ContactEvent, GivenBy, Kind, Sector
from suppression.storage.consents.rows import add_consents
from suppression.storage.engine.database import Transaction, writing
from suppression.usecases.calls.record import lock_called_number, record_call_event
from suppression.usecases.ledger.append import new_audit_context
from suppression.usecases.policies.change import PolicyChangeRequest, change_policies
from suppression.usecases.services import Services
from tests.api import TOPICS, Api, make_controller, make_key
from tests.conftest import Clock
from tests.domain.checks.decision_table import cases

PROOF = Proof(
    wording="I agree to be called.", given_by=GivenBy.WEB_FORM, evidence="1", collected_by="crm"
)


@pytest.mark.timeout(300)
def test_every_case_is_decided_so_through_the_api(app: Flask, clock: Clock, seen: set[str]) -> None:
    callers = _Callers(app, clock, seen)
    differing = []
    for index, case in enumerate(cases()):
        identifier = _identifier(case, index)
        controller, api = callers.of(case)
        if case.state.consents or case.state.contacts != ContactHistory():
            with app.app_context():
                _store(callers.services, controller, case, identifier, clock)
        got = _asked(api, case, identifier, clock)
        if got != case.expected:
            differing.append((case.name, got, case.expected))
    assert differing == []


class _Callers:
    """The controllers of the table's cases, one with a key for each set of policies."""

    def __init__(self, app: Flask, clock: Clock, seen: set[str]) -> None:
        self.app, self.clock, self.seen = app, clock, seen
        self.services: Services = app.extensions["suppression"]
        self.made: dict[object, tuple[Controller, Api]] = {}

    def of(self, case: PolicyTestCase) -> tuple[Controller, Api]:
        """Return the controller of a case and its Api; make them if they are not there yet."""
        key = (case.preset, case.sector, case.settings)
        if key not in self.made:
            self.made[key] = self._make(f"c{len(self.made)}", case)
        return self.made[key]

    def _make(self, slug: str, case: PolicyTestCase) -> tuple[Controller, Api]:
        assert case.preset is not None
        controller = make_controller(self.app, slug, case.preset, case.sector or Sector.GENERAL)
        if case.settings:
            wanted = PolicyChangeRequest(settings=case.settings)
            with self.app.app_context():
                change_policies(controller, wanted, actor="test", now=self.clock.now)
        return controller, Api(self.app, make_key(self.app, controller), self.seen)


def _identifier(case: PolicyTestCase, index: int) -> dict[str, Any]:
    """Return the field of a check with an identifier that no other case has."""
    kind = case.check.subject.kind
    if kind is Kind.POSTAL:
        address: dict[str, Any] = {"street": f"{index + 1} rue de la Paix", "postcode": "75002"}
        if case.where == HASHED:
            return {"sha256": hashlib.sha256(str(index).encode()).hexdigest()}
        return {"identifier": address if case.where == NO_NAME else address | {"name": "Léa Roux"}}
    if kind is Kind.EMAIL:
        return {"identifier": f"person.{index}@example.fr"}
    country = case.where.removeprefix(HASHED).strip()
    number = example_number(country or "FR", index)
    if not case.where.startswith(HASHED):
        return {"identifier": number}
    digest = {"sha256": hashlib.sha256(number.encode()).hexdigest()}
    return digest | ({"country": country} if country else {})


def _store(
    services: Services,
    controller: Controller,
    case: PolicyTestCase,
    identifier: dict[str, Any],
    clock: Clock,
) -> None:
    kind = case.check.subject.kind
    subject = services.subject(
        controller,
        kind,
        _value(identifier),
        country=identifier.get("country"),
        consent=kind is Kind.POSTAL,
    )
    with writing() as transaction:
        _store_consents(transaction, controller, case, subject)
        _store_contacts(transaction, controller, case, subject, clock.now)


def _value(identifier: dict[str, Any]) -> Value:
    if "sha256" in identifier:
        return Digest(text=identifier["sha256"])
    value = identifier["identifier"]
    return PostalAddress(**value) if isinstance(value, dict) else value


def _store_consents(
    transaction: Transaction, controller: Controller, case: PolicyTestCase, subject: Subject
) -> None:
    for consent in case.state.consents:
        stored = Consent(
            record_id=RecordId(secrets.token_bytes(16)),
            salt=secrets.token_bytes(32),
            fingerprint=subject.consent_fingerprints[-1],
            scope=consent.scope,
            given_at=consent.given_at,
            until=consent.until,
            proof=PROOF,
            source="" if consent.lifts else "import:1",
            recorded_at=consent.given_at,
        )
        assert add_consents(transaction, [stored], controller=controller.number)


def _store_contacts(
    transaction: Transaction,
    controller: Controller,
    case: PolicyTestCase,
    subject: Subject,
    now: datetime,
) -> None:
    contacts = case.state.contacts
    events = [(ContactEvent.ATTEMPT, at) for at in contacts.attempts]
    events += [(ContactEvent.REFUSED, at) for at in contacts.refusals]
    events += [(ContactEvent.CALLBACK, at) for at in contacts.callbacks]
    if not events:
        return
    contact = lock_called_number(transaction, controller, subject, Channel.TELEPHONE)
    context = new_audit_context("test", now=now)
    for event, at in events:
        event_id = secrets.token_bytes(16)
        assert record_call_event(
            transaction, controller, contact, event, event_id=event_id, at=at, context=context
        )


def _asked(api: Api, case: PolicyTestCase, identifier: dict[str, Any], clock: Clock) -> Expected:
    kind = case.check.subject.kind
    for stop in sorted(case.state.suppressions, key=lambda stop: stop.since):
        clock.now = stop.since
        assert api.stop(kind, identifier["identifier"], **_stop(stop)).status_code == 201
    clock.now = case.at
    answer = api.post("/v1/checks", _check(case) | identifier).get_json()
    basis = f"{answer.get('basis', '')} attested" if "attested" in answer else answer.get("basis")
    return Expected(
        decision=answer["decision"],
        reasons=" ".join(reason["code"] for reason in answer["reasons"]),
        rests_on=basis or "",
        retry_at=from_rfc3339(answer["retry_at"]) if "retry_at" in answer else None,
    )


def _stop(stop: ActiveSuppression) -> dict[str, Any]:
    scope = stop.scope
    with_topic = {"topic": scope.topic} if scope.topic in TOPICS else {}
    with_purpose = {"purpose": scope.purpose} if scope.purpose else {}
    # The stop is sent with its date, because without one it would count as newer than any consent.
    return (
        {"reason": stop.reason, "channels": [scope.channel] if scope.channel else None}
        | {"occurred_at": to_rfc3339(stop.since)}
        | ({"expires_at": to_rfc3339(stop.expires_at)} if stop.expires_at else {})
        | with_purpose
        | with_topic
    )


def _check(case: PolicyTestCase) -> dict[str, Any]:
    check_request = case.check
    stated: dict[str, Any] = {
        "channel": check_request.scope.channel,
        "kind": None if check_request.scope.channel else check_request.subject.kind,
        "purpose": check_request.purpose,
        "topic": check_request.scope.topic or None,
        "audience": check_request.audience,
        "basis": check_request.attested,
    }
    if check_request.appointment_at:
        stated["appointment_at"] = to_rfc3339(check_request.appointment_at)
    return {name: value for name, value in stated.items() if value is not None}
