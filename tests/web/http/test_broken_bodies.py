"""A body that could not be read is refused at each later read, so no part counts as the whole."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, Protocol

import pytest
from gunicorn.http.body import Body, ChunkedReader
from gunicorn.http.unreader import IterUnreader
from werkzeug.test import EnvironBuilder

from suppression.domain.errors import MalformedRequestError
from suppression.web.http.application import BodyRequest


class Readable(Protocol):
    """A body as the server passes it to the application."""

    def read(self, size: int = -1, /) -> bytes: ...


class Stalled:
    """A body whose sender pauses for too long after its first bytes, and then disconnects."""

    def __init__(self) -> None:
        self._reads = 0

    def read(self, _size: int = -1, /) -> bytes:
        self._reads += 1
        if self._reads == 2:
            raise TimeoutError
        return b"a@example.fr\n" if self._reads == 1 else b""


def _broken_chunk() -> Readable:
    sent = b"d\r\na@example.fr\n\r\nXX\r\nb@example.fr\n\r\n0\r\n\r\n"
    unreader = IterUnreader(iter([sent]))
    no_request: Any = None  # gunicorn's parser uses the request only for trailers
    return Body(ChunkedReader(no_request, unreader))


BROKEN: dict[str, tuple[Callable[[], Readable], str]] = {
    "broken chunk": (_broken_chunk, ""),
    "stalled": (Stalled, ""),
    "cut": (lambda: io.BytesIO(b"a@example.fr\n"), "26"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_second_read_of_a_broken_body_is_refused_too(what: str) -> None:
    """The second read once returned what had arrived, or b"", as if the file were complete."""
    stream, length = BROKEN[what]
    environ = EnvironBuilder(method="POST", path="/v1/scrubs").get_environ()
    environ |= {"wsgi.input": stream(), "wsgi.input_terminated": True, "CONTENT_LENGTH": length}
    request = BodyRequest(environ)
    with pytest.raises(MalformedRequestError) as first:
        _read_all(request)
    for _ in range(2):
        with pytest.raises(MalformedRequestError) as again:
            request.stream.read(13)
        assert again.value.detail == first.value.detail
        with pytest.raises(MalformedRequestError):
            BodyRequest(environ).get_data()


def _read_all(request: BodyRequest) -> None:
    while request.stream.read(13):
        pass
