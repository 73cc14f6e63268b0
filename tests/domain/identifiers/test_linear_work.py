"""Doubling the length of an identifier at most triples the work of parsing it.

There are two measures, because Python can count its own steps but not those of a regular
expression: the opcodes of our code, counted exactly; and the time of each pattern on long hostile
text, which would grow far more than threefold if it were not linear.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import pkgutil
import re
import sys
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suppression.domain import identifiers
from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.match_keys import PostalAddress, Value
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.vocabulary import Kind
from tests.length import length

PIECES = [
    " ",
    ",",
    "a",
    "0",
    "1 ",
    "a,",
    "1,",
    "bat b ",
    "1 de ",
    "1 mai ",
    "rue 1 ",
    "b p ",
    "et ",
    "st ",
    "d'",
    "é",
    "<",
    "(",
    "[",
    "@",
    '"',
    "\\",
    "mailto:",
    ".",
    "-",
    "12/",
    "cedex ",
    "de la ",
    "née ",
    "M. et ",
    "Jean ",
    "DUPONT ",
    "étage 1 ",
    "ü",
    "\u200b",
    "chez m ",
    "12 rue ",
    "n°",
    "/",
    "& ",
]


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("kind", list(Kind))
def test_doubling_a_hostile_text_at_most_triples_the_steps(kind: Kind, piece: str) -> None:
    for value in _values(kind):
        once, twice = (_steps(kind, value(piece * times)) for times in _times(kind, piece))
        assert twice <= 3 * max(once, 200)


@settings(max_examples=length(20, long=200), deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join))
def test_doubling_any_text_at_most_triples_the_steps(piece: str) -> None:
    for kind in Kind:
        for value in _values(kind):
            once, twice = (_steps(kind, value(piece * times)) for times in _times(kind, piece))
            assert twice <= 3 * max(once, 200)


def _patterns() -> list[tuple[str, Callable[[str], object]]]:
    """Return the name and a method of every pattern of the package, as its module uses it."""
    functions: list[tuple[str, Callable[[str], object]]] = []
    for module in pkgutil.walk_packages(identifiers.__path__, f"{identifiers.__name__}."):
        loaded = importlib.import_module(module.name)
        source = inspect.getsource(loaded)
        for name, value in vars(loaded).items():
            if isinstance(value, re.Pattern):
                searched = re.search(rf"\b{name}\.(?:search|sub|split|find)", source)
                use = value.search if searched else value.match
                functions.append((f"{module.name.rpartition('identifiers.')[2]}.{name}", use))
    return functions


@pytest.mark.parametrize(("name", "use"), _patterns())
def test_no_pattern_is_worse_than_linear(name: str, use: Callable[[str], object]) -> None:
    for piece in (*PIECES, "1", "a ", "a'", "a-", "(a", "ne ", "1 a ", "x@", "[a@"):
        once, twice = (piece * (size // len(piece)) + "!" for size in (3_000, 6_000))
        assert _grows_linearly(use, once, twice), (name, piece)


def _grows_linearly(use: Callable[[str], object], once: str, twice: str) -> bool:
    """Return whether, in the best of four tries, the longer text takes at most three times as long.

    Times under 2 ms are too short to compare and count as linear.
    """
    for _ in range(4):
        short, long = _seconds(use, once), _seconds(use, twice)
        if long < 0.002 or long <= 3 * short:
            return True
    return False


def _seconds(use: Callable[[str], object], text: str) -> float:
    best = 1.0
    for _ in range(3):
        start = time.thread_time()
        use(text)
        best = min(best, time.thread_time() - start)
    return best


def _times(kind: Kind, piece: str) -> tuple[int, int]:
    """Return how often to repeat a piece for half of the longest allowed text, and for all."""
    longest = {Kind.EMAIL: 300, Kind.PHONE: 60, Kind.POSTAL: 480}[kind] // len(piece)
    return max(longest // 2, 1), 2 * max(longest // 2, 1)


def _values(kind: Kind) -> list[Callable[[str], Value]]:
    if kind is not Kind.POSTAL:
        return [str]
    return [
        lambda text: PostalAddress(street=text, postcode="35000"),
        lambda text: PostalAddress(name=text, street="1 rue Foch", postcode="35000"),
        lambda text: PostalAddress(street=text, postcode="1000", country="BE"),
        lambda text: PostalAddress(lines=(text, "35000 Rennes")),
    ]


def _steps(kind: Kind, value: Value) -> int:
    """Return the number of opcodes that our code runs to parse an identifier, or to refuse it."""
    with _counting() as counted, contextlib.suppress(IdentifierParseError):
        parse_identifier(kind, value, region="FR")
    return counted[0]


@contextlib.contextmanager
def _counting() -> Iterator[list[int]]:
    counted = [0]

    def trace(frame: FrameType, event: str, _: Any) -> Any:  # noqa: ANN401 - as sys.settrace has it
        if event == "call":
            frame.f_trace_opcodes = "suppression" in frame.f_code.co_filename
            frame.f_trace_lines = False
        counted[0] += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield counted
    finally:
        sys.settrace(before)
