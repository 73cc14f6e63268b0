"""The answer to an access request, as JSON data: the records about a person's identifiers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.domain.cases.model import Case
from suppression.domain.consents.model import Consent
from suppression.domain.controllers.model import Controller
from suppression.domain.ledger.entries import LedgerEntry
from suppression.domain.suppressions.model import Scope, Suppression
from suppression.usecases.lookup.look_up import LookupResult


def access_document(
    controller: Controller,
    made_at: datetime,
    pairs: Sequence[tuple[str, LookupResult]],
    systems: Sequence[str],
) -> dict[str, object]:
    """Return the answer to an access request, as the JSON object of access.json.

    `pairs` has each identifier, written as it was understood, with the result of its look-up.
    `systems` are names of the controller's other systems that the user must ask; blank names are
    left out.
    """
    return {
        "controller": controller.name,
        "made_at": to_rfc3339(made_at),
        "identifiers": [
            {
                "identifier": reading,
                "in_force": [_stop(suppression) for suppression in lookup_result.in_force],
                "history": [_entry(entry) for entry in lookup_result.history],
                "consents": [_consent(consent) for consent in lookup_result.consents],
                "cases": [_case(case) for case in lookup_result.cases],
            }
            for reading, lookup_result in pairs
        ],
        "other_systems_to_ask": [system for system in systems if system.strip()],
    }


def _stop(row: Suppression) -> dict[str, object]:
    return _of(row.scope) | {
        "reason": row.reason,
        "evidence": row.evidence,
        "since": to_rfc3339(row.occurred_at),
    }


def _entry(entry: LedgerEntry) -> dict[str, object]:
    return {
        "type": entry.type,
        "channel": entry.scope.channel,
        "purpose": entry.scope.purpose,
        "topic": entry.scope.topic,
        "reason": entry.reason,
        "occurred_at": to_rfc3339(entry.occurred_at),
        "recorded_at": to_rfc3339(entry.context.recorded_at),
    }


def _consent(consent: Consent) -> dict[str, object]:
    return _of(consent.scope) | {
        "given_at": to_rfc3339(consent.given_at),
        "until": to_rfc3339(consent.until) if consent.until else None,
        "ended_at": to_rfc3339(consent.ended_at) if consent.ended_at else None,
        "wording": consent.proof.wording,
    }


def _case(case: Case) -> dict[str, object]:
    return {"reference": case.reference, "kind": case.kind, "state": case.state}


def _of(scope: Scope) -> dict[str, object]:
    return {"channel": scope.channel, "purpose": scope.purpose, "topic": scope.topic}
