"""What the proof of a consent may say: what was agreed to, and nothing that tells whom to reach."""

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
_LIKE_A_NUMBER = 8
_LONG_ENOUGH = 8
_SHORTEST_NAME = 4
_SAME_DIGITS = 9
_LAYOUT = frozenset("\t\n\r")
# What in a text may be an e-mail address, a number, or the SHA-256 of one.
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"]{1,64}@[^\s@<>()\[\],;:\"]{1,255}")
_NUMBER = re.compile(r"\+?[0-9][0-9 .()/-]{6,30}[0-9]")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


def check_proof(
    proof: Proof, *, value: Value, name: str = "", ref: str = "", region: str = "FR"
) -> None:
    """Refuse a proof that proves nothing, or that names the person it is about.

    `value` is the identifier as it came: it must stand nowhere in what is kept. `region` reads a
    number that is written nationally. `name` is the person's, where it came beside the identifier.
    """
    wording = proof.wording
    if not wording.strip() or len(wording) > MAX_WORDING or not _is_text(wording):
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
    """Refuse what is no name of a person, a team or a form, or looks like an address or number."""
    digits = sum(one.isdigit() for one in text)
    if not text.strip() or not _COLLECTED_BY.fullmatch(text) or digits >= _LIKE_A_NUMBER:
        detail = "Send who or what collected it: 1 to 64 plain characters, no address or number."
        raise InvalidValueError.at("/collected_by", detail)


def identifies_person(text: str, value: Value, region: str = "FR") -> bool:
    """Whether a text tells the identifier that it goes with, in any spelling or as its hash.

    >>> (identifies_person("I, 06 12 34 56 78, agree", "+33612345678"),
    ...  identifies_person("I agree", "+33612345678"))
    (True, False)
    """
    if isinstance(value, PostalAddress):
        return _tells_address(_plain(text), value) or contains_name(text, value.name)
    if isinstance(value, str) and (_holds(text, value) or contains_name(text, split_name(value))):
        return True
    return _tells_same(text, value, region)


def _tells_same(text: str, value: Value, region: str) -> bool:
    """Whether something in a text is the identifier, written otherwise or hashed."""
    written = [one.rstrip(".!?'") for one in _ADDRESS.findall(text)]
    for number in _NUMBER.findall(text):
        written += [number, f"+{number.lstrip('+')}"]
    found = {bytes.fromhex(one) for one in _SHA256.findall(text)}
    if not written and not found:
        return False
    found = found.union(*(_hashes(one, region) for one in written))
    return not found.isdisjoint(_hashes(value, region))


def _hashes(value: Value, region: str) -> set[bytes]:
    """The SHA-256 of each form of an e-mail address or number."""
    hashes = set[bytes]()
    for kind in (Kind.EMAIL, Kind.PHONE):
        with suppress(IdentifierParseError):
            hashes |= {
                match_key.prehash
                for match_key in parse_identifier(kind, value, region=region).forms
            }
    return hashes


def _tells_address(plain: str, value: PostalAddress) -> bool:
    name = _plain(value.name)
    if len(name) >= _SHORTEST_NAME and name in plain:
        return True
    parts = [_plain(one) for one in (value.street, value.line1, value.line2, *value.lines)]
    return any(len(part) >= _LONG_ENOUGH and part in plain for part in parts)


def _holds(text: str, value: str) -> bool:
    """Whether a text holds the identifier as it came, or its last digits."""
    if value.strip() and _plain(value) in _plain(text):
        return True
    digits = _digits(value)[-_SAME_DIGITS:]
    return len(digits) == _SAME_DIGITS and digits in _digits(text)


def _is_text(text: str) -> bool:
    """Whether it holds letters and layout alone: neither control characters nor half ones."""
    return all(one in _LAYOUT or unicodedata.category(one) not in {"Cc", "Cs"} for one in text)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
