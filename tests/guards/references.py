"""Finds references to pages and rules in any text of the project, and follows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from tests.guards.tree import PROJECT

# `docs/rules.md#t7` as comments write it, from the root. Not inside a URL or a longer path.
_PATH = re.compile(r"(?<![\w/.\-])(docs/[\w./\-]+\.md)(?:#([\w\-]+))?")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
_MARKED = re.compile(r'<a (?:id|name)="([\w\-]+)"')
_FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")
# What nobody who cloned the project could follow.
_LOST = (
    re.compile(r"\bdesign (?:sections?|s\.?) ?\d", re.IGNORECASE),
    re.compile(r"\bdesign \d+\b", re.IGNORECASE),
    re.compile(
        r"\.\./shared\b|(?<![\w/.])shared/(?:design|rules|ledger|style|vectors|providers)\b"
    ),
    re.compile(r"(?<![\w/.#])(?:rules|design)\.md\b"),
    re.compile(r"\brules? [A-Z]\d{1,2}\b", re.IGNORECASE),
    re.compile(r"(?<![\w%\\#\-.])[EGMT](?:1[0-2]|[1-9])\b(?![-.%])"),
)


def dead_references(place: Path, text: str) -> list[str]:
    """Every reference of a text that leads to no file, or to no anchor in it."""
    references = [
        f"docs reference {path}{'#' + anchor if anchor else ''}"
        for path, anchor in _PATH.findall(text)
        if not leads_somewhere(PROJECT / path, anchor)
    ]
    if place.suffix == ".md":
        references += [
            f"link {target}"
            for target in relative_targets(text)
            if not leads_somewhere(*split(place, target))
        ]
    return references


def lost_references(text: str) -> list[str]:
    """Every mention of a rule or a section that is no link: 'rule T7', '(T7)', 'design section 5'.

    The text of a Markdown link may name what it links to.
    """
    bare = _LINK.sub("", text)
    return [match[0] for pattern in _LOST for match in pattern.finditer(bare)]


def relative_targets(page: str) -> Iterator[str]:
    """What a Markdown page links to inside the project."""
    for match in _LINK.finditer(_FENCE.sub("", page)):
        if not re.match(r"[a-z]+:", match[1]):
            yield match[1]


def split(page: Path, target: str) -> tuple[Path, str]:
    """The file that a link of a page leads to, and the anchor in it."""
    path, _, anchor = target.partition("#")
    return (page.parent / path).resolve() if path else page, anchor


def leads_somewhere(file: Path, anchor: str) -> bool:
    """Whether the file is there, and has that anchor if one is named."""
    if not anchor:
        return file.is_file() or file.is_dir()
    return file.is_file() and anchor in anchors_of(file)


@lru_cache
def anchors_of(file: Path) -> frozenset[str]:
    """The anchors of a Markdown page, as GitHub makes them of its headings, and those marked."""
    return frozenset(anchors(file.read_text("utf-8")))


def anchors(page: str) -> set[str]:
    """The anchors of a page's text; a heading that is repeated gets -1, -2 and so on."""
    names: set[str] = set(_MARKED.findall(page))
    for heading in _HEADING.findall(_FENCE.sub("", page)):
        words = _LINK.sub(lambda link: link[0].partition("]")[0][1:], heading)
        name = _NOT_IN_ANCHORS.sub("", words.lower()).replace(" ", "-")
        repeats = sum(1 for anchor in names if re.fullmatch(rf"{re.escape(name)}(-\d+)?", anchor))
        names.add(f"{name}-{repeats}" if name in names else name)
    return names
