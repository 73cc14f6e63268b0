"""Cases: the requests of persons in the DPO's register, and the conditions for closing them."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from suppression.domain.cases.deadlines import WARNED_BEFORE, due_on, extended_due_on
from suppression.domain.cases.vocabulary import (
    TRANSITIONS,
    CameBy,
    CaseKind,
    CaseState,
    ProofMethod,
    RefusalGround,
)
from suppression.domain.errors import InvalidTransitionError
from suppression.domain.vocabulary import Channel, Kind, channels_of


@dataclass(frozen=True, kw_only=True, slots=True)
class IdentityProof:
    """The record that proof of identity was seen and, later, destroyed: by whom and when.

    The document itself is never stored. See docs/rules.md#g3.
    """

    method: ProofMethod
    seen_by: str
    seen_on: date
    destroyed_by: str = ""
    destroyed_on: date | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the document is not yet recorded as destroyed."""
        return self.destroyed_on is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A request in the DPO's register.

    It names nobody: the person's data that an answer needs is stored apart, encrypted.

    `first_due_on`: the deadline without an extension; `due_on`: the present deadline.
    `wanted`: the requested channels; `missing`: those for which an identifier is missing or
    unreadable, or whose stops were undone.
    `stopped`: whether anything was stopped, and not undone since; for a request that names no
    channels, whether everything was. For a request that stops nothing, `stopped` has no meaning.
    `stop_stored`: whether any stop was ever stored, undone since or not.
    `forgotten_at`: when the person's data was deleted.
    """

    reference: str
    kind: CaseKind
    state: CaseState
    came_by: CameBy
    received_on: date
    first_due_on: date
    due_on: date
    opened_at: datetime
    opened_by: str
    wanted: tuple[Channel, ...] = ()
    missing: tuple[Channel, ...] = ()
    stopped: bool = False
    stop_stored: bool = False
    extended_on: date | None = None
    answered_on: date | None = None
    recipients_told_on: date | None = None
    identity_asked_on: date | None = None
    identity: IdentityProof | None = None
    lifted_on: date | None = None
    ground: RefusalGround | None = None
    closed_at: datetime | None = None
    forgotten_at: datetime | None = None

    @property
    def lacks_identifier(self) -> bool:
        """Whether a requested stop is missing; False for a request that stops nothing."""
        if self.kind.reason is None:
            return False
        return bool(self.missing) or not self.stopped

    def channels_requested_on(self, kind: Kind) -> tuple[Channel, ...]:
        """Return the requested channels that take identifiers of this kind."""
        return tuple(channel for channel in channels_of(kind) if channel in self.wanted)

    def moved_to(self, state: CaseState, **changes: object) -> Case:
        """Return the case in `state`, with `changes` to its fields.

        Raise InvalidTransitionError if TRANSITIONS forbids this change of state.
        """
        if state not in TRANSITIONS[self.state]:
            raise InvalidTransitionError("state")
        return dataclasses.replace(self, state=state, **changes)  # type: ignore[arg-type]

    def working_state(self) -> CaseState:
        """Return the state that the case has while it does not wait for the person.

        It is IDENTIFIER_MISSING if a requested stop is missing (`lacks_identifier`), else OPEN.
        """
        return CaseState.IDENTIFIER_MISSING if self.lacks_identifier else CaseState.OPEN


class Urgency(StrEnum):
    """The heading of the page Today under which a case is listed."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    WAITING = "waiting"
    IDENTIFIER_MISSING = "identifier_missing"
    QUEUE = "queue"


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestReceived:
    """A request as it was recorded: its kind, how and when it came.

    `wanted`: the channels that it names. `unreadable`: the kinds of its identifiers that could not
    be parsed, or are telephone numbers that nobody can have; `readable`: those of the others.
    """

    kind: CaseKind
    came_by: CameBy
    received_on: date
    wanted: tuple[Channel, ...] = ()
    readable: frozenset[Kind] = frozenset()
    unreadable: frozenset[Kind] = frozenset()


def new_case(
    arrival: RequestReceived,
    *,
    reference: str,
    country: str,
    now: datetime,
    actor: str,
) -> Case:
    """Return the case of a request, with its deadline, in the state OPEN or IDENTIFIER_MISSING."""
    due = due_on(arrival.received_on, country)
    case = Case(
        reference=reference,
        kind=arrival.kind,
        state=CaseState.OPEN,
        came_by=arrival.came_by,
        received_on=arrival.received_on,
        first_due_on=due,
        due_on=due,
        opened_at=now,
        opened_by=actor,
        wanted=arrival.wanted,
        missing=missing_channels(arrival.wanted, arrival.readable, arrival.unreadable),
        stopped=_is_all_stopped(arrival),
        stop_stored=bool(arrival.readable),
    )
    return dataclasses.replace(case, state=case.working_state())


def _is_all_stopped(arrival: RequestReceived) -> bool:
    """Return whether a new case counts as `stopped`: readable identifiers are stopped at once.

    At least one identifier must be readable; for a kind without channels, all of them.
    """
    return bool(arrival.readable) and (arrival.kind.by_channel or not arrival.unreadable)


def missing_channels(
    wanted: Collection[Channel], readable: Collection[Kind], unreadable: Collection[Kind]
) -> tuple[Channel, ...]:
    """Return the wanted channels for which an identifier is missing or unreadable.

    >>> missing_channels([Channel.EMAIL, Channel.SMS], [Kind.EMAIL], [])
    (<Channel.SMS: 'sms'>,)
    """
    return tuple(
        channel
        for channel in Channel
        if channel in wanted and (channel.kind not in readable or channel.kind in unreadable)
    )


def merge_request(case: Case, other: Case, country: str) -> Case:
    """Return `case`, which must not be closed, merged with `other`, a repeat of its request.

    The earlier receipt counts. `recipients_told_on` becomes None: the recipients were not told of
    the additions. A case of a kind without channels is `stopped` only if both requests are. A
    waiting case keeps its state, and so does a restricted one without a missing stop; any other
    gets its working state.
    """
    received = min(case.received_on, other.received_on)
    first_due = due_on(received, country)
    both_read = case.stopped and other.stopped
    merged = dataclasses.replace(
        case,
        received_on=received,
        first_due_on=first_due,
        due_on=extended_due_on(received, country) if case.extended_on else first_due,
        wanted=_union(case.wanted, other.wanted),
        missing=_union(case.missing, other.missing),
        stopped=case.stopped or other.stopped if case.kind.by_channel else both_read,
        stop_stored=case.stop_stored or other.stop_stored,
        recipients_told_on=None,
    )
    kept = case.state is CaseState.RESTRICTED and not merged.lacks_identifier
    if kept or case.state is CaseState.WAITING:
        return merged
    return dataclasses.replace(merged, state=merged.working_state())


def _union(first: Collection[Channel], other: Collection[Channel]) -> tuple[Channel, ...]:
    """Return the channels of either collection, in the order of the enumeration."""
    return tuple(channel for channel in Channel if channel in first or channel in other)


def with_identifiers_found(
    case: Case, kinds: Collection[Kind], unread: Collection[Kind] = ()
) -> Case:
    """Return the case after identifiers of these kinds were found, and stops stored for them.

    `unread`: the kinds of the identifiers that are still unread. A case in IDENTIFIER_MISSING
    becomes OPEN once none is missing. Raise InvalidTransitionError if the case is closed, lifted or
    of a kind that stops nothing, or if its channels take no identifier of one of the `kinds`.
    """
    if case.state.closed or case.kind.reason is None or case.lifted_on:
        raise InvalidTransitionError("state")
    if case.kind.by_channel and any(case.channels_requested_on(kind) == () for kind in kinds):
        raise InvalidTransitionError("channel_unasked")
    stopped = dataclasses.replace(
        case,
        missing=tuple(
            channel
            for channel in case.missing
            if channel.kind not in kinds or channel.kind in unread
        ),
        stopped=case.kind.by_channel or not unread,
        stop_stored=True,
    )
    if case.state is not CaseState.IDENTIFIER_MISSING or stopped.lacks_identifier:
        return stopped
    return stopped.moved_to(CaseState.OPEN)


def closing_blockers(case: Case) -> tuple[str, ...]:
    """Return the codes of what must be done before the case can be closed; () if nothing must.

    Codes: `proof_held`, `not_stopped`, `unanswered`, `recipients_untold`, and, only once a stop was
    stored, `restriction_stands`.
    """
    conditions = {
        "proof_held": case.identity is not None and case.identity.is_kept,
        "not_stopped": case.lacks_identifier,
        "unanswered": case.answered_on is None and case.kind is not CaseKind.DEATH,
        "recipients_untold": case.kind.tells_recipients and case.recipients_told_on is None,
        "restriction_stands": case.kind is CaseKind.RESTRICTION
        and (case.stopped or case.stop_stored)
        and case.lifted_on is None,
    }
    return tuple(code for code, applies in conditions.items() if applies)


def urgency(case: Case, today: date) -> Urgency:
    """Return the case's heading on the page Today.

    A closed or restricted case is in QUEUE. For any other, a deadline that is past or at most 7
    days ahead takes precedence over the state. `today` is the day in the controller's country.
    """
    if not case.state.has_clock:
        return Urgency.QUEUE
    if case.due_on < today:
        return Urgency.OVERDUE
    if case.due_on <= today + WARNED_BEFORE:
        return Urgency.DUE_SOON
    by_state = {
        CaseState.WAITING: Urgency.WAITING,
        CaseState.IDENTIFIER_MISSING: Urgency.IDENTIFIER_MISSING,
    }
    return by_state.get(case.state, Urgency.QUEUE)


def with_suppressions_undone(case: Case) -> Case:
    """Return the case after its stops were released as a mistake: its channels are missing again.

    A closed case remains closed, as a record of the work on it. Raise InvalidTransitionError if
    nothing is stopped, and for a restriction: the person must be told before it ends (Art. 18(3)).
    """
    if case.kind is CaseKind.RESTRICTION:
        raise InvalidTransitionError("person_untold")
    if case.kind.reason is None or not case.stopped:
        raise InvalidTransitionError("nothing_stopped")
    released = dataclasses.replace(case, stopped=False, missing=case.wanted)
    if case.state is CaseState.OPEN:
        return released.moved_to(CaseState.IDENTIFIER_MISSING)
    return released
