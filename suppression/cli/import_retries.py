"""When the worker tries an import again whose batch has failed, and when it gives it up."""

from __future__ import annotations

import time

from suppression.domain.errors import DatabaseUnavailableError, ImportStateError
from suppression.domain.imports.model import Import, ImportState

FIRST_WAIT_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 3600.0
LONGEST_OUTAGE_WAIT_SECONDS = 60.0
MOST_TRIES = 12
"""The failures in a row after which an import is given up: after more than an hour."""


class ImportRetries:
    """The imports that failed in this process, with the number of their failures in a row."""

    def __init__(self) -> None:
        """Start without any failure."""
        self._failures: dict[int, int] = {}
        self._outages: dict[int, int] = {}
        self._not_before: dict[int, float] = {}

    def not_yet(self) -> set[int]:
        """Return the numbers of the imports whose next try is still to come.

        The first wait is two seconds, each further one twice as long: an hour at most, a minute
        where the database was away.
        """
        now = time.monotonic()
        return {number for number, at in self._not_before.items() if at > now}

    def is_hopeless(self, import_: Import, error: Exception) -> bool:
        """Note that a batch failed with `error`; return whether the import has to be given up.

        It has if its staged rows are missing, or at its twelfth failure in a row. A database that
        is away is no failure of the import. One that is being undone is never given up: to undo it
        is all that can be done with it.
        """
        is_outage = isinstance(error, DatabaseUnavailableError)
        counts = self._outages if is_outage else self._failures
        failures = counts[import_.number] = counts.get(import_.number, 0) + 1
        longest = LONGEST_OUTAGE_WAIT_SECONDS if is_outage else LONGEST_WAIT_SECONDS
        wait = min(FIRST_WAIT_SECONDS * 2 ** min(failures - 1, MOST_TRIES), longest)
        self._not_before[import_.number] = time.monotonic() + wait
        if is_outage or import_.state is not ImportState.APPLYING:
            return False
        return failures >= MOST_TRIES or isinstance(error, ImportStateError)

    def forget(self, import_: Import) -> None:
        """Forget the failures of an import, after a batch that was stored."""
        for noted in (self._failures, self._outages, self._not_before):
            noted.pop(import_.number, None)
