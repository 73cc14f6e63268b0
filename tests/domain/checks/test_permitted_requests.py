"""The scopes of an API key limit what a check request may state and ask."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from suppression.domain.checks.requests import CheckRequest, InvalidCheck
from suppression.domain.errors import MissingScopeError
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import ApiScope, Audience, Basis, Channel, Kind, Purpose

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
SUBJECT = Subject(kind=Kind.PHONE, forms=())
CALL = Scope(channel=Channel.TELEPHONE, purpose=Purpose.MARKETING)
STATED = CheckRequest(
    subject=SUBJECT,
    scope=CALL,
    audience=Audience.PROFESSIONAL,
    attested=Basis.APPOINTMENT,
    appointment_at=NOON,
    at=NOON,
)


def test_what_a_caller_states_counts_only_with_the_scope_attest() -> None:
    assert STATED.permitted({ApiScope.CHECK, ApiScope.ATTEST}) == STATED
    assert STATED.permitted({ApiScope.CHECK}) == CheckRequest(subject=SUBJECT, scope=CALL, at=NOON)


@pytest.mark.parametrize("scopes", [set(), {ApiScope.CHECK}, {ApiScope.ATTEST}])
def test_a_request_that_states_nothing_stays_as_it_is(scopes: set[ApiScope]) -> None:
    plain = CheckRequest(subject=SUBJECT, scope=CALL)
    assert plain.permitted(scopes) is plain


def test_the_purpose_service_needs_the_scope_service() -> None:
    service = CheckRequest(
        subject=SUBJECT, scope=Scope(channel=Channel.TELEPHONE, purpose=Purpose.SERVICE)
    )
    assert service.permitted({ApiScope.CHECK, ApiScope.SERVICE}) == service
    with pytest.raises(MissingScopeError):
        service.permitted({ApiScope.CHECK})


def test_an_invalid_check_is_the_same_for_everybody() -> None:
    invalid = InvalidCheck(code="invalid_item")
    assert invalid.permitted({ApiScope.CHECK}) is invalid
