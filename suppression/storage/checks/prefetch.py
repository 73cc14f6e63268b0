"""Read the state of a check and confirm the cached caller of its API key, in one statement."""

from __future__ import annotations

from collections.abc import Sequence

from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.storage.checks.active_rows import StateLookup, state_in_rows
from suppression.storage.checks.answer_marks import new_mark
from suppression.storage.checks.statements import STATE_QUERY
from suppression.storage.controllers.callers import MARK, CachedCaller, _from_clause
from suppression.storage.engine.column_types import uuid_array
from suppression.storage.engine.prepared_statements import Reader, Statement, stated_time

_CALLER = "caller"
_WITH_CALLER = Statement(
    "with_caller",
    f"""{STATE_QUERY.text}
UNION ALL
SELECT '{_CALLER}', NULL, '', '', {MARK}, '', NULL, NULL, NULL, NULL
{_from_clause(5)}""",
)


def prefetch_state(
    reader: Reader,
    digest: bytes,
    cached: CachedCaller,
    *,
    lookup_fingerprints: Sequence[Fingerprint],
    consent_fingerprints: Sequence[Fingerprint],
) -> StateLookup | None:
    """Return the state under these fingerprints if `cached` is still the caller, else None.

    One PostgreSQL statement reads both. `digest` is the hash of the API key. `cached` is outdated
    if the key was revoked, or if the columns that the caller was read from have changed. The state
    has no call events. Raise DatabaseUnavailableError for an answer to another statement.
    """
    mark = new_mark()
    sent = (
        uuid_array(lookup_fingerprints),
        uuid_array(consent_fingerprints),
        stated_time(reader),
        mark,
        f"\\x{digest.hex()}",
    )
    rows = reader.fetch_all(_WITH_CALLER, sent)
    lookup = state_in_rows([row for row in rows if row[:1] != (_CALLER,)], mark)
    is_same_caller = [row[4] for row in rows if row[0] == _CALLER] == [cached.mark]
    return lookup if is_same_caller else None
