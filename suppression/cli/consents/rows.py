"""From a row of a file to the consents that it holds; what is wrong never repeats a cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from suppression.adapters.files.cell_values import IDENTIFIER_COLUMN, address_of
from suppression.adapters.files.column_names import normalize_words
from suppression.adapters.files.records import Row
from suppression.domain.calendar.date_parsing import parse_datetime
from suppression.domain.calendar.locations import zone_of_country
from suppression.domain.consents.model import Proof
from suppression.domain.consents.proofs import check_proof
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import (
    IdentifierParseError,
    InvalidValueError,
    SuppressionError,
)
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.identifiers.match_keys import Value
from suppression.domain.imports.vocabulary import CHANNEL_OF_WORD, EVERY_CHANNEL, GIVEN_BY_OF_WORD
from suppression.domain.suppressions.model import Scope
from suppression.domain.suppressions.scopes import RequestedScope, scopes_of_one
from suppression.domain.vocabulary import Channel, Evidence, Kind, Purpose, channels_of
from suppression.usecases.consents.import_rows import FileRow
from suppression.usecases.consents.record import ConsentRequest
from suppression.usecases.imports.row_identifiers import (
    NO_REGION,
    WHOSE,
    country_of_row,
    identifiers_of,
    is_country_unknown,
)
from suppression.usecases.services import Services

_EARLIEST_ZONE = "Etc/GMT-14"
_DATE = "Write a date like 2025-12-31, 31/12/2025 or 31/12/2025 14:30."


class RowError(Exception):
    """A row of which nothing can be stored: a code, our name of a column, and what to change."""

    def __init__(self, reason: str, column: str, change: str) -> None:
        """None of them holds what stands in the row."""
        super().__init__(reason)
        self.reason, self.column, self.change = reason, column, change


@dataclass(frozen=True, slots=True)
class ConsentRowParser:
    """Reads rows. `defaults` stand in for cells that are empty, by our names of columns."""

    services: Services
    controller: Controller
    source: str
    purpose: Purpose
    defaults: dict[str, str]

    def parse(self, row: Row, written: dict[str, str]) -> FileRow:
        """The consents of a row whose cells are `written`; RowError if any cannot be taken."""
        if row.fault:
            change = "Mend the quotes, and quote cells that hold a delimiter."
            raise RowError(row.fault, "", change)
        cells = self.defaults | {name: cell for name, cell in written.items() if cell}
        given_at = self._moment(cells, "given_at")
        until = self._moment(cells, "until") if "until" in cells else None
        proof, name = _proof(cells), address_of(cells).name
        requests = []
        for kind, value, scopes in self._wishes(written, cells):
            region = country_of_row(cells) or self.controller.country
            _check_proof(proof, value, name=name, region=region)
            requests.append(
                ConsentRequest(
                    subject=self._subject(kind, value, cells),
                    scopes=scopes,
                    given_at=given_at,
                    until=until,
                    proof=proof,
                    source=self.source,
                    evidence=Evidence.IMPORT,
                )
            )
        return FileRow(number=row.number, requests=tuple(requests))

    def _moment(self, cells: dict[str, str], column: str) -> datetime:
        if column not in cells:
            raise RowError("date_missing", column, f"Say when the consent was given. {_DATE}")
        zone = zone_of_country(self.controller.country, otherwise=_EARLIEST_ZONE)
        try:
            return parse_datetime(cells[column], zone)
        except ValueError:
            raise RowError("date_impossible", column, _DATE) from None

    def _wishes(
        self, written: dict[str, str], cells: dict[str, str]
    ) -> Iterator[tuple[Kind, Value, tuple[Scope, ...]]]:
        """Each identifier that the row's channels take, with what was consented to on it."""
        topics = [one for one in re.split(r"[\s,;|]+", cells.get("topics", "")) if one]
        values = {
            row_identifier.kind: row_identifier.value for row_identifier in identifiers_of(cells)
        }
        if not values:
            raise RowError("identifier_missing", "", "Add an e-mail, a phone or an address.")
        if not self.purpose.has_channel:
            for kind, value in values.items():
                yield kind, value, self._scopes(kind, None, topics)
            return
        channels = _fitting(written, cells, set(values))
        for kind, value in values.items():
            if mine := tuple(channel for channel in channels_of(kind) if channel in channels):
                yield kind, value, self._scopes(kind, mine, topics)

    def _scopes(
        self, kind: Kind, channels: tuple[Channel, ...] | None, topics: list[str]
    ) -> tuple[Scope, ...]:
        try:
            return scopes_of_one(
                RequestedScope(channels=channels, purpose=self.purpose), kind, topics
            )
        except InvalidValueError as error:
            raise RowError("topic_unknown", "topics", error.faults[0].detail) from None

    def _subject(self, kind: Kind, value: Value, cells: dict[str, str]) -> Subject:
        column = IDENTIFIER_COLUMN[kind]
        nowhere = kind is Kind.PHONE and is_country_unknown(cells)
        try:
            subject = self.services.subject(
                self.controller,
                kind,
                value,
                country=NO_REGION if nowhere else country_of_row(cells),
                consent=True,
            )
        except IdentifierParseError as error:
            if nowhere:  # read as ours, it might be another's
                raise RowError("identifier_unreadable", "country", WHOSE) from None
            raise RowError("identifier_unreadable", column, error.detail) from None
        if subject.consent_key is None:
            change = "Write the whole first name: by post a consent is one person's."
            raise RowError("first_name_missing", "first_name", change)
        return subject


def _everything(cells: dict[str, str]) -> bool:
    return normalize_words(cells.get("channels", "")) in EVERY_CHANNEL


def _channels(cells: dict[str, str]) -> list[Channel]:
    """The channels that a row names; all of them where it says so, and none by itself."""
    if _everything(cells):
        return list(Channel)
    words = [
        normalize_words(one)
        for one in re.split(r"[,;|+/]", cells.get("channels", ""))
        if one.strip()
    ]
    if not words or not set(words) <= CHANNEL_OF_WORD.keys():
        change = "Name channels, like email, sms, telephone, post; or all."
        raise RowError("channels_unknown", "channels", change)
    return [CHANNEL_OF_WORD[word] for word in words]


def _fitting(written: dict[str, str], cells: dict[str, str], kinds: set[Kind]) -> list[Channel]:
    """The channels that the row's identifiers fit. One that the row itself names must fit."""
    channels = _channels(cells)
    by_itself = bool(written.get("channels")) and not _everything(cells)
    for channel in channels:
        if by_itself and channel.kind not in kinds:
            column = IDENTIFIER_COLUMN[channel.kind]
            raise RowError("identifier_missing", column, f"Channel {channel} needs this.")
    found = [one for one in channels if one.kind in kinds]
    if not found:
        raise RowError("identifier_missing", "channels", "No identifier fits the channels.")
    return found


def _proof(cells: dict[str, str]) -> Proof:
    for column in ("wording", "given_by", "evidence", "collected_by"):
        if column not in cells:
            raise RowError("proof_missing", column, "Add this: without proof there is no consent.")
    given_by = GIVEN_BY_OF_WORD.get(normalize_words(cells["given_by"]))
    if given_by is None:
        change = f"Write one of {', '.join(sorted(set(GIVEN_BY_OF_WORD.values())))}."
        raise RowError("proof_unfit", "given_by", change)
    return Proof(
        wording=cells["wording"],
        given_by=given_by,
        evidence=cells["evidence"],
        collected_by=cells["collected_by"],
    )


def _check_proof(proof: Proof, value: Value, *, name: str, region: str) -> None:
    try:
        check_proof(proof, value=value, name=name, region=region)
    except SuppressionError as error:
        fault = error.faults[0]
        raise RowError("proof_unfit", fault.pointer[1:], fault.detail) from None
