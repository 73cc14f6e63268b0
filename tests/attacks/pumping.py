"""Make the texts on which a regular expression is slowest, from the expression itself.

For each of its loops a text has three parts: a start that leads to the loop, a repeated text that
the loop matches once, and an end that does not match. A loop that can divide the repeated text in
several ways then tries them all.
"""

from __future__ import annotations

import importlib
import re
import string
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

_parser: Any = importlib.import_module("re._parser")
_CHARACTERS = [*" \t\n\r0a1AzZ-_.,;:@/'\"()<>[]&+=!?*#|\\%\x00\u00e9\u00b7\u2014", "\u0660"]
_ENDS = ("\x00", "\u00b7!")
_MOST_TEXTS = 4
_MOST_PUMPS = 8
_LOOPS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}
LIMIT_SECONDS = 0.05
_QUICK_SECONDS = 0.02
_LONG_ENOUGH = 512


@dataclass(frozen=True, kw_only=True, slots=True)
class Attack:
    """A text of any length: `start`, any number of `pump`, `end`."""

    start: str
    pump: str
    end: str

    def text(self, times: int) -> str:
        """Return the text with `pump` this many times."""
        return f"{self.start}{self.pump * times}{self.end}"


def slowest(pattern: re.Pattern[Any], methods: Sequence[str], *, longest: int) -> str:
    """Describe a text of at most `longest` characters that takes over 50 ms of CPU; "" if none."""
    for method in methods:
        for attack in attacks(pattern):
            times = _too_slow(pattern, method, attack, longest)
            if times:
                return f"{method} of {attack.start!r} {attack.pump!r} * {times} {attack.end!r}"
    return ""


def _too_slow(pattern: re.Pattern[Any], method: str, attack: Attack, longest: int) -> int:
    """Return a number of pumps that takes over 50 ms, or 0 if none does.

    The numbers rise, because a large one may take for ever.
    """
    for times in _rising(attack, longest):
        text = attack.text(times)
        seconds = _seconds(pattern, method, text)
        if seconds > LIMIT_SECONDS:
            # Other work of the machine may have slowed one of three measurements, but not all.
            seconds = min(seconds, *(_seconds(pattern, method, text) for _ in range(2)))
        if seconds > LIMIT_SECONDS:
            return times
        grows_to = seconds * (longest / len(text)) ** 2 if text else 0
        if len(text) >= _LONG_ENOUGH and grows_to < _QUICK_SECONDS:
            return 0
    return 0


def _rising(attack: Attack, longest: int) -> Iterator[int]:
    most = (longest - len(attack.start) - len(attack.end)) // len(attack.pump)
    few = range(4, min(most, 28), 4)
    yield from few
    times = 32
    while times < most:
        yield times
        times *= 2
    if most > 0:
        yield most


def _seconds(pattern: re.Pattern[Any], method: str, text: str) -> float:
    """Return the seconds of this thread's CPU time that a method of a pattern takes on a text."""
    sent: Any = text.encode("utf-8", "ignore") if isinstance(pattern.pattern, bytes) else text
    begun = time.thread_time()
    if method in {"sub", "subn"}:
        pattern.sub(sent[:0], sent)
    elif method == "finditer":
        pattern.findall(sent)
    else:
        getattr(pattern, method)(sent)
    return time.thread_time() - begun


def attacks(pattern: re.Pattern[Any]) -> Iterator[Attack]:
    """Yield attacks on every loop of the pattern."""
    written = pattern.pattern
    tree = _parser.parse(
        written.decode("latin-1") if isinstance(written, bytes) else written,
        pattern.flags & ~re.DEBUG,
    )
    alphabet = list(dict.fromkeys([*_letters(tree), *_CHARACTERS]))[:80]
    for starts, body, rest in _loops(list(tree), [""], alphabet):
        pumps = [text for text in _texts(body, alphabet) if text]
        pumps += [char for char in alphabet if _takes(body, char)]
        behind = [text + "\x00" for text in _texts(rest, alphabet)[:1]]
        for pump in list(dict.fromkeys(pumps))[:_MOST_PUMPS]:
            for start in dict.fromkeys(["", *starts[:1]]):
                for end in dict.fromkeys([*_ENDS, *behind]):
                    yield Attack(start=start, pump=pump, end=end)


def _loops(
    items: Sequence[Any], starts: list[str], alphabet: list[str]
) -> Iterator[tuple[list[str], list[Any], list[Any]]]:
    """Yield for each loop, nested or not: texts that lead to it, its body, the items after it."""
    for place, item in enumerate(items):
        before = _joined([starts, _texts(items[:place], alphabet)])
        name = str(item[0])
        if name in _LOOPS and item[1][1] > 1:
            yield before, list(item[1][2]), list(items[place + 1 :])
        for inner in _inside(item):
            yield from _loops(inner, before, alphabet)


def _inside(item: Any) -> list[list[Any]]:  # noqa: ANN401 - a node of the parser's own
    name, value = str(item[0]), item[1]
    if name in _LOOPS:
        return [list(value[2])]
    if name == "SUBPATTERN":
        return [list(value[3])]
    if name == "BRANCH":
        return [list(branch) for branch in value[1]]
    if name in {"ASSERT", "ASSERT_NOT"}:
        return [list(value[1])]
    return [list(value)] if name == "ATOMIC_GROUP" else []


def _texts(items: Sequence[Any], alphabet: list[str]) -> list[str]:
    """Return a few texts that match consecutive items, the shortest first."""
    return _joined([_texts_of(item, alphabet) for item in items])


def _joined(parts: list[list[str]]) -> list[str]:
    """Join the first texts of all parts, then the second ones, and so on; return the results."""
    most = min(_MOST_TEXTS, max([len(part) for part in parts], default=1))
    joined = ("".join(part[min(number, len(part) - 1)] for part in parts) for number in range(most))
    return list(dict.fromkeys(joined))


def _texts_of(item: Any, alphabet: list[str]) -> list[str]:  # noqa: ANN401 - as above
    name, value = str(item[0]), item[1]
    if name in _LOOPS:
        least, most, body = value
        inner = _texts(list(body), alphabet)
        more = min(least + 1, most)
        return [inner[0] * least, *(text * more for text in inner)]
    if name == "LITERAL":
        return [chr(value)]
    if name in {"NOT_LITERAL", "ANY", "IN"}:
        taken = (char for char in alphabet if _is_one(item, char))
        return list(islice(taken, _MOST_TEXTS)) or [""]
    if name in {"ASSERT", "ASSERT_NOT", "AT", "GROUPREF", "GROUPREF_EXISTS", "FAILURE"}:
        return [""]
    inside = _inside(item)
    return list(chain.from_iterable(_texts(inner, alphabet)[:2] for inner in inside)) or [""]


def _takes(body: Sequence[Any], char: str) -> bool:
    """Return whether one pass of a loop can match a single character."""
    needed = [item for item in body if not (str(item[0]) in _LOOPS and item[1][0] == 0)]
    if len(needed) > 1:
        return False
    if not needed:
        return any(_takes(list(item[1][2]), char) for item in body)
    (item,) = needed
    inside = _inside(item)
    return any(_takes(inner, char) for inner in inside) if inside else _is_one(item, char)


def _is_one(item: Any, char: str) -> bool:  # noqa: ANN401 - as above
    """Return whether an item of the parsed expression that matches one character matches `char`."""
    name, value = str(item[0]), item[1]
    code = ord(char)
    if name == "LITERAL":
        return bool(code == value)
    if name == "NOT_LITERAL":
        return bool(code != value)
    if name == "RANGE":
        return bool(value[0] <= code <= value[1])
    if name == "CATEGORY":
        return _is_of(str(value), char)
    if name == "IN":
        negated = str(value[0][0]) == "NEGATE"
        return (
            any(_is_one(element, char) for element in value if str(element[0]) != "NEGATE")
            != negated
        )
    return name == "ANY"


def _is_of(category: str, char: str) -> bool:
    kind = category.removeprefix("CATEGORY_").removeprefix("UNI_").removeprefix("NOT_")
    tests = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}
    matched = bool(re.match(tests.get(kind, "."), char))
    return matched != ("NOT_" in category)


def _letters(node: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    """Yield the printable characters that an expression contains, and the starts of its ranges."""
    for item in node:
        name, value = str(item[0]), item[1]
        if name in {"LITERAL", "NOT_LITERAL"} and chr(value) in string.printable:
            yield chr(value)
        elif name == "RANGE":
            yield chr(value[0])
        elif name == "IN":
            yield from _letters(value)
        for inner in _inside(item):
            yield from _letters(inner)
