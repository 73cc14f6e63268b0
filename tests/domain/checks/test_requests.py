"""Two check requests about different people count as alike if only the fingerprints differ."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime

from suppression.domain.calendar.locations import Location
from suppression.domain.checks.requests import CheckRequest
from suppression.domain.identifiers.fingerprints import Fingerprint, KeyedMatchKey, Subject
from suppression.domain.identifiers.match_keys import KeyUse, MatchKeyLabel
from suppression.domain.identifiers.sandbox import SandboxCase
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import Audience, Basis, Channel, Kind, Purpose

FORM = KeyedMatchKey(label=MatchKeyLabel.PLAIN, use=KeyUse.BOTH, versions=(Fingerprint(bytes(16)),))
QUESTION = CheckRequest(
    subject=Subject(kind=Kind.EMAIL, forms=(FORM,)),
    scope=Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING),
)
MOMENT = datetime(2026, 11, 21, tzinfo=UTC)
OTHER_SUBJECTS: dict[str, object] = {
    "kind": Kind.PHONE,
    "named": False,
    "hashed": True,
    "partners_unasked": True,
    "domains_unasked": True,
    "sandbox": SandboxCase.ERROR,
    "scheme": "meta-phone",
    "canonicalisation": 99,
    "place": Location(zones=("Europe/Paris",)),
}
OTHERS: dict[str, object] = {
    "scope": Scope(channel=Channel.EMAIL, purpose=Purpose.SERVICE),
    "audience": Audience.PROFESSIONAL,
    "attested": Basis.CUSTOMER,
    "appointment_at": MOMENT,
    "at": MOMENT,
}


def test_fingerprints_alone_do_not_make_questions_unlike() -> None:
    assert QUESTION.cache_key == QUESTION.without_identifier.cache_key
    assert QUESTION.without_identifier.subject.forms == ()


def test_any_other_difference_does() -> None:
    assert {field.name for field in fields(CheckRequest)} == {"subject", *OTHERS}
    for name, other in OTHERS.items():
        assert replace(QUESTION, **{name: other}).cache_key != QUESTION.cache_key  # type: ignore[arg-type]
    assert {field.name for field in fields(Subject)} == {"forms", *OTHER_SUBJECTS}
    for name, other in OTHER_SUBJECTS.items():
        subject = replace(QUESTION.subject, **{name: other})  # type: ignore[arg-type]
        assert replace(QUESTION, subject=subject).cache_key != QUESTION.cache_key
