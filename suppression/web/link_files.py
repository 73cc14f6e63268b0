"""POST /v1/links/file: a link for each row of a file, by row number."""

from __future__ import annotations

import csv
import io
import json
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from flask import Blueprint, Response, request

from suppression.adapters.contact_files import ContactFile
from suppression.domain.controllers import Caller
from suppression.domain.errors import TooManyItemsError
from suppression.domain.vocabulary import Scope
from suppression.usecases.link_rows import ADDED, FileLinks, Linked, checked_ref, link_rows
from suppression.web.batch_places import sent_within
from suppression.web.bodies import loaded
from suppression.web.current import services
from suppression.web.keyed import keyed
from suppression.web.schemas.files import LinkFileQuerySchema
from suppression.web.scrubs import CSV, NDJSON
from suppression.web.uploads import uploaded, wanted_of, words_of_query

blueprint = Blueprint("link_files", __name__)

MOST_ROWS = 1_000_000
"""The answer waits in memory, packed, until the body was read: some 60 bytes a row."""
_QUERY = LinkFileQuerySchema()


@blueprint.post("/v1/links/file")
@keyed(Scope.LINKS)
def make_for_file(caller: Caller) -> Response:
    """Make a link for each row of a file. No row is kept, and nothing is stored."""
    query = loaded(_QUERY, words_of_query())
    wanted = wanted_of(query)
    links = FileLinks(
        topic=query.get("topic", ""),
        ref=checked_ref(query["ref"]) if "ref" in query else "",
        language=query.get("language", ""),
        ref_column="ref" in wanted.columns,
    )
    as_csv = request.accept_mimetypes.best_match([NDJSON, CSV]) == CSV
    written = _as_csv if as_csv else _as_json
    parts, rows = [], 0
    with ExitStack() as until_sent:  # the answer keeps the thread for as long as its reader takes
        file = ContactFile(until_sent.enter_context(uploaded(caller.controller)), wanted)
        for batch in link_rows(services(), caller.controller, file, links):
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


def _as_json(batch: Linked) -> str:
    """The cells that are filled, by name."""
    return "".join(
        json.dumps(
            {"row": row.line}
            | {name: cell for name, cell in zip(ADDED, cells, strict=True) if cell}
        )
        + "\n"
        for row, cells in zip(*batch, strict=True)
    )


def _as_csv(batch: Linked) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows((row.line, *cells) for row, cells in zip(*batch, strict=True))
    return text.getvalue()
