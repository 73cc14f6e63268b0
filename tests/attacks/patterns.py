"""Find every regular expression of the service, and the methods that use it.

A call like `re.compile(...)` is found in the syntax and evaluated in its module. Patterns that only
the running module can make (from tables) are searched among the module's values.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from inspect import signature
from pathlib import Path
from types import ModuleType
from typing import Any

PROJECT = Path(__file__).parents[2]
METHODS = frozenset("match fullmatch search sub subn split findall finditer".split())  # noqa: SIM905
ANYHOW = frozenset({"fullmatch", "search"})
"""The methods to try if the use of a pattern is unknown.

`fullmatch` tries the most ways to match; `search` tries them at every position.
"""
_DEEPEST = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A pattern of the service, its place in the code, and the methods that are called on it."""

    place: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]


def patterns() -> list[Found]:
    """Return every pattern under suppression/."""
    return [pattern for path in _sources() for pattern in _in_module(path)]


def _sources() -> list[Path]:
    return sorted((PROJECT / "suppression").rglob("*.py"))


def _uses(tree: ast.Module) -> Mapping[str, frozenset[str]]:
    """Return the methods of METHODS that a module calls on each name, as in `_WORD.findall`."""
    uses: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in METHODS:
            name = getattr(node.value, "id", getattr(node.value, "attr", ""))
            uses.setdefault(name, set()).add(node.attr)
    return {name: frozenset(methods) for name, methods in uses.items()}


def _in_module(path: Path) -> Iterator[Found]:
    tree = ast.parse(path.read_text("utf-8"))
    uses = _uses(tree)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _method(node)]
    if not calls:
        return
    module = importlib.import_module(".".join(path.relative_to(PROJECT).with_suffix("").parts))
    names = _names(tree)
    made_later = False
    for call in calls:
        place = names.get(call, f"line {call.lineno}")
        try:
            pattern = _evaluated(call, module)
        except NameError:
            made_later = True
            continue
        method = _method(call)
        used = uses.get(place, ANYHOW) if method == "compile" else frozenset({method})
        yield Found(place=f"{module.__name__}.{place}", pattern=pattern, methods=used)
    if made_later:
        held = set(_held_by([*vars(module).values(), *_cached_by(module)]))
        assert held, f"{module.__name__} makes patterns that it does not hold: hold them"
        for number, pattern in enumerate(sorted(held, key=lambda pattern: str(pattern.pattern))):
            place = f"{module.__name__} (made, {number})"
            yield Found(place=place, pattern=pattern, methods=ANYHOW)


def _method(call: ast.Call) -> str:
    """Return `compile`, or the method that a call uses its pattern by; "" for other calls."""
    function = call.func
    if not isinstance(function, ast.Attribute) or not call.args:
        return ""
    if function.attr == "Regexp":
        return "match"
    is_re = isinstance(function.value, ast.Name) and function.value.id == "re"
    return function.attr if is_re and function.attr in {*METHODS, "compile"} else ""


def _names(tree: ast.Module) -> dict[ast.Call, str]:
    """Return the name of the variable that each call of a module is assigned to."""
    return {
        node.value: target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _evaluated(call: ast.Call, module: ModuleType) -> re.Pattern[Any]:
    """Return the pattern of a call. Raises NameError if it depends on a function's variables."""
    arguments = [call.args[0]]
    if _method(call) == "compile" and len(call.args) > 1:
        arguments.append(call.args[1])
    arguments += [keyword.value for keyword in call.keywords if keyword.arg == "flags"]
    values = [
        eval(compile(ast.Expression(node), module.__name__, "eval"), dict(vars(module)))  # noqa: S307
        for node in arguments
    ]
    return re.compile(*values)


def _cached_by(module: ModuleType) -> list[object]:
    """Return the results of a module's `functools.cache` functions without parameters."""
    functions = [value for value in vars(module).values() if hasattr(value, "cache_info")]
    return [function() for function in functions if not signature(function).parameters]


def _held_by(node: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    """Yield every pattern in a value and in its elements or fields, down to a limited depth."""
    if isinstance(node, re.Pattern):
        yield node
    if depth > _DEEPEST:
        return
    inner: list[object] = []
    if isinstance(node, dict):
        inner = list(node.values())
    elif isinstance(node, list | tuple | set | frozenset):
        inner = list(node)
    elif is_dataclass(node) and not isinstance(node, type):
        inner = [getattr(node, field.name) for field in fields(node)]
    for value in inner:
        yield from _held_by(value, depth + 1)
