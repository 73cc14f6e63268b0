"""Read the audit log: look-ups, sign-ins, reviews, changes of users, policies and imports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from suppression.domain.controllers.model import Controller
from suppression.domain.ledger.entries import EntryId, LedgerEntry
from suppression.domain.vocabulary import EntryType
from suppression.storage.engine.database import reading
from suppression.storage.ledger.rows import entries_about_nobody
from suppression.storage.users.rows import logins_of

SHOWN = (
    EntryType.LOOKED_UP,
    EntryType.SIGNED_IN,
    EntryType.USER_CHANGED,
    EntryType.POLICY,
    EntryType.REVIEWED,
    EntryType.IMPORT_CHANGED,
)
PAGE = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class LogPage:
    """A page of the audit log: at most 100 entries, newest first, and the logins of their users.

    `logins` maps the actors and sources that are users (`user:3`) to logins. `older` is the
    `before` of the next page; None on the last page.
    """

    entries: tuple[LedgerEntry, ...]
    logins: Mapping[str, str]
    older: EntryId | None


def read_log(controller: Controller, *, before: EntryId | None = None) -> LogPage:
    """Return the newest page of a controller's audit log, or of its entries older than `before`."""
    with reading() as transaction:
        entries = entries_about_nobody(
            transaction, controller, SHOWN, before=before, limit=PAGE + 1
        )
        shown = entries[:PAGE]
        users = {name for entry in shown for name in (entry.context.actor, entry.source)}
        logins = logins_of(transaction, users)
    older = shown[-1].entry_id if len(entries) > PAGE else None
    return LogPage(entries=tuple(shown), logins=logins, older=older)
