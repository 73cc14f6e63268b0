"""SQL statements for controllers, their topics and their API keys."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from suppression.domain.controllers.model import ApiKey, Controller, Topic
from suppression.domain.errors import ConflictError
from suppression.domain.vocabulary import ApiScope, Preset
from suppression.storage.controllers.callers import known_scopes
from suppression.storage.controllers.tables import DbApiKey, DbController, DbTopic
from suppression.storage.engine.database import Transaction
from suppression.storage.engine.prepared_statements import Source, Statement, execute

_LATER_SCOPES = frozenset({ApiScope.SERVICE})
_TOPIC_SLUGS = Statement("topics", "SELECT slug FROM topics WHERE controller_number = $1")
_SCHEMES = Statement("schemes", "SELECT schemes FROM controllers WHERE number = $1")


def add_controller(
    transaction: Transaction, controller: Controller, *, now: datetime
) -> Controller:
    """Insert a controller; return it with its number. Raise ConflictError if the slug is taken."""
    values = {
        "slug": controller.slug,
        "name": controller.name,
        "country": controller.country,
        "preset": controller.preset.value,
        "created_at": now,
    }
    try:
        transaction.execute(insert(DbController).values(values))
    except IntegrityError:
        raise ConflictError("A controller with this slug exists already.") from None
    stored = controller_by_slug(transaction, controller.slug)
    if stored is None:
        raise LookupError(controller.slug)
    return stored


def controller_by_slug(transaction: Transaction, slug: str) -> Controller | None:
    """Return the controller with this slug; None if no controller has it."""
    row = transaction.execute(select(DbController).where(DbController.slug == slug)).one_or_none()
    return _controller(row) if row else None


def controller_by_number(transaction: Transaction, number: int) -> Controller | None:
    """Return the controller with this number; None if no controller has it."""
    statement = select(DbController).where(DbController.number == number)
    row = transaction.execute(statement).one_or_none()
    return _controller(row) if row else None


def load_controllers(transaction: Transaction) -> list[Controller]:
    """Return every controller, ordered by slug."""
    cursor_result = transaction.execute(select(DbController).order_by(DbController.slug))
    return [_controller(row) for row in cursor_result]


def set_preset(transaction: Transaction, controller: Controller, preset: Preset) -> None:
    """Store the name of the preset that a controller's policies come from."""
    own_row = DbController.number == controller.number
    transaction.execute(update(DbController).where(own_row).values(preset=preset.value))


def lock_controller(transaction: Transaction, controller: Controller) -> None:
    """Lock the controller's row until the transaction ends."""
    own_row = DbController.number == controller.number
    transaction.execute(select(DbController.number).where(own_row).with_for_update()).one()


def load_schemes(source: Source, controller: Controller) -> tuple[str, ...]:
    """Return the schemes of a controller's partner lists as committed now, sorted."""
    ((schemes,),) = execute(source, _SCHEMES, (controller.number,))
    return tuple(schemes.split())


def add_scheme(transaction: Transaction, controller: Controller, scheme: str) -> None:
    """Record that the controller has suppressions of identifiers hashed in a partner's scheme.

    Unless `controller` names the scheme already, lock its row until the transaction ends.
    """
    if scheme in controller.schemes:
        return
    own_row = DbController.number == controller.number
    stored = transaction.execute(
        select(DbController.schemes).where(own_row).with_for_update()
    ).scalar_one()
    schemes = " ".join(sorted({*stored.split(), scheme}))
    transaction.execute(update(DbController).where(own_row).values(schemes=schemes))


def add_topic(transaction: Transaction, controller: Controller, topic: Topic) -> Topic:
    """Insert a topic; return it with its number. Raise ConflictError if its slug is taken.

    Lock the controller's row until the transaction ends, so that two topics created at the same
    time get different numbers.
    """
    lock_controller(transaction, controller)
    highest = transaction.execute(
        select(func.coalesce(func.max(DbTopic.number), 0)).where(
            DbTopic.controller_number == controller.number
        )
    ).scalar_one()
    numbered = Topic(
        number=highest + 1, slug=topic.slug, name_fr=topic.name_fr, name_en=topic.name_en
    )
    try:
        transaction.execute(
            insert(DbTopic).values(
                controller_number=controller.number,
                number=numbered.number,
                slug=numbered.slug,
                name_fr=numbered.name_fr,
                name_en=numbered.name_en,
            )
        )
    except IntegrityError:
        raise ConflictError("This controller has a topic of this name already.") from None
    return numbered


def load_topics(transaction: Transaction, controller: Controller) -> list[Topic]:
    """Return the topics of a controller, ordered by number."""
    cursor_result = transaction.execute(
        select(DbTopic)
        .where(DbTopic.controller_number == controller.number)
        .order_by(DbTopic.number)
    )
    return [
        Topic(number=row.number, slug=row.slug, name_fr=row.name_fr, name_en=row.name_en)
        for row in cursor_result
    ]


def topic_slugs(source: Source, controller: Controller) -> frozenset[str]:
    """Return the slugs of a controller's topics."""
    return frozenset(slug for (slug,) in execute(source, _TOPIC_SLUGS, (controller.number,)))


def add_api_key(  # noqa: PLR0913 - each is one column
    transaction: Transaction,
    controller: Controller,
    *,
    digest: bytes,
    hint: str,
    name: str,
    scopes: Collection[ApiScope],
    now: datetime,
) -> None:
    """Insert an API key: its hash `digest`, its name, its scopes and a `hint` to recognize it."""
    transaction.execute(
        insert(DbApiKey).values(
            controller_number=controller.number,
            name=name,
            digest=digest,
            hint=hint,
            scopes=" ".join(sorted(frozenset(scopes) - _LATER_SCOPES)),
            later_scopes=" ".join(sorted(frozenset(scopes) & _LATER_SCOPES)),
            created_at=now,
        )
    )


def load_api_keys(transaction: Transaction, controller: Controller) -> list[ApiKey]:
    """Return every API key of a controller, revoked ones too, ordered by number."""
    cursor_result = transaction.execute(
        select(DbApiKey)
        .where(DbApiKey.controller_number == controller.number)
        .order_by(DbApiKey.number)
    )
    return [
        ApiKey(
            number=row.number,
            name=row.name,
            hint=row.hint,
            scopes=_scopes(row),
            created_at=row.created_at,
            revoked_at=row.revoked_at,
        )
        for row in cursor_result
    ]


def revoke_api_key(
    transaction: Transaction, controller: Controller, number: int, *, now: datetime
) -> bool:
    """Revoke an API key; return False if the controller has no key in use with this number."""
    statement = (
        update(DbApiKey)
        .where(
            DbApiKey.controller_number == controller.number,
            DbApiKey.number == number,
            DbApiKey.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    return transaction.execute(statement).rowcount == 1


def _controller(row: Row[Any]) -> Controller:
    return Controller(
        number=row.number,
        slug=row.slug,
        name=row.name,
        country=row.country,
        preset=Preset(row.preset),
        schemes=tuple(row.schemes.split()),
    )


def _scopes(row: Row[Any]) -> frozenset[ApiScope]:
    return known_scopes(f"{row.scopes} {row.later_scopes}")
