"""The page of a letter to a person: a template filled in from the case, to print or copy."""

from __future__ import annotations

from werkzeug.wrappers import Response

from suppression.domain.cases.contents import CaseContact
from suppression.domain.cases.letters import (
    AnswerKind,
    answer_kinds_for,
    fill_in,
    fixed_parts,
    unknown_words,
)
from suppression.domain.cases.model import Case
from suppression.domain.cases.vocabulary import CaseEvent, CaseKind
from suppression.domain.errors import NotFoundError
from suppression.domain.users.roles import Right
from suppression.usecases.cases.queries import CaseDetails, read_case
from suppression.usecases.cases.settings import read_answer_texts, read_settings
from suppression.web.console.context import ConsoleContext, page
from suppression.web.console.rendering import render_page
from suppression.web.http.context import services
from suppression.web.translations.catalogues import CONSOLE


@page("/cases/<reference>/answers/<answer>/<language>", Right.READ_CONTENT)
def answer(console: ConsoleContext, reference: str, answer: str, language: str) -> Response:
    """Show the letter of an answer to a case, filled in.

    Raises NotFoundError for an unknown case or language, and for an answer that does not fit the
    case's kind; KeyMismatchError if no case key decrypts the case's content.
    """
    file = read_case(services(), console.controller, reference, with_content=True)
    kind = _known(answer, language, file.case.kind)
    own = read_answer_texts(console.controller).get((kind.value, language))
    template = own or CONSOLE.text(language, f"answers.{kind.value}")
    words = _words(console, file, kind, language)
    parts = [fill_in(template, words)]
    parts += [
        CONSOLE.text(language, f"answers.{part}") for part in fixed_parts(kind, file.case.kind)
    ]
    signature = read_settings(console.controller).signature or console.controller.name
    return render_page(
        "answer.html",
        case=file.case,
        body="\n\n".join((*parts, signature)),
        answer_language=language,
        kind=kind,
        unknown=unknown_words(template, words),
        dated=f"{console.today:%d/%m/%Y}",
        unready=_unready(kind, file.case),
        addressee=_addressee(file.case, file.content or CaseContact()),
    )


def _known(answer: str, language: str, kind: CaseKind) -> AnswerKind:
    if language not in CONSOLE.languages or answer not in set(answer_kinds_for(kind)):
        raise NotFoundError
    return AnswerKind(answer)


def _addressee(case: Case, content: CaseContact) -> str:
    """Return the name and address of the letter: the writer's if set, else those of the person.

    For a death without a writer the result is ''.
    """
    if case.kind is CaseKind.DEATH or content.writer:
        return content.writer
    return "\n".join(filter(None, (content.name, content.contact)))


def _unready(kind: AnswerKind, case: Case) -> bool:
    """Return whether the letter states a decision that is not recorded yet."""
    return (kind is AnswerKind.REFUSED and case.ground is None) or (
        kind is AnswerKind.EXTENDED and case.extended_on is None
    )


def _reasons(file: CaseDetails, event: CaseEvent) -> str:
    """Return the text of the newest note on an event of this kind; "…" if there is none.

    The letter must state these reasons (GDPR Art. 12(3)-(4)).
    """
    return next((note.text for note in reversed(file.notes) if note.event is event), "…")


def _in_a_sentence(text: str) -> str:
    """Return a heading with a lower-case first letter, for use within a sentence."""
    return text[:1].lower() + text[1:]


def _words(
    console: ConsoleContext, file: CaseDetails, answer: AnswerKind, language: str
) -> dict[str, str]:
    case, content = file.case, file.content or CaseContact()
    refusal = CaseEvent.REFUSED if answer is AnswerKind.REFUSED else CaseEvent.EXTENDED

    def name_of(section: str, word: str) -> str:
        return CONSOLE.text(language, f"{section}.{word}")

    def days(value: object) -> str:
        return f"{value:%d/%m/%Y}" if value else ""

    dead = case.kind is CaseKind.DEATH
    named = content.name and not dead and not content.writer
    salutation = "answers.salutation_named" if named else "answers.salutation"
    return {
        "salutation": CONSOLE.text(language, salutation, name=content.name),
        "name": "" if dead else content.name,
        "reference": case.reference,
        "controller": console.controller.name,
        "received": days(case.received_on),
        "due": days(case.due_on),
        "request": _in_a_sentence(name_of("kind", case.kind)),
        "channels": ", ".join(name_of("channel", channel) for channel in case.wanted),
        "missing": ", ".join(name_of("channel", channel) for channel in case.missing),
        "ground": name_of("ground", case.ground) if case.ground else "…",
        "reasons": _reasons(file, refusal),
    }
