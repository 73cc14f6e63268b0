"""Rules for imports that fail: when the worker tries one again, and when it gives one up."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.errors import DatabaseUnavailableError, ImportStateError
from suppression.domain.imports.model import Import, ImportState

FIRST_WAIT_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 3600.0
LONGEST_OUTAGE_WAIT_SECONDS = 60.0
MOST_TRIES = 12
"""An import is given up at this many failures in a row, over an hour after the first one."""


@dataclass(kw_only=True, slots=True)
class _Failing:
    """The failures in a row of one import since it last changed.

    `since`: its state and date of change; `not_before`: when to try again, by time.monotonic().
    """

    since: tuple[ImportState, datetime]
    failures: int = 0
    outages: int = 0
    not_before: float = 0.0


class ImportRetries:
    """The imports that failed in this process, with the number of their failures in a row.

    The count of an import starts again from 0 when the import changes: when another worker stores a
    batch of it, or when a user applies it again or undoes it.
    """

    def __init__(self) -> None:
        """Start without any failure."""
        self._failing: dict[int, _Failing] = {}

    def is_waiting(self, import_: Import) -> bool:
        """Return whether it is too early to try an import again.

        The wait is two seconds after the first failure and doubles with each further one, up to an
        hour; up to a minute while the database does not answer.
        """
        return self._noted(import_).not_before > time.monotonic()

    def is_hopeless(self, import_: Import, error: Exception) -> bool:
        """Count a batch that failed with `error`; return whether to give the import up.

        True if staged rows are missing (ImportStateError), or at the twelfth failure in a row. A
        database that does not answer is no failure of the import. An import that is being undone is
        never given up, because no other action is possible on it.
        """
        noted = self._failing[import_.number] = self._noted(import_)
        is_outage = isinstance(error, DatabaseUnavailableError)
        if is_outage:
            noted.outages += 1
            times, longest = noted.outages, LONGEST_OUTAGE_WAIT_SECONDS
        else:
            noted.failures += 1
            times, longest = noted.failures, LONGEST_WAIT_SECONDS
        wait = min(FIRST_WAIT_SECONDS * 2 ** min(times - 1, MOST_TRIES), longest)
        noted.not_before = time.monotonic() + wait
        if is_outage or import_.state is not ImportState.APPLYING:
            return False
        return noted.failures >= MOST_TRIES or isinstance(error, ImportStateError)

    def forget(self, import_: Import) -> None:
        """Forget the failures of an import; call this once a batch of it was stored."""
        self._failing.pop(import_.number, None)

    def _noted(self, import_: Import) -> _Failing:
        """Return the counted failures of an import; zero if the import has changed since."""
        since = (import_.state, import_.changed_at)
        noted = self._failing.get(import_.number)
        return noted if noted and noted.since == since else _Failing(since=since)
