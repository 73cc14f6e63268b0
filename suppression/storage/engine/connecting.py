"""Open PostgreSQL connections, with an end to the wait for the host's name and for the server.

libpq resolves a host's name without a time-out, before `connect_timeout` begins. Here a thread
resolves it, and libpq gets the addresses.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from concurrent.futures import Future
from datetime import timedelta
from typing import Any

import psycopg2
from sqlalchemy import Dialect, Engine, event

from suppression.storage.engine.connection_limits import reserve_before_connecting
from suppression.storage.engine.deadlines import ServerSilence, connection_class

_POSTGRESQL = "postgresql"
_MOST_OF_IT = 0.9
"""The part of the patience after which a failed try counts as silence: libpq counts in seconds."""


def postgresql_options(timeout: timedelta) -> dict[str, Any]:
    """Return psycopg2's connection options, with which no wait is much longer than `timeout`."""
    milliseconds = int(timeout.total_seconds() * 1000)
    return {
        "application_name": "suppression",
        "connection_factory": connection_class(timeout.total_seconds()),
        "connect_timeout": max(2, round(timeout.total_seconds())),  # libpq's minimum
        "keepalives_idle": 10,
        "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}"
        f" -c idle_in_transaction_session_timeout={milliseconds * 5} -c timezone=UTC",
        "target_session_attrs": "read-write",  # never a standby, which may lag behind a stop
        "tcp_user_timeout": milliseconds,
    }


@event.listens_for(Engine, "do_connect")
def _connect(
    dialect: Dialect, _record: object, arguments: tuple[Any, ...], options: dict[str, Any]
) -> Any:  # noqa: ANN401 - the driver's connection; None lets SQLAlchemy connect
    """Connect one of our engines to PostgreSQL; leave every other engine to SQLAlchemy.

    Raise psycopg2.OperationalError if it takes too long.
    Raise it at once while the server is known to answer nothing. Also raise the errors of
    `reserve_before_connecting`.
    """
    factory = options.get("connection_factory")
    if dialect.name != _POSTGRESQL or factory is None:
        return None
    reserve_before_connecting(options)
    silence: ServerSilence = factory.silence
    silence.refuse()
    started, patience = time.monotonic(), float(options["connect_timeout"])
    try:
        return dialect.connect(*arguments, **_with_addresses(options, patience))
    except psycopg2.OperationalError as error:
        if time.monotonic() - started >= patience * _MOST_OF_IT:
            silence.note_late(started, str(error))
        raise


def _with_addresses(options: dict[str, Any], patience: float) -> dict[str, Any]:
    """Return connection options with the addresses of `host`, if that is a name."""
    host = options.get("host", "")
    if "hostaddr" in options or not _is_name(host):
        return options
    addresses = _resolve(host, patience)
    return options | {
        "host": ",".join([host] * len(addresses)),
        "hostaddr": ",".join(addresses),
    }


def _is_name(host: object) -> bool:
    """Return whether a host is a name: no socket's folder, no list and no IP address."""
    if not isinstance(host, str) or not host or host.startswith(("/", "@")) or "," in host:
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return True
    return False


def _resolve(host: str, patience: float) -> list[str]:
    """Return the IP addresses of a name, in the resolver's order.

    Raise psycopg2.OperationalError if there is none, or if that takes more than `patience` seconds.
    """
    answer: Future[list[str]] = Future()

    def look_up() -> None:
        try:
            entries = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            answer.set_result(list(dict.fromkeys(str(entry[4][0]) for entry in entries)))
        except OSError as error:
            answer.set_exception(error)

    threading.Thread(target=look_up, name="resolver", daemon=True).start()
    try:
        return answer.result(patience)
    except TimeoutError:
        raise psycopg2.OperationalError(
            "could not translate host name: no answer in time"
        ) from None
    except OSError as error:
        raise psycopg2.OperationalError("could not translate host name") from error
