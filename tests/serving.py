"""Serves a WSGI application on a free port, in a thread, for what must come over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import HTTPServer
from wsgiref.types import WSGIApplication

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


class _Quiet(WSGIRequestHandler):
    """Without werkzeug's access log: it names URLs, and so tokens."""

    def log_request(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def bound() -> Iterator[BaseWSGIServer]:
    """A server on a free port; its `app` may be set until it is `running`."""
    server = make_server("127.0.0.1", 0, _nothing, threaded=True, request_handler=_Quiet)
    try:
        yield server
    finally:
        server.server_close()


@contextmanager
def running(server: BaseWSGIServer, app: WSGIApplication) -> Iterator[None]:
    """The server, answering with this application."""
    server.app = app
    # Not werkzeug's own serve_forever, which closes the server at its end.
    thread = threading.Thread(target=HTTPServer.serve_forever, args=(server, 0.05), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


def _nothing(_environ: object, _start: object) -> list[bytes]:
    return []
