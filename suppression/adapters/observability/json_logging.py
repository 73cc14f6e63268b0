"""Logs: one JSON object a line, in UTC, without identifiers, tokens or keys.

An exception is written as its type and where it was raised. Its message is left out: libraries
quote their input in it.
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

# Nothing of this is ever written, and to find it out costs more than the rest of a record.
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
vars(logging)["_srcfile"] = None

_PLAIN = vars(logging.LogRecord("", logging.INFO, "", 0, "", None, None))
_WRITE = json.JSONEncoder(ensure_ascii=False, default=str).encode
_METHOD_AND_PATH = "%s %s"  # what gunicorn logs of every request at DEBUG
# How gunicorn's messages begin that go on with a part of the request.
_REPEATING = (
    "Closing connection",
    "Error handling request",
    "HTTP/2",
    "Ignored premature client disconnection",
    "Invalid request",
)


def line_of(logger: str, message: str, fields: Mapping[str, object]) -> logging.LogRecord:
    """A record at INFO that says who, what and when, and was not asked for anything else."""
    record = logging.LogRecord.__new__(logging.LogRecord)
    said = {"name": logger, "msg": message, "created": time.time(), "fields": fields}
    vars(record).update(_PLAIN, **said)
    return record


class JsonFormatter(logging.Formatter):
    """A record as one line. What a caller adds stands in `extra={"fields": {...}}`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "time": to_rfc3339(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[1]:
            line["exception"] = _described(record.exc_info[1])
        return _WRITE(line)


class WithoutRequests(logging.Filter):
    """For gunicorn, which repeats a request that it cannot read: a token or a key may be in it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the kind of an error and drop its words; drop the line per request: we have ours."""
        if record.msg == _METHOD_AND_PATH:
            return False
        message = record.getMessage()
        for beginning in _REPEATING:
            if message.startswith(beginning):
                kind = sys.exc_info()[0]
                record.msg, record.args = f"{beginning}: {kind.__name__}" if kind else beginning, ()
        return True


def _described(error: BaseException) -> list[dict[str, object]]:
    """The error and its causes: type and frames, innermost last, never a message."""
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
    """Send every logger of the process through the formatter, to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Alembic says a line per migration at INFO; SQLAlchemy and others speak only of trouble.
    for noisy in ("alembic.runtime.plugins", "sqlalchemy"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
