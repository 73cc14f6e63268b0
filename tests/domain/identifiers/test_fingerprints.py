"""Fingerprints agree with the known answers of tests/vectors/fingerprints.json."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppression.domain.identifiers.fingerprints import ControllerKeys, Fingerprint, controller_keys
from suppression.domain.identifiers.keyed_digests import hkdf_sha256, key_check
from suppression.domain.identifiers.match_keys import Digest, MatchKeyLabel, PostalAddress
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.vocabulary import Kind

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/fingerprints.json").read_text("utf-8"))
KEYS = {version: bytes.fromhex(VECTORS[f"master_key_{version}_hex"]) for version in (1, 2)}
KNOWN = [
    pytest.param(vector, id=f"{vector['controller']}-{vector['canonical']}")
    for vector in VECTORS["vectors"]
]


@pytest.mark.parametrize("vector", KNOWN)
def test_every_known_fingerprint_is_made(vector: dict[str, str]) -> None:
    identifier = parse_identifier(Kind(vector["kind"]), vector["canonical"], region="FR")
    assert identifier.forms[0].prehash.hex() == vector["sha256"]
    subject = controller_keys(vector["controller"], KEYS).subject(identifier)
    first, second = subject.forms[0].versions
    assert (first.hex(), second.hex()) == (vector["fingerprint_1"], vector["fingerprint_2"])


@pytest.mark.parametrize("vector", KNOWN)
def test_a_digest_makes_the_same_fingerprint_as_the_plaintext(vector: dict[str, str]) -> None:
    kind, keys = Kind(vector["kind"]), controller_keys(vector["controller"], KEYS)
    plain = parse_identifier(kind, vector["canonical"], region="FR")
    hashed = parse_identifier(kind, Digest(text=vector["sha256"]), region="FR")
    assert keys.subject(hashed).lookup_fingerprints[0] == keys.subject(plain).lookup_fingerprints[0]


@pytest.mark.parametrize("vector", KNOWN)
def test_a_stored_fingerprint_is_wrapped_to_the_known_one_without_plaintext(
    vector: dict[str, str],
) -> None:
    keys = controller_keys(vector["controller"], KEYS)
    first, second = (
        Fingerprint(bytes.fromhex(vector[f"fingerprint_{version}"])) for version in (1, 2)
    )
    assert keys.version == 2
    assert keys.reencrypt_fingerprint(first, 1) == second
    assert keys.reencrypt_fingerprint(second, 2) == second


@given(st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=40))
def test_the_digest_of_a_request_keeps_its_parts_apart(
    first: bytes, second: bytes, end: bytes
) -> None:
    digest = _keys().digest
    assert len(digest(first, second)) == 32
    assert digest(first, second) == digest(first, second)
    assert digest(first, second + end) != digest(first, second, end)
    assert (digest(first + second, end) == digest(first, second + end)) is (second == b"")


def test_the_digest_of_a_request_is_keyed_by_the_first_master_key_and_the_controller() -> None:
    digest_of_body = _keys().digest(b"body")
    assert controller_keys("okwind", {1: KEYS[1]}).digest(b"body") == digest_of_body
    others = [("okonect", KEYS), ("okwind", {1: KEYS[2]})]
    assert digest_of_body not in [
        controller_keys(slug, keys).digest(b"body") for slug, keys in others
    ]
    assert digest_of_body != hashlib.sha256(b"body").digest()


@pytest.mark.parametrize("published", VECTORS["published"])
def test_the_published_digests_are_plain_sha256(published: dict[str, str]) -> None:
    assert hashlib.sha256(published["text"].encode()).hexdigest() == published["sha256"]


def test_hkdf_is_rfc_5869s() -> None:
    """Test case 3 (RFC 5869 A.3) has neither salt nor info; its first block is 32 bytes."""
    expected = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
    assert hkdf_sha256(b"\x0b" * 22, "").hex() == expected


def test_the_check_value_of_a_key_is_no_key() -> None:
    assert key_check(KEYS[1]) != key_check(KEYS[2])
    assert key_check(KEYS[1]) not in KEYS[1]


def test_a_stop_is_written_under_the_newest_key_and_asked_under_all() -> None:
    subject = _keys().subject(parse_identifier(Kind.EMAIL, "a.b@gmail.com", region="FR"))
    assert len(subject.lookup_fingerprints) == 4
    assert subject.stored_rows(whole_address=False)[0] == (
        subject.lookup_fingerprints[1],
        subject.lookup_fingerprints[3],
    )


def test_a_whole_address_stop_is_written_under_the_address_first() -> None:
    address = PostalAddress(name="Jean Dupont", street="1 rue X", postcode="75001")
    subject = _keys().subject(parse_identifier(Kind.POSTAL, address, region="FR"))
    newest = {form.label: form.versions[-1] for form in subject.forms}
    person, whole = newest[MatchKeyLabel.PERSON], newest[MatchKeyLabel.WHOLE_ADDRESS]
    assert subject.stored_rows(whole_address=False)[0][0] == person
    assert whole not in subject.stored_rows(whole_address=False)[0]
    assert subject.stored_rows(whole_address=True)[0][0] == whole
    assert person in subject.stored_rows(whole_address=True)[0]


def test_nothing_shows_an_identifier_or_a_key_in_its_repr() -> None:
    values: list[Any] = [
        PostalAddress(name="Jean Dupont", street="12 rue de la Paix", postcode="75002"),
        Digest(text="ab" * 32),
        parse_identifier(Kind.EMAIL, "jean.dupont@example.fr", region="FR"),
        _keys(),
    ]
    shown = "".join(map(repr, values))
    assert not any(secret in shown for secret in ("Dupont", "Paix", "75002", "abab", "\\x"))


def _keys() -> ControllerKeys:
    return controller_keys("okwind", KEYS)
