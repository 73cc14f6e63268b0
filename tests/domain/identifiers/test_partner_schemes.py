from __future__ import annotations

import base64
import hashlib
import json

import pytest

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.digests import raw_digest
from suppression.domain.identifiers.match_keys import Digest, Identifier, MatchKeyLabel
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.identifiers.partner_schemes import Scheme, scheme_named
from suppression.domain.vocabulary import Kind
from tests.domain.identifiers.examples import VECTORS

META = Scheme(spelling="meta-phone")
GOOGLE = Scheme(spelling="google-email")


def test_the_published_meta_phone_matches_its_plaintext() -> None:
    published = _published("16505551212")
    stop = _partner(Kind.PHONE, published, "meta-phone")
    check = parse_identifier(Kind.PHONE, "+1 650-555-1212", region="US", schemes={META})
    assert _written(stop) & _asked(check)


def test_the_published_meta_email_matches_its_plaintext() -> None:
    stop = _partner(Kind.EMAIL, _published("john_smith@gmail.com"), "plain")
    assert _written(stop) & _asked(_email("John_Smith@gmail.com"))
    assert stop.forms[0].label is MatchKeyLabel.PLAIN


def test_google_spelling_loses_dots_and_suffix_but_keeps_its_domain() -> None:
    digest = hashlib.sha256(b"jeandupont@googlemail.com").hexdigest()
    stop = _partner(Kind.EMAIL, digest, "google-email")
    google = _email("Jean.Dupont+x@googlemail.com", GOOGLE)
    assert _written(stop) & _asked(google)
    other = hashlib.sha256(b"jean.dupont@example.fr").hexdigest()
    assert _written(_partner(Kind.EMAIL, other, "google-email")) & _asked(
        _email("jean.dupont@example.fr", GOOGLE)
    )


@pytest.mark.parametrize("algorithm", ["md5", "sha1"])
def test_md5_and_sha1_are_keyed_at_once(algorithm: str) -> None:
    digest = hashlib.new(algorithm, b"jean@example.fr").hexdigest()
    row = _partner(Kind.EMAIL, digest, f"plain:{algorithm}")
    check = _email("jean@example.fr", Scheme(algorithm=algorithm))
    assert _written(row) & _asked(check)
    assert row.scheme == f"plain:{algorithm}"


def test_a_controller_pays_for_the_extra_forms_only_once_it_has_them() -> None:
    assert len(_email("jean@example.fr").forms) == 1
    assert len(_email("jean@example.fr", GOOGLE, META, Scheme()).forms) == 2
    assert not _email("jean@example.fr", GOOGLE).forms[1].use.is_stored


def test_hex_in_any_case_and_base64_are_the_same_hash() -> None:
    raw = hashlib.sha256(b"jean@example.fr").digest()
    padded = base64.b64encode(raw).decode()
    written = [raw.hex(), raw.hex().upper(), f" {raw.hex()} ", padded, padded.rstrip("=")]
    written.append(base64.urlsafe_b64encode(raw).decode())
    assert {raw_digest(text) for text in written} == {raw}


@pytest.mark.parametrize("algorithm", ["sha256", "md5", "sha1"])
def test_the_hash_of_nothing_is_refused_in_every_writing(algorithm: str) -> None:
    empty = hashlib.new(algorithm, b"").digest()
    for text in (empty.hex(), empty.hex().upper(), base64.b64encode(empty).decode()):
        with pytest.raises(IdentifierParseError, match="empty"):
            raw_digest(text, algorithm)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ab",
        "zz" * 32,
        "ab" * 31,
        "ab" * 33,
        "ab" * 500,
        "é" * 64,
        "A" * 42 + "B",
        "A" * 43 + "===",
        "A" * 42 + "*",
        "a" * 64 + "=",
    ],
)
def test_what_is_no_digest_is_refused(text: str) -> None:
    with pytest.raises(IdentifierParseError) as refused:
        raw_digest(text)
    assert refused.value.code == "malformed"


@pytest.mark.parametrize(
    ("kind", "scheme"),
    [
        (Kind.EMAIL, "meta-phone"),
        (Kind.PHONE, "google-email"),
        (Kind.EMAIL, "other"),
        (Kind.POSTAL, ""),
        (Kind.EMAIL, "plain:md4"),
    ],
)
def test_a_scheme_that_the_kind_has_not_is_refused(kind: Kind, scheme: str) -> None:
    with pytest.raises(IdentifierParseError) as refused:
        scheme_named(scheme, kind)
    assert refused.value.code == "scheme_unsupported"


def test_a_check_takes_the_plain_scheme_only() -> None:
    with pytest.raises(IdentifierParseError) as refused:
        parse_identifier(Kind.PHONE, Digest(text="ab" * 32, scheme="meta-phone"), region="FR")
    assert refused.value.code == "scheme_unsupported"
    plain = parse_identifier(Kind.POSTAL, Digest(text="ab" * 32), region="FR")
    assert (plain.hashed, plain.forms[0].label) == (True, MatchKeyLabel.PERSON)


def _partner(kind: Kind, digest: str, scheme: str) -> Identifier:
    return parse_identifier(
        kind, Digest(text=digest, scheme=scheme), region="FR", partner_digests=True
    )


def _email(text: str, *schemes: Scheme) -> Identifier:
    return parse_identifier(Kind.EMAIL, text, region="FR", schemes=schemes)


def _written(identifier: Identifier) -> set[tuple[str, bytes]]:
    return {
        (match_key.algorithm, match_key.prehash)
        for match_key in identifier.forms
        if match_key.use.is_stored
    }


def _asked(identifier: Identifier) -> set[tuple[str, bytes]]:
    return {
        (match_key.algorithm, match_key.prehash)
        for match_key in identifier.forms
        if match_key.use.is_looked_up
    }


def _published(text: str) -> str:
    content = json.loads((VECTORS / "fingerprints.json").read_text(encoding="utf-8"))
    return str(next(row["sha256"] for row in content["published"] if row["text"] == text))
