"""Parse rows of a file into the stops that they request. No error message repeats a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from suppression.adapters.files.contact_file import ContactFile
from suppression.adapters.files.records import Row
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import IdentifierParseError, InvalidValueError
from suppression.domain.identifiers.fingerprints import ControllerKeys, Fingerprint
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.identifiers.partner_schemes import scheme_named
from suppression.domain.imports.model import RowFault, StagedSuppression
from suppression.domain.imports.options import ImportOptions
from suppression.domain.imports.vocabulary import REASON_OF_FLAG
from suppression.domain.suppressions.model import Scope, check_dates
from suppression.domain.vocabulary import Kind, Purpose
from suppression.usecases.imports.row_attributes import RowAttributeParser, RowAttributes
from suppression.usecases.imports.rows import (
    ALL_CHANNELS,
    DIGEST_COLUMNS,
    RowError,
    RowIdentifier,
    check_channels_fit,
    check_readable,
    identifiers_of,
    region_of,
    row_scopes,
    split_topics,
    unreadable,
)

FIRST_ROWS = 20
_MOST_KEPT = 10_000
_USED = (
    *("email", "phone", "name", "first_name", "last_name", "street", "line1", "line2", "postcode"),
    *("city", "country", "channels", "topics", "reason", "occurred_at", "created", "until"),
    *("sha256", "md5", "sha1", "scheme", *REASON_OF_FLAG),
)
"""The columns from which a stop is built."""
_NOBODY = "Add an e-mail, a phone, an address, or a digest."
_NOBODY_NAMED = "The file has no column of e-mails, phones, addresses or digests."
_MEANT_FOR = "Say for which kind the digests are: email, phone or postal."


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviewRow:
    """One of the file's first rows as parsed, for a page that shows it once; it is not stored."""

    number: int
    cells: dict[str, str] = field(repr=False)
    stops: tuple[StagedSuppression, ...]
    fault: RowFault | None


class RowParser:
    """A parser of rows into stops; it caches dates and scopes that many rows share.

    `schemes` collects the partner schemes of the rows' digests, `first_rows` the first 20 rows.
    """

    def __init__(
        self,
        keys: ControllerKeys,
        controller: Controller,
        options: ImportOptions,
        file: ContactFile,
        topics: frozenset[str],
        *,
        now: datetime,
    ) -> None:
        self.keys, self.options, self.file, self.topics = keys, options, file, topics
        self.region = options.country or controller.country
        self.attribute_parser = RowAttributeParser(
            options, controller.country, file.columns, now=now
        )
        self.schemes: set[str] = set()
        self.first_rows: tuple[PreviewRow, ...] = ()
        self._scopes: dict[tuple[object, ...], tuple[Scope, ...]] = {}

    def parse(self, rows: Sequence[Row]) -> tuple[list[StagedSuppression], list[RowFault]]:
        """Return the stops of the valid rows, and a fault for each invalid row."""
        stops: list[StagedSuppression] = []
        faults: list[RowFault] = []
        for row in rows:
            fault = None
            try:
                mine = self._stops(row)
                stops += mine
            except RowError as error:
                mine = []
                fault = error.at_row(row.number)
                faults.append(fault)
            if len(self.first_rows) < FIRST_ROWS:
                cells = {} if row.fault else self.file.column_names(row)
                first = PreviewRow(number=row.number, cells=cells, stops=tuple(mine), fault=fault)
                self.first_rows += (first,)
        return stops, faults

    def _stops(self, row: Row) -> list[StagedSuppression]:
        """Return the stops of a row. An identifier that no channel of the row takes is not parsed.

        A row without channels has the import's. Raises RowError if the row is broken or has no
        identifier that fits, or if an attribute or an identifier is invalid.
        """
        check_readable(row)
        cells = {name: cell for name, cell in self.file.column_names(row).items() if cell}
        attributes = self.attribute_parser.parse(cells)
        scheme = cells.get("scheme", self.options.scheme).partition(":")[0]
        row_identifiers = list(identifiers_of(cells, kind=self.options.kind, scheme=scheme))
        if not row_identifiers:
            raise RowError("identifier_missing", "", _NOBODY)
        if attributes.channels or self.options.channels:
            self._check_fit(attributes, row_identifiers)
        stops = []
        for row_identifier in row_identifiers:
            scopes = self._scopes_of(row_identifier.kind, attributes)
            if scopes:
                every_row, version = self._stored_rows(row_identifier, cells)
                stops += [
                    StagedSuppression(row.number, forms, scope, *attributes[:3], version)
                    for forms in every_row
                    for scope in scopes
                ]
        return stops

    def _stored_rows(
        self, row_identifier: RowIdentifier, cells: Mapping[str, str]
    ) -> tuple[tuple[tuple[Fingerprint, ...], ...], int]:
        region = region_of(row_identifier.kind, cells, self.region)
        try:
            identifier = parse_identifier(
                row_identifier.kind, row_identifier.value, region=region, partner_digests=True
            )
        except IdentifierParseError as error:
            raise unreadable(row_identifier, cells, error) from None
        subject = self.keys.subject(identifier)
        if subject.sandbox:
            change = "Leave this out: it is an address of the sandbox, of which nothing is stored."
            raise RowError("sandbox", row_identifier.column, change)
        if subject.scheme != "plain":
            self.schemes.add(subject.scheme)
        whole = self.options.whole_address and row_identifier.kind is Kind.POSTAL
        return subject.stored_rows(whole_address=whole), subject.canonicalisation

    def _check_fit(self, attributes: RowAttributes, row_identifiers: list[RowIdentifier]) -> None:
        """Raise RowError if the row lists a channel for which it has no identifier.

        If it names all channels, nothing is checked. If it names none, at least one of the import's
        channels needs an identifier. A reason that covers everything, or a purpose without
        channels, needs no channel to fit.
        """
        if attributes.reason.covers_everything or not self.options.purpose.has_channel:
            return
        kinds = {row_identifier.kind for row_identifier in row_identifiers}
        if attributes.channels is None:
            channels = self.options.channels or ALL_CHANNELS
            if not any(channel.kind in kinds for channel in channels):
                raise RowError("identifier_missing", "", "No identifier fits the channels.")
        elif attributes.channels != ALL_CHANNELS:
            check_channels_fit(attributes.channels, kinds)

    def _scopes_of(self, kind: Kind, attributes: RowAttributes) -> tuple[Scope, ...]:
        key = (kind, attributes.channels, attributes.topics, attributes.reason.covers_everything)
        known = self._scopes.get(key)
        if known is None:
            if len(self._scopes) >= _MOST_KEPT:
                self._scopes.clear()
            known = self._scopes[key] = self._parse_scopes(kind, attributes)
        return known

    def _parse_scopes(self, kind: Kind, attributes: RowAttributes) -> tuple[Scope, ...]:
        if attributes.reason.covers_everything:
            return (Scope(channel=None, purpose=None),)
        named = split_topics(attributes.topics)
        if set(named) - self.topics:
            raise RowError("topic_unknown", "topics", "Name topics of this controller.")
        coverage = self.options.coverage(attributes.channels, kind)
        if coverage is None:
            return ()
        return row_scopes(coverage, kind, named)


def validate_options(options: ImportOptions, topics: frozenset[str], *, now: datetime) -> None:
    """Raise InvalidValueError for an invalid option, or for options that contradict each other.

    The error points at an option. `topics` are the slugs of the controller's topics.
    """
    if options.purpose is Purpose.SERVICE:
        raise InvalidValueError.at(
            "/purpose", "Service messages cannot be stopped; use `marketing`."
        )
    if not options.purpose.has_channel and (options.channels or options.topic):
        raise InvalidValueError.at(
            "/channels", f"Remove this: `{options.purpose}` concerns a kind."
        )
    if options.topic and options.topic not in topics:
        raise InvalidValueError.at("/topic", "This controller has no topic of this name.")
    occurred_at = options.occurred_at.latest(now) if options.occurred_at else now
    check_dates(options.reason, occurred_at, options.expires_at, now=now)
    if options.kind is not None:
        try:
            scheme_named(options.scheme, options.kind)
        except IdentifierParseError as error:
            raise InvalidValueError.at("/scheme", error.detail) from None


def validate_columns(file: ContactFile, options: ImportOptions) -> None:
    """Raise InvalidValueError for ambiguous columns, or if no column has an identifier.

    Columns of digests need `options.kind`. A JSON file is not checked: each of its lines has its
    own names.
    """
    file.refuse_ambiguous(*_USED)
    if file.is_json:
        return  # each JSON line has its own columns
    columns = set(file.columns)
    digests = columns & DIGEST_COLUMNS.keys()
    if digests and options.kind is None:
        raise InvalidValueError(_MEANT_FOR, code="digests_of_what")
    if not digests and not columns & {"email", "phone", "street", "line1"}:
        raise InvalidValueError(_NOBODY_NAMED, code="nobody_named")
