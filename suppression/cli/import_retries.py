"""When the worker tries an import again whose batch has failed, and when it gives it up."""

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
"""The failures in a row after which an import is given up: after more than an hour."""


@dataclass(kw_only=True, slots=True)
class _Failing:
    """The failures in a row of one import since it last changed."""

    since: tuple[ImportState, datetime]
    failures: int = 0
    outages: int = 0
    not_before: float = 0.0


class ImportRetries:
    """The imports that failed in this process, with the number of their failures in a row.

    What is noted of an import counts until the import changes: a batch that another worker stored,
    and an import that is applied again or undone, start afresh.
    """

    def __init__(self) -> None:
        """Start without any failure."""
        self._failing: dict[int, _Failing] = {}

    def is_waiting(self, import_: Import) -> bool:
        """Return whether the next try of an import is still to come.

        The first wait is two seconds, each further one twice as long: an hour at most, a minute
        where the database was away.
        """
        return self._noted(import_).not_before > time.monotonic()

    def is_hopeless(self, import_: Import, error: Exception) -> bool:
        """Note that a batch failed with `error`; return whether the import has to be given up.

        It has if its staged rows are missing, or at its twelfth failure in a row. A database that
        is away is no failure of the import. One that is being undone is never given up: to undo it
        is all that can be done with it.
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
        """Forget the failures of an import, after a batch that was stored."""
        self._failing.pop(import_.number, None)

    def _noted(self, import_: Import) -> _Failing:
        """Return what is noted of an import as it stands; without a failure if it has changed."""
        since = (import_.state, import_.changed_at)
        noted = self._failing.get(import_.number)
        return noted if noted and noted.since == since else _Failing(since=since)
