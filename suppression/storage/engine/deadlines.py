"""End every wait for a PostgreSQL server that says nothing.

The server's own `statement_timeout` ends a slow statement. It ends nothing where the server hangs,
or where the network drops what it sends: libpq waits for an answer as long as it takes. Here a
thread shuts down the socket of a connection whose answer is late, so that the waiting call fails.
The statement is never cancelled: a commit that is cancelled while it waits for a synchronous
standby reports success.

While a server answers nothing at all, further calls fail at once, so that a queue of requests waits
only once. Reasons: docs/decisions/0069-every-wait-has-an-end.md.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import psycopg2
from psycopg2 import extensions
from sqlalchemy import Connection

_LATE_SECONDS = 0.25
"""How long beyond its time-out a server may take to answer: its own error tells more than ours."""
_LOOK_SECONDS = 0.05
_SILENCE_SECONDS = 1.0
"""How long calls to a silent server fail at once after the last one that was late."""
_NEVER = threading.Event()
_SILENT = "timeout expired: the server does not answer"
_UNREPLICATED = "timeout expired: the commit was not confirmed by the server's standby"

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


class SilentServerError(psycopg2.OperationalError):
    """The server does not answer: the call was given up, or not made because others just were."""


class ServerSilence:
    """The state of a server: silent, or not known to be. Times are of the monotonic clock."""

    def __init__(self) -> None:
        """Start with a server of which nothing is known."""
        self._last_answer = self._until = 0.0
        self._reason = _SILENT

    def refuse(self) -> None:
        """Raise SilentServerError while the server is known to answer nothing."""
        if time.monotonic() < self._until:
            raise SilentServerError(self._reason)

    def note_answer(self) -> None:
        """Record that the server has just answered."""
        self._last_answer, self._until = time.monotonic(), 0.0

    def note_late(self, since: float, reason: str = _SILENT) -> None:
        """Record that a call begun at `since` is late; with no answer since, the server is silent.

        While it is silent, for a second, `refuse` raises SilentServerError with the text `reason`.
        """
        if self._last_answer < since:
            self._reason = reason
            self._until = time.monotonic() + _SILENCE_SECONDS


@dataclass(eq=False, kw_only=True, slots=True)
class _Wait:
    """A call that waits for a server; times are of the monotonic clock.

    `file_identity` is the inode of the socket. Once libpq has closed the socket, `file_number` may
    be that of another file.
    """

    file_number: int
    file_identity: int
    silence: ServerSilence
    started: float
    ends: float
    given_up: bool = False


class _Watch:
    """The waits of this process. Thread-safe.

    A thread, which the first wait starts, ends each wait that is late.
    """

    def __init__(self) -> None:
        """Start without waits; do so again in a forked process, which inherits no thread."""
        self._begin_anew()
        os.register_at_fork(after_in_child=self._begin_anew)

    def _begin_anew(self) -> None:
        self._lock, self._waiting = threading.Lock(), threading.Event()
        self._waits: set[_Wait] = set()
        self._thread: threading.Thread | None = None

    def begin(self, wait: _Wait) -> None:
        """Watch a wait from now on."""
        with self._lock:
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                thread.start()  # without a free thread this raises: nobody waits unwatched
                self._thread = thread
            self._waits.add(wait)
        self._waiting.set()

    def end(self, wait: _Wait) -> bool:
        """Stop watching a wait, and return whether it was given up.

        From now on its socket is not shut down: the file number may soon be that of another file.
        """
        with self._lock:  # a shutdown that is under way ends first
            self._waits.discard(wait)
            return wait.given_up

    def _run(self) -> None:
        while True:
            self._waiting.wait()
            _NEVER.wait(_LOOK_SECONDS)
            now = time.monotonic()
            with self._lock:
                for wait in self._waits:
                    if wait.ends <= now and not wait.given_up:
                        wait.silence.note_late(wait.started)
                        wait.given_up = _shut_down(wait)
                if not self._waits:
                    self._waiting.clear()


_watch = _Watch()


def _shut_down(wait: _Wait) -> bool:
    """Shut down the socket of a wait, so that the waiting call fails; return True.

    Return False, and do nothing, if the connection has ended, or if libpq has closed the socket:
    then its number may be that of another file.
    """
    try:
        if os.fstat(wait.file_number).st_ino != wait.file_identity:
            return False
        borrowed = socket.socket(fileno=wait.file_number)
    except OSError:
        return False
    try:
        borrowed.shutdown(socket.SHUT_RDWR)
    except OSError:  # it has ended already
        return False
    finally:
        borrowed.detach()  # it stays libpq's
    return True


class TimedConnection(extensions.connection):
    """A psycopg2 connection whose calls wait at most `patience` seconds, plus `_LATE_SECONDS`.

    A `patience` of None sets no end, as for a migration.
    """

    usual_patience: float | None = None
    patience: float | None = None
    silence: ServerSilence

    def cursor(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - psycopg2's own
        """Return a cursor of which no statement waits longer than `patience`."""
        options.setdefault("cursor_factory", TimedCursor)
        return super().cursor(*args, **options)

    def commit(self) -> None:
        """Commit; raise psycopg2.OperationalError if the server warns instead of confirming.

        The server warns if somebody cancels a commit that waits for a synchronous standby: then the
        transaction is stored on this server alone.
        """
        del self.notices[:]
        self.call(super().commit)
        self.patience = self.usual_patience
        self.refuse_warning()

    def rollback(self) -> None:
        """Roll back the open transaction, if there is one."""
        if self.status != extensions.STATUS_READY:
            self.call(super().rollback)
        self.patience = self.usual_patience

    def refuse_warning(self) -> None:
        """Raise psycopg2.OperationalError if the server has sent a notice since they were cleared.

        No statement of ours causes one, and their texts are in the server's language.
        """
        if self.notices:
            raise psycopg2.OperationalError(_UNREPLICATED)

    def call(
        self,
        function: Callable[Arguments, Answer],
        /,
        *args: Arguments.args,
        **options: Arguments.kwargs,
    ) -> Answer:
        """Call a psycopg2 function that waits for the server; return its result.

        Raise SilentServerError, and leave the connection closed, if the server does not answer in
        time; raise it without a call while the server is known to answer nothing. The function's
        own errors pass unchanged.
        """
        if self.patience is None or self.closed:
            return function(*args, **options)
        self.silence.refuse()
        now, number = time.monotonic(), self.fileno()
        wait = _Wait(
            file_number=number,
            file_identity=os.fstat(number).st_ino,
            silence=self.silence,
            started=now,
            ends=now + self.patience + _LATE_SECONDS,
        )
        _watch.begin(wait)
        try:
            answer = function(*args, **options)
        except psycopg2.Error as error:
            if _watch.end(wait):
                raise SilentServerError(_SILENT) from error
            if error.pgcode is not None:
                self.silence.note_answer()
            raise
        finally:
            _watch.end(wait)
        self.silence.note_answer()
        return answer


class TimedCursor(extensions.cursor):
    """A cursor of a TimedConnection."""

    connection: TimedConnection

    def execute(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - psycopg2's own
        """Execute a statement within the connection's patience; see `TimedConnection.call`."""
        self.connection.call(super().execute, *args, **options)

    def executemany(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - psycopg2's own
        """Execute a statement for several sets of values, all within the connection's patience."""
        self.connection.call(super().executemany, *args, **options)

    def copy_expert(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - psycopg2's own
        """Execute a COPY within the connection's patience."""
        self.connection.call(super().copy_expert, *args, **options)


def connection_class(patience: float) -> type[TimedConnection]:
    """Return the connection_factory for connections to one server, of this patience, in seconds."""
    attributes = {"usual_patience": patience, "patience": patience, "silence": ServerSilence()}
    return type("TimedConnection", (TimedConnection,), attributes)


def timed_connection(connection: Connection) -> TimedConnection:
    """Return the driver's connection of a SQLAlchemy one; raise TypeError on SQLite."""
    driver_connection = connection.connection.driver_connection
    if not isinstance(driver_connection, TimedConnection):
        raise TypeError("only a connection to PostgreSQL has a patience")
    return driver_connection


def is_silence(error: BaseException) -> bool:
    """Return whether a SilentServerError caused an error, directly or wrapped by SQLAlchemy."""
    cause = error.__cause__
    return isinstance(getattr(cause, "orig", cause), SilentServerError)
