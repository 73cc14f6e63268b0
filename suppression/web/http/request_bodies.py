"""The body of a request as it is read: one that is cut, slow or wrong is an error, not a bug."""

from __future__ import annotations

from typing import Any

from flask import Request

from suppression.adapters.worker.timed_sockets import BODY_SECONDS, TimedSocket
from suppression.domain.errors import MalformedRequestError, SuppressionError
from suppression.web.http.context import this_request

_STALLED = "The body did not come in time: send it again, without pauses."


class ReadBody:
    """`wsgi.input`, where everything that fails is a MalformedRequestError."""

    def __init__(self, stream: Any) -> None:  # noqa: ANN401 - whatever a server gives
        """Read from the server's own stream."""
        self._stream = stream

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; none at the end."""
        try:
            received: bytes = self._stream.read(size)
        except SuppressionError:
            raise
        except TimeoutError as error:
            raise MalformedRequestError(_STALLED) from error
        except Exception as error:  # whatever a server raises where a body is cut or wrong
            raise MalformedRequestError from error
        return received


class BodyRequest(Request):
    """A request whose body is read through `ReadBody`."""

    def __init__(self, environ: dict[str, Any], *args: Any, **options: Any) -> None:  # noqa: ANN401
        """Take the place of the server's stream, once."""
        if not isinstance(environ.get("wsgi.input"), ReadBody):
            environ["wsgi.input"] = ReadBody(environ["wsgi.input"])
        super().__init__(environ, *args, **options)


def expect_file(idle_seconds: float) -> None:
    """Let the body of this request come as files do: its sender may pause for so many seconds."""
    connection = this_request().environ.get("gunicorn.socket")
    if isinstance(connection, TimedSocket):
        connection.expect(idle=idle_seconds, whole=max(idle_seconds, BODY_SECONDS))
