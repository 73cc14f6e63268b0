"""Find references to pages and rules in any text of the project, and verify their targets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from tests.guards.tree import PROJECT

# `docs/rules.md#t7`: comments name a page by its path from the root. Not in a URL or longer path.
_PATH = re.compile(r"(?<![\w/.\-])(docs/[\w./\-]+\.md)(?:#([\w\-]+))?")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
_MARKED = re.compile(r'<a (?:id|name)="([\w\-]+)"')
_FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")
# References that nobody can follow who has only a clone of the project.
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
    """Return every reference of a text whose file, or whose anchor in the file, does not exist.

    `place` is the file of the text; links are followed only in Markdown.
    """
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
    """Return every mention of a rule or section without a link: 'rule T7', 'design section 5'.

    The text of a Markdown link may name a rule.
    """
    bare = _LINK.sub("", text)
    return [match[0] for pattern in _LOST for match in pattern.finditer(bare)]


def relative_targets(page: str) -> Iterator[str]:
    """Yield the targets of a Markdown page's links, except URLs; code blocks are skipped."""
    for match in _LINK.finditer(_FENCE.sub("", page)):
        if not re.match(r"[a-z]+:", match[1]):
            yield match[1]


def split(page: Path, target: str) -> tuple[Path, str]:
    """Return the file that a link of a page leads to, and the anchor in it or ""."""
    path, _, anchor = target.partition("#")
    return (page.parent / path).resolve() if path else page, anchor


def leads_somewhere(file: Path, anchor: str) -> bool:
    """Return whether a file exists and has the anchor; without an anchor, a folder counts too."""
    if not anchor:
        return file.is_file() or file.is_dir()
    return file.is_file() and anchor in anchors_of(file)


@lru_cache
def anchors_of(file: Path) -> frozenset[str]:
    """Return the anchors of a Markdown file: GitHub's, made of its headings, and explicit ones.

    They are read once per file.
    """
    return frozenset(anchors(file.read_text("utf-8")))


def anchors(page: str) -> set[str]:
    """Return the anchors of a page's text; a repeated heading gets -1, -2 and so on."""
    names: set[str] = set(_MARKED.findall(page))
    for heading in _HEADING.findall(_FENCE.sub("", page)):
        words = _LINK.sub(lambda link: link[0].partition("]")[0][1:], heading)
        name = _NOT_IN_ANCHORS.sub("", words.lower()).replace(" ", "-")
        repeats = sum(1 for anchor in names if re.fullmatch(rf"{re.escape(name)}(-\d+)?", anchor))
        names.add(f"{name}-{repeats}" if name in names else name)
    return names
