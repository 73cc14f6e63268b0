"""The plainest checks are parsed without their schema, with the schema's result."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from suppression.domain.vocabulary import Channel
from suppression.web.schemas.checks import CheckSchema, load_plain_check

SCHEMA = CheckSchema()
NAMES = st.sampled_from([*SCHEMA.fields, "unknown"])
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=5),
    st.sampled_from([*map(str, Channel), "marketing", "FR", "2026-11-21T09:30:00Z"]),
    st.lists(st.text(max_size=2), max_size=2),
    st.dictionaries(st.sampled_from(["lines", "street", "sha256"]), st.text(max_size=3)),
)
PLAIN = st.fixed_dictionaries(
    {"channel": st.sampled_from([*map(str, Channel), "", "fax"])},
    optional={"identifier": VALUES, "correlation_id": VALUES, "purpose": VALUES},
)


@given(st.one_of(PLAIN, st.dictionaries(NAMES, VALUES, max_size=4)))
def test_what_is_read_without_the_schema_is_what_the_schema_reads(body: dict[str, Any]) -> None:
    read = load_plain_check(body)
    try:
        loaded = SCHEMA.load(body)
    except ValidationError:
        loaded = None
    assert read is None or read == loaded


def test_a_plain_check_is_read_without_the_schema() -> None:
    body = {"channel": "sms", "identifier": "0612345678", "correlation_id": "crm-1"}
    assert load_plain_check(body) == SCHEMA.load(body)
