"""Who calls and what stands, in one statement, where both can be supposed beforehand."""

from __future__ import annotations

from collections.abc import Sequence

from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.storage.checks.active_rows import StateLookup, state_in_rows
from suppression.storage.checks.statements import STANDING
from suppression.storage.controllers.callers import MARK, CachedCaller, _from_clause
from suppression.storage.engine.column_types import uuid_array
from suppression.storage.engine.prepared_statements import Reader, Statement, stated_time

_CALLER = "caller"
_WITH_CALLER = Statement(
    "with_caller",
    f"""{STANDING.text}
UNION ALL
SELECT '{_CALLER}', NULL, '', '', {MARK}, '', NULL, NULL, NULL, NULL
{_from_clause(4)}""",
)


def supports_prefetch(reader: Reader) -> bool:
    """Whether this database takes both in one statement."""
    return reader.dialect.name == "postgresql"


def prefetch_state(
    reader: Reader,
    digest: bytes,
    seen: CachedCaller,
    *,
    asked: Sequence[Fingerprint],
    given: Sequence[Fingerprint],
) -> StateLookup | None:
    """What stands under these; None unless the key still means whom it meant, to the letter."""
    sent = (uuid_array(asked), uuid_array(given), stated_time(reader), f"\\x{digest.hex()}")
    found = reader.fetch_all(_WITH_CALLER, sent)
    if [row[4] for row in found if row[0] == _CALLER] != [seen.mark]:
        return None
    return state_in_rows([row for row in found if row[0] != _CALLER])
