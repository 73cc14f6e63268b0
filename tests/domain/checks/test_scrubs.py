"""The decisions that a scrub stores, and its counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from suppression.domain.checks.decision import CheckResult, ReasonGiven, unknown
from suppression.domain.checks.scrubs import (
    Scrub,
    ScrubCounts,
    Verdict,
    decode_verdicts,
    encode_verdicts,
    verdict_of,
)
from suppression.domain.retention import SCRUBS_KEPT_FOR
from suppression.domain.unsubscribe.mail_headers import list_headers, unsubscribe_header
from suppression.domain.vocabulary import Decision

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ALLOW = CheckResult(decision=Decision.ALLOW, checked_at=NOW, valid_until=NOW + timedelta(hours=1))
DENY = CheckResult(
    decision=Decision.DENY,
    checked_at=NOW,
    reasons=(
        ReasonGiven(code="objection"),
        ReasonGiven(code="objection", topic="offers"),
        ReasonGiven(code="deceased"),
    ),
    valid_until=NOW + timedelta(minutes=5),
)


@given(
    st.lists(
        st.tuples(
            st.integers(1, 10**9),
            st.sampled_from(Decision),
            st.lists(st.sampled_from(["objection", "malformed"])).map(tuple),
        ),
        unique_by=lambda item: item[0],
    )
)
def test_what_is_packed_is_unpacked_as_it_was(rows: list[tuple[int, Decision, tuple[str]]]) -> None:
    verdicts = [Verdict(*row) for row in sorted(rows)]
    assert list(decode_verdicts(encode_verdicts(verdicts))) == verdicts


def test_ten_thousand_rows_take_less_than_a_kilobyte() -> None:
    verdicts = [Verdict(row, Decision.ALLOW, ()) for row in range(2, 10_002)]
    assert len(encode_verdicts(verdicts)) < 1000


def test_a_verdict_names_each_code_once() -> None:
    assert verdict_of(7, DENY) == Verdict(7, Decision.DENY, ("objection", "deceased"))
    assert verdict_of(8, ALLOW) == Verdict(8, Decision.ALLOW, ())


def test_a_tally_counts_rows_and_keeps_the_first_end() -> None:
    counts = ScrubCounts()
    assert (counts.rows, counts.valid_until) == (0, None)
    for batch in ([ALLOW, ALLOW], [DENY], [unknown("row_broken", now=NOW)], [ALLOW]):
        counts.add(batch)
    assert (counts.rows, counts.valid_until) == (5, DENY.valid_until)
    assert counts.summary() == {
        "allow": 3,
        "deny": 1,
        "unknown": 1,
        "reasons": {"deceased": 1, "objection": 1, "row_broken": 1},
    }


def test_a_scrub_is_kept_for_a_day() -> None:
    scrub = Scrub(scrub_id=bytes(16), controller_number=1, as_of=NOW, rows=0, summary={})
    assert scrub.kept_until - NOW == SCRUBS_KEPT_FOR == timedelta(hours=24)


def test_the_headers_of_a_file_are_those_of_a_link() -> None:
    headers = list_headers(name="Okwind", controller="okwind", topic="", host="stop.example.fr")
    assert headers["List-Id"] == "Okwind <okwind.stop.example.fr>"
    assert unsubscribe_header("https://stop.example.fr/u/x") == "<https://stop.example.fr/u/x>"
