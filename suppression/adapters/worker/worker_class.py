"""gunicorn's threaded worker; no thread waits for a slow sender without an API key or a login.

gthread gives a thread to a connection as soon as it is accepted, and a request whose head or body
arrives slowly keeps the thread: eight of them block a worker. Here the main loop receives the
head, and a body of up to `HELD_LIMIT` bytes, before a thread takes over. After an early response
(a refused upload) it also receives what is still on its way, for a while, so that the client gets
to read that response. For a slow reader, it sends the rest of a finished response.
Reasons: docs/decisions/0063-slow-senders.md.
"""

from __future__ import annotations

import errno
import logging
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from itertools import islice
from operator import itemgetter
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any

from gunicorn.http import Request
from gunicorn.http.parser import Parser
from gunicorn.workers.gthread import TConn, ThreadWorker

from suppression.adapters.worker.early_responses import early_response, status_of
from suppression.adapters.worker.request_bytes import RequestProgress
from suppression.adapters.worker.timed_sockets import BYTES_PER_SECOND, SEND_SECONDS, TimedSocket
from suppression.adapters.worker.waiting_connections import IncomingConnection, OutgoingConnection

log = logging.getLogger(__name__)

HEAD_SECONDS = 10.0
BODY_SECONDS = 20.0
LINGER_SECONDS, LINGER_IDLE_SECONDS = 30.0, 5.0  # as long as nginx does, by default
LINGER_BYTES = 64 << 20
_STOPPING_SECONDS = 1.0
_MOST_HELD = 64 << 20
_BLOCK = 1 << 16
_SWEEP_SECONDS = 0.5
_OUT_OF_FILES = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_PAUSE_SECONDS, _WARNING_SECONDS = 0.05, 60.0
_ASKS_WHETHER_ALIVE = (b"GET /livez ", b"HEAD /livez ")  # has its own thread: others may be busy
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_REFUSED = {
    RequestProgress.PADDED: HTTPStatus.BAD_REQUEST,
    RequestProgress.LINE_TOO_LONG: HTTPStatus.REQUEST_URI_TOO_LONG,
    RequestProgress.HEAD_TOO_LONG: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
}


class GatheringWorker(ThreadWorker):
    """A worker whose threads get only whole requests and those with a long body; not under TLS."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - gunicorn's own
        """Start without connections."""
        super().__init__(*args, **kwargs)
        self._coming: dict[TConn, IncomingConnection] = {}
        self._going: dict[TConn, OutgoingConnection] = {}
        self._held = 0
        self._out_of_files = False
        self._next_sweep = self._next_warning = 0.0
        self._spare_thread = ThreadPoolExecutor(1, thread_name_prefix="livez")

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection; if files or memory have run out, note that and raise nothing."""
        try:
            super().accept(listener)
        except OSError as error:
            if error.errno not in _OUT_OF_FILES:
                raise
            self._out_of_files = True

    def enqueue_req(self, conn: TConn) -> None:
        """Begin to receive a connection's next request; under TLS, let a thread receive it."""
        if self.cfg.is_ssl:  # the bytes are not HTTP yet
            super().enqueue_req(conn)
            return
        buffered = conn.parser.unreader.take_buffered() if isinstance(conn.parser, Parser) else b""
        if not isinstance(conn.sock, TimedSocket):
            conn.sock = TimedSocket.of(conn.sock)
        conn.sock.settimeout(0)
        coming = IncomingConnection(until=time.monotonic() + HEAD_SECONDS)
        self._coming[conn] = coming
        self.poller.register(conn.sock, EVENT_READ, partial(self._receive, conn))
        if buffered:
            self._take(conn, coming, buffered)
        else:
            self._receive(conn, conn.sock)

    def finish_request(self, conn: TConn, fs: Future[bool]) -> None:
        """Send what is unsent, then keep the connection or close it. Never wait for the peer."""
        if isinstance(conn.sock, TimedSocket) and conn.sock.unsent and conn.sock.fileno() >= 0:
            self._send_on(conn, conn.sock, fs)
            return
        closes = not fs.cancelled() and fs.exception() is None and fs.result() is False
        if closes and isinstance(conn.sock, TimedSocket):
            self._linger(conn)
        else:
            super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        """End overdue connections, and another if room is needed; gunicorn's loop calls this."""
        super().murder_pending()
        now = time.monotonic()
        if self._out_of_files or self.nr_conns >= self.worker_connections:
            self._make_room(now)
        if now >= self._next_sweep:
            self._next_sweep = now + _SWEEP_SECONDS
            self._sweep(now)

    def _sweep(self, now: float) -> None:
        latest = now if self.alive else now + _STOPPING_SECONDS
        for conn, coming in list(self._coming.items()):
            if not self.alive:
                coming.until = min(coming.until, latest)
            if coming.until <= now:
                self._overdue(conn, coming)
        for conn, going in list(self._going.items()):
            if going.until <= now:
                self._give_up(conn)

    def handle_request(self, req: Request, conn: TConn) -> bool:
        """Handle a request; return whether to keep the connection: False after a long body."""
        if not getattr(conn.sock, "whole_request_came", True):
            req.force_close()
        return super().handle_request(req, conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ANN401
        """Send a problem response for a request that gunicorn failed to parse or to handle."""
        del req, addr
        status = status_of(exc)
        error = exc if status is HTTPStatus.INTERNAL_SERVER_ERROR else None
        with suppress(OSError):  # the client is gone
            client.sendall(early_response(status, error))

    def _send_on(self, conn: TConn, sock: TimedSocket, answered: Future[bool]) -> None:
        """Let the main loop send a response's rest; over 64 MiB in all, close the largest."""
        until = time.monotonic() + SEND_SECONDS
        self._going[conn] = OutgoingConnection(until=until, sock=sock, answered=answered)
        self.poller.register(sock, EVENT_WRITE, partial(self._send_rest, conn))
        if sum(len(going.sock.unsent) for going in self._going.values()) > _MOST_HELD:
            self._give_up(max(self._going, key=lambda conn: len(self._going[conn].sock.unsent)))

    def _send_rest(self, conn: TConn, _ready: object) -> None:
        going = self._going.get(conn)
        if going is None:  # given up in this turn of the loop
            return
        try:
            sent = going.sock.send_rest()
        except OSError:
            self._give_up(conn)
            return
        latest = time.monotonic() + SEND_SECONDS
        going.until = min(latest, going.until + sent / BYTES_PER_SECOND)
        if not going.sock.unsent:
            del self._going[conn]
            self.poller.unregister(conn.sock)
            self.finish_request(conn, going.answered)

    def _give_up(self, conn: TConn) -> None:
        """Close a connection whose peer has not taken the whole response."""
        del self._going[conn]
        self.poller.unregister(conn.sock)
        self._end(conn)

    def _receive(self, conn: TConn, _ready: object) -> None:
        """Receive the available bytes; the poller calls this whenever there are some."""
        coming = self._coming.get(conn)
        if coming is None:  # closed in this turn of the loop
            return
        try:
            received = conn.sock.recv(_BLOCK)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        if not received:
            self._close(conn)
        elif coming.discarded is None:
            self._take(conn, coming, received)
        else:
            coming.discarded += len(received)
            coming.until = min(coming.latest, time.monotonic() + LINGER_IDLE_SECONDS)
            if coming.discarded > LINGER_BYTES:
                self._close(conn)

    def _take(self, conn: TConn, coming: IncomingConnection, received: bytes) -> None:
        held_before = len(coming.request)
        progress = coming.request.add(received)
        self._held += len(coming.request) - held_before
        if progress in {RequestProgress.WHOLE, RequestProgress.LONG}:
            self._hand_over(conn, coming.request.take(), whole=progress is RequestProgress.WHOLE)
        elif progress in _REFUSED:
            self._refuse(conn, _REFUSED[progress])
        elif self._held > _MOST_HELD and self._refuse_largest() is conn:
            log.debug("it held most")
        elif progress is RequestProgress.BODY_COMING and not coming.in_body:
            coming.in_body = True
            coming.until = time.monotonic() + BODY_SECONDS
            if coming.request.waits_for_consent:
                self._send(conn, _CONTINUE)

    def _hand_over(self, conn: TConn, received: bytes, *, whole: bool) -> None:
        """Let a thread read the request: the held bytes, then the rest of its body."""
        self._forget(conn)
        conn.init()
        if not isinstance(conn.parser, Parser) or not isinstance(conn.sock, TimedSocket):
            raise TypeError("only HTTP/1 is spoken here")
        conn.parser.unreader.unread(received)
        conn.sock.expect()
        conn.sock.whole_request_came = whole
        if received.startswith(_ASKS_WHETHER_ALIVE):
            alive = self._spare_thread.submit(self.handle, conn)
            alive.add_done_callback(partial(self.method_queue.defer, self.finish_request, conn))
        else:
            super().enqueue_req(conn)

    def _refuse(self, conn: TConn, status: HTTPStatus) -> None:
        self._send(conn, early_response(status))
        self._forget(conn)
        self._linger(conn)

    def _refuse_largest(self) -> TConn:
        """Refuse and return the connection that holds most, so that small requests still get in."""
        largest = max(self._coming, key=lambda conn: len(self._coming[conn].request))
        self._refuse(largest, HTTPStatus.SERVICE_UNAVAILABLE)
        return largest

    def _make_room(self, now: float) -> None:
        """Close the connection that has waited longest; if none waits and files ran out, pause."""
        if self._out_of_files and now >= self._next_warning:
            self._next_warning = now + _WARNING_SECONDS
            log.warning("no file is left to open for a connection: raise the limit of open files")
        kept, coming, going = (
            islice(held, 1) for held in (self.keepalived_conns, self._coming, self._going)
        )
        waiting: list[tuple[float, Callable[[TConn], None], TConn]] = [
            *((conn.timeout - self.cfg.keepalive, self._end_kept, conn) for conn in kept),
            *((self._coming[conn].since, self._close, conn) for conn in coming),
            *((self._going[conn].since, self._give_up, conn) for conn in going),
        ]
        if waiting:
            _, close, conn = min(waiting, key=itemgetter(0))
            close(conn)
        elif self._out_of_files:
            time.sleep(_PAUSE_SECONDS)
        self._out_of_files = False

    def _end_kept(self, conn: TConn) -> None:
        self.keepalived_conns.remove(conn)
        self.poller.unregister(conn.sock)
        self._end(conn)

    def _linger(self, conn: TConn) -> None:
        """Stop sending, and discard what comes until the peer closes or a limit is reached.

        RFC 9112 s9.6: otherwise the client would see a broken connection instead of the response.
        """
        now = time.monotonic()
        latest = now + (LINGER_SECONDS if self.alive else _STOPPING_SECONDS)
        until = min(latest, now + LINGER_IDLE_SECONDS)
        try:
            conn.sock.settimeout(0)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:  # the peer is gone, or gunicorn closed the socket within a response
            self._end(conn)
            return
        self._coming[conn] = IncomingConnection(until=until, latest=latest, discarded=0)
        self.poller.register(conn.sock, EVENT_READ, partial(self._receive, conn))

    def _overdue(self, conn: TConn, coming: IncomingConnection) -> None:
        if coming.discarded is None and len(coming.request):
            self._refuse(conn, HTTPStatus.REQUEST_TIMEOUT)
        else:
            self._close(conn)

    def _send(self, conn: TConn, message: bytes) -> None:
        """Send a few bytes; those that the kernel does not take at once are dropped."""
        with suppress(OSError):
            conn.sock.send(message)

    def _close(self, conn: TConn) -> None:
        self._forget(conn)
        self._end(conn)

    def _end(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()

    def _forget(self, conn: TConn) -> None:
        coming = self._coming.pop(conn)
        self._held -= len(coming.request)
        self.poller.unregister(conn.sock)
