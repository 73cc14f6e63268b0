"""Forms that hold a file, read as they come: the fields first, then the file, and never a disk.

Werkzeug's own forms write a file that is long to a disk. So the fields stand before the file in the
page, which browsers keep to (HTML s4.10.22.4), and what follows the file is not looked at.
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
"""Bytes of all fields together."""
_CHUNK = 1 << 16
_MOST_WAITING = 4 * _CHUNK
_MOST_PARTS = 200


class StreamedForm:
    """A form whose fields are read, and whose file is read by whoever takes it from here.

    `file_name` is '' where no file was chosen.
    """

    def __init__(self, body: ByteStream, boundary: str) -> None:
        """Read up to the file; MalformedRequestError for what is no form."""
        self._body = body
        self._decoder = MultipartDecoder(boundary.encode(), _MOST_WAITING, max_parts=_MOST_PARTS)
        self.fields: MultiDict[str, str] = MultiDict()
        self.file_name = ""
        self._block, self._more = b"", False
        self._read_fields()

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes of the file; none at its end. A file that was cut is an error."""
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
        """What comes next."""
        try:
            while isinstance(event := self._decoder.next_event(), NeedData):
                self._decoder.receive_data(self._body.read(_CHUNK) or None)
        except ValueError:
            raise MalformedRequestError from None
        return event
