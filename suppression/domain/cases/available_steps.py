"""Which steps a case takes today: what its page offers, by the very rules that the steps keep."""

from __future__ import annotations

from suppression.domain.cases.model import Case
from suppression.domain.cases.transitions import (
    AddNote,
    AnswerPerson,
    AskIdentity,
    AskPerson,
    Close,
    CloseNothingFound,
    DestroyProof,
    Extend,
    KeepRestriction,
    LiftRestriction,
    Moment,
    Refuse,
    Resume,
    SeeProof,
    Step,
    TellRecipients,
)
from suppression.domain.cases.vocabulary import CaseEvent, Ground, ProofMethod
from suppression.domain.errors import StepRefusedError


def possible_steps(case: Case, moment: Moment) -> frozenset[CaseEvent]:
    """The steps that the case takes today, each tried with words and dates that fit.

    A page shows the buttons of these and no other.
    """
    day, text = moment.today, "why"
    tried: tuple[Step, ...] = (
        AddNote(text=text),
        AskPerson(),
        Resume(),
        AnswerPerson(on=day),
        Extend(told_on=day, text=text),
        Refuse(ground=Ground.EXCESSIVE, told_on=day, text=text),
        Close(),
        CloseNothingFound(text=text, unreachable=True),
        AskIdentity(text=text),
        SeeProof(method=ProofMethod.IN_PERSON, on=day),
        DestroyProof(on=day),
        TellRecipients(on=day, text=text),
        KeepRestriction(),
        LiftRestriction(told_on=day),
    )
    return frozenset(step.event for step in tried if _taken(step, case, moment))


def _taken(step: Step, case: Case, moment: Moment) -> bool:
    try:
        step(case, moment)
    except StepRefusedError:
        return False
    return True
