"""A form with a file is read as a stream: in little memory, not on disk, and never partly."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from suppression.domain.errors import BodyTooLargeError, MalformedRequestError
from suppression.web.http.streamed_forms import MOST_IN_FIELDS, StreamedForm

BOUNDARY = "----WebKitFormBoundaryXyZ"
FIELD = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="token"\r\n\r\nabc é\r\n'
FILE = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
END = f"\r\n--{BOUNDARY}--\r\n"


def form(text: str | bytes) -> StreamedForm:
    """Return a StreamedForm with this body."""
    return StreamedForm(io.BytesIO(text.encode() if isinstance(text, str) else text), BOUNDARY)


@pytest.mark.parametrize("size", [1, 7, 1 << 18])
@pytest.mark.parametrize(
    "content", ["", "email\r\n", "a\r\n--\r\n--not it\n\r\r\n", "x" * 200_000, "\r\n" * 50_000]
)
def test_the_file_is_what_was_sent_to_the_byte(content: str, size: int) -> None:
    if size < 7 < len(content) / 10_000:
        pytest.skip("slow, and no other case")
    sent = form(FIELD + FILE + content + END)
    assert (sent.fields["token"], sent.file_name) == ("abc é", "a.csv")
    assert b"".join(iter(lambda: sent.read(size), b"")) == content.encode()
    assert sent.read(size) == b""


def test_a_form_without_a_file_has_its_fields() -> None:
    sent = form(FIELD.removesuffix("\r\n") + END)
    assert (sent.fields["token"], sent.file_name, sent.read(9)) == ("abc é", "", b"")


def test_what_stands_behind_the_file_is_not_looked_at() -> None:
    sent = form(FILE + "email\n\r\n" + FIELD.removesuffix("\r\n") + END)
    assert sent.read(100) == b"email\n"
    assert sent.read(100) == b""
    assert not sent.fields


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
def test_a_file_that_was_cut_is_an_error_and_never_its_end(kept: float) -> None:
    whole = FIELD + FILE + "email\n" * 500 + END
    cut = whole[: int(len(whole) * kept)]
    with pytest.raises(MalformedRequestError):
        list(iter(lambda: form_read(form(cut)), b""))


def form_read(sent: StreamedForm) -> bytes:
    """Read the file of a form to its end and return its bytes."""
    return b"".join(iter(lambda: sent.read(64), b""))


@pytest.mark.parametrize("body", ["", "no form", f"--{BOUNDARY}\r\n\r\n\r\nx{END}", b"\xff\xfe"])
def test_what_is_no_form_is_refused(body: str | bytes) -> None:
    with pytest.raises(MalformedRequestError):
        form(body)


def test_fields_that_are_too_long_are_refused() -> None:
    with pytest.raises(BodyTooLargeError):
        form(FIELD.replace("abc", "a" * (MOST_IN_FIELDS + 1)) + FILE + END)


def test_a_file_of_fifty_megabytes_is_never_all_there() -> None:
    body = Endless(50)
    sent = StreamedForm(body, BOUNDARY)
    total = 0
    while block := sent.read(1 << 18):
        total += len(block)
        assert len(block) <= 1 << 17
        assert body.given - total < 1 << 18
    assert total == 50 << 20


class Endless:
    """A large body that is generated while it is read; `given` counts the bytes read."""

    def __init__(self, megabytes: int) -> None:
        self.parts = self._made(megabytes)
        self.rest = b""
        self.given = 0

    @staticmethod
    def _made(megabytes: int) -> Iterator[bytes]:
        yield (FIELD + FILE).encode()
        for _ in range(megabytes):
            yield b"somebody@example.fr;1234567890;\n" * (1 << 15)
        yield END.encode()

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes, b"" at the end."""
        if not self.rest:
            self.rest = next(self.parts, b"")
        taken, self.rest = self.rest[:size], self.rest[size:]
        self.given += len(taken)
        return taken
