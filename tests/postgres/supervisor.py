"""A process that owns one PostgreSQL and outlives whoever asked for it, by seconds.

    python -m tests.postgres.supervisor PROGRAMS on|off

The last argument says whether commits must survive a crash (fsync). Standard input is a pipe
whose other end the asker alone holds. It carries commands, a line each: `start`, `stop MODE`.
Every command, and the first start, is answered on standard output by a line of JSON: `{"pid":
..., "directory": ...}`, or `{"error": ...}`. When the pipe closes, be it by an orderly end or
because the asker was killed, PostgreSQL is stopped, its directory deleted, and this process
ends. It runs in a session of its own, so that neither Ctrl-C nor the end of a terminal takes
it before its work is done.
"""

import contextlib
import json
import signal
import sys
from pathlib import Path
from typing import Final

from tests.postgres.cluster import Cluster

STOP_LIMIT: Final = 30.0  # a checkpoint may take its time


def supervise(programs: Path, *, durable: bool) -> None:
    """Run a server until standard input ends."""
    cluster = Cluster(programs=programs, durable=durable)
    try:
        cluster.create()
        _answer(pid=cluster.start(), directory=str(cluster.directory))
        for line in sys.stdin:
            _obey(cluster, line.split())
    except RuntimeError as error:
        _answer(error=str(error))
    finally:
        cluster.remove()


def _obey(cluster: Cluster, command: list[str]) -> None:
    match command:
        case ["start"]:
            _answer(pid=cluster.start(), directory=str(cluster.directory))
        case ["stop", mode]:
            cluster.stop(mode, limit=STOP_LIMIT)
            _answer(pid=0, directory=str(cluster.directory))
        case _:
            raise RuntimeError(f"not a command: {command}")


def _answer(**answer: str | int) -> None:
    print(json.dumps(answer), flush=True)  # noqa: T201 - the protocol


def _end(*_: object) -> None:
    sys.exit(1)  # by way of the finally above


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    # The asker may die between a command and its answer.
    with contextlib.suppress(BrokenPipeError):
        supervise(Path(sys.argv[1]), durable=sys.argv[2] == "on")
