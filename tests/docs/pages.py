"""The blocks of code that README and docs/ print, and what the comment before each says of it.

A block is run unless a comment right before it says otherwise. Blocks in `console`, which show
what commands print, are compared in production alone: it is the same on both.

    <!-- not run: REASON -->         it cannot run, for this reason
    <!-- only on ./run: REASON -->   it runs there alone; `only on production` likewise
    <!-- sets up: PLACE -->          it runs once, before all pages, on `./run`, `production` or
                                     `both`; with `, keeps running` it is a server
    <!-- ends with: STATUS -->       the exit status of its last command is this one, not 0
    <!-- saved as: FILE -->          a program kept under this name, which a later block runs
    <!-- goes on -->                 a program that begins with the one before, in its language
    <!-- answer -->                  JSON of the same shape as what the block before printed
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

PROJECT = Path(__file__).parents[2]
EMBEDDED, PRODUCTION = "./run", "production"
PLACES = (EMBEDDED, PRODUCTION)

SHELL, CONSOLE = "sh", "console"
PROGRAMS = ("python", "php", "js")
DATA = ("json", "yaml")
LANGUAGES = (SHELL, CONSOLE, *PROGRAMS, *DATA)

_ONLY = {place: f"only on {place}" for place in PLACES}
_TEXT = r"\S.*"
# What each comment says after its colon; those without one say nothing.
_SAYS = {
    "not run": _TEXT,
    **dict.fromkeys(_ONLY.values(), _TEXT),
    "sets up": r"(\./run|production|both)(, keeps running)?",
    "ends with": r"\d{1,3}",
    "saved as": r"[\w.-]+",
    "goes on": "",
    "answer": "",
}
_MARKER = re.compile(r"\s*<!-- ([a-z./ ]+?)(?:: (.*?))? -->\s*")


class PageError(Exception):
    """A page that cannot be understood, with file and line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A block of code as it is printed; a block without a fence is a shell's."""

    page: str
    line: int
    language: str
    text: str
    markers: Mapping[str, str]

    @property
    def place(self) -> str:
        """How a failure names it."""
        return f"{self.page}:{self.line}"

    @property
    def reason(self) -> str | None:
        """Why it is not run."""
        return self.markers.get("not run")

    @property
    def sets_up(self) -> tuple[str, ...]:
        """Where it runs once, before all pages."""
        where = self.markers.get("sets up", "").partition(",")[0]
        return PLACES if where == "both" else (where,) if where else ()

    @property
    def keeps_running(self) -> bool:
        """Whether it is a server."""
        return self.markers.get("sets up", "").endswith(", keeps running")

    @property
    def places(self) -> tuple[str, ...]:
        """Where it is run: with nothing said, on both."""
        if self.reason is not None:
            return ()
        alone = tuple(place for place, marker in _ONLY.items() if marker in self.markers)
        usual = (PRODUCTION,) if self.language == CONSOLE else PLACES
        return self.sets_up or alone or usual

    @property
    def exit_status(self) -> int:
        """What its last command must end with."""
        return int(self.markers.get("ends with", "0"))


@cache
def pages() -> tuple[str, ...]:
    """Every page of documentation, by its path in the project; README first."""
    paths = sorted((PROJECT / "docs").rglob("*.md"))
    return ("README.md", *(str(page.relative_to(PROJECT)) for page in paths))


@cache
def blocks_of(page: str) -> tuple[Block, ...]:
    """The blocks of a page, in order."""
    return tuple(blocks_in(page, (PROJECT / page).read_text("utf-8")))


def all_blocks() -> list[Block]:
    """The blocks of all pages."""
    return [block for page in pages() for block in blocks_of(page)]


def blocks_in(page: str, text: str) -> Iterator[Block]:
    """The blocks of a Markdown text; a comment that stands before no block is refused."""
    markers: dict[str, str] = {}
    for token in MarkdownIt("commonmark").parse(text):
        line = (token.map or [0])[0] + 1
        if token.type == "html_block":
            markers |= _marker(token, f"{page}:{line}")
        elif token.type in {"fence", "code_block"}:
            language = token.info.strip() if token.type == "fence" else SHELL
            yield Block(
                page=page, line=line, language=language, text=token.content, markers=markers
            )
            markers = {}
        elif markers:
            raise PageError(f"{page}:{line}: no block of code follows the comment before")
    if markers:
        raise PageError(f"{page}: no block of code follows the last comment")


def _marker(token: Token, place: str) -> dict[str, str]:
    """What a comment says; every comment of a page is one of ours."""
    match = _MARKER.fullmatch(token.content)
    name, said = (match[1], (match[2] or "").strip()) if match else ("", "")
    if name in _SAYS and re.fullmatch(_SAYS[name], said):
        return {name: said}
    raise PageError(f"{place}: not a comment of {Path(__file__).name}: {token.content.strip()}")
