"""What a row of a file says beside whom it names: why, since when, until when, on which channels.

What many rows say alike is understood once. No complaint repeats a cell.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from suppression.adapters.contact_columns import plain
from suppression.domain.import_terms import ImportTerms
from suppression.domain.import_words import REASON_OF_WORD
from suppression.domain.places import zone_of_country
from suppression.domain.suppressions import CLOCK_TOLERANCE
from suppression.domain.vocabulary import Channel, Reason
from suppression.domain.written_channels import CHANNEL_OF_WORD, EVERY_CHANNEL
from suppression.domain.written_dates import written_moment

ALL_CHANNELS = tuple(Channel)
_COLUMNS = frozenset({"reason", "occurred_at", "until", "channels", "topics"})
_EARLIEST_ZONE = "Etc/GMT-14"
_DATE = "Write a date like 2025-12-31, 31/12/2025 or 31/12/2025 14:30."
_WITH_TIME = re.compile(r"[0-9][:h][0-9]")
_MOST_KEPT = 10_000


class StopRowError(Exception):
    """A row of which nothing is taken: our name of a column, a code, and what to change."""

    def __init__(self, reason: str, column: str, change: str) -> None:
        """None of them holds what stands in the row."""
        super().__init__(reason)
        self.reason, self.column, self.change = reason, column, change


class Said(NamedTuple):
    """What a row says. `channels` is None where it names none."""

    reason: Reason
    occurred_at: datetime
    expires_at: datetime | None
    channels: tuple[Channel, ...] | None
    topics: str


class SayingReader:
    """Reads what rows say; the terms of the import stand in for what they do not."""

    def __init__(
        self, terms: ImportTerms, country: str, columns: Collection[str], *, now: datetime
    ) -> None:
        self.terms, self.now = terms, now
        self.zone = zone_of_country(country, otherwise=_EARLIEST_ZONE)
        self._dates: dict[tuple[str, str], datetime] = {}
        self._always = None if _COLUMNS & set(columns) else self._read({})

    def read(self, cells: Mapping[str, str]) -> Said:
        """What a row with these cells says; StopRowError if it cannot be."""
        return self._always or self._read(cells)

    def _read(self, cells: Mapping[str, str]) -> Said:
        reason = self._reason(cells)
        occurred_at = self._occurred_at(cells)
        return Said(
            reason,
            occurred_at,
            self._expires_at(cells, reason, occurred_at),
            _channels(cells),
            cells.get("topics", self.terms.topic).lower(),
        )

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
            moment = self.terms.expires_at if reason.may_expire else None
        else:
            moment = self._written_end(cells["until"], reason)
        if moment is not None and moment <= occurred_at:
            raise StopRowError("end_impossible", "until", "Write a date after that of the stop.")
        return moment

    def _written_end(self, text: str, reason: Reason) -> datetime:
        if not reason.may_expire:
            change = "Remove this: only `undeliverable` and `imported` stops end by themselves."
            raise StopRowError("end_impossible", "until", change)
        moment = self._moment("until", text)
        if _WITH_TIME.search(text):
            return moment
        return moment + timedelta(days=1)  # a day without a time holds to its last moment

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


def _channels(cells: Mapping[str, str]) -> tuple[Channel, ...] | None:
    """The channels that a row itself names; None where it names none, or all."""
    written = cells.get("channels", "")
    if not written:
        return None
    if plain(written) in EVERY_CHANNEL:
        return ALL_CHANNELS
    words = [plain(one) for one in re.split(r"[,;|+/]", written) if one.strip()]
    if not words or not set(words) <= CHANNEL_OF_WORD.keys():
        change = "Name channels, like email, sms, telephone, post; or all."
        raise StopRowError("channels_unknown", "channels", change)
    return tuple(CHANNEL_OF_WORD[one] for one in words)
