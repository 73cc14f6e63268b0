"""The Flask application class and its requests, whose body may arrive cut, slow or malformed.

The classes skip work of Flask that none of our requests needs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from suppression.domain.errors import MalformedRequestError, SuppressionError

_STALLED = "The body did not come in time: send it again, without pauses."


@dataclass(frozen=True, slots=True)
class ReadBody:
    """A `wsgi.input` that raises MalformedRequestError for every failure of the server's input."""

    stream: Any

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes, all if it is negative; b'' at the end.

        Raises MalformedRequestError on failure.
        """
        try:
            received: bytes = self.stream.read(size)
        except SuppressionError:
            raise
        except TimeoutError as error:
            raise MalformedRequestError(_STALLED) from error
        except Exception as error:  # any error of a server for a bad body
            raise MalformedRequestError from error
        return received


class BodyRequest(Request):
    """A request whose body is read through `ReadBody`."""

    def __init__(self, environ: dict[str, Any], *args: Any, **options: Any) -> None:  # noqa: ANN401
        """Wrap the server's input in `environ`, once."""
        if not isinstance(environ.get("wsgi.input"), ReadBody):
            environ["wsgi.input"] = ReadBody(environ["wsgi.input"])
        super().__init__(environ, *args, **options)


class ConsoleSessions(SecureCookieSessionInterface):
    """Flask sessions for the path of the session cookie, /console, and for no other path."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of a console request; a read-only null session for any other."""
        if request.path.startswith(self.get_cookie_path(app)):
            return super().open_session(app, request)
        return self.make_null_session(app)


class Application(Flask):
    """A Flask application whose views and hooks are all plain functions."""

    session_interface = ConsoleSessions()
    request_class = BodyRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return `func` itself: no view is a coroutine, and Flask need not check each call."""
        return func
