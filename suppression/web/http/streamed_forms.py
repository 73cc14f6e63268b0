"""Parse a form with a file while it arrives: first the fields, then the file, never on a disk.

Werkzeug's own parser is not used: it writes a long file to a disk. Our pages have the fields before
the file, an order that browsers keep (HTML s4.10.22.4). Parts after the file are ignored.
"""

from __future__ import annotations

from werkzeug.datastructures import MultiDict
from werkzeug.sansio.multipart import (
    Data,
    Epilogue,
    Event,
    Field,
    File,
    MultipartDecoder,
    NeedData,
)

from suppression.adapters.files.decoding import ByteStream
from suppression.domain.errors import BodyTooLargeError, MalformedRequestError

MOST_IN_FIELDS = 1 << 16
"""The most bytes that the values of a form's fields before the file may have together."""
_CHUNK = 1 << 16
_MOST_WAITING = 4 * _CHUNK
_MOST_PARTS = 200


class StreamedForm:
    """A form: the constructor parses its fields, and the caller then reads its file with `read`.

    `file_name` is '' if no file was chosen or sent.
    """

    def __init__(self, body: ByteStream, boundary: str) -> None:
        """Receive and parse the fields, up to the beginning of the file.

        Raises MalformedRequestError for a malformed form or a body that comes too slowly,
        BodyTooLargeError if the values together have more than MOST_IN_FIELDS bytes, and werkzeug's
        RequestEntityTooLarge for over 200 parts, or over 256 KB of preamble or of a part's headers.
        """
        self._body = body
        self._decoder = MultipartDecoder(boundary.encode(), _MOST_WAITING, max_parts=_MOST_PARTS)
        self.fields: MultiDict[str, str] = MultiDict()
        self.file_name = ""
        self._block, self._more = b"", False
        self._read_fields()

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes of the file, or the next block if `size` is negative.

        Returns b'' at the end of the file. Raises MalformedRequestError if the body ends before the
        file does, or comes too slowly.
        """
        while not self._block and self._more:
            event = self._next()
            if isinstance(event, Data):
                self._block, self._more = event.data, event.more_data
        end = len(self._block) if size < 0 else size
        taken, self._block = self._block[:end], self._block[end:]
        return taken

    def _read_fields(self) -> None:
        name, value, total = "", bytearray(), 0
        while not isinstance(event := self._next(), Epilogue):
            if isinstance(event, File):
                self.file_name, self._more = event.filename, True
                return
            if isinstance(event, Field):
                name, value = event.name or "", bytearray()
            elif isinstance(event, Data):
                value += event.data
                total += len(event.data)
                if total > MOST_IN_FIELDS:
                    raise BodyTooLargeError
                if not event.more_data:
                    self.fields.add(name, value.decode(errors="replace"))

    def _next(self) -> Event:
        """Return the parser's next event, after receiving bytes if needed.

        Raises MalformedRequestError and werkzeug's RequestEntityTooLarge as `__init__` says.
        """
        try:
            while isinstance(event := self._decoder.next_event(), NeedData):
                self._decoder.receive_data(self._body.read(_CHUNK) or None)
        except ValueError:
            raise MalformedRequestError from None
        return event
