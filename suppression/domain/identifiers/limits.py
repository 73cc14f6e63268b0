"""The documented limits of matching: differences that keep two identifiers apart on purpose.

`explain` names them; docs/identifiers.md lists them at "What these rules do not do".
"""

from __future__ import annotations

from dataclasses import astuple
from enum import StrEnum
from itertools import takewhile

from suppression.domain.identifiers.match_keys import PostalAddress

_DEPARTMENT = 2  # digits of a French postcode
_SPELT = {"mailbox name", "domain", "street", "surname"}


class Limit(StrEnum):
    """A kind of difference that canonicalisation keeps on purpose."""

    CEDEX = "cedex"
    PLUS_TAG = "plus_tag"
    MISSPELLING = "misspelling"


def limit_between(
    step: str, texts: tuple[str, str], values: tuple[str | PostalAddress, str | PostalAddress]
) -> Limit | None:
    """Return the limit that keeps two identifiers apart; None if no documented limit does.

    `step` is the first step of canonicalisation whose text for match keys differs, `texts` are the
    two texts after it, `values` the two identifiers as received.

    >>> limit_between("mailbox name", ("jean+shop", "jean"), ("jean+shop@a.fr", "jean@a.fr"))
    <Limit.PLUS_TAG: 'plus_tag'>
    """
    first, second = texts
    if step == "postcode":
        same_department = first[:_DEPARTMENT] == second[:_DEPARTMENT]
        return Limit.CEDEX if same_department and any(map(_has_cedex, values)) else None
    if step == "mailbox name" and first.partition("+")[0] == second.partition("+")[0]:
        return Limit.PLUS_TAG
    return Limit.MISSPELLING if step in _SPELT and _differ_by_a_slip(first, second) else None


def _has_cedex(value: str | PostalAddress) -> bool:
    return isinstance(value, PostalAddress) and "cedex" in str(astuple(value)).lower()


def _differ_by_a_slip(first: str, second: str) -> bool:
    """Return whether a letter was left out, added or replaced, or two neighbours were swapped."""
    begin = _common_letters(first, second)
    first, second = first[begin:], second[begin:]
    end = _common_letters(first[::-1], second[::-1])
    first, second = first[: len(first) - end], second[: len(second) - end]
    swapped = len(first) == 2 and first == second[::-1]  # noqa: PLR2004 - two letters change places
    return (first + second).isalpha() and (swapped or max(len(first), len(second)) == 1)


def _common_letters(first: str, second: str) -> int:
    """Return the length of the beginning that two texts share, in characters."""
    alike = takewhile(lambda letters: letters[0] == letters[1], zip(first, second, strict=False))
    return sum(1 for _ in alike)
