"""Which slugs, countries and references are accepted, and how the others are refused."""

from __future__ import annotations

import pytest

from suppression.domain.controllers.model import (
    Caller,
    Controller,
    valid_country,
    valid_ref,
    valid_slug,
)
from suppression.domain.errors import InvalidValueError
from suppression.domain.policies.presets import preset_policies
from suppression.domain.vocabulary import ApiScope, Preset, Sector


@pytest.mark.parametrize("slug", ["a", "7", "okwind", "my-company", "a--b", "a" * 32])
def test_a_slug_of_small_letters_digits_and_inner_hyphens_is_taken(slug: str) -> None:
    assert valid_slug(slug) == slug


@pytest.mark.parametrize(
    "slug", ["", "-a", "a-", "A", "é", "a b", "a_b", "a.b", "a/b", "a\n", "a" * 33]
)
def test_any_other_slug_is_refused_by_the_name_of_its_field(slug: str) -> None:
    with pytest.raises(InvalidValueError, match=r"^topic: use 1 to 32 small letters"):
        valid_slug(slug, field="topic")


@pytest.mark.parametrize("code", ["fr", "FR", "Fr"])
def test_a_country_is_kept_in_capitals(code: str) -> None:
    assert valid_country(code) == "FR"


@pytest.mark.parametrize("code", ["", "F", "FRA", "F1", "France", "FR\n"])
def test_a_country_that_is_no_two_letter_code_is_refused(code: str) -> None:
    with pytest.raises(InvalidValueError, match=r"^country: use two letters"):
        valid_country(code)


@pytest.mark.parametrize(
    "ref",
    ["7", "crm:4711", "A_b.c:d-e", "0", "012345678", "r" * 64, "33612345678"],
)
def test_a_short_plain_reference_is_taken(ref: str) -> None:
    assert valid_ref(ref, pointer="/ref") == ref


@pytest.mark.parametrize("ref", ["", "a b", "a@b", "é", "a/b", "a\n", "+33612345678", "r" * 65])
def test_a_reference_with_other_characters_or_too_long_is_refused(ref: str) -> None:
    assert "1 to 64 characters" in _refusal(ref)


@pytest.mark.parametrize(
    "ref",
    [
        *("0612345678", "0612345678-jean", "0033612345678", "00", "00:crm", "01234567890"),
        *("06.12.34.56.78", "06-12-34-56-78", "06_12_34_56_78", "0-123456789"),
    ],
)
def test_a_reference_that_begins_like_a_phone_number_is_refused(ref: str) -> None:
    assert "phone number" in _refusal(ref)


@pytest.mark.parametrize("ref", ["0612345678", "a@b"])
def test_a_refused_reference_is_never_echoed(ref: str) -> None:
    assert ref not in _refusal(ref)


def test_the_ledger_names_a_caller_by_the_number_of_its_key() -> None:
    okwind = Controller(number=1, slug="okwind", name="Okwind", country="FR", preset=Preset.FR_2026)
    caller = Caller(
        controller=okwind,
        key_number=7,
        scopes=frozenset({ApiScope.CHECK}),
        policies=preset_policies(Preset.FR_2026, Sector.GENERAL),
    )
    assert caller.actor == "key:7"


def _refusal(ref: str) -> str:
    with pytest.raises(InvalidValueError) as refusal:
        valid_ref(ref, pointer="/correlation_id")
    (fault,) = refusal.value.faults
    assert fault.pointer == "/correlation_id"
    return fault.detail
