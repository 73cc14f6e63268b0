"""Run a page's blocks in one shell session, which keeps variables and functions between them."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.docs.pages import CONSOLE, DATA, SHELL, Block

LIMIT = 240.0
_RUN_BY = {
    "python": f"{shlex.quote(sys.executable)} -W error",
    "php": "php -d display_errors=stderr -d error_reporting=-1",
    "js": "node --trace-warnings",
}
_ENDINGS = {"python": "py", "php": "php", "js": "mjs"}
_HEAD = "set -Eeuo pipefail\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class BlockResult:
    """A block that was run, and what it printed."""

    block: Block
    stdout: str
    stderr: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """The folder and environment in which blocks run, and replacements for printed texts."""

    folder: Path
    environ: Mapping[str, str]
    substitutions: Mapping[str, str]

    def text_of(self, block: Block) -> str:
        """Return the text of a block after the substitutions."""
        text = block.text
        for printed, value in self.substitutions.items():
            text = text.replace(printed, value)
        return text


def run_blocks(
    blocks: Sequence[Block], session: Session, notes: Path
) -> tuple[list[BlockResult], dict[str, str]]:
    """Run blocks in one shell; return what each printed, and the environment at the end.

    Raises AssertionError, with the block and its output, at the first unexpected exit status.
    """
    notes.mkdir()
    script = notes / "script.sh"
    steps = [line for at in range(len(blocks)) for line in _step(at, blocks, session, notes)]
    script.write_text(_HEAD + "".join(f"{line}\n" for line in [*steps, _left_behind(notes)]))
    process = subprocess.Popen(
        ["bash", script],
        cwd=session.folder,
        env=dict(session.environ),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        status = process.wait(LIMIT)
    finally:
        _end(process)
    if status:
        raise AssertionError(_failure(blocks, notes, status))
    results = [
        BlockResult(block=block, stdout=_said(notes, at, "out"), stderr=_said(notes, at, "err"))
        for at, block in enumerate(blocks)
    ]
    environ = (notes / "environ").read_text().rstrip("\0").split("\0")
    return results, dict(line.split("=", 1) for line in environ)


def commands_in(text: str) -> tuple[str, str]:
    """Return the commands after each `$` of a console block, and the output that it shows."""
    lines = text.splitlines(keepends=True)
    typed = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    return "".join(typed), "".join(line for line in lines if not line.startswith("$ "))


def _step(at: int, blocks: Sequence[Block], session: Session, notes: Path) -> Iterator[str]:
    """Yield the lines of the script that run block `at`."""
    block = blocks[at]
    text = "\n\n".join(session.text_of(part) for part in _parts(at, blocks))
    into = f"</dev/null >{_quoted(notes / f'{at}.out')} 2>{_quoted(notes / f'{at}.err')}"
    yield f"echo {at} >{_quoted(notes / 'begun')}"
    if block.language in DATA:
        return
    if block.language in {SHELL, CONSOLE}:
        file = notes / f"{at}.sh"
        file.write_text(text if block.language == SHELL else commands_in(text)[0], "utf-8")
        yield from _with_status(f". {_quoted(file)} {into}", block.exit_status)
        return
    name = block.markers.get("saved as")
    file = session.folder / name if name else notes / f"{at}.{_ENDINGS[block.language]}"
    file.write_text(text, "utf-8")
    if not name:
        yield from _with_status(
            f"{_RUN_BY[block.language]} {_quoted(file)} {into}", block.exit_status
        )


def _parts(at: int, blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks that together are the program which ends with block `at`."""
    if "goes on" not in blocks[at].markers:
        return [blocks[at]]
    before = [earlier for earlier in range(at) if blocks[earlier].language == blocks[at].language]
    return [*_parts(before[-1], blocks), blocks[at]]


def _with_status(command: str, wanted: int) -> Iterator[str]:
    if not wanted:
        yield command
        return
    yield f"set +e; {command}; status=$?; set -e"
    yield f'[ "$status" = {wanted} ] || exit 99'


def _left_behind(notes: Path) -> str:
    return f"env -0 >{_quoted(notes / 'environ')}"


def _failure(blocks: Sequence[Block], notes: Path, status: int) -> str:
    at = int((notes / "begun").read_text())
    said = f"{_said(notes, at, 'out')}\n{_said(notes, at, 'err')}"
    return f"{blocks[at].place} failed ({status}):\n{blocks[at].text}\nIt said:\n{said}"


def _said(notes: Path, at: int, stream: str) -> str:
    file = notes / f"{at}.{stream}"
    return file.read_text("utf-8") if file.exists() else ""


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
