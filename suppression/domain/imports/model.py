"""Imports: the stops that a file brought, from their staging to their undoing.

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
"""How many characters an import's reference has; it is the `source` of its suppressions."""


class ImportState(StrEnum):
    """The state of an import."""

    STAGING = "staging"
    STAGED = "staged"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"
    """The worker gave the import up after failures to apply it; some stops may be applied."""
    DISCARDED = "discarded"
    UNDOING = "undoing"
    UNDONE = "undone"

    @property
    def over(self) -> bool:
        """Whether the import was discarded or undone: none of its suppressions is in force."""
        return self in {ImportState.DISCARDED, ImportState.UNDONE}


class UploadEnd(StrEnum):
    """The reason why an upload never became an import."""

    INTERRUPTED = "interrupted"
    UNNEEDED = "unneeded"
    """The upload was refused, with an error to its sender, or its bytes are an import already."""


class ImportAction(StrEnum):
    """An action on an import."""

    APPLY = "apply"
    DISCARD = "discard"
    UNDO = "undo"


class ImportChange(StrEnum):
    """The kind of change of an import, which the ledger records with its actor.

    `staged`: its file was read; `failed`: the worker gave it up. The others are the actions.
    """

    STAGED = "staged"
    APPLY = "apply"
    DISCARD = "discard"
    UNDO = "undo"
    FAILED = "failed"


_NEXT_STATES = {
    (ImportState.STAGED, ImportAction.APPLY): ImportState.APPLYING,
    (ImportState.STAGED, ImportAction.DISCARD): ImportState.DISCARDED,
    (ImportState.APPLYING, ImportAction.UNDO): ImportState.UNDOING,
    (ImportState.APPLIED, ImportAction.UNDO): ImportState.UNDOING,
    (ImportState.FAILED, ImportAction.APPLY): ImportState.APPLYING,
    (ImportState.FAILED, ImportAction.UNDO): ImportState.UNDOING,
}
_STATES_ALREADY_REACHED = {
    ImportAction.APPLY: {ImportState.APPLYING, ImportState.APPLIED},
    ImportAction.DISCARD: {ImportState.DISCARDED},
    ImportAction.UNDO: {ImportState.UNDOING, ImportState.UNDONE},
}


def state_after(state: ImportState, action: ImportAction) -> ImportState:
    """Return the state that an action leads to; `state` itself if the action was taken before.

    Raise ImportStateError if the action is impossible, such as undoing an import that was not
    applied.

    >>> str(state_after(ImportState.STAGED, ImportAction.APPLY))
    'applying'
    >>> str(state_after(ImportState.APPLIED, ImportAction.APPLY))
    'applied'
    """
    if state in _STATES_ALREADY_REACHED[action]:
        return state
    if (state, action) not in _NEXT_STATES:
        raise ImportStateError(f"This import is {state}: it cannot be changed by {action}.")
    return _NEXT_STATES[state, action]


class StagedSuppression(NamedTuple):
    """A suppression that a row of a file requests.

    `row`: the row's number, counted from 1 as in a spreadsheet; `forms`: the fingerprints of its
    identifier, the primary one first; `canonicalisation`: the version of the rules that made them.
    """

    row: int
    forms: tuple[Fingerprint, ...]
    scope: Scope
    reason: Reason
    occurred_at: datetime
    expires_at: datetime | None
    canonicalisation: int


class RowFault(NamedTuple):
    """The reason why a row of a file is not imported, without the row's content.

    `row`: the row's number, counted from 1 as in a spreadsheet; `column`: our name for the column,
    or ''; `reason`: a code; `change`: what the sender has to change.
    """

    row: int
    column: str
    reason: str
    change: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportCounts:
    """Counts of an import. Each of the `rows` of the file is `new`, `known` or `invalid`.

    `known`: every stop of the row was in force already. `stops` counts the suppressions that the
    rows request, `applied` those applied so far, `released` those that undoing released.
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
    """An import on record. `columns`: our names for the file's columns, '' for an unused one.

    `terms_digest`: a keyed digest of its options, to compare those of a repeated upload.
    """

    number: int
    import_id: str
    controller_number: int
    state: ImportState
    actor: str
    created_at: datetime
    changed_at: datetime
    counts: ImportCounts
    columns: tuple[str, ...]
    schemes: tuple[str, ...]
    terms_digest: bytes
    interrupted: bool = False
    """Whether its upload was interrupted: it counts as discarded, though nobody discarded it."""
