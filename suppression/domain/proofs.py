"""What the proof of a consent may say: what was agreed to, and nothing that tells whom to reach."""

from __future__ import annotations

import re
import unicodedata

from suppression.domain.consents import Proof
from suppression.domain.controllers import valid_ref
from suppression.domain.errors import Fault, InvalidValueError
from suppression.domain.identifiers.forms import Digest, PostalAddress, Value

MAX_WORDING = 4000
_COLLECTED_BY = re.compile(r"[\w .,:'()/&+-]{1,64}")
_LIKE_A_NUMBER = 8
_LONG_ENOUGH = 8
_SHORTEST_NAME = 4
_SAME_DIGITS = 9
_LAYOUT = frozenset("\t\n\r")


def check_proof(proof: Proof, *, value: Value, ref: str = "") -> None:
    """Refuse a proof that proves nothing, or that names the person it is about.

    `value` is the identifier as it came: it must stand nowhere in what is kept.
    """
    wording = proof.wording
    if not wording.strip() or len(wording) > MAX_WORDING or not _is_text(wording):
        detail = f"Send the words that the person agreed to: 1 to {MAX_WORDING} characters."
        raise _invalid("/wording", detail)
    valid_ref(proof.evidence, pointer="/evidence")
    check_collected_by(proof.collected_by)
    for pointer, text in {
        "/wording": wording,
        "/evidence": proof.evidence,
        "/collected_by": proof.collected_by,
        "/ref": ref,
    }.items():
        if tells(text, value):
            raise _invalid(pointer, "Leave the person's name, address or number out of this text.")


def check_collected_by(text: str) -> None:
    """Refuse what is no name of a person, a team or a form, or looks like an address or number."""
    digits = sum(one.isdigit() for one in text)
    if not text.strip() or not _COLLECTED_BY.fullmatch(text) or digits >= _LIKE_A_NUMBER:
        detail = "Send who or what collected it: 1 to 64 plain characters, no address or number."
        raise _invalid("/collected_by", detail)


def tells(text: str, value: Value) -> bool:
    """Whether a text tells the identifier that it goes with.

    >>> tells("I, 06 12 34 56 78, agree", "+33612345678"), tells("I agree", "+33612345678")
    (True, False)
    """
    if isinstance(value, Digest):
        return False
    plain = _plain(text)
    if isinstance(value, PostalAddress):
        name = _plain(value.name)
        if len(name) >= _SHORTEST_NAME and name in plain:
            return True
        parts = [_plain(one) for one in (value.street, value.line1, value.line2, *value.lines)]
        return any(len(part) >= _LONG_ENOUGH and part in plain for part in parts)
    if value.strip() and _plain(value) in plain:
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


def _invalid(pointer: str, detail: str) -> InvalidValueError:
    return InvalidValueError(faults=(Fault(pointer=pointer, detail=detail),))
