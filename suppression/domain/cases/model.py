"""Cases: a person's request in the DPO's register, and what closes when."""

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
    """That proof was seen and destroyed, by whom and when; never the document.

    See docs/rules.md#g3.
    """

    method: ProofMethod
    seen_by: str
    seen_on: date
    destroyed_by: str = ""
    destroyed_on: date | None = None

    @property
    def is_kept(self) -> bool:
        """Whether somebody still has it."""
        return self.destroyed_on is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A request. It names nobody: what answering needs of the person is kept apart, encrypted.

    `missing`: the channels asked for that are not yet stopped. `stopped`: whether anything is.
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
        """Whether something that must be stopped is not, for want of an identifier."""
        if self.kind.reason is None:
            return False
        return bool(self.missing) or not self.stopped

    def channels_requested_on(self, kind: Kind) -> tuple[Channel, ...]:
        """The channels asked for that take identifiers of this kind."""
        return tuple(channel for channel in channels_of(kind) if channel in self.wanted)

    def moved_to(self, state: CaseState, **changes: object) -> Case:
        """The case in another state; StepRefusedError if the one does not follow the other."""
        if state not in TRANSITIONS[self.state]:
            raise InvalidTransitionError("state")
        return dataclasses.replace(self, state=state, **changes)  # type: ignore[arg-type]

    def working_state(self) -> CaseState:
        """Where a case that waits for nobody belongs."""
        return CaseState.IDENTIFIER_MISSING if self.lacks_identifier else CaseState.OPEN


class Urgency(StrEnum):
    """Under which heading of Today a case stands."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    WAITING = "waiting"
    IDENTIFIER_MISSING = "identifier_missing"
    QUEUE = "queue"


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestReceived:
    """A request as it is written down: what is asked, how and when it came.

    `readable`, `unreadable`: the kinds of the identifiers that could be read, and could not.
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
    """The case of a request, with its deadline, at work or waiting for an identifier."""
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
        stopped=_all_read(arrival),
    )
    return dataclasses.replace(case, state=case.working_state())


def _all_read(arrival: RequestReceived) -> bool:
    """Whether something was stopped, and, where no channel is named, nothing was unreadable."""
    return bool(arrival.readable) and (arrival.kind.by_channel or not arrival.unreadable)


def missing_channels(
    wanted: Collection[Channel], readable: Collection[Kind], unreadable: Collection[Kind]
) -> tuple[Channel, ...]:
    """The channels not yet stopped: nothing was readable, or not all of it.

    >>> missing_channels([Channel.EMAIL, Channel.SMS], [Kind.EMAIL], [])
    (<Channel.SMS: 'sms'>,)
    """
    return tuple(
        channel
        for channel in Channel
        if channel in wanted and (channel.kind not in readable or channel.kind in unreadable)
    )


def merge_request(case: Case, other: Case, country: str) -> Case:
    """An open case after the same request came again: the earlier receipt counts.

    What it adds, nobody was told whom the data was passed to. What neither could read stays to be
    found: where no channel is named, nothing else would tell that it is missing.
    """
    received = min(case.received_on, other.received_on)
    first_due = due_on(received, country)
    both_read = case.stopped and other.stopped
    joined = dataclasses.replace(
        case,
        received_on=received,
        first_due_on=first_due,
        due_on=extended_due_on(received, country) if case.extended_on else first_due,
        wanted=_either(case.wanted, other.wanted),
        missing=_either(case.missing, other.missing),
        stopped=case.stopped or other.stopped if case.kind.by_channel else both_read,
        recipients_told_on=None,
    )
    kept = case.state is CaseState.RESTRICTED and not joined.lacks_identifier
    if kept or case.state is CaseState.WAITING:
        return joined
    return dataclasses.replace(joined, state=joined.working_state())


def _either(one: Collection[Channel], other: Collection[Channel]) -> tuple[Channel, ...]:
    return tuple(channel for channel in Channel if channel in one or channel in other)


def with_identifiers_found(
    case: Case, kinds: Collection[Kind], unread: Collection[Kind] = ()
) -> Case:
    """The case once identifiers were found and stopped on what was asked for.

    `unread`: the kinds of which something is still to be found. StepRefusedError where an
    identifier would stop nothing, or nothing could lift it again.
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
    )
    if case.state is not CaseState.IDENTIFIER_MISSING or stopped.lacks_identifier:
        return stopped
    return stopped.moved_to(CaseState.OPEN)


def closing_blockers(case: Case) -> tuple[str, ...]:
    """What must be done before the case is done; none if it may be closed.

    Codes: `proof_held`, `not_stopped`, `unanswered`, `recipients_untold`, `restriction_stands`.
    """
    found = {
        "proof_held": case.identity is not None and case.identity.is_kept,
        "not_stopped": case.lacks_identifier,
        "unanswered": case.answered_on is None and case.kind is not CaseKind.DEATH,
        "recipients_untold": case.kind.tells_recipients and case.recipients_told_on is None,
        "restriction_stands": case.kind is CaseKind.RESTRICTION and case.lifted_on is None,
    }
    return tuple(code for code, stands in found.items() if stands)


def urgency(case: Case, today: date) -> Urgency:
    """Where the case stands on Today: what is late comes before all else."""
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
    """The case once its stops were lifted as a mistake: what was asked for is missing again.

    A closed case stays closed, for what it says was done; StepRefusedError if nothing is stopped,
    and for a restriction, of whose end the person must be told before (Art. 18(3)).
    """
    if case.kind is CaseKind.RESTRICTION:
        raise InvalidTransitionError("person_untold")
    if case.kind.reason is None or not case.stopped:
        raise InvalidTransitionError("nothing_stopped")
    lifted = dataclasses.replace(case, stopped=False, missing=case.wanted)
    if case.state is CaseState.OPEN:
        return lifted.moved_to(CaseState.IDENTIFIER_MISSING)
    return lifted
