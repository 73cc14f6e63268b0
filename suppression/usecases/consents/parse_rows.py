"""Parse rows of a file into requests to record consents. No error message repeats a cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from suppression.adapters.files.cell_values import address_of
from suppression.adapters.files.column_names import normalize_words
from suppression.adapters.files.records import Row
from suppression.domain.calendar.date_parsing import parse_datetime
from suppression.domain.calendar.locations import zones_of_country
from suppression.domain.consents.model import Proof
from suppression.domain.consents.proofs import check_proof
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import (
    IdentifierParseError,
    SuppressionError,
)
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.identifiers.match_keys import Value
from suppression.domain.imports.vocabulary import GIVEN_BY_OF_WORD
from suppression.domain.suppressions.model import Scope
from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.vocabulary import Channel, Evidence, Kind, Purpose, channels_of
from suppression.usecases.consents.import_rows import FileRow
from suppression.usecases.consents.record import ConsentRequest
from suppression.usecases.imports.rows import (
    DATE_FORMATS,
    RowError,
    RowIdentifier,
    check_channels_fit,
    check_readable,
    country_of_row,
    identifiers_of,
    names_every_channel,
    parse_channels,
    region_of,
    row_scopes,
    split_topics,
    unknown_channels,
    unreadable,
)
from suppression.usecases.services import Services

_EARLIEST_ZONE = "Etc/GMT-14"


@dataclass(frozen=True, slots=True)
class ConsentRowParser:
    """A parser of rows of consents to one purpose.

    `source` names the file in each consent; `defaults` replace empty cells, keyed by our column
    names.
    """

    services: Services
    controller: Controller
    source: str
    purpose: Purpose
    defaults: dict[str, str]

    def parse(self, row: Row, written: dict[str, str]) -> FileRow:
        """Return the consents of a row; `written` holds the row's cells by our column names.

        Raises RowError if the row is broken, or a cell that it needs is missing or invalid. Whether
        dates and topics suit the controller is checked later, by `import_consents`.
        """
        check_readable(row)
        cells = self.defaults | {name: cell for name, cell in written.items() if cell}
        given_at = self._instant(cells, "given_at")
        until = self._instant(cells, "until") if "until" in cells else None
        proof, name = _proof(cells), address_of(cells).name
        requests = []
        for identifier, scopes in self._consents_of(written, cells):
            region = country_of_row(cells) or self.controller.country
            _check_proof(proof, identifier.value, name=name, region=region)
            requests.append(
                ConsentRequest(
                    subject=self._subject(identifier, cells),
                    scopes=scopes,
                    given_at=given_at,
                    until=until,
                    proof=proof,
                    source=self.source,
                    evidence=Evidence.IMPORT,
                )
            )
        return FileRow(number=row.number, requests=tuple(requests))

    def _instant(self, cells: dict[str, str], column: str) -> datetime:
        if column not in cells:
            raise RowError(
                "date_missing", column, f"Say when the consent was given. {DATE_FORMATS}"
            )
        zones = zones_of_country(self.controller.country) or (_EARLIEST_ZONE,)
        try:
            return min(parse_datetime(cells[column], zone) for zone in zones)
        except ValueError:
            raise RowError("date_impossible", column, DATE_FORMATS) from None

    def _consents_of(
        self, written: dict[str, str], cells: dict[str, str]
    ) -> Iterator[tuple[RowIdentifier, tuple[Scope, ...]]]:
        """Yield each identifier that fits the row's channels, with the scopes of its consent.

        If the purpose has no channels, every identifier fits. Raises RowError if the row has no
        identifier, or if its channels or topics are invalid.
        """
        topics = split_topics(cells.get("topics", ""))
        identifiers = list(identifiers_of(cells))
        if not identifiers:
            raise RowError("identifier_missing", "", "Add an e-mail, a phone or an address.")
        if not self.purpose.has_channel:
            for identifier in identifiers:
                coverage = RequestedScope(channels=None, purpose=self.purpose)
                yield identifier, row_scopes(coverage, identifier.kind, topics)
            return
        row_kinds = {identifier.kind for identifier in identifiers}
        channels = _fitting_channels(written, cells, row_kinds)
        for identifier in identifiers:
            of_kind = tuple(
                channel for channel in channels_of(identifier.kind) if channel in channels
            )
            if of_kind:
                coverage = RequestedScope(channels=of_kind, purpose=self.purpose)
                yield identifier, row_scopes(coverage, identifier.kind, topics)

    def _subject(self, identifier: RowIdentifier, cells: dict[str, str]) -> Subject:
        country = region_of(identifier.kind, cells, self.controller.country)
        try:
            subject = self.services.subject(
                self.controller, identifier.kind, identifier.value, country=country, consent=True
            )
        except IdentifierParseError as error:
            raise unreadable(identifier, cells, error) from None
        if subject.either_fingerprints:
            change = (
                "Write the number with + and its country code: these digits may be two numbers."
            )
            raise RowError("identifier_unreadable", identifier.column, change)
        if subject.consent_key is None:
            change = (
                "Write one person's name, with the whole first name: a consent is one person's."
            )
            raise RowError("first_name_missing", "first_name", change)
        return subject


def _fitting_channels(
    written: dict[str, str], cells: dict[str, str], kinds: set[Kind]
) -> list[Channel]:
    """Return the channels of a row for which it has an identifier.

    Raises RowError if no channel has an identifier, for missing or unknown channels, or if the row
    itself lists a channel that has none; a row that says "all" lists no channel.
    """
    channels = parse_channels(cells)
    if channels is None:
        raise unknown_channels()
    if written.get("channels") and not names_every_channel(cells):
        check_channels_fit(channels, kinds)
    fitting = [channel for channel in channels if channel.kind in kinds]
    if not fitting:
        raise RowError("identifier_missing", "channels", "No identifier fits the channels.")
    return fitting


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
