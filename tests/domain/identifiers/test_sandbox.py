"""The sandbox identifiers of integrators get four fixed answers, and no other value is special."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from suppression.domain.checks.decision import CheckResult, ReasonGiven
from suppression.domain.checks.sandbox import sandbox_answer
from suppression.domain.identifiers.fingerprints import ControllerKeys, Subject, controller_keys
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.identifiers.sandbox import SandboxCase
from suppression.domain.vocabulary import Basis, Decision, Kind

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
TTL = timedelta(hours=1)
KEYS = controller_keys("okwind", {1: bytes(32), 2: bytes(range(32))})
CASES = [
    ("suppressed@example.test", "+33199000001", Decision.DENY, ["objection"]),
    ("allowed@example.test", "+33199000002", Decision.ALLOW, []),
    ("noconsent@example.test", "+33199000003", Decision.DENY, ["no_consent"]),
    ("error@example.test", "+33199000004", Decision.UNKNOWN, ["sandbox_error"]),
]
EMAILS = [email for email, *_ in CASES]


@pytest.mark.parametrize(("email", "phone", "decision", "codes"), CASES)
def test_a_sandbox_identifier_always_gets_its_answer(
    email: str, phone: str, decision: Decision, codes: list[str]
) -> None:
    for subject in (_subject(Kind.EMAIL, email), _subject(Kind.PHONE, phone)):
        answer = _answer(subject.sandbox)
        assert (answer.decision, [reason.code for reason in answer.reasons]) == (decision, codes)


def test_the_sandbox_answers_as_the_service_does() -> None:
    allowed, denied = _answer(SandboxCase.ALLOWED), _answer(SandboxCase.SUPPRESSED)
    assert (allowed.basis, allowed.attested) == (Basis.NO_OBJECTION, False)
    since = datetime(2026, 1, 1, tzinfo=UTC)
    assert denied.reasons == (ReasonGiven(code="objection", since=since),)
    assert allowed.valid_until == denied.valid_until == NOW + TTL


def test_a_sandbox_error_says_do_not_send_and_holds_for_no_time() -> None:
    answer = _answer(SandboxCase.ERROR)
    assert (answer.checked_at, answer.valid_until, answer.basis) == (NOW, None, None)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.EMAIL, "somebody@example.test"),
        (Kind.EMAIL, "suppressed@example.fr"),
        (Kind.PHONE, "+33199000005"),
    ],
)
def test_no_other_value_is_special(kind: Kind, text: str) -> None:
    assert _subject(kind, text).sandbox is None


@pytest.mark.parametrize(("email", "case"), [*zip(EMAILS, SandboxCase, strict=True)])
def test_a_link_for_a_sandbox_address_is_known_by_its_fingerprint(
    email: str, case: SandboxCase
) -> None:
    newest = _subject(Kind.EMAIL, email).forms[0].versions[-1]
    assert KEYS.sandbox_cases.get(newest) is case


def test_a_click_on_a_link_makes_no_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    newest = _subject(Kind.EMAIL, EMAILS[0]).forms[0].versions[-1]
    monkeypatch.delattr(ControllerKeys, "versions")
    assert KEYS.sandbox_cases.get(newest) is not None


def test_a_link_for_anybody_else_is_no_sandbox() -> None:
    subject = _subject(Kind.EMAIL, "jean.dupont@example.fr")
    assert [KEYS.sandbox_cases.get(fingerprint) for fingerprint in subject.lookup_fingerprints] == [
        None,
        None,
    ]


def _subject(kind: Kind, text: str) -> Subject:
    return KEYS.subject(parse_identifier(kind, text, region="FR"))


def _answer(case: SandboxCase | None) -> CheckResult:
    assert case is not None
    return sandbox_answer(case, now=NOW, ttl=TTL)
