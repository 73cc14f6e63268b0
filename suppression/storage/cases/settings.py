"""SQL statements for a controller's settings of the DPO's register and its letter texts."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from suppression.domain.cases.contents import RegisterSettings
from suppression.domain.controllers.model import Controller
from suppression.storage.cases.tables import DbAnswerText, DbRegisterSettings
from suppression.storage.engine.database import Transaction


def register_settings(transaction: Transaction, controller: Controller) -> RegisterSettings:
    """Return the controller's register settings; the defaults if it has saved no settings."""
    statement = select(DbRegisterSettings).where(
        DbRegisterSettings.controller_number == controller.number
    )
    row = transaction.execute(statement).one_or_none()
    if row is None:
        return RegisterSettings()
    return RegisterSettings(
        keep_months=row.keep_months, other_systems=row.other_systems, signature=row.signature
    )


def save_register_settings(
    transaction: Transaction, controller: Controller, settings: RegisterSettings
) -> None:
    """Replace the controller's register settings."""
    own_row = DbRegisterSettings.controller_number == controller.number
    transaction.execute(delete(DbRegisterSettings).where(own_row))
    transaction.execute(
        insert(DbRegisterSettings).values(
            controller_number=controller.number,
            keep_months=settings.keep_months,
            other_systems=settings.other_systems,
            signature=settings.signature,
        )
    )


def answer_texts(transaction: Transaction, controller: Controller) -> dict[tuple[str, str], str]:
    """Return the controller's own letter texts, by kind of answer and language."""
    statement = select(DbAnswerText).where(DbAnswerText.controller_number == controller.number)
    return {(row.answer, row.language): row.body for row in transaction.execute(statement)}


def save_answer_text(
    transaction: Transaction, controller: Controller, answer: str, language: str, body: str
) -> None:
    """Replace the controller's own letter text for a kind of answer and a language.

    An empty `body` removes it, which restores our default.
    """
    own_row = (
        DbAnswerText.controller_number == controller.number,
        DbAnswerText.answer == answer,
        DbAnswerText.language == language,
    )
    transaction.execute(delete(DbAnswerText).where(*own_row))
    if body:
        values = {"controller_number": controller.number, "answer": answer, "language": language}
        transaction.execute(insert(DbAnswerText).values(values | {"body": body}))
