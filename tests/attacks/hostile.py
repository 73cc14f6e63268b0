"""Texts that break programs, and functions that put them into bodies and forms."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote_plus

LONE = "\ud83d"
"""Half an emoji: a surrogate that JSON's escapes and the bytes of a shell can contain."""
HOSTILE: Mapping[str, str] = {
    "lone surrogate": LONE,
    "low surrogate": "\udc80",
    "NUL": "\0",
    "four bytes": "\U0001f6d1\U0001f44d\U0010ffff",
    "right to left": "\u202e\u200f\u061c",
    "64 KB": "x" * 65_536,
}


def variants(body: Any, text: str) -> Iterator[Any]:  # noqa: ANN401 - any JSON
    """Yield copies of a body: `text` behind one string, or instead of it, or as a field's name."""
    for place in list(_places(body)):
        for change in (lambda old: old + text, lambda _: text):
            yield _changed(body, place, change)
    yield {**body, text: text}


def _places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
    if isinstance(node, str):
        yield path
    inner = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node if isinstance(node, list) else ())
    )
    for key, value in inner:
        yield from _places(value, (*path, key))


def _changed(body: Any, place: tuple[Any, ...], change: Any) -> Any:  # noqa: ANN401
    fresh = copy.deepcopy(body)
    node = fresh
    for step in place[:-1]:
        node = node[step]
    node[place[-1]] = change(node[place[-1]])
    return fresh


def encoded(fields: list[tuple[str, str]]) -> bytes:
    """Return a form's body in which surrogates are the three bytes that UTF-8 forbids."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in fields).encode()


def _quoted(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))


class Forms(HTMLParser):
    """The forms of an HTML page (`forms`) and the targets of its links (`links`)."""

    def __init__(self, page: str) -> None:
        """Parse a page."""
        super().__init__()
        self.links: set[str] = set()
        self.forms: list[Form] = []
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record a link, a form, or a field of the form that was opened last."""
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in said:
            self.links.add(said["href"])
        if tag == "form":
            self.forms.append(Form(said.get("action", ""), said.get("method", "get").lower()))
        if self.forms and said.get("name") and tag in {"input", "textarea", "button", "select"}:
            self.forms[-1].add(said["name"], said.get("type", tag), said.get("value", ""))
            self._select = said["name"] if tag == "select" else ""
        if tag == "option" and self.forms and self._select and "selected" in said:
            self.forms[-1].add(self._select, "select", said.get("value", ""))


class Form:
    """A form of a page. `texts` are the names of the fields that a person types into."""

    _CHOSEN = frozenset({"radio", "checkbox", "submit", "button", "select", "hidden"})

    def __init__(self, action: str, method: str) -> None:
        """Make a form without fields."""
        self.action, self.method = action, method
        self.values: dict[str, str] = {}
        self.texts: list[str] = []

    def add(self, name: str, kind: str, value: str) -> None:
        """Add a field with its value."""
        self.values[name] = value
        if kind not in self._CHOSEN and kind != "file" and name not in self.texts:
            self.texts.append(name)
