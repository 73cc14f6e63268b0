"""POST /v1/links/file, which makes an unsubscribe link for each row of a file."""

from __future__ import annotations

import csv
import io
import json
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from flask import Blueprint, Response, request

from suppression.adapters.files.contact_file import ContactFile
from suppression.domain.controllers.model import Caller
from suppression.domain.errors import TooManyItemsError
from suppression.domain.vocabulary import ApiScope
from suppression.usecases.unsubscribe.make_links_for_file import (
    ADDED,
    FileLinks,
    LinkedRows,
    make_links_for_rows,
    valid_ref_of,
)
from suppression.web.api.scrubs import CSV, NDJSON
from suppression.web.http.api_key_auth import require_api_key
from suppression.web.http.batch_slots import sent_within
from suppression.web.http.context import services
from suppression.web.http.json_bodies import load
from suppression.web.http.uploads import parse_file_options, query_parameters, request_body
from suppression.web.schemas.files import LinkFileQuerySchema

blueprint = Blueprint("link_files", __name__)

MOST_ROWS = 1_000_000
"""The most rows of a file: its links are kept compressed in memory, about 60 bytes a row."""
_QUERY = LinkFileQuerySchema()


@blueprint.post("/v1/links/file")
@require_api_key(ApiScope.LINKS)
def make_for_file(caller: Caller) -> Response:
    """Return an unsubscribe link or an error for each row of a file; store nothing.

    The response names a row by the number of its first line. Raises RateLimitedError if no slot for
    a file is free; TooManyItemsError for more than MOST_ROWS rows, BodyTooLargeError for a file
    over its limits; InvalidValueError for an invalid `ref`, an unknown topic or an unusable file.
    """
    query = load(_QUERY, query_parameters())
    file_options = parse_file_options(query)
    links = FileLinks(
        topic=query.get("topic", ""),
        ref=valid_ref_of(query["ref"]) if "ref" in query else "",
        language=query.get("language", ""),
        ref_column="ref" in file_options.columns,
    )
    as_csv = request.accept_mimetypes.best_match([NDJSON, CSV]) == CSV
    written = _as_csv if as_csv else _as_json
    parts, rows = [], 0
    with ExitStack() as until_sent:  # a slow reader of the response holds the slot
        file = ContactFile(until_sent.enter_context(request_body(caller.controller)), file_options)
        for batch in make_links_for_rows(services(), caller.controller, file, links):
            rows += len(batch.rows)
            if rows > MOST_ROWS:
                raise TooManyItemsError(f"Send at most {MOST_ROWS:,} rows at once.")
            parts.append(zlib.compress(written(batch).encode(), 1))
        return sent_within(
            until_sent.pop_all(),
            _sent(parts, rows, as_csv=as_csv),
            content_type=f"{CSV}; charset=utf-8" if as_csv else NDJSON,
        )


def _sent(parts: Sequence[bytes], rows: int, *, as_csv: bool) -> Iterator[bytes]:
    if as_csv:
        yield (",".join(("row", *ADDED)) + "\n").encode()
    for part in parts:
        yield zlib.decompress(part)
    end = f"complete,true,{rows},,,\n" if as_csv else f'{{"complete": true, "rows": {rows}}}\n'
    yield end.encode()


def _as_json(batch: LinkedRows) -> str:
    """Return a line of JSON for each row: its line number, and the added cells that have text."""
    return "".join(
        json.dumps(
            {"row": row.line}
            | {name: cell for name, cell in zip(ADDED, cells, strict=True) if cell}
        )
        + "\n"
        for row, cells in zip(*batch, strict=True)
    )


def _as_csv(batch: LinkedRows) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows((row.line, *cells) for row, cells in zip(*batch, strict=True))
    return text.getvalue()
