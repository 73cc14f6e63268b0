"""Read and change the settings of a controller's register and its texts of answers to people."""

from __future__ import annotations

from suppression.domain.cases.contents import RegisterSettings
from suppression.domain.cases.letters import AnswerKind
from suppression.domain.controllers.model import Controller
from suppression.storage.cases.settings import (
    answer_texts,
    register_settings,
    save_answer_text,
    save_register_settings,
)
from suppression.storage.engine.database import reading, writing


def read_settings(controller: Controller) -> RegisterSettings:
    """Return the register settings of a controller; the defaults if it has saved none."""
    with reading() as transaction:
        return register_settings(transaction, controller)


def change_settings(controller: Controller, settings: RegisterSettings) -> None:
    """Store the register settings of a controller."""
    with writing() as transaction:
        save_register_settings(transaction, controller, settings)


def read_answer_texts(controller: Controller) -> dict[tuple[str, str], str]:
    """Return the controller's own texts of answers to people, keyed by (answer, language)."""
    with reading() as transaction:
        return answer_texts(transaction, controller)


def change_answer_text(
    controller: Controller, answer: AnswerKind, language: str, body: str
) -> None:
    """Store the controller's own text of an answer; an empty `body` restores the default text."""
    with writing() as transaction:
        save_answer_text(transaction, controller, answer.value, language, body)
