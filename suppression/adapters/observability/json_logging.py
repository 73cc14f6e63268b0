"""Logs: one JSON object per line, with the time in UTC.

An exception is logged as its type and the places in the code. Its message is left out, because
libraries quote their input in it, which may hold an identifier, a token or a key.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime

from suppression.domain.calendar.timestamps import to_rfc3339

# None of these fields is ever written, and to collect them costs more than the rest of a record.
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
vars(logging)["_srcfile"] = None

_PLAIN = vars(logging.LogRecord("", logging.INFO, "", 0, "", None, None))
_WRITE = json.JSONEncoder(ensure_ascii=False, default=str).encode
_METHOD_AND_PATH = "%s %s"  # gunicorn's message for every request at DEBUG
# The beginnings of gunicorn's messages that quote a part of the request.
_QUOTING_MESSAGES = (
    "Closing connection",
    "Error handling request",
    "HTTP/2",
    "Ignored premature client disconnection",
    "Invalid request",
)


def line_of(logger: str, message: str, fields: Mapping[str, object]) -> logging.LogRecord:
    """Return a log record at INFO with only a logger, a message, the time and `fields`."""
    record = logging.LogRecord.__new__(logging.LogRecord)
    values = {"name": logger, "msg": message, "created": time.time(), "fields": fields}
    vars(record).update(_PLAIN, **values)
    return record


class JsonFormatter(logging.Formatter):
    """A formatter of log records as lines of JSON. `extra={"fields": {...}}` adds members."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one line of JSON: time, level, logger, message, fields, exception."""
        line: dict[str, object] = {
            "time": to_rfc3339(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[1]:
            line["exception"] = _describe(record.exc_info[1])
        return _WRITE(line)


class WithoutRequests(logging.Filter):
    """A filter that removes requests from gunicorn's messages: they may hold a token or a key."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Reduce a message that quotes the request to its beginning and the error's type.

        Return False, which drops the record, for gunicorn's line per request: request_log.py writes
        ours. Return True for any other record.
        """
        if record.msg == _METHOD_AND_PATH:
            return False
        message = record.getMessage()
        for beginning in _QUOTING_MESSAGES:
            if message.startswith(beginning):
                kind = sys.exc_info()[0]
                record.msg, record.args = f"{beginning}: {kind.__name__}" if kind else beginning, ()
        return True


def _describe(error: BaseException) -> list[dict[str, object]]:
    """Return type and frames (innermost last) of an error, then of its causes; never a message."""
    described: list[dict[str, object]] = []
    current: BaseException | None = error
    while current is not None:
        frames = traceback.extract_tb(current.__traceback__)
        described.append(
            {
                "type": f"{type(current).__module__}.{type(current).__qualname__}",
                "frames": [
                    f"{frame_summary.filename}:{frame_summary.lineno} {frame_summary.name}"
                    for frame_summary in frames
                ],
            }
        )
        current = current.__cause__
    return described


def configure_logging(level: str) -> None:
    """Send this process's logs to stderr, as JSON, instead of to the root logger's handlers.

    Records are sent from `level` up; those of SQLAlchemy and Alembic's plugins from WARNING up.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Alembic logs a line per migration at INFO; of SQLAlchemy only warnings matter.
    for noisy in ("alembic.runtime.plugins", "sqlalchemy"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
