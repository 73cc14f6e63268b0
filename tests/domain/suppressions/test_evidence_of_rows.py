"""A row counts as made only by clicks unless any stop came in another way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.suppressions.model import (
    RecordId,
    Scope,
    SuppressionRequest,
    new_suppression,
    satisfies,
)
from suppression.domain.vocabulary import Channel, Evidence, Purpose, Reason


def _stop(evidence: Evidence) -> SuppressionRequest:
    return SuppressionRequest(
        forms=(Fingerprint(bytes(16)),),
        scope=Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING),
        reason=Reason.UNSUBSCRIBE,
        evidence=evidence,
        occurred_at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("evidence", "of_stop", "held"),
    [
        (Evidence.LINK_PAGE, Evidence.API, False),
        (Evidence.ONE_CLICK, Evidence.API, False),
        (Evidence.LINK_PAGE, Evidence.ONE_CLICK, True),
        (Evidence.API, Evidence.LINK_PAGE, True),
        (Evidence.PUBLIC_FORM, Evidence.API, True),
    ],
)
def test_a_row_of_clicks_holds_clicks_alone(
    evidence: Evidence,
    of_stop: Evidence,
    held: bool,  # noqa: FBT001
) -> None:
    row = new_suppression(_stop(evidence), record_id=RecordId(bytes(16)), salt=b"").suppression
    assert satisfies(row, _stop(of_stop)) is held
