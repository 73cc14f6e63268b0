from __future__ import annotations

import pytest

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers import parsing as reading
from suppression.domain.identifiers.match_keys import (
    CanonicalText,
    KeyUse,
    MatchKey,
    MatchKeyLabel,
    PostalAddress,
)
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.identifiers.versions import OLDER, VERSION
from suppression.domain.vocabulary import Kind


def test_the_forms_of_an_older_version_are_asked_and_not_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "OLDER", {0: {Kind.EMAIL: _as_written}})
    identifier = parse_identifier(Kind.EMAIL, "Jean@example.fr", region="FR")
    old = MatchKey.from_spelling(MatchKeyLabel.PLAIN, "Jean@example.fr", KeyUse.LOOKUP)
    assert identifier.forms == (MatchKey.from_spelling(MatchKeyLabel.PLAIN, "jean@example.fr"), old)


def test_an_older_form_that_is_still_made_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "OLDER", {0: {Kind.EMAIL: _as_written}})
    assert len(parse_identifier(Kind.EMAIL, "jean@example.fr", region="FR").forms) == 1


def test_an_identifier_that_only_today_can_read_has_no_older_form(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "OLDER", {0: {Kind.EMAIL: _refused}})
    assert len(parse_identifier(Kind.EMAIL, "jean@example.fr", region="FR").forms) == 1


def test_the_first_version_has_no_older_one() -> None:
    assert (VERSION, dict(OLDER)) == (1, {})


def _as_written(value: str | PostalAddress, _: str) -> list[CanonicalText]:
    text = str(value)
    return [
        CanonicalText(MatchKeyLabel.PLAIN, text),
        CanonicalText(MatchKeyLabel.SOMEONE, "", KeyUse.STORE),
    ]


def _refused(_value: str | PostalAddress, _region: str) -> list[CanonicalText]:
    raise IdentifierParseError("malformed", "Not in those days.")
