"""Parse the code blocks of README and docs/, and the comment before each of them.

A block is run unless a comment right before it says otherwise. Blocks in `console`, which show
what commands print, are compared in production only, because the output is equal on both set-ups.

    <!-- not run: REASON -->         it cannot run, for this reason
    <!-- only on ./run: REASON -->   it runs only on `./run`; or `only on production`
    <!-- sets up: PLACE -->          it runs once, before all pages, on `./run`, `production` or
                                     `both`; with `, keeps running` it is a server
    <!-- ends with: STATUS -->       the exit status of its last command is this one, not 0
    <!-- saved as: FILE -->          a program kept under this name, which a later block runs
    <!-- goes on -->                 a program that continues the one before in its language
    <!-- answer -->                  JSON with the shape of what the block before printed
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
# The pattern of each comment's text after its colon; "" for a comment without one.
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
    """A page has a comment that is invalid or has no block; the text names the file and line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A printed block of code; a block without a fence is in the language `sh`."""

    page: str
    line: int
    language: str
    text: str
    markers: Mapping[str, str]

    @property
    def place(self) -> str:
        """Return the block's page and line, for errors."""
        return f"{self.page}:{self.line}"

    @property
    def reason(self) -> str | None:
        """Return the reason why the block is not run, None for a block that is run."""
        return self.markers.get("not run")

    @property
    def sets_up(self) -> tuple[str, ...]:
        """Return the set-ups on which the block runs once, before all pages."""
        where = self.markers.get("sets up", "").partition(",")[0]
        return PLACES if where == "both" else (where,) if where else ()

    @property
    def keeps_running(self) -> bool:
        """Return whether the block starts a server."""
        return self.markers.get("sets up", "").endswith(", keeps running")

    @property
    def places(self) -> tuple[str, ...]:
        """Return the set-ups on which the block is run; without a comment, both."""
        if self.reason is not None:
            return ()
        alone = tuple(place for place, marker in _ONLY.items() if marker in self.markers)
        usual = (PRODUCTION,) if self.language == CONSOLE else PLACES
        return self.sets_up or alone or usual

    @property
    def exit_status(self) -> int:
        """Return the exit status that the block's last command must have."""
        return int(self.markers.get("ends with", "0"))


@cache
def pages() -> tuple[str, ...]:
    """Return the path of every page of documentation in the project, README first."""
    paths = sorted((PROJECT / "docs").rglob("*.md"))
    return ("README.md", *(str(page.relative_to(PROJECT)) for page in paths))


@cache
def blocks_of(page: str) -> tuple[Block, ...]:
    """Return the blocks of a page, in order. Raises PageError for a wrong comment."""
    return tuple(blocks_in(page, (PROJECT / page).read_text("utf-8")))


def all_blocks() -> list[Block]:
    """Return the blocks of all pages."""
    return [block for page in pages() for block in blocks_of(page)]


def blocks_in(page: str, text: str) -> Iterator[Block]:
    """Yield the blocks of a Markdown text. Raises PageError for a comment without a block."""
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
    """Return the name and text of a comment. Raises PageError unless it is a documented one."""
    match = _MARKER.fullmatch(token.content)
    name, said = (match[1], (match[2] or "").strip()) if match else ("", "")
    if name in _SAYS and re.fullmatch(_SAYS[name], said):
        return {name: said}
    raise PageError(f"{place}: not a comment of {Path(__file__).name}: {token.content.strip()}")
