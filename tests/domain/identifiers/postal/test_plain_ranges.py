"""How several house numbers before a French street, or before grounds, are read."""

from __future__ import annotations

import pytest

from tests.domain.identifiers.examples import street_readings


@pytest.mark.parametrize("between", [" - ", "-", " / ", " & ", ", ", ","])
@pytest.mark.parametrize(
    ("street", "key"),
    [
        ("Le Bourg", "bourg"),
        ("La Ch\u00eanaie", "chenaie"),
        ("lieu dit Le Bourg", "bourg"),
        ("lieu-dit Le Bourg", "bourg"),
        ("hameau du Bas", "hameau bas"),
        ("rue Foch", "rue foch"),
    ],
)
def test_ascending_numbers_before_any_place_are_two_houses(
    between: str, street: str, key: str
) -> None:
    written, _ = street_readings(f"12{between}14 {street}")
    assert written[:2] == [f"{key}|12", f"{key}|14"]


@pytest.mark.parametrize("between", [" - ", " / ", " & "])
def test_ascending_numbers_without_a_comma_stand_before_any_word(between: str) -> None:
    written, _ = street_readings(f"12{between}14 Kerbihan")
    assert written[:2] == ["kerbihan|12", "kerbihan|14"]


@pytest.mark.parametrize("between", [" - ", "-", " / ", " & ", ", "])
@pytest.mark.parametrize("numbers", [("14", "12"), ("12", "3"), ("12", "250")])
def test_numbers_that_are_no_range_are_the_first_house(
    between: str, numbers: tuple[str, str]
) -> None:
    for street, key in (("rue Foch", "rue foch"), ("Le Bourg", "bourg")):
        written, lookups = street_readings(f"{between.join(numbers)} {street}")
        assert written[0] == f"{key}|{numbers[0]}"
        assert f"{key}|{numbers[1]}" not in written + lookups


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("5, 4e avenue", "54avenue|"),
        ("5 - 3e avenue", "53avenue|"),
        ("12 - 14 juillet", "1214juillet|"),
        ("3 - 5\u00e8me avenue des Pins", "35avenuepins|"),
    ],
)
def test_an_ordinal_or_a_date_is_no_second_house(line: str, key: str) -> None:
    assert street_readings(line) == ([key], [])


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("Le Bourg, n\u00b0 12 r\u00e9sidence Les Pins", "residence pins|12"),
        ("Le Bourg, 12, r\u00e9sidence Les Pins", "residence pins|12"),
        ("Centre commercial n\u00b0 12 r\u00e9sidence Les Pins", "residence pins|12"),
        ("Hameau X 3, n\u00b0 12 r\u00e9sidence Les Pins", "residence pins|12"),
        ("R\u00e9sidence Les Pins, 1 250 hameau du Bas", "hameau bas|250"),
        ("hameau X - 12, 14 hameau du Bas", "hameau bas|14"),
        ("Hameau X 3 - 12-14 quartier Saint-Jean", "quartier saintjean|12"),
        ("Hameau X 3 - 12-14 rue Foch", "rue foch|12"),
    ],
)
def test_a_number_before_grounds_is_theirs(line: str, key: str) -> None:
    written, _ = street_readings(line)
    assert written[0] == key
    assert "bourg|" not in written


@pytest.mark.parametrize("number", ["n\u00b0 12,", "n\u00b0 12", "12,"])
def test_a_number_between_a_hamlet_and_grounds_is_asked_for_the_grounds_too(number: str) -> None:
    written, lookups = street_readings(f"Hameau des Lilas {number} r\u00e9sidence Les Pins")
    assert "residence pins|12" not in written
    assert "residence pins|12" in lookups


def test_the_letter_e_behind_the_first_number_is_its_suffix() -> None:
    assert street_readings("12 E - 14 rue Foch")[0][:2] == ["rue foch|12e", "rue foch|14"]
    assert "rue foch|14" in street_readings("12 - 13 - 14 rue Foch")[0]
    assert "rue foch|5e" not in street_readings("5e, 3 rue Foch")[0]
