"""The steps of a case. Each raises InvalidTransitionError for a case that cannot take it.

A step, called with a case and a context, returns the new case; `event` names it in a timeline.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import ClassVar

from suppression.domain.cases.deadlines import extended_due_on
from suppression.domain.cases.model import Case, IdentityProof, closing_blockers
from suppression.domain.cases.vocabulary import (
    CaseEvent,
    CaseKind,
    CaseState,
    ProofMethod,
    RefusalGround,
)
from suppression.domain.errors import InvalidTransitionError


@dataclass(frozen=True, kw_only=True, slots=True)
class StepContext:
    """When, where and by whom a step is taken. `today` is the day in the controller's `country`."""

    now: datetime
    today: date
    country: str
    actor: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseStep:
    """The base of all steps. `text`, stored encrypted, is what the user writes about the step."""

    event: ClassVar[CaseEvent]
    needs_text: ClassVar[bool] = False
    text: str = field(default="", repr=False)

    def of(self, case: Case, context: StepContext) -> Case:
        """Return the case after the step, without the checks that calling the step makes first."""
        del context
        return case

    def __call__(self, case: Case, context: StepContext) -> Case:
        """Return the case after the step. Raise InvalidTransitionError if it cannot be taken."""
        if case.state.closed and not isinstance(self, AddNote):
            raise InvalidTransitionError("closed")
        if case.forgotten_at and self.text:
            raise InvalidTransitionError("forgotten")
        if self.needs_text and not self.text.strip():
            raise InvalidTransitionError("text_missing")
        return self.of(case, context)


@dataclass(frozen=True, kw_only=True, slots=True)
class AddNote(CaseStep):
    """A step that adds a note, also to a closed case."""

    event: ClassVar[CaseEvent] = CaseEvent.NOTED
    needs_text: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True, slots=True)
class AskPerson(CaseStep):
    """A step to wait for the person, who was asked in writing. The deadline continues to run."""

    event: ClassVar[CaseEvent] = CaseEvent.ASKED_PERSON

    def of(self, case: Case, context: StepContext) -> Case:
        """Return the waiting case. Raise InvalidTransitionError if its state forbids waiting."""
        del context
        return case.moved_to(CaseState.WAITING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Resume(CaseStep):
    """A step that resumes work: the person has answered, or does not answer."""

    event: ClassVar[CaseEvent] = CaseEvent.RESUMED

    def of(self, case: Case, context: StepContext) -> Case:
        """Return the case in its working state. Raise InvalidTransitionError if it did not wait."""
        del context
        if case.state is not CaseState.WAITING:
            raise InvalidTransitionError("state")
        return case.moved_to(case.working_state())


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerPerson(CaseStep):
    """A step that records that the person was answered on the day `on`."""

    event: ClassVar[CaseEvent] = CaseEvent.ANSWERED
    on: date

    def of(self, case: Case, context: StepContext) -> Case:
        """Return the new case. Raise InvalidTransitionError unless received_on <= `on` <= today."""
        return replace(case, answered_on=_checked_day(self.on, case, context))


@dataclass(frozen=True, kw_only=True, slots=True)
class Extend(CaseStep):
    """A step that moves a deadline that is not yet past to three months from receipt, once only."""

    event: ClassVar[CaseEvent] = CaseEvent.EXTENDED
    needs_text: ClassVar[bool] = True
    told_on: date

    def of(self, case: Case, context: StepContext) -> Case:
        """Return the extended case. Raise InvalidTransitionError if it cannot be extended."""
        if case.extended_on:
            raise InvalidTransitionError("extended_already")
        if not case.state.has_clock:
            raise InvalidTransitionError("state")
        if context.today > case.first_due_on:
            raise InvalidTransitionError("too_late_to_extend")
        return replace(
            case,
            extended_on=_checked_day(self.told_on, case, context),
            due_on=extended_due_on(case.received_on, context.country),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Refuse(CaseStep):
    """A step that refuses a `refusable` request on a ground, and closes its case (Art. 12(4))."""

    event: ClassVar[CaseEvent] = CaseEvent.REFUSED
    needs_text: ClassVar[bool] = True
    ground: RefusalGround
    told_on: date

    def of(self, case: Case, context: StepContext) -> Case:
        """Return the refused case. Raise InvalidTransitionError if it cannot be refused."""
        if not case.kind.refusable:
            raise InvalidTransitionError("not_refusable")
        _require_none_of(case, "proof_held", "restriction_stands")
        return case.moved_to(
            CaseState.REFUSED,
            ground=self.ground,
            answered_on=_checked_day(self.told_on, case, context),
            closed_at=context.now,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Close(CaseStep):
    """A step that closes a case as done, once it has no `closing_blockers`."""

    event: ClassVar[CaseEvent] = CaseEvent.CLOSED

    def of(self, case: Case, context: StepContext) -> Case:
        """Return the closed case. Raise InvalidTransitionError if it waits or is not complete."""
        _require_none_of(case, *closing_blockers(case))
        return case.moved_to(CaseState.DONE, closed_at=context.now)


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseNothingFound(CaseStep):
    """A step that closes a case, nothing found. `unreachable`: the person cannot be answered."""

    event: ClassVar[CaseEvent] = CaseEvent.NOTHING_FOUND
    needs_text: ClassVar[bool] = True
    unreachable: bool = False

    def of(self, case: Case, context: StepContext) -> Case:
        """Return the closed case.

        Raise InvalidTransitionError if every requested stop was stored, if proof of identity is
        held, if the person was not answered and is not `unreachable`, or if the state forbids it.
        """
        if case.kind.reason and not case.lacks_identifier:
            raise InvalidTransitionError("found")
        _require_none_of(case, "proof_held", *(() if self.unreachable else ("unanswered",)))
        return case.moved_to(CaseState.NOTHING_FOUND, closed_at=context.now)


@dataclass(frozen=True, kw_only=True, slots=True)
class AskIdentity(CaseStep):
    """A step that asks for proof of identity; `text` gives the reasonable doubt (Art. 12(6))."""

    event: ClassVar[CaseEvent] = CaseEvent.IDENTITY_ASKED
    needs_text: ClassVar[bool] = True

    def of(self, case: Case, context: StepContext) -> Case:
        """Return the waiting case. Raise InvalidTransitionError if proof may not be asked for."""
        if not case.kind.may_ask_identity:
            raise InvalidTransitionError("identity_not_needed")
        return case.moved_to(CaseState.WAITING, identity_asked_on=context.today)


@dataclass(frozen=True, kw_only=True, slots=True)
class SeeProof(CaseStep):
    """A step that records that proof of identity was seen on the day `on`."""

    event: ClassVar[CaseEvent] = CaseEvent.IDENTITY_SEEN
    method: ProofMethod
    on: date

    def of(self, case: Case, context: StepContext) -> Case:
        """Return the case with proof held. Raise InvalidTransitionError if none may be recorded."""
        if case.identity_asked_on is None:
            raise InvalidTransitionError("identity_not_asked")
        if case.identity and case.identity.is_kept:
            raise InvalidTransitionError("proof_held")
        proof = IdentityProof(
            method=self.method, seen_by=context.actor, seen_on=_checked_day(self.on, case, context)
        )
        after = replace(case, identity=proof)
        return after.moved_to(after.working_state()) if case.state is CaseState.WAITING else after


@dataclass(frozen=True, kw_only=True, slots=True)
class DestroyProof(CaseStep):
    """A step that records that the proof of identity was destroyed on the day `on`."""

    event: ClassVar[CaseEvent] = CaseEvent.IDENTITY_DESTROYED
    on: date

    def of(self, case: Case, context: StepContext) -> Case:
        """Return the new case. Raise InvalidTransitionError without proof or for a wrong `on`."""
        if case.identity is None or not case.identity.is_kept:
            raise InvalidTransitionError("no_proof")
        day = _checked_day(self.on, case, context)
        if day < case.identity.seen_on:
            raise InvalidTransitionError("date")
        destroyed = replace(case.identity, destroyed_by=context.actor, destroyed_on=day)
        return replace(case, identity=destroyed)


@dataclass(frozen=True, kw_only=True, slots=True)
class TellRecipients(CaseStep):
    """A step that records that the data's recipients were told; `text` names them (Art. 19)."""

    event: ClassVar[CaseEvent] = CaseEvent.RECIPIENTS_TOLD
    needs_text: ClassVar[bool] = True
    on: date

    def of(self, case: Case, context: StepContext) -> Case:
        """Return the changed case. Raise InvalidTransitionError for a wrong kind of case or day."""
        if not case.kind.tells_recipients:
            raise InvalidTransitionError("state")
        return replace(case, recipients_told_on=_checked_day(self.on, case, context))


@dataclass(frozen=True, kw_only=True, slots=True)
class KeepRestriction(CaseStep):
    """A step that records that a restriction is in force and the person knows; no deadline runs."""

    event: ClassVar[CaseEvent] = CaseEvent.RESTRICTION_KEPT

    def of(self, case: Case, context: StepContext) -> Case:
        """Return the restricted case. Raise InvalidTransitionError if the step is not possible."""
        del context
        if case.kind is not CaseKind.RESTRICTION or case.lifted_on:
            raise InvalidTransitionError("state")
        _require_none_of(case, "proof_held", "not_stopped", "unanswered")
        return case.moved_to(CaseState.RESTRICTED)


@dataclass(frozen=True, kw_only=True, slots=True)
class LiftRestriction(CaseStep):
    """A step that ends a restriction, after the person was told (docs/rules.md#g4)."""

    event: ClassVar[CaseEvent] = CaseEvent.LIFTED
    told_on: date | None
    seen: int = 1
    """How often the case had stored stops, as the user's page showed it."""

    def of(self, case: Case, context: StepContext) -> Case:
        """Return the case with `lifted_on`, in the same state; the caller releases its stops.

        Raise InvalidTransitionError for another kind of case, for one lifted before or that stopped
        nothing, or unless received_on <= `told_on` <= today. The caller checks `seen`.
        """
        if case.kind is not CaseKind.RESTRICTION or case.lifted_on:
            raise InvalidTransitionError("state")
        if "restriction_stands" not in closing_blockers(case):
            raise InvalidTransitionError("nothing_stopped")
        if self.told_on is None:
            raise InvalidTransitionError("person_untold")
        _checked_day(self.told_on, case, context)
        return replace(case, lifted_on=context.today)


def _checked_day(day: date, case: Case, context: StepContext) -> date:
    """Return `day`. Raise InvalidTransitionError if it is in the future or before the receipt."""
    if case.received_on <= day <= context.today:
        return day
    raise InvalidTransitionError("date")


def _require_none_of(case: Case, *codes: str) -> None:
    """Raise InvalidTransitionError for the first of these blockers that the case has."""
    for code in filter(codes.__contains__, closing_blockers(case)):
        raise InvalidTransitionError(code)
