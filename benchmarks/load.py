"""A turn of HTTP load, from the client's process, and what it must have been answered."""

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
    """Somebody who is measured did not do the work."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """What is sent. `bodies` is a file with a JSON text a line."""

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
    """What came back: answers a second, the median time of one, the share with the mark."""

    rate: float
    median: float
    marked: float
    answers: int


def send(load: Load, port: int) -> Answered:
    """Send it; WrongAnswerError unless every answer has an expected status."""
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
    """A file of requests, a JSON text a line."""
    path.write_text("".join(f"{json.dumps(body)}\n" for body in bodies))
    return path
