"""Validation of a consent's proof: it must hold the agreed words and not identify the person."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress

from suppression.domain.consents.model import Proof
from suppression.domain.consents.names_in_wording import contains_name, split_name
from suppression.domain.controllers.model import valid_ref
from suppression.domain.errors import IdentifierParseError, InvalidValueError
from suppression.domain.identifiers.match_keys import PostalAddress, Value
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.vocabulary import Kind

MAX_WORDING = 4000
_COLLECTED_BY = re.compile(r"[\w .,:'()/&+-]{1,64}")
_MIN_NUMBER_DIGITS = 8
_MIN_PART_LENGTH = 8
_MIN_NAME_LENGTH = 4
_COMPARED_DIGITS = 9
_LAYOUT = frozenset("\t\n\r")
# Parts of a text that may be an e-mail address, a number, or the SHA-256 of one.
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"]{1,64}@[^\s@<>()\[\],;:\"]{1,255}")
_NUMBER = re.compile(r"\+?[0-9][0-9 .()/-]{6,30}[0-9]")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


def check_proof(
    proof: Proof, *, value: Value, name: str = "", ref: str = "", region: str = "FR"
) -> None:
    """Raise InvalidValueError if a text of the proof is invalid, or if one identifies the person.

    `value` is the identifier as received, `name` the person's name, '' if unknown: no text of the
    proof may contain either, nor may the caller's own reference, `ref`. `region` is the country
    (ISO 3166-1) of a number in national notation.
    """
    wording = proof.wording
    if not wording.strip() or len(wording) > MAX_WORDING or not _is_printable_text(wording):
        detail = f"Send the words that the person agreed to: 1 to {MAX_WORDING} characters."
        raise InvalidValueError.at("/wording", detail)
    valid_ref(proof.evidence, pointer="/evidence")
    check_collected_by(proof.collected_by)
    for pointer, text in {
        "/wording": wording,
        "/evidence": proof.evidence,
        "/collected_by": proof.collected_by,
        "/ref": ref,
    }.items():
        if identifies_person(text, value, region) or contains_name(text, name):
            raise InvalidValueError.at(
                pointer, "Leave the person's name, address or number out of this text."
            )


def check_collected_by(text: str) -> None:
    """Raise InvalidValueError unless the text has 1 to 64 plain characters and under 8 digits.

    The text names a person, a team or a form. The limits keep out e-mail addresses and whole
    telephone numbers.
    """
    digits = sum(char.isdigit() for char in text)
    if not text.strip() or not _COLLECTED_BY.fullmatch(text) or digits >= _MIN_NUMBER_DIGITS:
        detail = "Send who or what collected it: 1 to 64 plain characters, no address or number."
        raise InvalidValueError.at("/collected_by", detail)


def identifies_person(text: str, value: Value, region: str = "FR") -> bool:
    """Return whether a text contains the identifier `value`, which came with it.

    An e-mail address or a number is also found in another spelling or as SHA-256. If `value` is a
    SHA-256, the text contains it if it has that hash, or the address or number that it is made of.
    Also found are the name beside an e-mail address, and the name or a long part of a postal
    address. `region` is the country (ISO 3166-1) of a number in national notation.

    >>> (identifies_person("I, 06 12 34 56 78, agree", "+33612345678"),
    ...  identifies_person("I agree", "+33612345678"))
    (True, False)
    """
    if isinstance(value, PostalAddress):
        return _contains_address_part(_normalize(text), value) or contains_name(text, value.name)
    if isinstance(value, str) and (
        _contains_verbatim(text, value) or contains_name(text, split_name(value))
    ):
        return True
    return _contains_same_identifier(text, value, region)


def _contains_same_identifier(text: str, value: Value, region: str) -> bool:
    """Return whether a text contains the address or number in another spelling or as SHA-256."""
    candidates = [address.rstrip(".!?'") for address in _ADDRESS.findall(text)]
    for number in _NUMBER.findall(text):
        candidates += [number, f"+{number.lstrip('+')}"]
    hashes = {bytes.fromhex(digest) for digest in _SHA256.findall(text)}
    if not candidates and not hashes:
        return False
    hashes = hashes.union(*(_hashes(candidate, region) for candidate in candidates))
    return not hashes.isdisjoint(_hashes(value, region))


def _hashes(value: Value, region: str) -> set[bytes]:
    """Return the SHA-256 of each match key of an address or number; an empty set if it is neither.

    For a SHA-256 in the scheme `plain`, return that.
    """
    hashes = set[bytes]()
    for kind in (Kind.EMAIL, Kind.PHONE):
        with suppress(IdentifierParseError):
            hashes |= {
                match_key.prehash
                for match_key in parse_identifier(kind, value, region=region).forms
            }
    return hashes


def _contains_address_part(normalized: str, value: PostalAddress) -> bool:
    """Return whether a normalized text contains the name or a long part of a postal address.

    A name counts from 4 characters on, a part from 8.
    """
    name = _normalize(value.name)
    if len(name) >= _MIN_NAME_LENGTH and name in normalized:
        return True
    parts = [_normalize(part) for part in (value.street, value.line1, value.line2, *value.lines)]
    return any(len(part) >= _MIN_PART_LENGTH and part in normalized for part in parts)


def _contains_verbatim(text: str, value: str) -> bool:
    """Return whether a text has the identifier as received, or its last nine digits in a row.

    Case and the number of spaces do not matter, nor any characters between the digits.
    """
    if value.strip() and _normalize(value) in _normalize(text):
        return True
    digits = _digits(value)[-_COMPARED_DIGITS:]
    return len(digits) == _COMPARED_DIGITS and digits in _digits(text)


def _is_printable_text(text: str) -> bool:
    """Return whether a text has no lone surrogates and no control characters but tab, LF and CR."""
    return all(char in _LAYOUT or unicodedata.category(char) not in {"Cc", "Cs"} for char in text)


def _normalize(text: str) -> str:
    """Return a text in folded case with single spaces."""
    return " ".join(text.casefold().split())


def _digits(text: str) -> str:
    """Return the digits of a text."""
    return re.sub(r"\D", "", text)
