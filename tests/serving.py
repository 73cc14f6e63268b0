"""Serve a WSGI application on a free port, in a thread, for tests that need real HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import HTTPServer
from wsgiref.types import WSGIApplication

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


class _Quiet(WSGIRequestHandler):
    """A request handler without an access log, because werkzeug's log would contain link tokens."""

    def log_request(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def bound() -> Iterator[BaseWSGIServer]:
    """Yield a server that is bound to a free port and does not answer yet; close it at the end."""
    server = make_server("127.0.0.1", 0, _nothing, threaded=True, request_handler=_Quiet)
    try:
        yield server
    finally:
        server.server_close()


@contextmanager
def running(server: BaseWSGIServer, app: WSGIApplication) -> Iterator[None]:
    """Let a bound server answer with an application until the block ends."""
    server.app = app
    # werkzeug's own serve_forever would close the server at its end.
    thread = threading.Thread(target=HTTPServer.serve_forever, args=(server, 0.05), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


def _nothing(_environ: object, _start: object) -> list[bytes]:
    return []
