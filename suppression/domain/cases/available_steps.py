"""The steps that a case can take today, found by trying each step's own rules."""

from __future__ import annotations

from suppression.domain.cases.model import Case
from suppression.domain.cases.transitions import (
    AddNote,
    AnswerPerson,
    AskIdentity,
    AskPerson,
    CaseStep,
    Close,
    CloseNothingFound,
    DestroyProof,
    Extend,
    KeepRestriction,
    LiftRestriction,
    Refuse,
    Resume,
    SeeProof,
    StepContext,
    TellRecipients,
)
from suppression.domain.cases.vocabulary import CaseEvent, ProofMethod, RefusalGround
from suppression.domain.errors import InvalidTransitionError


def available_steps(case: Case, context: StepContext) -> frozenset[CaseEvent]:
    """Return the events of the steps that the case can take today.

    Each step is tried with a suitable text and date; nothing is stored.
    """
    day, text = context.today, "why"
    steps: tuple[CaseStep, ...] = (
        AddNote(text=text),
        AskPerson(),
        Resume(),
        AnswerPerson(on=day),
        Extend(told_on=day, text=text),
        Refuse(ground=RefusalGround.EXCESSIVE, told_on=day, text=text),
        Close(),
        CloseNothingFound(text=text, unreachable=True),
        AskIdentity(text=text),
        SeeProof(method=ProofMethod.IN_PERSON, on=day),
        DestroyProof(on=day),
        TellRecipients(on=day, text=text),
        KeepRestriction(),
        LiftRestriction(told_on=day),
    )
    return frozenset(step.event for step in steps if _is_available(step, case, context))


def _is_available(step: CaseStep, case: Case, context: StepContext) -> bool:
    """Return whether the case can take this step in this context."""
    try:
        step(case, context)
    except InvalidTransitionError:
        return False
    return True
