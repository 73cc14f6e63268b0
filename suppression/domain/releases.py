"""Releases: which rows a release takes, and what stays in force.

See docs/architecture.md#suppressions.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime

from suppression.domain.fingerprints import Fingerprint, Subject
from suppression.domain.moments import rfc3339
from suppression.domain.standing import StandingStop, applies
from suppression.domain.suppressions import Extent, Suppression
from suppression.domain.vocabulary import (
    Channel,
    Kind,
    Purpose,
    Reason,
    ReleaseWhy,
    channels_of,
)

_LOOK_LENGTH = 32


def is_released(
    row: Suppression,
    subject: Subject,
    extents: Collection[Extent],
    reasons: Collection[Reason],
    *,
    named: frozenset[Fingerprint],
    now: datetime,
) -> bool:
    """Whether a release of exactly these extents takes this row.

    `named` is what all the identifiers of the request own: several people may together lift what
    was said for all of them.

    Objections, complaints, restrictions and deaths only if they are named; the row of a whole
    address never where a name is given.
    """
    if not row.in_force(now) or row.extent not in extents:
        return False
    if not _is_of(row, subject, named):
        return False
    return row.reason in reasons if reasons else not row.reason.must_be_named_to_release


def _is_of(row: Suppression, subject: Subject, named: frozenset[Fingerprint]) -> bool:
    """Whether a row is this subject's own, and nobody else's too.

    A couple's row names two people, a household's everyone of a name, a whole address everybody:
    none of them alone may lift it for the others.
    """
    if row.primary in subject.whole_address:
        return not subject.named
    if subject.own.isdisjoint(row.forms):
        return False
    return subject.kind is not Kind.POSTAL or named.issuperset(row.forms)


def lifted(row: Suppression, *, at: datetime, why: ReleaseWhy | None) -> Suppression:
    """The row once it is lifted.

    Consents and agreed times no newer than the stop count no more, under whatever writing they
    are kept; a stop that was a mistake leaves them as they were.
    """
    void_until = row.consents_void_until
    if why is not ReleaseWhy.MISTAKE:
        void_until = max(row.last_occurred_at, void_until or row.last_occurred_at)
    return dataclasses.replace(row, released_at=at, consents_void_until=void_until)


def look_of(rows: Iterable[Suppression]) -> str:
    """How these rows stand, as a short text: another one once any of them was said again.

    A page that shows them sends it back, so that nothing is lifted that it had not shown.
    """
    told = [
        f"{row.record_id.hex()} {rfc3339(row.last_occurred_at)} {len(row.forms)}"
        f" {rfc3339(row.expires_at) if row.expires_at else ''}"
        for row in rows
    ]
    return hashlib.sha256("\n".join(sorted(told)).encode()).hexdigest()[:_LOOK_LENGTH]


def still_denies(row: Suppression, extents: Collection[Extent], *, now: datetime) -> bool:
    """Whether a row denies a check of any of these extents."""
    stop = as_standing(row)
    return row.in_force(now) and any(applies(stop, extent) for extent in extents)


def as_standing(row: Suppression) -> StandingStop:
    """A row as a decision sees it while it is not released."""
    return StandingStop(
        extent=row.extent,
        reason=row.reason,
        since=row.occurred_at,
        last_occurred_at=row.last_occurred_at,
        expires_at=row.expires_at,
    )


def checked_extents(subject: Subject, extents: Collection[Extent]) -> list[Extent]:
    """The extents whose checks a release is about; those of everything become all there are."""
    if any(extent.purpose is not None for extent in extents):
        return list(extents)
    channels: tuple[Channel, ...] = channels_of(subject.kind)
    return [Extent(channel=channel, purpose=Purpose.MARKETING) for channel in channels] + [
        Extent(channel=None, purpose=purpose) for purpose in Purpose if not purpose.has_channel
    ]


def as_voiding(row: Suppression) -> StandingStop | None:
    """A row as what lets older consents and agreed times count no more; None where it does not."""
    if row.consents_void_until is None:
        return None
    return dataclasses.replace(as_standing(row), last_occurred_at=row.consents_void_until)
