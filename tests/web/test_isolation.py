"""Of two controllers with a common address, neither sees, checks or releases the other's stops."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from suppression.domain.identifiers.fingerprints import controller_keys
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.vocabulary import Kind
from tests.api import Api
from tests.conftest import Clock
from tests.consenting import consented, on_record
from tests.importing import Imports
from tests.keys import MASTER_KEYS
from tests.policies import set_policies

EMAIL = "jean.dupont@gmail.com"
PHONE = "+33612345678"


@pytest.fixture
def other(french_api: Api) -> Api:
    """Return an Api of another controller."""
    return french_api


def test_they_share_no_fingerprint() -> None:
    identifier = parse_identifier(Kind.EMAIL, EMAIL, region="FR")
    fingerprints, other = (
        set(controller_keys(slug, MASTER_KEYS).subject(identifier).lookup_fingerprints)
        for slug in ("okwind", "okonect")
    )
    assert len(fingerprints) == 2
    assert fingerprints.isdisjoint(other)


def test_a_stop_at_one_is_nothing_to_the_other(api: Api, other: Api) -> None:
    api.stop("email", EMAIL)
    body = {"channel": "email", "identifier": EMAIL, "basis": "consent"}
    assert api.post("/v1/checks", body).get_json()["decision"] == "deny"
    assert other.post("/v1/checks", body).get_json()["decision"] == "allow"
    items = {"items": [body]}
    assert other.post("/v1/checks/batch", items).get_json()["summary"]["allow"] == 1
    assert other.search("email", EMAIL) == {"in_force": [], "history": []}


def test_neither_releases_the_others_stop(api: Api, other: Api) -> None:
    api.stop("email", EMAIL)
    answer = other.release("email", EMAIL, channels=["email"], reasons=["objection"]).get_json()
    assert (answer["released"], answer["still_denied_by"]) == ([], [])
    assert api.decision("email", EMAIL) == "deny"


def test_a_stop_is_new_to_each(api: Api, other: Api) -> None:
    first = api.stop("email", EMAIL).get_json()["results"][0]
    second = other.stop("email", EMAIL)
    assert second.status_code == 201
    assert second.get_json()["results"][0]["suppression_id"] != first["suppression_id"]


def test_an_idempotency_key_of_one_is_free_for_the_other(api: Api, other: Api) -> None:
    key = {"Idempotency-Key": "shared"}
    body = {"identifiers": [{"kind": "email", "value": EMAIL}], "channels": "all"}
    first = api.post("/v1/suppressions", body, headers=key)
    second = other.post("/v1/suppressions", body, headers=key)
    assert second.status_code == 201
    assert first.get_json()["reference"] != second.get_json()["reference"]


def test_a_link_of_one_stops_nothing_at_the_other(api: Api, other: Api) -> None:
    body = {"identifier": EMAIL, "purpose": "service", "channel": "email"}
    urls = [api.post("/v1/links", {"identifier": EMAIL}).get_json()["url"]]
    items = {"items": [{"identifier": EMAIL}]}
    urls.append(api.post("/v1/links/batch", items).get_json()["results"][0]["url"])
    for url in urls:
        path = "/u/" + str(url).rpartition("/")[2]
        assert api.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert api.search("email", EMAIL)["in_force"] != []
    assert other.search("email", EMAIL) == {"in_force": [], "history": []}
    assert other.post("/v1/checks", body).get_json()["decision"] == "allow"


def test_a_consent_at_one_is_nothing_to_the_other(api: Api, other: Api) -> None:
    person = {"kind": "email", "identifier": EMAIL}
    (taken,) = consented(api, **person)
    assert other.codes("email", EMAIL) == ["no_consent"]
    assert other.post("/v1/consents/search", person).get_json() == {"data": []}
    document = {"consent_id": taken["consent_id"]}
    assert other.post("/v1/consents/document", document).status_code == 404
    assert api.post("/v1/consents/document", document).status_code == 200
    withdrawal = person | {"channels": "all"}
    assert other.post("/v1/consents/withdraw", withdrawal).get_json()["ended"] == []
    assert on_record(api, **person)[0]["state"] == "in_force"
    assert api.decision("email", EMAIL) == "allow"


def test_calls_and_text_messages_of_one_are_nothing_to_the_other(
    api: Api, other: Api, app: Flask, clock: Clock
) -> None:
    clock.now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    set_policies(app, "okwind", "telephone.marketing.attempts=1")
    set_policies(app, "okonect", "telephone.marketing.attempts=1")
    body = {"basis": "contract"}
    api.post("/v1/attempts", {"identifier": PHONE})
    assert api.decision("telephone", PHONE, **body) == "deny"
    assert other.decision("telephone", PHONE, **body) == "allow"
    api.post("/v1/outcomes", {"identifier": PHONE, "outcome": "stop", "channels": "all"})
    api.post("/v1/inbound/sms", {"number": PHONE, "text": "STOP"})
    assert other.decision("telephone", PHONE, **body) == "allow"
    assert other.search("phone", PHONE) == {"in_force": [], "history": []}


def test_files_of_one_are_nothing_to_the_other(api: Api, other: Api, app: Flask) -> None:
    raw = f"email\n{EMAIL}\n".encode()
    csv = {"Content-Type": "text/csv"}
    staged = api.send("POST", "/v1/imports?channels=email", data=raw, headers=csv).get_json()
    number = staged["import_id"]
    assert other.send("GET", f"/v1/imports/{number}").status_code == 404
    assert other.send("GET", f"/v1/imports/{number}/errors").status_code == 404
    for verb in ("apply", "discard", "undo"):
        assert other.post(f"/v1/imports/{number}/{verb}").status_code == 404
    api.post(f"/v1/imports/{number}/apply")
    Imports(app).work()
    theirs = other.send("POST", "/v1/scrubs?channel=email", data=raw, headers=csv).get_json()
    ours = api.send("POST", "/v1/scrubs?channel=email", data=raw, headers=csv).get_json()
    assert "imported" not in theirs["summary"]["reasons"]
    assert ours["summary"]["reasons"] == {"imported": 1}
    assert other.send("GET", f"/v1/scrubs/{ours['scrub_id']}").status_code == 404
    assert other.send("GET", f"/v1/scrubs/{ours['scrub_id']}/decisions").status_code == 404
    mine, not_mine = (
        json.loads(
            client.send("POST", "/v1/links/file", data=raw, headers=csv).get_data().splitlines()[0]
        )["unsubscribe_url"]
        for client in (api, other)
    )
    assert mine != not_mine
    api.seen.update(urlsplit(url).path[3:] for url in (mine, not_mine))


def test_me_speaks_of_ones_own_controller_alone(api: Api, other: Api) -> None:
    assert "okonect" not in json.dumps(api.send("GET", "/v1/me").get_json())
    assert "okwind" not in json.dumps(other.send("GET", "/v1/me").get_json())


def test_every_keyed_route_stands_in_this_file(app: Flask) -> None:
    text = Path(__file__).read_text("utf-8")
    through_api = {"/v1/suppressions": "stop(", "/v1/suppressions/search": "search("}
    through_api["/v1/suppressions/release"] = "release("
    through_api["/v1/consents"] = "consented("
    for rule in app.url_map.iter_rules():
        if hasattr(app.view_functions[rule.endpoint], "required_scope"):
            path = through_api.get(rule.rule, re.sub("<.*?>", "{", rule.rule).partition("{")[0])
            assert path in text, rule.rule
            verb = rule.rule.rpartition("/")[2]
            assert verb.startswith("<") or verb in text, rule.rule
