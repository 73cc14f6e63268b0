"""Flask-SQLAlchemy's configuration: the engines of the service, their pools and time-outs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import QueuePool, make_url
from sqlalchemy.exc import ArgumentError

from suppression.settings import Settings, SettingsError
from suppression.storage.engine.connecting import postgresql_options
from suppression.storage.engine.connection_limits import STOPS, STOPS_APPLICATION, YieldingPool
from suppression.storage.engine.database import CLOCK, READER, SQLITE_WAIT

_POOL_SIZE = 8  # as many as gunicorn's threads; reads and writes have a pool each


def flask_config(
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    database_clock: Callable[[], datetime] | None = None,
) -> dict[str, Any]:
    """Return Flask-SQLAlchemy's configuration; raise SettingsError for an invalid database URL.

    `clock`, the machine's, is for SQLite, which has no clock of its own. `database_clock`, which
    only tests pass, replaces the clock of either database.
    """
    _parse_url(settings.database_url)
    on_sqlite = settings.database_url.startswith("sqlite")
    connect_args = _for_sqlite if on_sqlite else postgresql_options
    arguments = connect_args(settings.db_timeout)
    options = {
        "connect_args": arguments,
        "execution_options": {CLOCK: database_clock or (clock if on_sqlite else None)},
        "hide_parameters": True,  # an error text never shows bound values
    }
    if on_sqlite:
        return {
            "SQLALCHEMY_DATABASE_URI": settings.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": options,
        }
    options |= _pool(settings.db_timeout)
    # The connection that only stops may use, when no other is available.
    for_stops = options | {"url": settings.database_url, "poolclass": QueuePool}
    for_stops |= {"pool_size": 1, "max_overflow": 0}
    for_stops["connect_args"] = arguments | {"application_name": STOPS_APPLICATION}
    # Reads have their own connections, which never open a transaction. Switching one connection
    # between both modes costs a round trip when it returns to the pool, and removes it from the
    # pool if the server is gone by then.
    reader = options | {"url": settings.database_url, "isolation_level": "AUTOCOMMIT"}
    return {
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": options,
        "SQLALCHEMY_BINDS": {READER: reader, STOPS: for_stops},
    }


def _parse_url(text: str) -> None:
    """Raise SettingsError for a URL that is malformed or has an unescaped @ in its password.

    The error does not repeat the URL. SQLAlchemy would end the password at its first @ and take the
    rest as the host, which database errors name: they would show part of the password.
    """
    try:
        host = make_url(text).host or ""
    except (ArgumentError, ValueError):
        host = "@"
    if "@" in host:
        raise SettingsError(
            "DATABASE_URL must be like postgresql://user:password@host:5432/database, where a "
            "password's own @ : / ? # and % are written %40 %3A %2F %3F %23 and %25."
        ) from None


def _pool(timeout: timedelta) -> dict[str, Any]:
    return {
        "max_overflow": _POOL_SIZE,
        "poolclass": YieldingPool,
        "pool_pre_ping": True,  # no request fails because the server has restarted
        "pool_size": _POOL_SIZE,
        "pool_timeout": timeout.total_seconds(),
        "use_native_hstore": False,  # no table has one, and each connection would ask for it
    }


def _for_sqlite(timeout: timedelta) -> dict[str, Any]:
    # The driver's implicit BEGIN is off: `database.py` chooses the kind of transaction.
    wait = max(timeout, SQLITE_WAIT)
    return {"timeout": wait.total_seconds(), "isolation_level": None}
