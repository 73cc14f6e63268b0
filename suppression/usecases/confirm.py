"""Keep what a person is shown after their request, under a code that nobody can guess."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from suppression.domain.confirmations import (
    CODE_BYTES,
    Confirmation,
    MadeRow,
    digest_of,
    in_reading_order,
)
from suppression.domain.controllers import Controller
from suppression.domain.ledger import Deed
from suppression.domain.suppressions import Extent
from suppression.storage.confirmation_rows import add_confirmation
from suppression.storage.database import Transaction


def confirm(  # noqa: PLR0913 - what a page tells
    transaction: Transaction,
    controller: Controller,
    deed: Deed,
    *,
    since: datetime,
    stopped: Iterable[Extent],
    opened: Sequence[str] = (),
    made: MadeRow | None = None,
) -> str:
    """The code of the page, to be written in the transaction of what it tells of."""
    code = secrets.token_urlsafe(CODE_BYTES)
    confirmation = Confirmation(
        code_digest=digest_of(code),
        controller_number=controller.number,
        reference=deed.reference,
        recorded_at=deed.recorded_at,
        since=since,
        stopped=in_reading_order(stopped),
        opened=tuple(opened),
        made=made,
    )
    add_confirmation(transaction, confirmation)
    return code
