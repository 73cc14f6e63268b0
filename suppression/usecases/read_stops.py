"""From a row of a file to the stops that it asks for. No complaint repeats a cell."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from suppression.adapters.contact_columns import plain
from suppression.adapters.contact_files import ContactFile
from suppression.adapters.file_rows import Row
from suppression.domain.controllers import Controller
from suppression.domain.errors import Fault, InvalidValueError, UnreadableIdentifierError
from suppression.domain.extents import extents_of_one
from suppression.domain.fingerprints import Fingerprint
from suppression.domain.identifiers.schemes import scheme_named
from suppression.domain.import_terms import ImportTerms
from suppression.domain.import_words import REASON_OF_WORD
from suppression.domain.imports import RowFault, StagedStop
from suppression.domain.places import zone_of_country
from suppression.domain.suppressions import CLOCK_TOLERANCE, Extent, check_dates
from suppression.domain.vocabulary import Channel, Kind, Purpose, Reason
from suppression.domain.written_channels import CHANNEL_OF_WORD, EVERY_CHANNEL
from suppression.domain.written_dates import written_moment
from suppression.usecases.row_identifiers import (
    DIGEST_COLUMNS,
    IDENTIFIER_COLUMN,
    Found,
    country_of,
    identifiers_of,
)
from suppression.usecases.services import Services

FIRST_ROWS = 20
_EARLIEST_ZONE = "Etc/GMT-14"
_DATE = "Write a date like 2025-12-31, 31/12/2025 or 31/12/2025 14:30."
_WITH_TIME = re.compile(r"[0-9][:h][0-9]")
_ALL = tuple(Channel)
_MOST_KEPT = 10_000
_USED = (
    *("email", "phone", "name", "first_name", "last_name", "street", "line1", "line2", "postcode"),
    *("city", "country", "channels", "topics", "reason", "occurred_at", "until"),
    *("sha256", "md5", "sha1", "scheme"),
)
"""The columns of which a stop is made."""
_MEND = "Mend the quotes, and quote cells that hold a delimiter."
_MEANT_FOR = "Say for which kind the digests are: email, phone or postal."


class StopRowError(Exception):
    """A row of which nothing is taken: our name of a column, a code, and what to change."""

    def __init__(self, reason: str, column: str, change: str) -> None:
        """None of them holds what stands in the row."""
        super().__init__(reason)
        self.reason, self.column, self.change = reason, column, change


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstRow:
    """One of the first rows as it was understood, for the page that shows it and forgets it."""

    number: int
    cells: dict[str, str] = field(repr=False)
    stops: tuple[StagedStop, ...]
    fault: RowFault | None


class StopReader:
    """Reads rows. What many rows say alike (dates, words, channels) is understood once."""

    def __init__(
        self,
        services: Services,
        controller: Controller,
        terms: ImportTerms,
        file: ContactFile,
        topics: frozenset[str],
        *,
        now: datetime,
    ) -> None:
        self.services, self.terms, self.file = services, terms, file
        self.controller = dataclasses.replace(controller, schemes=())  # they are asked, not written
        self.topics, self.now = topics, now
        self.zone = zone_of_country(controller.country, otherwise=_EARLIEST_ZONE)
        self.schemes: set[str] = set()
        self.first_rows: tuple[FirstRow, ...] = ()
        self._dates: dict[tuple[str, str], datetime] = {}
        self._extents: dict[tuple[object, ...], tuple[Extent, ...]] = {}

    def read(self, rows: Sequence[Row]) -> tuple[list[StagedStop], list[RowFault]]:
        """The stops of these rows, and the rows of which none could be taken."""
        stops: list[StagedStop] = []
        faults: list[RowFault] = []
        for row in rows:
            fault = None
            try:
                mine = self._stops(row)
                stops += mine
            except StopRowError as error:
                mine = []
                fault = RowFault(row.number, error.column, error.reason, error.change)
                faults.append(fault)
            if len(self.first_rows) < FIRST_ROWS:
                cells = {} if row.fault else self.file.named(row)
                first = FirstRow(number=row.number, cells=cells, stops=tuple(mine), fault=fault)
                self.first_rows += (first,)
        return stops, faults

    def _stops(self, row: Row) -> list[StagedStop]:
        """The stops of a row; StopRowError if any of it cannot be taken."""
        if row.fault:
            raise StopRowError(row.fault, "", _MEND)
        number = row.number
        cells = {name: cell for name, cell in self.file.named(row).items() if cell}
        reason = self._reason(cells)
        occurred_at = self._occurred_at(cells)
        expires_at = self._expires_at(cells, reason, occurred_at)
        found = list(identifiers_of(cells, kind=self.terms.kind, scheme=self._scheme(cells)))
        if not found:
            raise StopRowError(
                "identifier_missing", "", "Add an e-mail, a phone, an address, or a digest."
            )
        channels = _channels(cells)
        self._check_fit(channels, found, reason)
        return [
            StagedStop(number, forms, extent, reason, occurred_at, expires_at, version)
            for one in found
            for extents in (self._extents_of(one.kind, channels, cells, reason),)
            if extents
            for forms, version in (self._forms(one, cells),)
            for extent in extents
        ]

    def _forms(self, one: Found, cells: Mapping[str, str]) -> tuple[tuple[Fingerprint, ...], int]:
        try:
            subject = self.services.subject(
                self.controller,
                one.kind,
                one.value,
                country=country_of(cells) or self.terms.country or None,
                partner_digests=True,
            )
        except UnreadableIdentifierError as error:
            raise StopRowError("identifier_unreadable", one.column, error.detail) from None
        if subject.sandbox:
            change = "Leave this out: it is an address of the sandbox, of which nothing is stored."
            raise StopRowError("sandbox", one.column, change)
        if subject.scheme != "plain":
            self.schemes.add(subject.scheme)
        whole = self.terms.whole_address and one.kind is Kind.POSTAL
        return subject.written(whole_address=whole), subject.canonicalisation

    def _scheme(self, cells: Mapping[str, str]) -> str:
        return cells.get("scheme", self.terms.scheme).partition(":")[0]

    def _reason(self, cells: Mapping[str, str]) -> Reason:
        """What the row says, in words that we know; else what holds for all rows."""
        if "reason" not in cells:
            return self.terms.reason
        return REASON_OF_WORD.get(plain(cells["reason"]), self.terms.reason)

    def _occurred_at(self, cells: Mapping[str, str]) -> datetime:
        if "occurred_at" not in cells:
            return self.terms.occurred_at or self.now
        moment = self._moment("occurred_at", cells["occurred_at"])
        if moment > self.now + CLOCK_TOLERANCE:
            raise StopRowError("date_ahead", "occurred_at", "Write a date that is not to come.")
        return moment

    def _expires_at(
        self, cells: Mapping[str, str], reason: Reason, occurred_at: datetime
    ) -> datetime | None:
        if "until" not in cells:
            return self.terms.expires_at if reason.may_expire else None
        if not reason.may_expire:
            change = "Remove this: only `undeliverable` and `imported` stops end by themselves."
            raise StopRowError("end_impossible", "until", change)
        moment = self._moment("until", cells["until"])
        if not _WITH_TIME.search(cells["until"]):
            moment += timedelta(days=1)  # a day without a time holds to its last moment
        if moment <= occurred_at:
            raise StopRowError("end_impossible", "until", "Write a date after that of the stop.")
        return moment

    def _moment(self, column: str, text: str) -> datetime:
        known = self._dates.get((column, text))
        if known is not None:
            return known
        try:
            moment = written_moment(text, self.zone)
        except ValueError:
            raise StopRowError("date_impossible", column, _DATE) from None
        if len(self._dates) >= _MOST_KEPT:
            self._dates.clear()
        self._dates[column, text] = moment
        return moment

    def _check_fit(
        self, channels: tuple[Channel, ...] | None, found: list[Found], reason: Reason
    ) -> None:
        """A channel that the row itself names needs its identifier."""
        if reason.covers_everything or not self.terms.purpose.has_channel or channels == _ALL:
            return
        kinds = {one.kind for one in found}
        for channel in channels or ():
            if channel.kind not in kinds:
                column = IDENTIFIER_COLUMN[channel.kind]
                raise StopRowError("identifier_missing", column, f"Channel {channel} needs this.")
        asked = self.terms.channels if channels is None else None
        if asked and not any(channel.kind in kinds for channel in asked):
            raise StopRowError("identifier_missing", "", "No identifier fits the channels.")

    def _extents_of(
        self,
        kind: Kind,
        channels: tuple[Channel, ...] | None,
        cells: Mapping[str, str],
        reason: Reason,
    ) -> tuple[Extent, ...]:
        topics = cells.get("topics", self.terms.topic)
        key = (kind, channels, topics, reason.covers_everything)
        known = self._extents.get(key)
        if known is None:
            if len(self._extents) >= _MOST_KEPT:
                self._extents.clear()
            known = self._extents[key] = self._understood(kind, channels, topics, reason)
        return known

    def _understood(
        self, kind: Kind, channels: tuple[Channel, ...] | None, topics: str, reason: Reason
    ) -> tuple[Extent, ...]:
        if reason.covers_everything:
            return (Extent(channel=None, purpose=None),)
        named = [one for one in re.split(r"[\s,;|]+", topics) if one]
        if set(named) - self.topics:
            raise StopRowError("topic_unknown", "topics", "Name topics of this controller.")
        coverage = self.terms.coverage(channels, kind)
        if coverage is None:
            return ()
        try:
            return extents_of_one(coverage, kind, named)
        except InvalidValueError as error:
            raise StopRowError("topic_unknown", "topics", error.faults[0].detail) from None


def _channels(cells: Mapping[str, str]) -> tuple[Channel, ...] | None:
    """The channels that a row itself names; None where it names none, or all."""
    written = cells.get("channels", "")
    if not written:
        return None
    if plain(written) in EVERY_CHANNEL:
        return _ALL
    words = [plain(one) for one in re.split(r"[,;|+/]", written) if one.strip()]
    if not words or not set(words) <= CHANNEL_OF_WORD.keys():
        change = "Name channels, like email, sms, telephone, post; or all."
        raise StopRowError("channels_unknown", "channels", change)
    return tuple(CHANNEL_OF_WORD[one] for one in words)


def check_terms(terms: ImportTerms, topics: frozenset[str], *, now: datetime) -> None:
    """InvalidValueError for terms that cannot hold for any row, by the name of the option."""
    if terms.purpose is Purpose.SERVICE:
        raise _invalid("/purpose", "Service messages cannot be stopped; use `marketing`.")
    if not terms.purpose.has_channel and (terms.channels or terms.topic):
        raise _invalid("/channels", f"Remove this: `{terms.purpose}` concerns a kind.")
    if terms.topic and terms.topic not in topics:
        raise _invalid("/topic", "This controller has no topic of this name.")
    check_dates(terms.reason, terms.occurred_at or now, terms.expires_at, now=now)
    if terms.kind is not None:
        try:
            scheme_named(terms.scheme, terms.kind)
        except UnreadableIdentifierError as error:
            raise _invalid("/scheme", error.detail) from None


def _invalid(pointer: str, detail: str) -> InvalidValueError:
    return InvalidValueError(faults=(Fault(pointer=pointer, detail=detail),))


def check_columns(file: ContactFile, terms: ImportTerms) -> None:
    """InvalidValueError for a file of which no row could be taken, before anything is staged."""
    file.refuse_ambiguous(*_USED)
    if file.is_json:
        return  # each line names its own
    found = set(file.columns)
    digests = found & DIGEST_COLUMNS.keys()
    if digests and terms.kind is None:
        raise InvalidValueError(_MEANT_FOR)
    if not digests and not found & {"email", "phone", "street", "line1"}:
        raise InvalidValueError("The file has no column of e-mails, phones, addresses or digests.")
