"""Parse a row's attributes besides its identifiers: reason, dates, channels and topics.

Dates are cached, because many rows share them. No error message repeats a cell.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from suppression.adapters.files.column_names import normalize_words
from suppression.domain.calendar.date_parsing import DateRange, is_unix_timestamp, parse_date_range
from suppression.domain.calendar.timestamps import TICK, is_never
from suppression.domain.imports.options import ImportOptions
from suppression.domain.imports.vocabulary import REASON_OF_FLAG, REASON_OF_WORD, WORDS_FOR_NO
from suppression.domain.suppressions.model import CLOCK_TOLERANCE
from suppression.domain.vocabulary import Channel, Reason
from suppression.usecases.imports.rows import DATE_FORMATS, RowError, parse_channels

_COLUMNS = frozenset(
    {"reason", "occurred_at", "created", "until", "channels", "topics", *REASON_OF_FLAG}
)
_MOST_KEPT = 10_000


class RowAttributes(NamedTuple):
    """The attributes of a row. `channels` is None if the row names no channel.

    `expires_at` is None for no end. `topics` is the text of the row's cell, or the import's topic,
    in lower case.
    """

    reason: Reason
    occurred_at: datetime
    expires_at: datetime | None
    channels: tuple[Channel, ...] | None
    topics: str


class RowAttributeParser:
    """A parser of the attributes of rows; import options supply what rows lack, except channels.

    Dates are read as written in `country`, the controller's. `columns`: our names of the file's
    columns. `now`: the date of rows for which neither file nor options state one.
    """

    def __init__(
        self, options: ImportOptions, country: str, columns: Collection[str], *, now: datetime
    ) -> None:
        self.options, self.country, self.now = options, country, now
        self._dates: dict[tuple[str, str], DateRange] = {}
        self._always: RowAttributes | None = None
        if not _COLUMNS & set(columns):
            self._always = self.parse({})

    def parse(self, cells: Mapping[str, str]) -> RowAttributes:
        """Return the attributes of a row with these cells. Raises RowError if one is invalid."""
        if self._always:
            return self._always
        reason = self._reason(cells)
        expires_at = self._expires_at(cells, reason)
        return RowAttributes(
            reason,
            self._occurred_at(cells, expires_at),
            expires_at,
            parse_channels(cells),
            cells.get("topics", self.options.topic).lower(),
        )

    def _reason(self, cells: Mapping[str, str]) -> Reason:
        """Return the reason that the row states in words or by a flag; else the import's reason.

        A flagged complaint, which no consent overrides, wins over a word, unless the word's reason
        covers everything; a flagged unsubscription wins over a reason that may end.
        """
        word = REASON_OF_WORD.get(normalize_words(cells.get("reason", "")))
        flagged = [
            REASON_OF_FLAG[column]
            for column in REASON_OF_FLAG
            if normalize_words(cells.get(column, "")) not in WORDS_FOR_NO
        ]
        hidden = {Reason.COMPLAINT, *([Reason.UNSUBSCRIBE] if word and word.may_expire else [])}
        if word and (word.covers_everything or hidden.isdisjoint(flagged)):
            return word
        return next(iter(flagged), self.options.reason)

    def _occurred_at(self, cells: Mapping[str, str], expires_at: datetime | None) -> datetime:
        """Return the latest time that the row's date may mean, up to now and before the stop's end.

        A date up to 5 minutes ahead gives the first time that it may mean. If a stop is dated too
        early, a consent given before the person said stop would override it. Raises RowError for a
        date that is unreadable or over 5 minutes ahead, or an end that is not after the date.
        """
        if "occurred_at" in cells:
            meant = self._meant("occurred_at", cells["occurred_at"])
        elif is_unix_timestamp(cells.get("created", "")):
            meant = self._meant("created", cells["created"])
        else:
            meant = self.options.occurred_at or DateRange(self.now, self.now)
        if meant.first > self.now + CLOCK_TOLERANCE:
            raise RowError("date_ahead", "occurred_at", "Write a date that is not to come.")
        latest = meant.latest(self.now)
        if expires_at is None:
            return latest
        if expires_at <= meant.first:
            raise RowError("end_impossible", "until", "Write a date after that of the stop.")
        return min(latest, expires_at - TICK)

    def _expires_at(self, cells: Mapping[str, str], reason: Reason) -> datetime | None:
        if "until" not in cells:
            return self.options.expires_at if reason.may_expire else None
        end = self._meant("until", cells["until"]).end
        if is_never(end):
            return None  # many systems write 31/12/9999 for "no end"
        if not reason.may_expire:
            change = "Remove this: only `undeliverable` and `imported` stops end by themselves."
            raise RowError("end_impossible", "until", change)
        return end

    def _meant(self, column: str, text: str) -> DateRange:
        known = self._dates.get((column, text))
        if known is not None:
            return known
        try:
            meant = parse_date_range(text, self.country)
        except ValueError:
            raise RowError("date_impossible", column, DATE_FORMATS) from None
        if len(self._dates) >= _MOST_KEPT:
            self._dates.clear()
        self._dates[column, text] = meant
        return meant
