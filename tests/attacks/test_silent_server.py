"""If the database server accepts connections and never answers, no thread waits for another.

It needs no attacker: a cut network or a hanging pooler does it. Threads tried one after the other
to open the connection that is reserved for stops. So the eighth answered after half a minute, and
the process answered nothing else meanwhile.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from flask import Flask

from suppression.storage.engine.database import disconnect
from suppression.wiring.whole import create_app
from tests.databases import settings_for

THREADS = 8


@pytest.fixture
def silent() -> Iterator[Flask]:
    """Yield a service whose database accepts connections and sends nothing."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=256)) as server:
        port = server.getsockname()[1]
        app = create_app(settings_for(f"postgresql+psycopg2://u:p@127.0.0.1:{port}/d"))
        app.extensions["suppression"].start_verified.set()
        yield app
        with app.app_context():
            disconnect()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_thread_waits_for_the_ones_before_it(silent: Flask, method: str) -> None:
    answers: list[int] = []
    form = {"what": "email", "email": "ana.silva@example.com"}

    def ask() -> None:
        response = silent.test_client().open("/stop/okwind", method=method, data=form)
        answers.append(response.status_code)

    begun = time.monotonic()
    threads = [threading.Thread(target=ask) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert answers == [503] * THREADS
    assert time.monotonic() - begun < 12, "the last of eight once waited for 32 seconds"
