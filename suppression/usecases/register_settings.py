"""Read and change what a controller sets for its register."""

from __future__ import annotations

from suppression.domain.answers import AnswerKind
from suppression.domain.case_contents import RegisterSettings
from suppression.domain.controllers import Controller
from suppression.storage.database import reading, writing
from suppression.storage.register_rows import (
    answer_texts,
    register_settings,
    save_answer_text,
    save_register_settings,
)


def read_settings(controller: Controller) -> RegisterSettings:
    """What is set."""
    with reading() as transaction:
        return register_settings(transaction, controller)


def change_settings(controller: Controller, settings: RegisterSettings) -> None:
    """Set it."""
    with writing() as transaction:
        save_register_settings(transaction, controller, settings)


def read_answer_texts(controller: Controller) -> dict[tuple[str, str], str]:
    """The controller's own words, by answer and language."""
    with reading() as transaction:
        return answer_texts(transaction, controller)


def change_answer_text(
    controller: Controller, answer: AnswerKind, language: str, body: str
) -> None:
    """Set the controller's own words for an answer; none brings ours back."""
    with writing() as transaction:
        save_answer_text(transaction, controller, answer.value, language, body)
