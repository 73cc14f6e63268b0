"""A name has one line, and a consent's wording does not name the person."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from suppression.domain.errors import InvalidValueError
from suppression.domain.vocabulary import ApiScope, Preset
from suppression.usecases.controllers.api_keys import create_api_key
from suppression.usecases.controllers.branding import BrandingRequest, change_branding
from suppression.usecases.controllers.create import create_controller
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.controllers.topics import create_topic
from tests.api import Api

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
LINES = ["ACME\r\nBcc: all@example.com", "ACME\nSA", "ACME\x00", "ACME\u2028SA", "ACME\x85SA"]
ADDRESS = {
    "name": "Zoé Petit-Dupont",
    "street": "1 rue Inventée",
    "postcode": "75002",
    "city": "Paris",
}


@pytest.mark.parametrize("name", LINES, ids=range(len(LINES)))
def test_a_name_of_several_lines_is_refused(app: Flask, api: Api, name: str) -> None:
    del api
    with app.app_context():
        okwind = find_controller("okwind")
        with pytest.raises(InvalidValueError, match="one line"):
            create_controller(
                "acme", name=name, country="FR", preset=Preset.OBJECTION_ONLY, now=NOW
            )
        with pytest.raises(InvalidValueError, match="one line"):
            create_api_key(okwind, name=name, scopes=[ApiScope.CHECK], now=NOW)
        with pytest.raises(InvalidValueError, match="one line"):
            create_topic(okwind, "new", name_fr=name, name_en="News")
        with pytest.raises(InvalidValueError, match="one line"):
            create_topic(okwind, "new", name_fr="Nouvelles", name_en=name)
        with pytest.raises(InvalidValueError, match="one line"):
            change_branding(okwind, BrandingRequest(dpo_contact=name))


@pytest.mark.parametrize(
    ("fields", "wording"),
    [
        ({"identifier": ADDRESS, "kind": "postal"}, "Je soussignée PETIT-DUPONT Zoe accepte"),
        ({"identifier": ADDRESS, "kind": "postal"}, "Mme Petit Dupont accepte"),
        (
            {"identifier": "Ana Silva <ana@example.com>", "kind": "email"},
            "I, Ana Silva, agree to be written to",
        ),
        ({"identifier": "ana@example.com (A. Silva)", "kind": "email"}, "Ms Silva agrees"),
    ],
)
def test_a_wording_that_names_the_person_is_refused(
    api: Api, seen: set[str], fields: dict[str, object], wording: str
) -> None:
    seen.update({"Silva", "Petit-Dupont"})
    refused = api.post("/v1/consents", consent(fields, wording))
    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.get_json()["errors"]] == ["/wording"]


def test_a_wording_that_holds_a_surname_as_a_word_is_recorded(api: Api) -> None:
    address = {**ADDRESS, "name": "Zoé Petit"}
    fields: dict[str, object] = {"identifier": address, "kind": "postal"}
    wording = "Un petit mot par la poste, une fois l'an"
    assert api.post("/v1/consents", consent(fields, wording)).status_code == 201


def consent(fields: dict[str, object], wording: str) -> dict[str, object]:
    """Return the body of a consent with this wording."""
    return {
        **fields,
        "given_at": "2026-11-20T09:00:00Z",
        "wording": wording,
        "given_by": "web_form",
        "evidence": "form:1",
        "collected_by": "website",
        "channels": "all",
    }
