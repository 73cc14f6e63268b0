"""Releases: the rows that a release ends, and the rows that stay in force.

See docs/architecture.md#suppressions.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta

from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.suppressions.active import ActiveSuppression, applies
from suppression.domain.suppressions.model import Scope, Suppression
from suppression.domain.suppressions.named import names_among
from suppression.domain.vocabulary import (
    Channel,
    Evidence,
    Kind,
    Purpose,
    Reason,
    ReleaseWhy,
    channels_of,
)

_DESCRIPTION_LENGTH = 32
_FARTHEST_AHEAD = timedelta(days=1)
"""How far the database's clock may have been ahead: see docs/decisions/0060-whose-clock.md."""


def is_released(
    row: Suppression,
    subject: Subject,
    scopes: Collection[Scope],
    reasons: Collection[Reason],
    *,
    together: Iterable[Subject],
    now: datetime,
) -> bool:
    """Return whether a release of exactly these scopes ends this row.

    `together` are all identifiers of the request: several people together may release a stop that
    was recorded for all of them. With `reasons`, only rows with one of these end; without, none
    with an objection, complaint, restriction or death, and none of a mail domain. A subject with a
    name releases no row of a whole address.
    """
    if not row.in_force(now) or row.scope not in scopes:
        return False
    if not belongs_to(row, subject, together):
        return False
    return row.reason in reasons if reasons else not row.reason.must_be_named_to_release


def belongs_to(row: Suppression, subject: Subject, together: Iterable[Subject]) -> bool:
    """Return whether a row belongs to this subject and to nobody outside the request.

    `together` are all identifiers of the request. A row may be for a couple, for everyone with a
    surname, or for everybody at an address: none of these people may release it alone. A row of
    digits that may be two numbers belongs to these digits alone, and they own no row of either
    number. The likeliest reading of a name always counts, a less likely one only in a row that has
    all readings (`names_among`): no stop of Marie Dupont belongs to `M.Jean Dupont`, but one of
    `MARTIN PAUL` belongs to `Paul Martin`, which has the same readings. An address without a name
    owns no row of a person, even if its first line may be a person's name (`VILLA Jean`). The match
    keys of an e-mail address are spellings of one mailbox: one in common is enough.
    """
    if row.primary in subject.whole_address:
        return not subject.named and row.primary in subject.own_whole_address
    named = names_among(subject, row.forms)
    if not subject.named or named.isdisjoint(row.forms):
        return False
    if subject.kind is Kind.EMAIL:
        return True
    either = subject.either_fingerprints
    if not named.issuperset(row.forms):  # a row of several people, who may all be named together
        named = named.union(*(names_among(other, row.forms) for other in together))
    return named.issuperset(row.forms) and not (either and either.isdisjoint(row.forms))


def lifted(row: Suppression, *, at: datetime, why: ReleaseWhy | None) -> Suppression:
    """Return the row as released at `at`; `why` decides its `consents_void_until`.

    Consents and agreed times up to `consents_void_until` no longer count, in whatever spelling
    they are stored. It becomes the `last_date` of the row, or `at` if `why` is `reassigned` and
    `at` is later, because the identifier is now somebody else's. For a mistake it is unchanged.
    """
    until = as_released(row, at=at, why=why).last_occurred_at
    void_until = row.consents_void_until if why is ReleaseWhy.MISTAKE else until
    return dataclasses.replace(row, released_at=at, consents_void_until=void_until)


def as_released(row: Suppression, *, at: datetime, why: ReleaseWhy | None) -> ActiveSuppression:
    """Return the stop that voids consents and agreed times once a row is released at `at`.

    It voids those up to its `last_occurred_at`. The result is the same for a mistake, whose release
    voids nothing: the caller must not use it then.
    """
    reassigned = why is ReleaseWhy.REASSIGNED
    until = max(at, last_date(row)) if reassigned else last_date(row)
    return dataclasses.replace(as_active(row), last_occurred_at=until, reassigned=reassigned)


def last_date(row: Suppression) -> datetime:
    """Return the later of a row's `last_occurred_at` and `consents_void_until`.

    The first may be the earlier one in a row that was released and opened again by an older stop.
    """
    return max(row.last_occurred_at, row.consents_void_until or row.last_occurred_at)


def describe_suppression(rows: Iterable[Suppression]) -> str:
    """Return a digest (32 hexadecimal digits) of rows: ids, dates, ends, numbers of fingerprints.

    A page that shows the rows sends the digest back, so that nothing is released that the page did
    not show.
    """
    descriptions = [
        f"{row.record_id.hex()} {to_rfc3339(row.occurred_at)} {to_rfc3339(row.last_occurred_at)}"
        f" {len(row.forms)}"
        f" {to_rfc3339(row.expires_at) if row.expires_at else ''}"
        for row in rows
    ]
    return hashlib.sha256("\n".join(sorted(descriptions)).encode()).hexdigest()[
        :_DESCRIPTION_LENGTH
    ]


def still_denies(row: Suppression, scopes: Collection[Scope], *, now: datetime) -> bool:
    """Return whether a row denies a check of any of these scopes at `now`, regardless of consents.

    On e-mail a newer consent may override the row, so that the check is allowed all the same.
    """
    stop = as_active(row)
    return row.in_force(now) and any(applies(stop, scope) for scope in scopes)


def as_active(row: Suppression) -> ActiveSuppression:
    """Return the dates, reason and `Scope` of a row, released or not, as decisions use them."""
    return ActiveSuppression(
        scope=row.scope,
        reason=row.reason,
        since=row.occurred_at,
        last_occurred_at=row.last_occurred_at,
        expires_at=row.expires_at,
    )


def affected_scopes(subject: Subject, scopes: Collection[Scope]) -> list[Scope]:
    """Return the scopes whose checks a release of `scopes` affects.

    They are `scopes` themselves, unless these have no purpose. A scope without purpose is a stop on
    everything: its release affects marketing on each channel of the subject's kind, profiling and
    sharing; the result leaves the purpose `service` out.
    """
    if any(scope.purpose is not None for scope in scopes):
        return list(scopes)
    channels: tuple[Channel, ...] = channels_of(subject.kind)
    return [Scope(channel=channel, purpose=Purpose.MARKETING) for channel in channels] + [
        Scope(channel=None, purpose=purpose) for purpose in Purpose if not purpose.has_channel
    ]


def as_voiding(row: Suppression) -> ActiveSuppression | None:
    """Return the row as a stop that voids consents and agreed times up to its `last_occurred_at`.

    Return None for a row that voids none: it was never released, or only as a mistake.
    """
    if row.consents_void_until is None:
        return None
    return dataclasses.replace(
        as_active(row), last_occurred_at=row.consents_void_until, reassigned=row.reassigned
    )


def may_be_former_holders(day: date, rows: Iterable[Suppression]) -> bool:
    """Return whether a link or click of a `day` (UTC) may be an identifier's former holder's.

    It may if one of the identifier's `rows` was released as reassigned on that day or later, or on
    the day before it, because the database's clock may have been up to a day ahead on `day`, and
    set back before the release.
    """
    return any(
        row.reassigned
        and row.consents_void_until is not None
        and day <= row.consents_void_until.astimezone(UTC).date() + _FARTHEST_AHEAD
        for row in rows
    )


def may_tell_wrong_person(row: Suppression) -> bool:
    """Return whether a call to a wrong person may have stored a row.

    True for an undeliverable stop on calls that came by the API: the row does not show whether a
    caller sent it as a stop, or as the outcome `wrong_person` of a call.
    """
    by_telephone = row.scope.channel is Channel.TELEPHONE
    return by_telephone and row.reason is Reason.UNDELIVERABLE and row.evidence is Evidence.API
