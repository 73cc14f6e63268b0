from __future__ import annotations

import pytest

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.match_keys import PostalAddress, Value
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.vocabulary import Kind

LONGEST = PostalAddress(name="J", street="1 rue " + "x" * 488, postcode="35000")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.EMAIL, "a" * 310 + "@example.fr"),
        (Kind.PHONE, "0612345678" + " " * 55),
        (Kind.POSTAL, PostalAddress(street="1 rue " + "x" * 490, postcode="35000")),
        (Kind.POSTAL, PostalAddress(lines=("1 rue Foch",) * 51)),
    ],
)
def test_one_character_too_many_is_refused_with_its_reason(kind: Kind, value: Value) -> None:
    with pytest.raises(IdentifierParseError) as refused:
        parse_identifier(kind, value, region="FR")
    assert refused.value.code == "too_long"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.EMAIL, "a" * 309 + "@example.fr"),
        (Kind.PHONE, "0612345678" + " " * 54),
        (Kind.POSTAL, LONGEST),
    ],
)
def test_the_longest_allowed_is_read(kind: Kind, value: Value) -> None:
    assert parse_identifier(kind, value, region="FR").kind is kind


@pytest.mark.parametrize(
    ("kind", "value"),
    [(Kind.POSTAL, "12 rue Foch"), (Kind.EMAIL, LONGEST), (Kind.PHONE, LONGEST)],
)
def test_a_value_of_another_kind_is_refused(kind: Kind, value: Value) -> None:
    with pytest.raises(IdentifierParseError) as refused:
        parse_identifier(kind, value, region="FR")
    assert refused.value.code == "wrong_kind"


def test_control_characters_are_refused_in_an_address() -> None:
    with pytest.raises(IdentifierParseError, match="control"):
        parse_identifier(
            Kind.POSTAL, PostalAddress(street="1 rue\x00", postcode="35000"), region="FR"
        )
