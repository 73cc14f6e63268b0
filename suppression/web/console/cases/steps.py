"""The buttons of a case: each a POST of its own, with its right, read into a step of the domain."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.wrappers import Response

from suppression.adapters.observability.metrics import count_stop
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
    Refuse,
    Resume,
    SeeProof,
    Step,
    TellRecipients,
)
from suppression.domain.cases.vocabulary import Ground, ProofMethod
from suppression.domain.errors import StepRefusedError
from suppression.domain.users.roles import Right
from suppression.domain.vocabulary import Evidence
from suppression.usecases.cases.take_step import stop_found_identifiers, take_step, undo_stops
from suppression.web.console.cases.pages import case_page
from suppression.web.console.context import Desk, page, sent
from suppression.web.console.form_values import LONG, Fields
from suppression.web.console.identifiers import typed_identifiers, understood
from suppression.web.console.rendering import to_case
from suppression.web.http.context import services

Parse = Callable[[Fields, str], Step | None]


def _dated(make: Callable[..., Step], name: str = "on") -> Parse:
    """A step with a day and words."""

    def parse(fields: Fields, text: str) -> Step | None:
        day = fields.day(name)
        return make(**{name: day}, text=text) if day else None

    return parse


def _refusal(fields: Fields, text: str) -> Step | None:
    ground, day = fields.word("ground", Ground), fields.day("told_on")
    return Refuse(ground=ground, told_on=day, text=text) if ground and day else None


def _proof(fields: Fields, text: str) -> Step | None:
    method, day = fields.word("method", ProofMethod), fields.day("on")
    return SeeProof(method=method, on=day, text=text) if method and day else None


def _lifting(fields: Fields, text: str) -> Step | None:
    """Whether the person was told is asked; a day is the only answer that lifts."""
    day = fields.day("told_on", needed=False)
    return None if fields.errors else LiftRestriction(told_on=day, text=text, seen=_seen(fields))


def _seen(fields: Fields) -> int:
    """How often the page says that it was asked for; once if it does not."""
    sent_text = fields.text("seen", most=4)
    return int(sent_text) if sent_text.isascii() and sent_text.isdecimal() else 1


STEPS: dict[str, tuple[Right, Parse]] = {
    "note": (Right.WORK_ON_CASES, lambda _, text: AddNote(text=text)),
    "ask": (Right.WORK_ON_CASES, lambda _, text: AskPerson(text=text)),
    "resume": (Right.WORK_ON_CASES, lambda _, text: Resume(text=text)),
    "answered": (Right.WORK_ON_CASES, _dated(AnswerPerson)),
    "extend": (Right.DECIDE_CASES, _dated(Extend, "told_on")),
    "refuse": (Right.DECIDE_CASES, _refusal),
    "close": (Right.DECIDE_CASES, lambda _, text: Close(text=text)),
    "nothing-found": (
        Right.DECIDE_CASES,
        lambda fields, text: CloseNothingFound(
            text=text, unreachable=fields.checked("unreachable")
        ),
    ),
    "identity": (Right.DECIDE_CASES, lambda _, text: AskIdentity(text=text)),
    "proof-seen": (Right.DECIDE_CASES, _proof),
    "proof-destroyed": (Right.DECIDE_CASES, _dated(DestroyProof)),
    "recipients": (Right.WORK_ON_CASES, _dated(TellRecipients)),
    "keep": (Right.DECIDE_CASES, lambda _, text: KeepRestriction(text=text)),
    "lift": (Right.DECIDE_CASES, _lifting),
}


def _register(action: str, right: Right, parse: Parse) -> None:
    def step(desk: Desk, reference: str) -> Response:
        fields = sent()
        wanted = parse(fields, fields.text("text", most=LONG))
        if wanted is None or fields.errors:
            return case_page(desk, reference, fields, refused="form", status=422)
        return _taken(
            desk,
            reference,
            fields,
            lambda: take_step(
                services(), desk.controller, reference, wanted, by=desk.user, now=desk.now
            ),
        )

    step.__name__ = f"step_{action.replace('-', '_')}"
    page(f"/cases/<reference>/{action}", right, methods=("POST",))(step)


def _taken(desk: Desk, reference: str, fields: Fields, take: Callable[[], object]) -> Response:
    """Take a step and go on; where the case does not take it, say why."""
    try:
        take()
    except StepRefusedError as error:
        return case_page(desk, reference, fields, refused=error.code, status=409)
    return to_case(desk, reference)


for _action, (_right, _parse) in STEPS.items():
    _register(_action, _right, _parse)


@page("/cases/<reference>/stop", Right.WORK_ON_CASES, methods=("POST",), stores_stops=True)
def stop_found(desk: Desk, reference: str) -> Response:
    """Stop what waited for an identifier, which was found since."""
    fields = sent()
    readings = understood(desk.controller, typed_identifiers(fields))
    if not readings.subjects or not readings.all_read or fields.errors:
        fields.wrong("identifiers", "unreadable")
        return case_page(desk, reference, fields, refused="form", status=422)

    def take() -> None:
        case = stop_found_identifiers(
            services(),
            desk.controller,
            reference,
            readings.subjects,
            by=desk.user,
            now=desk.now,
        )
        for channel in case.wanted:
            if channel.kind in {one.kind for one in readings.subjects}:
                count_stop(channel, Evidence.DPO)

    return _taken(desk, reference, fields, take)


@page("/cases/<reference>/undo", Right.RELEASE, methods=("POST",))
def undo(desk: Desk, reference: str) -> Response:
    """Lift what this case stopped by mistake; ticked, so that no single key does it."""
    fields = sent()
    if not fields.checked("sure"):
        fields.wrong("sure", "needed")
        return case_page(desk, reference, fields, refused="form", status=422)
    return _taken(
        desk,
        reference,
        fields,
        lambda: undo_stops(
            desk.controller, reference, by=desk.user, now=desk.now, seen=_seen(fields)
        ),
    )
