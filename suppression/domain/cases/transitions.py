"""What can be done to a case. Each step is refused with a code where the law or the state says so.

A step is a small value with `of(case)`, the case after it; `event` names it in the timeline.
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
    """When, where and by whom a step is taken. `today` is the day where the controller is."""

    now: datetime
    today: date
    country: str
    actor: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseStep:
    """The root of all steps. `text` is what a person wrote about it; it is kept encrypted."""

    event: ClassVar[CaseEvent]
    needs_text: ClassVar[bool] = False
    text: str = field(default="", repr=False)

    def of(self, case: Case, context: StepContext) -> Case:
        """The case after the step."""
        del context
        return case

    def __call__(self, case: Case, context: StepContext) -> Case:
        """The same, after what holds for every step."""
        if case.state.closed and not isinstance(self, AddNote):
            raise InvalidTransitionError("closed")
        if case.forgotten_at and self.text:
            raise InvalidTransitionError("forgotten")
        if self.needs_text and not self.text.strip():
            raise InvalidTransitionError("text_missing")
        return self.of(case, context)


@dataclass(frozen=True, kw_only=True, slots=True)
class AddNote(CaseStep):
    """Write something down."""

    event: ClassVar[CaseEvent] = CaseEvent.NOTED
    needs_text: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True, slots=True)
class AskPerson(CaseStep):
    """Wait for the person, who was written to. The deadline runs on."""

    event: ClassVar[CaseEvent] = CaseEvent.ASKED_PERSON

    def of(self, case: Case, context: StepContext) -> Case:
        """The waiting case."""
        del context
        return case.moved_to(CaseState.WAITING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Resume(CaseStep):
    """Go on: the person has answered, or does not."""

    event: ClassVar[CaseEvent] = CaseEvent.RESUMED

    def of(self, case: Case, context: StepContext) -> Case:
        """The case at work again."""
        del context
        if case.state is not CaseState.WAITING:
            raise InvalidTransitionError("state")
        return case.moved_to(case.working_state())


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerPerson(CaseStep):
    """The person was answered."""

    event: ClassVar[CaseEvent] = CaseEvent.ANSWERED
    on: date

    def of(self, case: Case, context: StepContext) -> Case:
        """The answered case."""
        return replace(case, answered_on=_past(self.on, case, context))


@dataclass(frozen=True, kw_only=True, slots=True)
class Extend(CaseStep):
    """Take two further months: once, for a reason, the person told within the first.

    See docs/rules.md#g2.
    """

    event: ClassVar[CaseEvent] = CaseEvent.EXTENDED
    needs_text: ClassVar[bool] = True
    told_on: date

    def of(self, case: Case, context: StepContext) -> Case:
        """The case with its later deadline."""
        if case.extended_on:
            raise InvalidTransitionError("extended_already")
        if not case.state.has_clock:
            raise InvalidTransitionError("state")
        if context.today > case.first_due_on:
            raise InvalidTransitionError("too_late_to_extend")
        return replace(
            case,
            extended_on=_past(self.told_on, case, context),
            due_on=extended_due_on(case.received_on, context.country),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Refuse(CaseStep):
    """Refuse, on a ground of the closed list, with its words (Art. 12(4)). Never an objection."""

    event: ClassVar[CaseEvent] = CaseEvent.REFUSED
    needs_text: ClassVar[bool] = True
    ground: RefusalGround
    told_on: date

    def of(self, case: Case, context: StepContext) -> Case:
        """The refused case."""
        if not case.kind.refusable:
            raise InvalidTransitionError("not_refusable")
        _unless(case, "proof_held", "restriction_stands")
        return case.moved_to(
            CaseState.REFUSED,
            ground=self.ground,
            answered_on=_past(self.told_on, case, context),
            closed_at=context.now,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Close(CaseStep):
    """Close what is done."""

    event: ClassVar[CaseEvent] = CaseEvent.CLOSED

    def of(self, case: Case, context: StepContext) -> Case:
        """Return the closed case; InvalidTransitionError names the first thing still to be done."""
        _unless(case, *closing_blockers(case))
        return case.moved_to(CaseState.DONE, closed_at=context.now)


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseNothingFound(CaseStep):
    """Close without anything to stop or to do it with: the text says where one looked.

    `unreachable`: nor is there any way to answer the person.
    """

    event: ClassVar[CaseEvent] = CaseEvent.NOTHING_FOUND
    needs_text: ClassVar[bool] = True
    unreachable: bool = False

    def of(self, case: Case, context: StepContext) -> Case:
        """The closed case."""
        if case.kind.reason and not case.lacks_identifier:
            raise InvalidTransitionError("found")
        _unless(case, "proof_held", *(() if self.unreachable else ("unanswered",)))
        return case.moved_to(CaseState.NOTHING_FOUND, closed_at=context.now)


@dataclass(frozen=True, kw_only=True, slots=True)
class AskIdentity(CaseStep):
    """Ask for proof of identity: on reasonable doubt, which the text explains (Art. 12(6))."""

    event: ClassVar[CaseEvent] = CaseEvent.IDENTITY_ASKED
    needs_text: ClassVar[bool] = True

    def of(self, case: Case, context: StepContext) -> Case:
        """The case that waits for proof."""
        if not case.kind.may_ask_identity:
            raise InvalidTransitionError("identity_not_needed")
        return case.moved_to(CaseState.WAITING, identity_asked_on=context.today)


@dataclass(frozen=True, kw_only=True, slots=True)
class SeeProof(CaseStep):
    """Proof was seen."""

    event: ClassVar[CaseEvent] = CaseEvent.IDENTITY_SEEN
    method: ProofMethod
    on: date

    def of(self, case: Case, context: StepContext) -> Case:
        """The case that goes on, with proof held until it is destroyed."""
        if case.identity_asked_on is None:
            raise InvalidTransitionError("identity_not_asked")
        if case.identity and case.identity.is_kept:
            raise InvalidTransitionError("proof_held")
        proof = IdentityProof(
            method=self.method, seen_by=context.actor, seen_on=_past(self.on, case, context)
        )
        seen = replace(case, identity=proof)
        return seen.moved_to(seen.working_state()) if case.state is CaseState.WAITING else seen


@dataclass(frozen=True, kw_only=True, slots=True)
class DestroyProof(CaseStep):
    """The proof was destroyed."""

    event: ClassVar[CaseEvent] = CaseEvent.IDENTITY_DESTROYED
    on: date

    def of(self, case: Case, context: StepContext) -> Case:
        """The case without proof."""
        if case.identity is None or not case.identity.is_kept:
            raise InvalidTransitionError("no_proof")
        day = _past(self.on, case, context)
        if day < case.identity.seen_on:
            raise InvalidTransitionError("date")
        gone = replace(case.identity, destroyed_by=context.actor, destroyed_on=day)
        return replace(case, identity=gone)


@dataclass(frozen=True, kw_only=True, slots=True)
class TellRecipients(CaseStep):
    """Those whom the data was passed to were told; the text says who (Art. 19)."""

    event: ClassVar[CaseEvent] = CaseEvent.RECIPIENTS_TOLD
    needs_text: ClassVar[bool] = True
    on: date

    def of(self, case: Case, context: StepContext) -> Case:
        """The case with this step done."""
        if not case.kind.tells_recipients:
            raise InvalidTransitionError("state")
        return replace(case, recipients_told_on=_past(self.on, case, context))


@dataclass(frozen=True, kw_only=True, slots=True)
class KeepRestriction(CaseStep):
    """The restriction stands and the person knows: no deadline runs until it is lifted."""

    event: ClassVar[CaseEvent] = CaseEvent.RESTRICTION_KEPT

    def of(self, case: Case, context: StepContext) -> Case:
        """The case that is kept."""
        del context
        if case.kind is not CaseKind.RESTRICTION or case.lifted_on:
            raise InvalidTransitionError("state")
        _unless(case, "proof_held", "not_stopped", "unanswered")
        return case.moved_to(CaseState.RESTRICTED)


@dataclass(frozen=True, kw_only=True, slots=True)
class LiftRestriction(CaseStep):
    """Lift a restriction, once the person was told that it will be (Art. 18(3)).

    See docs/rules.md#g4.
    """

    event: ClassVar[CaseEvent] = CaseEvent.LIFTED
    told_on: date | None
    seen: int = 1
    """How often it had been asked for, as far as whoever lifts it has seen."""

    def of(self, case: Case, context: StepContext) -> Case:
        """The case whose restriction no longer stands."""
        if case.kind is not CaseKind.RESTRICTION or case.lifted_on:
            raise InvalidTransitionError("state")
        if self.told_on is None:
            raise InvalidTransitionError("person_untold")
        _past(self.told_on, case, context)
        return replace(case, lifted_on=context.today)


def _past(day: date, case: Case, context: StepContext) -> date:
    """The day itself, unless it lies ahead or before the request came."""
    if not case.received_on <= day <= context.today:
        raise InvalidTransitionError("date")
    return day


def _unless(case: Case, *codes: str) -> None:
    """Refuse for the first of these obstacles that stands."""
    for code in closing_blockers(case):
        if code in codes:
            raise InvalidTransitionError(code)
