"""A process that owns one PostgreSQL server, and stops it when its parent process ends.

    python -m tests.postgres.supervisor PROGRAMS on|off

The last argument says whether commits must survive a crash (fsync). Standard input is a pipe
whose other end only the parent holds. It carries commands, a line each: `start`, `stop MODE`.
Every command, and the first start, is answered on standard output by a line of JSON: `{"pid":
..., "directory": ...}`, or `{"error": ...}`. When the pipe closes, because the parent ended or was
killed, PostgreSQL is stopped, its directory is deleted, and this process ends. It runs in a
session of its own, so that neither Ctrl-C nor the end of a terminal stops it before that.
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
    """Run a server, carry out the commands of standard input until it ends, remove the server."""
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
    sys.exit(1)  # which runs the `finally` of `supervise`


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    # The parent may die between a command and its answer.
    with contextlib.suppress(BrokenPipeError):
        supervise(Path(sys.argv[1]), durable=sys.argv[2] == "on")
