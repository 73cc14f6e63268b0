"""Decide whether an error is an outage; describe its cause in one line for the operator.

The line names the database's location, the error's class and, if known, the SQLSTATE or SQLite's
code. It never repeats the driver's own text or the URL, which may hold user and password.
"""

from __future__ import annotations

import re
import sqlite3

import psycopg2
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

_POSTGRESQL_PORT = 5432
_READ_ONLY = "25006"  # the server became a standby while we were connected
_NO_RIGHT = "42501"
_UNUSABLE_FILES = ("SQLITE_NOTADB", "SQLITE_CORRUPT")

# libpq gives no SQLSTATE for a connection that it could not make: only its text tells the causes
# apart. Where a text can mean one SQLSTATE alone, the table gives it (PostgreSQL docs, appendix
# A). For a server that speaks another language, only the driver's class is known.
_MESSAGES = (
    (r"password authentication failed", "28P01", "it refuses the user or the password"),
    (r"no password supplied", "", "it asks for a password, and DATABASE_URL has none"),
    (r'role ".*" does not exist', "28000", "it does not know the user"),
    (r"no pg_hba\.conf entry|pg_hba\.conf rejects", "28000", "its pg_hba.conf lets nobody in so"),
    (r'database ".*" does not exist', "3D000", "it has no database of that name"),
    (r"permission denied for", _NO_RIGHT, "the user lacks a right there"),
    (r"could not translate host name", "", "the name of the host cannot be resolved"),
    (r"does not support SSL", "", "it refuses TLS, which sslmode asks for"),
    (r"SSL error|certificate", "", "TLS fails: look at certificates and sslmode"),
    (r"Connection refused", "", "nothing listens there: the port is closed"),
    (r"No such file or directory", "", "nothing listens there: there is no such socket"),
    (r"No route to host|unreachable", "", "there is no way to that host"),
    (r"timeout expired|timed out", "", "it does not answer in time"),
    (r"too many (clients|connections)|connection slots", "53300", "it takes no more connections"),
    (r"is (starting up|shutting down|in recovery)", "57P03", "it is starting or ending"),
    (r"read-only|hot standby", _READ_ONLY, "it is a standby, which takes no stop"),
    (r"^invalid |not supported|unsupported", "", "the driver refuses an option of DATABASE_URL"),
)
_CAUSES = [(re.compile(pattern), state, cause) for pattern, state, cause in _MESSAGES]
_STATES = {
    "53100": "its disk is full",
    "55P03": "a lock was not given in time",
    "57014": "it did not answer in time",
    _NO_RIGHT: "the user lacks a right there",
    _READ_ONLY: "it is a standby, which takes no stop",
}
_FILES = {
    "SQLITE_NOTADB": "the file is no SQLite database",
    "SQLITE_CORRUPT": "the file is damaged",
    "SQLITE_CANTOPEN": "the file cannot be opened: look at its folder, and at who may write there",
    "SQLITE_READONLY": "file or folder may not be written by this user",
    "SQLITE_PERM": "file or folder may not be written by this user",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_IOERR": "the disk fails",
    "SQLITE_BUSY": "another process has held it for too long",
    "SQLITE_LOCKED": "another process has held it for too long",
}


def is_outage(error: BaseException) -> bool:
    """Return whether an error that is no OperationalError means that the database is unavailable.

    It does if the server takes no writes or denies a right, if the file is damaged or is no SQLite
    database, or if psycopg2 refuses an option of the URL: that is a psycopg2.ProgrammingError in a
    DBAPIError without a statement.
    """
    driver_error = _driver_error(error)
    if getattr(driver_error, "pgcode", None) in {_READ_ONLY, _NO_RIGHT}:
        return True
    if getattr(driver_error, "sqlite_errorname", None) in _UNUSABLE_FILES:
        return True
    connecting = isinstance(error, DBAPIError) and error.statement is None
    return connecting and isinstance(driver_error, psycopg2.ProgrammingError)


def describe_outage(error: BaseException, url: URL) -> str:
    """Return one line: where the database is, what is wrong, the error's class and, if known, code.

    `error` comes from the driver or from SQLAlchemy; `url` is the database's.
    """
    driver_error = _driver_error(error)
    if isinstance(driver_error, sqlite3.Error):
        return describe_file_outage(driver_error, url.database or "memory")
    state, cause = _sqlstate_and_cause(driver_error)
    names = [_class_of_driver(driver_error)]
    if state:
        names.append(f"SQLSTATE {state}")
    return f"The database at {_location(url)} cannot be used: {cause} ({', '.join(names)})."


def describe_file_outage(error: sqlite3.Error, path: str) -> str:
    """Return one line on why the SQLite database in file `path` cannot be used."""
    name = str(getattr(error, "sqlite_errorname", ""))
    causes = [cause for code, cause in _FILES.items() if name.startswith(code)]
    cause = causes[0] if causes else "SQLite cannot work with it"
    driver = f"sqlite3.{type(error).__name__}"
    return (
        f"The database {path} cannot be used: {cause} ({', '.join(filter(None, (driver, name)))})."
    )


def _driver_error(error: BaseException) -> BaseException:
    """Return the driver's error inside SQLAlchemy's, or the error itself."""
    return error.orig if isinstance(error, DBAPIError) and error.orig else error


def _class_of_driver(error: BaseException) -> str:
    """Return the name of an error's class, or of the driver's class that ours is derived from."""
    names = [(base.__module__.partition(".")[0], base.__name__) for base in type(error).__mro__]
    return ".".join(next((name for name in names if name[0] != "suppression"), names[0]))


def _sqlstate_and_cause(error: BaseException) -> tuple[str, str]:
    """Return an error's SQLSTATE, or the one its text implies, or ''; and its cause in words."""
    state = str(getattr(error, "pgcode", None) or "")
    if state in _STATES:
        return state, _STATES[state]
    if isinstance(error, SQLAlchemyError):
        return state, "every connection is in use"
    for pattern, implied_state, cause in _CAUSES:
        if pattern.search(str(error)):
            return state or implied_state, cause
    return state, "it does not answer"


def _location(url: URL) -> str:
    """Return a URL's `host:port`; `the local socket` without a host, 5432 without a port."""
    hosts = url.query.get("host", url.host or "the local socket")
    host = hosts if isinstance(hosts, str) else ",".join(hosts)
    if ":" in host and url.host:
        host = f"[{host}]"
    return f"{host}:{url.port or url.query.get('port', _POSTGRESQL_PORT)}"
