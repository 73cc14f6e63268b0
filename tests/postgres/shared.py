"""The PostgreSQL servers that all tests of a run share.

Only the controller process of the run starts them and keeps the pipes to their supervisors. The
workers of pytest-xdist, its children, read the servers' directories from the environment.
TEST_DATABASE_URL names a server to use instead.
"""

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Final

from tests.postgres.installations import Installation, installations
from tests.postgres.running import running_server, server_in
from tests.postgres.servers import Server

GIVEN: Final = "TEST_DATABASE_URL"
STARTED: Final = "SUPPRESSION_TEST_SERVERS"

_open_servers: Final = ExitStack()


def available() -> tuple[str, ...]:
    """Return the names of the servers to test on, such as `postgresql-18`, without starting any."""
    if GIVEN in os.environ:
        return ("postgresql",)
    return tuple(installation.name for installation in installations())


def shared_server(name: str) -> Server:
    """Return the server of a name; all are started at the first call in a run.

    Raises KeyError for an unknown name.
    """
    return _shared_servers()[name]


@cache
def _shared_servers() -> dict[str, Server]:
    if GIVEN in os.environ:
        url = re.sub(r"^postgres(ql)?(\+psycopg2)?://", "postgresql://", os.environ[GIVEN])
        return {"postgresql": Server(name="postgresql", url=url)}
    if STARTED not in os.environ:
        os.environ[STARTED] = json.dumps(_start_all())
    directories = json.loads(os.environ[STARTED])
    return {
        installation.name: server_in(Path(directories[installation.name]), installation)
        for installation in installations()
    }


def _start_all() -> dict[str, str]:
    """Start all servers in parallel and return their directories by name.

    They run without fsync, because a shared server is never crashed on purpose.
    """

    def start(installation: Installation) -> str:
        running = _open_servers.enter_context(running_server(installation, durable=False))
        return str(running.directory)

    installed = installations()
    with ThreadPoolExecutor() as threads:
        directories = list(threads.map(start, installed))
    return {
        installation.name: where for installation, where in zip(installed, directories, strict=True)
    }


def start_shared_servers() -> None:
    """Start the servers now, so that child processes started later find them."""
    _shared_servers()


def stop_shared_servers() -> None:
    """Stop the servers that this process started."""
    os.environ.pop(STARTED, None)
    _shared_servers.cache_clear()
    _open_servers.close()
