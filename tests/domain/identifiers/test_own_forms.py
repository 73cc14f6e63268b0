"""Which forms are certainly a person's own, so that consents under them may allow."""

from __future__ import annotations

import hashlib

import pytest

from suppression.domain.identifiers import parsing
from suppression.domain.identifiers.fingerprints import Subject, controller_keys
from suppression.domain.identifiers.match_keys import CanonicalText, MatchKeyLabel, PostalAddress
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.identifiers.partner_schemes import Scheme
from suppression.domain.vocabulary import Kind

KEYS = controller_keys("okwind", {1: bytes(32), 2: bytes(range(32))})
MD5 = Scheme(algorithm="md5")


@pytest.mark.parametrize("digits", ["4915123456789", "49 1512 3456789"])
def test_digits_that_may_be_two_numbers_have_no_consent_and_no_agreed_time(digits: str) -> None:
    """A stop counts for both numbers, but nobody can tell which of them gave a consent."""
    subject = _phone(digits, "DE")
    assert subject.either_fingerprints
    assert subject.consent_fingerprints == ()
    assert subject.consent_key is None
    assert subject.agreed_time_fingerprints == frozenset()
    (row,) = subject.stored_rows(whole_address=False)
    assert row[0] in subject.either_fingerprints
    assert set(row[1:]) < set(subject.lookup_fingerprints)


@pytest.mark.parametrize("written", ["+4915123456789", "004915123456789", "0151 23456789"])
def test_one_number_has_its_consents_and_agreed_times(written: str) -> None:
    subject = _phone(written, "DE")
    number = set(subject.forms[0].versions)
    assert not subject.either_fingerprints
    assert set(subject.consent_fingerprints) == number
    assert subject.agreed_time_fingerprints == number


def test_a_time_agreed_to_before_a_number_changed_is_its_own() -> None:
    old, new = _phone("+22997123456", "FR"), _phone("+2290197123456", "FR")
    assert old.agreed_time_fingerprints == new.agreed_time_fingerprints


def test_a_time_agreed_to_under_letters_taken_as_digits_is_anothers() -> None:
    subject, other = (_phone(text, "FR") for text in ("+41 78 123 45 67 dom", "+41781234567366"))
    assert other.agreed_time_fingerprints <= set(subject.lookup_fingerprints)
    assert not other.agreed_time_fingerprints & subject.agreed_time_fingerprints


def test_a_consent_under_an_older_versions_form_may_be_anothers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def older(value: str | PostalAddress, _region: str) -> list[CanonicalText]:
        return [CanonicalText(MatchKeyLabel.PLAIN, str(value).partition("+")[0])]

    monkeypatch.setattr(parsing, "OLDER", {0: {Kind.EMAIL: older}})
    subject = KEYS.subject(parse_identifier(Kind.EMAIL, "jean+x@example.fr", region="FR"))
    assert subject.consent_fingerprints == subject.forms[0].versions
    assert subject.own_fingerprints == set(subject.forms[0].versions)
    assert len(subject.lookup_fingerprints) == 2 * len(subject.forms[0].versions)


@pytest.mark.parametrize(
    ("name", "text", "own"),
    [
        ("Jean Dupont", "fr|35000|rue foch|12|dupont|j", True),
        ("Jean Dupont", "fr|35000|rue foch|12|dupont|", False),
        ("Jean Dupont", "fr|35000|rue foch|12", False),
        ("Famille Dupont", "fr|35000|rue foch|12|dupont|", True),
        ("Famille Dupont", "fr|35000|rue foch|12|dupont|?", False),
        ("Famille Dupont", "fr|35000|rue foch|12", False),
        ("", "fr|35000|rue foch|12", True),
    ],
)
def test_a_partners_digest_is_ones_own_as_far_as_its_text_is(
    name: str,
    text: str,
    own: bool,  # noqa: FBT001
) -> None:
    address = PostalAddress(name=name, street="12 rue Foch", postcode="35000")
    identifier = parse_identifier(Kind.POSTAL, address, region="FR", schemes=[MD5])
    digest = hashlib.md5(text.encode(), usedforsecurity=False).digest()
    (match_key,) = (key for key in identifier.forms if key.prehash == digest)
    assert (match_key.use.is_looked_up, match_key.use.is_own) == (True, own)


@pytest.mark.parametrize("spelling", ["plain", "google-email"])
@pytest.mark.parametrize("written", ["*jean.x@gmail.com", "'*jean.x@gmail.com"])
def test_a_partners_digest_of_several_texts_is_ones_own_if_one_of_them_is(
    spelling: str, written: str
) -> None:
    scheme = Scheme(spelling=spelling, algorithm="md5")
    identifier = parse_identifier(Kind.EMAIL, written, region="FR", schemes=[scheme])
    digest = hashlib.md5(b"jeanx@gmail.com", usedforsecurity=False).digest()
    (match_key,) = (key for key in identifier.forms if key.prehash == digest)
    assert match_key.use.is_own


def _phone(text: str, region: str) -> Subject:
    return KEYS.subject(parse_identifier(Kind.PHONE, text, region=region))
