"""Clean e-mail addresses get, without a Subject, the fingerprints that their Subject looks up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppression.domain.checks.requests import CheckRequest
from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers import fingerprints
from suppression.domain.identifiers.fingerprints import Subject, controller_keys
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import Channel, Kind, Purpose

KEYS = controller_keys("okwind", {1: bytes(32), 2: bytes(range(32))})
HOSTS = st.sampled_from(["gmail.com", "GoogleMail.com", "hotmail.com", "example.fr", "x", "é.fr"])
LOCALS = st.text(alphabet='aB.+-_ é"<@\n', max_size=8)
ADDRESSES = st.builds("{}@{}".format, LOCALS, HOSTS)


@given(st.one_of(ADDRESSES, st.emails(), st.text(max_size=12)))
def test_what_is_fingerprinted_without_a_subject_is_what_the_subject_asks(text: str) -> None:
    fingerprints = KEYS.clean_email(text)
    try:
        subject = _subject(text)
    except IdentifierParseError:
        assert fingerprints == ()
        return
    assert fingerprints in {(), subject.lookup_fingerprints}
    if fingerprints:
        assert KEYS.clean_subject(fingerprints) == subject
        assert fingerprints[: KEYS.version] == subject.consent_fingerprints
        assert _values(subject) == _values(_subject("somebody@example.fr"))


@pytest.mark.parametrize("text", ["Jean.Dupont+x@gmail.com", "jean@example.fr", "j@hotmail.com"])
def test_a_clean_address_is_fingerprinted_without_a_subject(text: str) -> None:
    assert KEYS.clean_email(text) == _subject(text).lookup_fingerprints


@pytest.mark.parametrize(
    "text", ["suppressed@example.test", "<jean@example.fr>", "jean", "a" * 400]
)
def test_what_needs_more_than_small_letters_does_not(text: str) -> None:
    assert KEYS.clean_email(text) == ()


def test_no_address_is_clean_while_stops_may_stand_under_older_forms(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert KEYS.clean_email("jean@example.fr") != ()
    monkeypatch.setattr(fingerprints, "OLDER", {0: {}})
    assert KEYS.clean_email("jean@example.fr") == ()


def _subject(text: str) -> Subject:
    return KEYS.subject(parse_identifier(Kind.EMAIL, text, region="FR"))


def _values(subject: Subject) -> tuple[object, ...]:
    scope = Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING)
    return CheckRequest(subject=subject, scope=scope).cache_key
