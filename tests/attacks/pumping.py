"""The texts on which a regular expression is slowest, made from the expression itself.

For each of its loops: what leads there, what the loop takes once, many times over, and what makes
it fail behind that. A loop that can divide the same text in several ways tries them all then.
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
    """A text of any length: `start`, `pump` again and again, `end`."""

    start: str
    pump: str
    end: str

    def text(self, times: int) -> str:
        """With so many pumps."""
        return f"{self.start}{self.pump * times}{self.end}"


def slowest(pattern: re.Pattern[Any], methods: Sequence[str], *, longest: int) -> str:
    """What takes more than 50 ms of CPU with at most `longest` characters; '' if nothing does."""
    for method in methods:
        for attack in attacks(pattern):
            times = _too_slow(pattern, method, attack, longest)
            if times:
                return f"{method} of {attack.start!r} {attack.pump!r} * {times} {attack.end!r}"
    return ""


def _too_slow(pattern: re.Pattern[Any], method: str, attack: Attack, longest: int) -> int:
    """How many pumps are too many; 0 if none are. It begins with few: more may take for ever."""
    for times in _rising(attack, longest):
        text = attack.text(times)
        seconds = _seconds(pattern, method, text)
        if seconds > LIMIT_SECONDS:
            # What else the machine does may have slowed one of them, not each.
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
    """The CPU time of this thread: what other processes do meanwhile does not count."""
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
    """For every loop of the pattern."""
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
    """What leads to each loop, what it repeats, and what stands behind it; loops in loops too."""
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
    """A few texts that items in a row take: the shortest first."""
    return _joined([_texts_of(item, alphabet) for item in items])


def _joined(parts: list[list[str]]) -> list[str]:
    """The first of each part together, the second of each, and so on."""
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
    """Whether a loop takes a character alone."""
    needed = [item for item in body if not (str(item[0]) in _LOOPS and item[1][0] == 0)]
    if len(needed) > 1:
        return False
    if not needed:
        return any(_takes(list(item[1][2]), char) for item in body)
    (item,) = needed
    inside = _inside(item)
    return any(_takes(inner, char) for inner in inside) if inside else _is_one(item, char)


def _is_one(item: Any, char: str) -> bool:  # noqa: ANN401 - as above
    """Whether an item that stands for one character stands for this one."""
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
    """The characters that an expression names."""
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
