"""Send one turn of HTTP load from the client's process, and verify the statuses of its answers."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_CLIENT = Path(__file__).with_name("client.py")
_LIMIT = 600.0


class WrongAnswerError(Exception):
    """A measured server or program failed or answered wrongly, so its figure would not count."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """The requests of a turn. `bodies` is a file with a JSON text per line.

    `once`: whether no body is sent twice; `mark`: a text whose share among the answers is counted;
    `statuses`: the statuses that answers may have.
    """

    path: str
    key: str
    bodies: Path
    connections: int
    seconds: float
    once: bool = False
    mark: str = '"deny"'
    statuses: frozenset[int] = frozenset({200})


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """The result of a turn: answers per second, median seconds, and the share with the mark."""

    rate: float
    median: float
    marked: float
    answers: int


def send(load: Load, port: int) -> Answered:
    """Send a load to a port and return the result of the turn.

    Raises WrongAnswerError if the client fails, no answer comes, or a status is not expected;
    subprocess.TimeoutExpired after ten minutes.
    """
    plan = {
        "port": port,
        "path": load.path,
        "key": load.key,
        "bodies": str(load.bodies),
        "connections": load.connections,
        "seconds": load.seconds,
        "once": load.once,
        "mark": load.mark,
    }
    ended = subprocess.run(
        [sys.executable, "-I", str(_CLIENT)],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        timeout=_LIMIT,
        check=False,
    )
    if ended.returncode:
        raise WrongAnswerError(ended.stderr.strip().splitlines()[-1])
    summary = json.loads(ended.stdout)
    statuses = {int(status) for status in summary["statuses"]}
    if not statuses or statuses - load.statuses:
        raise WrongAnswerError(f"{load.path} was answered with {summary['statuses']}")
    return Answered(
        rate=summary["answers"] / summary["lasted"],
        median=statistics.median(summary["seconds"]),
        marked=summary["marked"] / summary["answers"],
        answers=summary["answers"],
    )


def write_bodies(path: Path, bodies: list[object]) -> Path:
    """Write request bodies into a file, a JSON text per line, and return its path."""
    path.write_text("".join(f"{json.dumps(body)}\n" for body in bodies))
    return path
