"""Imports: a list of stops that a file brought, from staging to undoing.

See docs/architecture.md#suppressions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from suppression.domain.errors import ImportStateError
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import Reason

IMPORT_ID_LENGTH = 14
"""An import is named by a reference; it is the `source` of its rows and stands in the ledger."""


class ImportState(StrEnum):
    """How far an import has come."""

    STAGING = "staging"
    STAGED = "staged"
    APPLYING = "applying"
    APPLIED = "applied"
    DISCARDED = "discarded"
    UNDOING = "undoing"
    UNDONE = "undone"

    @property
    def over(self) -> bool:
        """Whether nothing of it is on the list any more, or ever was."""
        return self in {ImportState.DISCARDED, ImportState.UNDONE}


class UploadEnd(StrEnum):
    """Why an upload never became an import."""

    INTERRUPTED = "interrupted"
    UNNEEDED = "unneeded"
    """Refused, which whoever sent it was told, or of bytes that are an import already."""


class ImportAction(StrEnum):
    """What somebody may want of an import."""

    APPLY = "apply"
    DISCARD = "discard"
    UNDO = "undo"


_BEGINS = {
    (ImportState.STAGED, ImportAction.APPLY): ImportState.APPLYING,
    (ImportState.STAGED, ImportAction.DISCARD): ImportState.DISCARDED,
    (ImportState.APPLYING, ImportAction.UNDO): ImportState.UNDOING,
    (ImportState.APPLIED, ImportAction.UNDO): ImportState.UNDOING,
}
_HOLDS = {
    ImportAction.APPLY: {ImportState.APPLYING, ImportState.APPLIED},
    ImportAction.DISCARD: {ImportState.DISCARDED},
    ImportAction.UNDO: {ImportState.UNDOING, ImportState.UNDONE},
}


def state_after(state: ImportState, wish: ImportAction) -> ImportState:
    """The state that a wish leads to; the same one where it was wished before.

    ImportStateError where it cannot be had: what was not applied cannot be undone.

    >>> str(state_after(ImportState.STAGED, ImportAction.APPLY))
    'applying'
    >>> str(state_after(ImportState.APPLIED, ImportAction.APPLY))
    'applied'
    """
    if state in _HOLDS[wish]:
        return state
    if (state, wish) not in _BEGINS:
        raise ImportStateError(f"This import is {state}: it cannot be changed by {wish}.")
    return _BEGINS[state, wish]


class StagedSuppression(NamedTuple):
    """A stop that a row of a file asks for. `forms`: the primary fingerprint first."""

    row: int
    forms: tuple[Fingerprint, ...]
    scope: Scope
    reason: Reason
    occurred_at: datetime
    expires_at: datetime | None
    canonicalisation: int


class RowFault(NamedTuple):
    """Why nothing of a row is taken: never what stands in it. `column` is our name of it, or ''."""

    row: int
    column: str
    reason: str
    change: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportCounts:
    """Counts. Of the `rows` of a file each is `new`, `known` or `invalid`.

    `known`: all that it says is on the list already. `stops` are what the rows ask for, `applied`
    of them are done, `released` were lifted by undoing.
    """

    rows: int = 0
    new: int = 0
    known: int = 0
    invalid: int = 0
    stops: int = 0
    applied: int = 0
    released: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Import:
    """An import as it stands. `columns`: our names of the file's columns, '' for one not used."""

    number: int
    import_id: str
    controller_number: int
    state: ImportState
    actor: str
    created_at: datetime
    changed_at: datetime
    tally: ImportCounts
    columns: tuple[str, ...]
    schemes: tuple[str, ...]
    terms_digest: bytes
    interrupted: bool = False
    """Whether its upload broke off: discarded, but by nobody."""
