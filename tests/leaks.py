"""Search texts that may contain no identifier: a dump of the database, a log."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_SHORTEST = 8  # shorter texts occur in dumps by chance
_FIELDS = {"identifier", "identifiers", "number", "value", "name", "street", "lines", "text"}
_BESIDE = {"kind", "scheme", "country", "topic", "ref", "correlation_id"}
_DIGITS = 9


def identifiers_in(body: object, *, under: str = "") -> Iterator[str]:
    """Yield every text of a JSON body that is an identifier or a part of one.

    Texts of under eight characters are left out. `under` is the field that holds `body`.
    """
    if isinstance(body, dict):
        for name, inner in body.items():
            if name in _BESIDE:
                continue
            yield from identifiers_in(inner, under=name if name in _FIELDS else under)
    elif isinstance(body, list):
        for inner in body:
            yield from identifiers_in(inner, under=under)
    elif isinstance(body, str) and under in _FIELDS and len(body.strip()) >= _SHORTEST:
        yield body


def leaks(text: str, identifiers: Iterable[str]) -> set[str]:
    """Return the identifiers that occur in the text, in any case, as bare digits, or in hex."""
    haystack = text.lower()
    return {
        identifier
        for identifier in identifiers
        if any(trace in haystack for trace in set(_traces(identifier)))
    }


def _traces(identifier: str) -> Iterator[str]:
    small = identifier.strip().lower()
    yield small
    raw = small.encode(errors="surrogatepass")
    yield raw.hex()
    yield raw.decode("latin-1").lower()  # as a dump of raw bytes shows it
    digits = re.sub(r"\D", "", identifier)
    if len(digits) >= _DIGITS and not re.search(r"[a-z]", small):
        yield digits[-_DIGITS:]
