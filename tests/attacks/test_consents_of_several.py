"""A letter to two people needs the consent of both; once the consent of one allowed it."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.api import Api
from tests.consenting import consent, set_policy

TOWN = {"postcode": "35000", "city": "Rennes"}
AT = {"name": "Jean Dupont", "street": "12 rue Foch"} | TOWN
COUPLES = (
    AT | {"name": "Jean et Marie Dupont"},
    AT | {"name": "M. Jean Dupont, Mme Marie Durand"},
    AT | {"name": "Jean Dupont et Marie Durand"},
    {"lines": ["M. Jean Dupont", "Mme Marie Durand", "12 rue Foch", "35000 Rennes"]},
    {"lines": ["Jean Dupont et", "Marie Durand", "12 rue Foch", "35000 Rennes"]},
)


@pytest.fixture(autouse=True)
def _consent_for_post(app: Flask, french_api: Api) -> None:
    set_policy(app, "okonect", "post.marketing.rule=opt_in")
    assert french_api.codes("post", AT) == ["no_consent"]


@pytest.mark.parametrize("couple", COUPLES)
def test_one_persons_consent_allows_no_letter_to_two(
    french_api: Api, couple: dict[str, str | list[str]]
) -> None:
    assert _consent(french_api, AT) == 201
    assert (french_api.decision("post", AT), french_api.decision("post", couple)) == (
        "allow",
        "deny",
    )


@pytest.mark.parametrize("couple", COUPLES)
def test_two_people_give_no_consent_in_common(
    french_api: Api, couple: dict[str, str | list[str]]
) -> None:
    assert _consent(french_api, couple) == 422
    assert (french_api.decision("post", AT), french_api.decision("post", couple)) == (
        "deny",
        "deny",
    )


def test_a_consent_at_one_house_allows_no_letter_to_two(french_api: Api) -> None:
    assert _consent(french_api, AT) == 201
    assert french_api.decision("post", AT | {"street": "12-14 rue Foch"}) == "deny"


def test_a_consent_at_two_houses_allows_a_letter_to_both(french_api: Api) -> None:
    both = AT | {"street": "12-14 rue Foch"}
    assert _consent(french_api, both) == 201
    assert (french_api.decision("post", both), french_api.decision("post", AT)) == ("allow", "deny")


def _consent(api: Api, identifier: dict[str, str] | dict[str, str | list[str]]) -> int:
    return consent(api, "postal", identifier).status_code
