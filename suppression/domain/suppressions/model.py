"""Suppressions: a row of the list, and the change of a row by a new stop.

See docs/architecture.md#suppressions.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from suppression.domain.calendar.timestamps import is_never
from suppression.domain.errors import InvalidValueError
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.identifiers.versions import VERSION
from suppression.domain.vocabulary import Channel, EntryType, Evidence, Purpose, Reason

RecordId = NewType("RecordId", bytes)
"""16 random bytes that name the row of a stop, consent or called number, also in the ledger."""

CLOCK_TOLERANCE = timedelta(minutes=5)
_SET_ASIDE = "#"
"""A character that no source of a stop contains, neither a case's nor an import's reference."""


class Outcome(StrEnum):
    """The effect of a stop on the list. `created`: a new row, or an old one opened again.

    `already`: its row was in force. `extended`: it added fingerprints or a later end to that row.
    """

    CREATED = "created"
    ALREADY = "already"
    EXTENDED = "extended"


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """The channel, purpose and topic of a stop, consent or check.

    A channel or purpose of None, or a topic of '', means all of them, or that none applies.
    """

    channel: Channel | None
    purpose: Purpose | None
    topic: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SuppressionRequest:
    """A stop as it arrived, for one identifier and one `Scope`, with its fingerprints.

    `source` is the reference of an import or a case, else ''; `canonicalisation` is the version of
    the rules that made the match keys.
    """

    forms: tuple[Fingerprint, ...]
    scope: Scope
    reason: Reason
    evidence: Evidence
    occurred_at: datetime
    expires_at: datetime | None = None
    source: str = ""
    canonicalisation: int = VERSION

    @property
    def primary(self) -> Fingerprint:
        """The first fingerprint; with `scope`, `reason` and `source` it identifies the row."""
        return self.forms[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Suppression:
    """A row of the list: one per primary fingerprint, `scope`, `reason` and `source`.

    The list also holds rows no longer in force that another row replaced, each set aside under a
    source of its own (`source_set_aside`).
    """

    record_id: RecordId
    salt: bytes = field(repr=False)
    forms: tuple[Fingerprint, ...] = field(repr=False)
    scope: Scope
    reason: Reason
    source: str
    evidence: Evidence
    occurred_at: datetime
    last_occurred_at: datetime
    expires_at: datetime | None
    released_at: datetime | None
    canonicalisation: int = VERSION
    consents_void_until: datetime | None = None
    """Consents given and call times agreed up to this instant are void; None if no release set it.

    The instant stays when the row is opened again.
    """

    @property
    def primary(self) -> Fingerprint:
        """The first fingerprint; with `scope`, `reason` and `source` it identifies the row."""
        return self.forms[0]

    @property
    def origin(self) -> str:
        """The source with which the stop came, even if the row was set aside since."""
        return self.source.partition(_SET_ASIDE)[0]

    @property
    def source_set_aside(self) -> str:
        """The source under which the row is kept once another row takes its place."""
        return f"{self.source}{_SET_ASIDE}{self.record_id.hex()}"

    @property
    def reassigned(self) -> bool:
        """Whether it was released because the identifier is somebody else's now.

        Only such a release voids consents and agreed times up to its own time. A row whose stop is
        dated no earlier than its release counts as reassigned too, which can only deny more.
        """
        if self.released_at is None or self.consents_void_until is None:
            return False
        return self.consents_void_until >= self.released_at

    def in_force(self, now: datetime) -> bool:
        """Return whether the suppression is not released and ends, if ever, at `now` or later."""
        return self.released_at is None and (self.expires_at is None or self.expires_at >= now)


@dataclass(frozen=True, kw_only=True, slots=True)
class SuppressionChange:
    """A row after a stop, the outcome for the caller, and the type of its ledger entry or None."""

    suppression: Suppression
    outcome: Outcome
    entry: EntryType | None


def new_suppression(
    stop: SuppressionRequest, *, record_id: RecordId, salt: bytes
) -> SuppressionChange:
    """Return the change by which a stop gets a new row, with this `record_id` and `salt`."""
    row = Suppression(
        record_id=record_id,
        salt=salt,
        forms=stop.forms,
        scope=stop.scope,
        reason=stop.reason,
        source=stop.source,
        evidence=stop.evidence,
        occurred_at=stop.occurred_at,
        last_occurred_at=stop.occurred_at,
        expires_at=stop.expires_at,
        released_at=None,
        canonicalisation=stop.canonicalisation,
    )
    return SuppressionChange(suppression=row, outcome=Outcome.CREATED, entry=EntryType.STOP)


def merge_repeat(
    row: Suppression,
    stop: SuppressionRequest,
    *,
    now: datetime,
    record_id: RecordId,
    salt: bytes,
) -> SuppressionChange:
    """Return the change of a row by a repeated stop: merged if the row is in force, else reopened.

    `now` is the earlier of the machine's and the database's time. A stop that ended before `now`
    changes no row in force. An unreleased row that has ended too, and has the stop's fingerprints,
    is merged with it: the later end must stay, in case the clocks are ahead and `now` is wrong.

    Any other row that has ended or was released, and has other fingerprints than the stop, is not
    opened again, because the consents that it voided must stay void for all of its fingerprints:
    the stop gets a new row, with `record_id` and `salt`, and the caller sets the old one aside. A
    row that was released as reassigned is not opened again either: the stop is another person's.
    """
    stop_ended = stop.expires_at is not None and stop.expires_at < now
    if row.in_force(now):
        if stop_ended:
            return SuppressionChange(suppression=row, outcome=Outcome.ALREADY, entry=None)
        return _merge(row, stop)
    if stop_ended and row.released_at is None and set(stop.forms) <= set(row.forms):
        return _merge(row, stop)
    if row.reassigned or set(row.forms) != set(stop.forms):
        return new_suppression(stop, record_id=record_id, salt=salt)
    change = new_suppression(stop, record_id=row.record_id, salt=row.salt)
    again = dataclasses.replace(change.suppression, consents_void_until=row.consents_void_until)
    return dataclasses.replace(change, suppression=again)


def _merge(row: Suppression, stop: SuppressionRequest) -> SuppressionChange:
    """Return the change of a row by a stop that repeats it: the later end, all fingerprints.

    A link may reopen only rows that clicks alone closed. So once a stop arrives in any other way,
    the row takes that evidence, and the ledger gets an entry, even if no date changes. It also gets
    one for every further click on a row of clicks: the page of the first click must not undo both.
    """
    forms = row.forms + tuple(
        fingerprint for fingerprint in stop.forms if fingerprint not in row.forms
    )
    confirmed = row.evidence.is_click and not stop.evidence.is_click
    merged = dataclasses.replace(
        row,
        forms=forms,
        occurred_at=min(row.occurred_at, stop.occurred_at),
        last_occurred_at=max(row.last_occurred_at, stop.occurred_at),
        expires_at=_later_end(row.expires_at, stop.expires_at),
        canonicalisation=max(row.canonicalisation, stop.canonicalisation),
        evidence=stop.evidence if confirmed else row.evidence,
    )
    if merged.forms != row.forms or merged.expires_at != row.expires_at:
        return SuppressionChange(
            suppression=merged, outcome=Outcome.EXTENDED, entry=EntryType.EXTENDED
        )
    clicked_again = row.evidence.is_click and stop.evidence.is_click
    entry = EntryType.REPEATED if clicked_again or merged != row else None
    return SuppressionChange(suppression=merged, outcome=Outcome.ALREADY, entry=entry)


def satisfies(row: Suppression, stop: SuppressionRequest) -> bool:
    """Return whether a row has the stop's key, at least its fingerprints, and no earlier end.

    The key is the primary fingerprint, `scope`, `reason` and `source`. A row whose evidence is a
    click satisfies clicks only, because any other stop would replace that evidence. Dates of
    occurrence, and whether the row is in force, are not compared.
    """
    if row.evidence.is_click and not stop.evidence.is_click:
        return False
    if (row.primary, row.scope, row.reason, row.source) != (
        stop.primary,
        stop.scope,
        stop.reason,
        stop.source,
    ):
        return False
    as_long = _later_end(row.expires_at, stop.expires_at) == row.expires_at
    return as_long and set(stop.forms) <= set(row.forms)


def _later_end(first: datetime | None, second: datetime | None) -> datetime | None:
    """Return the later of two ends; None means no end, and is later than any date."""
    return None if first is None or second is None else max(first, second)


def check_dates(
    reason: Reason,
    occurred_at: datetime,
    expires_at: datetime | None,
    *,
    now: datetime,
) -> None:
    """Raise InvalidValueError for an `occurred_at` over 5 minutes after `now`, or an invalid end.

    An end is invalid if the reason allows none, if it is not after `occurred_at`, or if it means
    never (`is_never`).
    """
    if occurred_at > now + CLOCK_TOLERANCE:
        raise InvalidValueError.at("/occurred_at", "Send a time that is not ahead of now.")
    if expires_at is None:
        return
    if not reason.may_expire:
        detail = "Remove this: only `undeliverable` and `imported` stops may end by themselves."
        raise InvalidValueError.at("/expires_at", detail)
    if is_never(expires_at):
        detail = "Leave this out for a stop without end, or send a time before the year 9000."
        raise InvalidValueError.at("/expires_at", detail)
    if expires_at <= occurred_at:
        raise InvalidValueError.at("/expires_at", "Send a time after `occurred_at`.")


RATE_LIMITED = "rate_limited"
"""The reason for the review of a public form over the rate limit. Its stops are in force anyway."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """A request that a person has to review; `reference` is also that of its ledger entries."""

    reference: str
    why: str
    recorded_at: datetime
