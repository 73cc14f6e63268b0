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
"""The part of the time limit after which a failed try is silence: libpq counts whole seconds."""


def postgresql_options(timeout: timedelta) -> dict[str, Any]:
    """Return psycopg2's connection options, which end each wait after about `timeout`.

    An attempt to connect may take 2 seconds even if `timeout` is shorter, and a transaction may be
    idle for five times `timeout`.
    """
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

    Return None for those. Raise psycopg2.OperationalError if it fails or takes too long, or at once
    while the server is known to answer nothing. Also raise the errors of
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
    """Return connection options with the addresses of the names in `host`, which may be a list.

    A name that has no address in time is left out. Raise psycopg2.OperationalError if none has one.
    """
    hosts = str(options.get("host") or "").split(",")
    ports = str(options.get("port") or "").split(",")
    if len(ports) == 1:
        ports *= len(hosts)
    if "hostaddr" in options or not any(map(_is_name, hosts)) or len(ports) != len(hosts):
        return options
    places = _resolved(list(zip(hosts, ports, strict=True)), patience)
    resolved = {
        "host": ",".join(host for host, _, _ in places),
        "hostaddr": ",".join(address for _, address, _ in places),
    }
    if any(ports):  # else libpq looks at PGPORT
        resolved["port"] = ",".join(port for _, _, port in places)
    return options | resolved


def _is_name(host: str) -> bool:
    """Return whether a host is a name: neither a socket's folder, an IP address nor empty."""
    if not host or host.startswith(("/", "@")):
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return True
    return False


def _resolved(places: list[tuple[str, str]], patience: float) -> list[tuple[str, str, str]]:
    """Return each host with each of its IP addresses and its port, in the order of the list.

    The address is '' for a host that is no name. All names together have `patience` seconds. Raise
    psycopg2.OperationalError if no host is left.
    """
    answers = {host: _look_up(host) for host, _ in places if _is_name(host)}
    ends = time.monotonic() + patience
    addressed: list[tuple[str, str, str]] = []
    failure: Exception | None = None
    for host, port in places:
        try:
            addresses = answers[host].result(max(0.0, ends - time.monotonic()))
        except KeyError:
            addresses = [""]
        except (TimeoutError, OSError) as error:
            addresses, failure = [], error
        addressed += [(host, address, port) for address in addresses]
    if not addressed:
        raise psycopg2.OperationalError("could not translate host name") from failure
    return addressed


def _look_up(host: str) -> Future[list[str]]:
    """Return a future of the IP addresses of a name, in the resolver's order; a thread fills it.

    Its `result` raises the resolver's OSError.
    """
    answer: Future[list[str]] = Future()

    def look_up() -> None:
        try:
            entries = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            answer.set_result(list(dict.fromkeys(str(entry[4][0]) for entry in entries)))
        except OSError as error:
            answer.set_exception(error)

    threading.Thread(target=look_up, name="resolver", daemon=True).start()
    return answer
