"""The Flask application class, with the classes of its requests and sessions.

`Application` and `ConsoleSessions` skip work of Flask that a request of ours does not need.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from suppression.domain.errors import MalformedRequestError, SuppressionError

_STALLED = "The body did not come in time: send it again, without pauses."
_MAX_DIGITS = 18
"""How many digits of a Content-Length are read: no body is that long."""
_CUT = "The body ended before its Content-Length: send it again, whole."


@dataclass(slots=True)
class ReadBody:
    """A `wsgi.input` that raises MalformedRequestError if the body cannot be read or was cut.

    `missing` is the Content-Length, or 0 without one, minus the bytes that were read. `failure` is
    the error of an earlier read; each later read raises it again, so that the rest of a broken body
    never passes for its end.
    """

    stream: Any
    missing: int
    failure: SuppressionError | None = None

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes, or all bytes if `size` is negative; b'' at the end.

        Raises MalformedRequestError if the body comes too slowly, its framing is broken, or it ends
        before its Content-Length: a part of a file must not pass for the whole.
        """
        if self.failure:
            raise self.failure
        try:
            return self._received(size)
        except SuppressionError as error:
            self.failure = error
            raise

    def _received(self, size: int) -> bytes:
        try:
            received: bytes = self.stream.read(size)
        except SuppressionError:
            raise
        except TimeoutError as error:
            raise MalformedRequestError(_STALLED) from error
        except Exception as error:  # any error of a server for a bad body
            raise MalformedRequestError from error
        self.missing -= len(received)
        ended = not received and size != 0
        if self.missing > 0 and (ended or size < 0):
            raise MalformedRequestError(_CUT)
        return received


class BodyRequest(Request):
    """A request whose body is read through `ReadBody`."""

    def __init__(self, environ: dict[str, Any], *args: Any, **options: Any) -> None:  # noqa: ANN401
        """Replace the server's input in `environ` by a ReadBody, unless it is one already."""
        if not isinstance(environ.get("wsgi.input"), ReadBody):
            stated = environ.get("CONTENT_LENGTH", "")
            size = int(stated[:_MAX_DIGITS]) if stated.isdecimal() else 0
            environ["wsgi.input"] = ReadBody(environ["wsgi.input"], size)
        super().__init__(environ, *args, **options)


class ConsoleSessions(SecureCookieSessionInterface):
    """Flask sessions for paths that begin with the cookie's path, /console, and for no others."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of a console request; a read-only null session for any other.

        Returns None for a console request if `app` has no secret key.
        """
        if request.path.startswith(self.get_cookie_path(app)):
            return super().open_session(app, request)
        return self.make_null_session(app)


class Application(Flask):
    """The Flask class of the service. Its views and hooks must not be coroutines."""

    session_interface = ConsoleSessions()
    request_class = BodyRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return `func` itself, without Flask's check at each call whether it is a coroutine."""
        return func
