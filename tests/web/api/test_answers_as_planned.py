"""Answers that are serialised by a precomputed plan equal those that marshmallow would write."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema

from suppression.domain.checks.decision import ReasonGiven
from suppression.domain.vocabulary import Audience, Basis, Decision
from suppression.web.schemas.checks import CheckAnswerSchema, FlatAnswerSchema

MOMENTS = st.datetimes(timezones=st.just(UTC), min_value=datetime(1990, 1, 1))  # noqa: DTZ001
MAYBE = st.none() | MOMENTS
REASONS = st.lists(
    st.builds(
        ReasonGiven, code=st.text(max_size=4), since=MAYBE, topic=st.sampled_from(["", "offers"])
    ),
    max_size=3,
)
ANSWERS = st.fixed_dictionaries(
    {
        "decision": st.sampled_from(Decision),
        "basis": st.none() | st.sampled_from(Basis),
        "attested": st.sampled_from([None, True, False]),
        "audience": st.none() | st.sampled_from(Audience),
        "reasons": REASONS,
        "checked_at": MOMENTS,
        "valid_until": MAYBE,
    },
    optional={"retry_at": MAYBE, "correlation_id": st.none() | st.text(max_size=3)},
)
DETAILS = st.fixed_dictionaries({"index": st.integers(0), "reasons": REASONS, "retry_at": MAYBE})
SUMMARY = st.fixed_dictionaries(
    {
        "allow": st.integers(0),
        "deny": st.integers(0),
        "unknown": st.integers(0),
        "reasons": st.dictionaries(st.text(max_size=3), st.integers(0), max_size=2),
    }
)
FLAT = st.fixed_dictionaries(
    {
        "decisions": st.text("ADU", max_size=3),
        "details": st.lists(DETAILS, max_size=2),
        "summary": SUMMARY,
        "checked_at": MOMENTS,
    }
)


@given(ANSWERS)
def test_an_answer_is_what_marshmallow_would_write(answer: dict[str, Any]) -> None:
    _same(CheckAnswerSchema(), answer)


@given(FLAT)
def test_a_batch_is_what_marshmallow_would_write(answer: dict[str, Any]) -> None:
    _same(FlatAnswerSchema(), answer)


def _same(schema: Schema, answer: dict[str, Any]) -> None:
    assert schema.dump(answer) == _without_absent(Schema.dump(schema, answer))


def _without_absent(written: Any) -> Any:  # noqa: ANN401 - JSON
    """Return JSON without fields that are null or empty, because no field here allows null."""
    if isinstance(written, list):
        return [_without_absent(value) for value in written]
    if isinstance(written, dict):
        return {
            name: _without_absent(value)
            for name, value in written.items()
            if value is not None and value != ""
        }
    return written
