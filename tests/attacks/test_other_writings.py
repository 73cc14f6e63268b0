"""A stop in one writing denies every other writing of the person's identifier.

The fault: a text was copied from a letter, a phone book or an envelope. It has a typesetter's
ligature or hyphen, a word beside the number, or a second name on its own line. The stop was
accepted, but stored for somebody who does not exist, or only for the first of two people.
"""

from __future__ import annotations

import pytest

from tests.api import Api

EMAIL = "jean-paul.fifi@example.fr"
STREET = ("1 rue Inventée", "35000 Rennes")
COUPLES = [
    ("M. Jean Dupont, Mme Marie Durand",),
    ("Jean Dupont, Marie Durand",),
    ("Jean Dupont ; Marie Durand",),
    ("Jean Dupont - Marie Durand",),
    ("M. Jean DUPONT Mme Marie DURAND",),
    ("Jean Dupont et sa femme Marie Durand",),
    ("M. Jean Dupont", "Mme Marie Durand"),
    ("M. Jean Dupont et", "Mme Marie Durand"),
    ("Jean Dupont", "et Marie Durand"),
    ("Jean Dupont", "Marie Durand"),
]


def letter(*names: str) -> dict[str, object]:
    """Return a postal address in lines, as on an envelope."""
    return {"lines": [*names, *STREET]}


def stopped(api: Api, kind: str, value: object, **fields: object) -> None:
    """Send a stop of an identifier, which must create a suppression."""
    identifier = {"kind": kind, "value": value} | fields
    body = {"identifiers": [identifier], "channels": "all"}
    assert api.post("/v1/suppressions", body).status_code == 201


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize(
    "writing",
    [
        "jean\u2011paul.fifi@example.fr",
        "jean\u2010paul.fifi@example.fr",
        "jean\u2212paul.fifi@example.fr",
        "jean-paul.\ufb01\ufb01@example.fr",
        "jean-\u200dpaul.fifi@example.fr",
        "jean-paul\ufe0f.fifi@example.fr",
        "JEAN-PAUL.F\u0130F\u0130@EXAMPLE.FR",
    ],
)
def test_an_address_copied_out_of_a_letter_is_that_of_a_keyboard(
    api: Api, writing: str, *, back: bool
) -> None:
    stop_written, other = (EMAIL, writing) if back else (writing, EMAIL)
    stopped(api, "email", stop_written)
    assert api.decision("email", other) == "deny"


@pytest.mark.parametrize(
    ("writing", "number"),
    [
        ("+41 78 123 45 67 dom", "+41781234567"),
        ("+41 78 123 45 67 (fax)", "+41781234567"),
        ("+352 628 123 456 ab 18h", "+352628123456"),
        ("+49 1512 3456789 Paul", "+4915123456789"),
    ],
)
def test_words_beside_a_number_are_no_digits(api: Api, writing: str, number: str) -> None:
    stopped(api, "phone", writing)
    assert api.decision("telephone", number) == "deny"


@pytest.mark.parametrize("country", ["RE", "GP"])
def test_a_bare_33_before_an_overseas_number_is_read_overseas_too(api: Api, country: str) -> None:
    stopped(api, "phone", "33692123456", country=country)
    assert api.decision("sms", "0692 12 34 56") == "deny"


@pytest.mark.parametrize("person", ["Jean Dupont", "Marie Durand"])
@pytest.mark.parametrize("names", COUPLES)
def test_a_couples_stop_is_for_both(api: Api, names: tuple[str, ...], person: str) -> None:
    stopped(api, "postal", letter(*names))
    assert api.decision("post", letter(person)) == "deny"


@pytest.mark.parametrize("person", ["Jean Dupont", "Marie Durand"])
@pytest.mark.parametrize("names", COUPLES)
def test_no_letter_goes_to_a_couple_of_whom_one_said_stop(
    api: Api, names: tuple[str, ...], person: str
) -> None:
    stopped(api, "postal", letter(person))
    assert api.decision("post", letter(*names)) == "deny"


@pytest.mark.parametrize(
    ("writing", "person"),
    [("La famille Dupont", "Jean Dupont"), ("Jean Dupont c/o Marie Durand", "Jean Dupont")],
)
def test_what_stands_around_a_name_is_none(api: Api, writing: str, person: str) -> None:
    stopped(api, "postal", letter(writing))
    assert api.decision("post", letter(person)) == "deny"


@pytest.mark.parametrize(
    ("couple", "person", "asks"),
    [
        (
            "\u00c9lodie Dupont + Zo\u00e9 Martin",
            "\u00c9lodie Dupont",
            "M. Zo\u00e9 Martin / Mme Marie Dupont",
        ),
        ("Marie Dupont et Rose Martin", "Marie Dupont", "M.Jean Dupont et Mme Rose Martin"),
        ("Marie Dupont", "Marie Dupont", "M.Jean Dupont et Mme Rose Martin"),
    ],
)
def test_a_less_likely_reading_lifts_no_stop(api: Api, couple: str, person: str, asks: str) -> None:
    api.stop("postal", letter(couple))
    told = {"channels": ["post"], "reasons": ["objection"]}
    assert api.release("postal", letter(asks), **told).get_json()["released"] == []
    assert api.decision("post", letter(person)) == "deny"
    api.stop("postal", letter(asks))
    assert len(api.release("postal", letter(asks), **told).get_json()["released"]) == 1
    assert len(api.release("postal", letter(couple), **told).get_json()["released"]) == 1
    assert api.decision("post", letter(person)) == "allow"
