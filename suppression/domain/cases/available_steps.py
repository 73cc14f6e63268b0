"""Which steps a case takes today: what its page offers, by the very rules that the steps keep."""

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


def available_steps(case: Case, moment: StepContext) -> frozenset[CaseEvent]:
    """The steps that the case takes today, each tried with words and dates that fit.

    A page shows the buttons of these and no other.
    """
    day, text = moment.today, "why"
    tried: tuple[CaseStep, ...] = (
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
    return frozenset(step.event for step in tried if _event_types(step, case, moment))


def _event_types(step: CaseStep, case: Case, moment: StepContext) -> bool:
    try:
        step(case, moment)
    except InvalidTransitionError:
        return False
    return True
