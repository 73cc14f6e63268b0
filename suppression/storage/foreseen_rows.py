"""Who calls and what stands, in one statement, where both can be supposed beforehand."""

from __future__ import annotations

from collections.abc import Sequence

from suppression.domain.fingerprints import Fingerprint
from suppression.storage.caller_rows import MARK, Seen, of_key
from suppression.storage.prepared import Reader, Statement, told_time
from suppression.storage.standing_rows import StandingRows, array, standing_in
from suppression.storage.standing_statements import STANDING

_CALLER = "caller"
_WITH_CALLER = Statement(
    "with_caller",
    f"""{STANDING.text}
UNION ALL
SELECT '{_CALLER}', NULL, '', '', {MARK}, '', NULL, NULL, NULL, NULL
{of_key(4)}""",
)


def can_foresee(reader: Reader) -> bool:
    """Whether this database takes both in one statement."""
    return reader.dialect.name == "postgresql"


def foreseen_rows(
    reader: Reader,
    digest: bytes,
    seen: Seen,
    *,
    asked: Sequence[Fingerprint],
    given: Sequence[Fingerprint],
) -> StandingRows | None:
    """What stands under these; None unless the key still means whom it meant, to the letter."""
    sent = (array(asked), array(given), told_time(reader), f"\\x{digest.hex()}")
    found = reader.rows(_WITH_CALLER, sent)
    if [row[4] for row in found if row[0] == _CALLER] != [seen.mark]:
        return None
    return standing_in([row for row in found if row[0] != _CALLER])
