"""The preview of an import: its first rows as parsed, shown once after the upload, not stored."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest

from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.display import display, is_a_number_in_use
from suppression.domain.identifiers.match_keys import Digest
from suppression.domain.imports.model import RowFault
from suppression.domain.imports.options import ImportOptions
from suppression.domain.vocabulary import Channel, Kind, Purpose, Reason
from suppression.usecases.imports.parse_rows import PreviewRow
from suppression.usecases.imports.rows import RowIdentifier, country_of_row, identifiers_of
from suppression.usecases.imports.stage import StagingResult

_SHOWN_OF_DIGEST = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviewIdentifier:
    """An identifier as parsed; `doubtful`: whether it is a phone number that nobody can have."""

    kind: Kind
    text: str = field(repr=False)
    doubtful: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownRow:
    """A row of the preview: the stops that it would make, or the fault that prevents them.

    `purpose` is set if the stopped purpose has no channel. `everything`: whether the row stops all
    purposes. `written` is the text of the column that has the fault.
    """

    number: int
    readings: tuple[PreviewIdentifier, ...]
    channels: tuple[Channel, ...]
    topics: tuple[str, ...]
    purpose: Purpose | None
    everything: bool
    reason: Reason | None
    occurred_at: datetime | None
    expires_at: datetime | None
    fault: RowFault | None
    written: str = field(repr=False)


def preview_rows(
    controller: Controller, staged: StagingResult, options: ImportOptions
) -> list[ShownRow]:
    """Return the first rows of a staged file, with their identifiers as parsed."""
    region = options.country or controller.country
    return [_row(region, row, options.kind) for row in staged.first_rows]


def preview_columns(staged: StagingResult) -> list[tuple[str, str]]:
    """Return each column of the file as its header and our field name, '' if either is missing.

    Returns an empty list if no column was recognized.
    """
    columns = [column for column in staged.import_.columns if column] and staged.import_.columns
    return list(zip_longest(staged.header, columns, fillvalue="")) if columns else []


def _row(region: str, row: PreviewRow, kind: Kind | None) -> ShownRow:
    cells = {name: cell for name, cell in row.cells.items() if cell}
    scopes = [stop.scope for stop in row.stops]
    channels = tuple(
        channel for channel in Channel if channel in {scope.channel for scope in scopes}
    )
    everything = any(scope.purpose is None for scope in scopes)
    purpose = next((scope.purpose for scope in scopes if scope.purpose and not scope.channel), None)
    kinds = set(Kind) if everything or purpose else {channel.kind for channel in channels}
    first_stop = row.stops[0] if row.stops else None
    return ShownRow(
        number=row.number,
        readings=tuple(_readings(region, cells, kind, kinds)) if row.stops else (),
        channels=channels,
        topics=tuple(sorted({scope.topic for scope in scopes if scope.topic})),
        purpose=purpose,
        everything=everything,
        reason=first_stop.reason if first_stop else None,
        occurred_at=first_stop.occurred_at if first_stop else None,
        expires_at=first_stop.expires_at if first_stop else None,
        fault=row.fault,
        written=cells.get(row.fault.column, "") if row.fault else "",
    )


def _readings(
    region: str, cells: Mapping[str, str], kind: Kind | None, stopped: Collection[Kind]
) -> list[PreviewIdentifier]:
    """Return the identifiers of a row whose kinds are in `stopped`.

    `region` is their country if the row names none.
    """
    region = country_of_row(cells) or region
    row_identifiers = identifiers_of(cells, kind=kind)
    return [
        _reading(row_identifier, region)
        for row_identifier in row_identifiers
        if row_identifier.kind in stopped
    ]


def _reading(row_identifier: RowIdentifier, region: str) -> PreviewIdentifier:
    if isinstance(row_identifier.value, Digest):
        return PreviewIdentifier(
            kind=row_identifier.kind, text=f"{row_identifier.value.text[:_SHOWN_OF_DIGEST]}…"
        )
    text = display(row_identifier.kind, row_identifier.value, region=region)
    doubtful = row_identifier.kind is Kind.PHONE and not is_a_number_in_use(text)
    return PreviewIdentifier(kind=row_identifier.kind, text=text, doubtful=doubtful)
