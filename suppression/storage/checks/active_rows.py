"""Load the suppressions, consents and call events that checks decide on, by fingerprint."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import zip_longest

from suppression.domain.checks.requests import CheckRequest
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.suppressions.active import ActiveConsent, ActiveSuppression
from suppression.domain.suppressions.model import Scope
from suppression.storage.checks.answer_marks import new_mark, require_mark
from suppression.storage.checks.snapshots import one_snapshot
from suppression.storage.checks.state import CallEvent, StateLookup
from suppression.storage.checks.statements import (
    CALLER_ROW,
    CLOCK_ROW,
    array_query,
    list_query,
)
from suppression.storage.controllers.callers import caller_of
from suppression.storage.engine import enum_codes as codes
from suppression.storage.engine.column_types import to_datetime, uuid_array
from suppression.storage.engine.prepared_statements import Row, Source, execute, stated_time

_CHUNK = {"sqlite": 500, "postgresql": 50_000}
_STOP, _LIFTED, _REASSIGNED, _CONSENT = "stop", "lifted", "reassigned", "consent"
_EVENTS = {code: event for event, code in codes.CONTACT_EVENT.codes}


def look_up_state(
    source: Source,
    checks: Iterable[CheckRequest],
    *,
    call_history_span: timedelta | None,
    now: datetime | None = None,
    lookup_fingerprints: Iterable[Fingerprint] = (),
    consent_fingerprints: Iterable[Fingerprint] = (),
) -> StateLookup:
    """Load the state of all these checks, in as few SQL statements as possible.

    A statement takes at most 50,000 fingerprints of suppressions and as many of consents, on SQLite
    500. All statements share a snapshot, except on PostgreSQL those in the caller's transaction.
    `lookup_fingerprints` and `consent_fingerprints` are further ones to load. Expired rows are
    loaded too: the decision leaves them out. Call events are loaded back to `call_history_span`
    before the earlier of `now` (by this machine's clock) and the database's time; with a span of
    None, none are loaded. With a span, raise LookupError if SQLite's engine has no substitute
    clock. Raise DatabaseUnavailableError if the rows answer another statement, and the errors of
    `execute`.
    """
    lookups, consenting = set(lookup_fingerprints), set(consent_fingerprints)
    for check in checks:
        lookups.update(check.subject.lookup_fingerprints)
        consenting.update(check.subject.consent_fingerprints)
    state_lookup = StateLookup(clock=stated_time(source))
    size = _CHUNK[source.dialect.name]
    chunks = zip_longest(_chunks(lookups, size), _chunks(consenting, size), fillvalue=())
    several = max(len(lookups), len(consenting)) > size
    with one_snapshot(source) if several else nullcontext():
        for lookup_chunk, consent_chunk in chunks:
            for row in _rows(
                source, lookup_chunk, consent_chunk, call_history_span, state_lookup.clock, now
            ):
                _add(state_lookup, row)
    return state_lookup


def look_up_caller_and_state(
    source: Source,
    key_digest: bytes,
    check: CheckRequest,
    *,
    call_history_span: timedelta | None,
    now: datetime,
) -> StateLookup:
    """Load the state of one check and, as `caller`, the caller of the API key with this hash.

    One statement reads both. Call events are loaded, and errors raised, as by `look_up_state`.
    """
    state_lookup = StateLookup(clock=stated_time(source))
    subject = check.subject
    rows = _rows(
        source,
        subject.lookup_fingerprints,
        subject.consent_fingerprints,
        call_history_span,
        state_lookup.clock,
        now,
        key_digest,
    )
    for row in rows:
        _add(state_lookup, row)
    return state_lookup


def _rows(  # noqa: PLR0913, PLR0917 - the parameters of a statement
    source: Source,
    lookup_fingerprints: Sequence[Fingerprint],
    consent_fingerprints: Sequence[Fingerprint],
    within: timedelta | None,
    stated: datetime | None,
    now: datetime | None = None,
    key_digest: bytes | None = None,
) -> list[Row]:
    calls, caller = within is not None, key_digest is not None
    of_key = [key_digest] if caller else []
    if source.dialect.name == "postgresql":
        arrays = [uuid_array(lookup_fingerprints), uuid_array(consent_fingerprints)]
        span = [within, now] if calls else []
        statement, mark = array_query(calls=calls, caller=caller), new_mark()
        rows = execute(source, statement, [*arrays, stated, mark, *span, *of_key])
        require_mark(rows, mark)
        return rows
    since = [] if within is None else [_since(within, stated, now)]
    statement = list_query(
        len(lookup_fingerprints), len(consent_fingerprints), calls=calls, caller=caller
    )
    return execute(
        source, statement, [*lookup_fingerprints, *consent_fingerprints, *since, *of_key]
    )


def _since(within: timedelta, stated: datetime | None, now: datetime | None) -> str:
    """Return the date from which on call events are loaded, as SQLite stores it.

    Raise LookupError if `stated`, the time of the substitute clock, is None.
    """
    if stated is None:
        raise LookupError("this database has no clock, and was told none")
    since = (min(stated, now or stated) - within).astimezone(UTC).replace(tzinfo=None)
    return since.isoformat(" ", "microseconds")


def _add(state_lookup: StateLookup, row: Row) -> None:
    kind, fingerprint, channel, purpose, topic, reason, first, second, third, void_until = row
    if kind == CLOCK_ROW:
        state_lookup.clock = state_lookup.clock or to_datetime(first)
        return
    if kind == CALLER_ROW:
        state_lookup.caller = caller_of(topic)
        return
    key = _fingerprint(fingerprint)
    state_lookup.under.add(key)
    scope = _scope(channel, purpose, topic)
    if kind in {_STOP, _LIFTED, _REASSIGNED}:
        stop = ActiveSuppression(
            scope=scope,
            reason=codes.REASON.decode_required(reason),
            since=to_datetime(first),
            last_occurred_at=to_datetime(second),
            expires_at=third and to_datetime(third),
        )
        if kind == _STOP:
            state_lookup.stops[key].append(stop)
        if void_until:
            voiding = dataclasses.replace(
                stop, last_occurred_at=to_datetime(void_until), reassigned=kind == _REASSIGNED
            )
            state_lookup.voiding[key].append(voiding)
    elif kind in _EVENTS:
        event = CallEvent(_EVENTS[kind], scope.channel, to_datetime(first), to_datetime(second))
        state_lookup.events[key].append(event)
    else:
        state_lookup.consents[key].append(
            ActiveConsent(
                scope=scope,
                given_at=to_datetime(first),
                until=third and to_datetime(third),
                lifts=kind == _CONSENT,
            )
        )


@lru_cache(maxsize=1024)
def _scope(channel: str, purpose: str, topic: str) -> Scope:
    return Scope(
        channel=codes.CHANNEL.decode(channel),
        purpose=codes.PURPOSE.decode(purpose),
        topic=topic,
    )


def _fingerprint(value: object) -> Fingerprint:
    """Convert the driver's value of a fingerprint column, bytes or a `uuid`, to a Fingerprint."""
    return Fingerprint(
        value if isinstance(value, bytes) else bytes.fromhex(str(value).replace("-", ""))
    )


def _chunks(fingerprints: Collection[Fingerprint], size: int) -> Iterator[Sequence[Fingerprint]]:
    # Unsorted: PostgreSQL needs an order for its index scan, and sorts faster than we do.
    ordered = list(fingerprints)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]
