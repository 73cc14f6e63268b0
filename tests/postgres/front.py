"""Forward a TCP port to a server's Unix socket, because production reaches databases by TCP."""

import contextlib
import select
import socket
import socketserver
import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from tests.postgres.servers import Server

_CHUNK = 65536


@contextlib.contextmanager
def tcp_front(server: Server) -> Iterator[int]:
    """Yield a port of 127.0.0.1 that is forwarded to a server during the block."""

    class Passage(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.closing(_connected(server)) as behind:
                _pass_on(self.request, behind)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Passage) as front:
        front.daemon_threads = True
        threading.Thread(target=front.serve_forever, daemon=True).start()
        try:
            yield front.server_address[1]
        finally:
            front.shutdown()


def _connected(server: Server) -> socket.socket:
    parts = urlsplit(server.url)
    folder = parse_qs(parts.query).get("host", [""])[0]
    if not folder:
        return socket.create_connection((parts.hostname or "", parts.port or 5432))
    behind = socket.socket(socket.AF_UNIX)
    behind.connect(f"{folder}/.s.PGSQL.5432")
    return behind


def _pass_on(front: socket.socket, behind: socket.socket) -> None:
    """Forward bytes in both directions until either side closes."""
    other = {front: behind, behind: front}
    with contextlib.suppress(OSError):
        while True:
            for ready in select.select(list(other), [], [])[0]:
                chunk = ready.recv(_CHUNK)
                if not chunk:
                    return
                other[ready].sendall(chunk)
