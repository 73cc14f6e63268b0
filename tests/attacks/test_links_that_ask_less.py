"""A link that does not look up all fingerprints of a check reopens nothing, as it may miss a stop.

The attack, with the scope `links` only: make a link of a hash of another writing of a person's
Gmail address, or of an address on a partner's list of hashes; click it on the next day; tick the
box. The link saw only its own click, and the consent that it recorded lifted the objection that a
check sees.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pytest
from flask import Flask

from suppression.domain.vocabulary import ApiScope
from suppression.usecases.controllers.queries import find_controller
from tests.api import Api, make_key
from tests.attacks.test_reopening_by_link import click, open_again
from tests.conftest import Clock
from tests.consenting import on_record
from tests.importing import Imports
from tests.web.pages.test_preferences import boxes

GREY = {"newsletter": "disabled", "offers": "disabled"}
OPEN = {"newsletter": "checked", "offers": "checked"}
WRITTEN, OTHERWISE = "jeandupont@gmail.com", "je.andupont@gmail.com"
LISTED = ("jean.dupont@example.fr", "jean.dupont@gmail.com", "jean.dupont@googlemail.com")
Door = Callable[[Api, dict[str, str]], str]


def link(api: Api, whom: dict[str, str]) -> str:
    """Make a link and return its path."""
    return path_of(api.post("/v1/links", whom).get_json()["url"])


def batch(api: Api, whom: dict[str, str]) -> str:
    """Make a link in a batch and return its path."""
    made = api.post("/v1/links/batch", {"items": [whom]}).get_json()["results"]
    return path_of(made[0]["url"])


def file(api: Api, whom: dict[str, str]) -> str:
    """Make a link for a row of a file and return its path."""
    ((name, value),) = whom.items()
    column = "email" if name == "identifier" else name
    sent = api.post(
        "/v1/links/file",
        data=f"{column}\n{value}\n".encode(),
        headers={"Content-Type": "text/csv"},
    )
    return path_of(json.loads(sent.text.splitlines()[0])["unsubscribe_url"])


def path_of(url: object) -> str:
    return "/u/" + str(url).rpartition("/")[2]


DOORS: dict[str, Door] = {"one": link, "batch": batch, "file": file}


@pytest.fixture
def sender(app: Flask, api: Api) -> Api:
    """Return an Api whose key has only the scope `links`."""
    with app.app_context():
        controller = find_controller("okwind")
    return Api(app, make_key(app, controller, [ApiScope.LINKS]), api.seen)


def hashed(text: str) -> dict[str, str]:
    return {"sha256": hashlib.sha256(text.encode()).hexdigest()}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("stopped", ["before", "after"])
def test_a_link_of_a_hash_opens_nothing(
    api: Api, sender: Api, clock: Clock, door: str, stopped: str
) -> None:
    if stopped == "before":
        api.stop("email", WRITTEN, channels=["email"])
    path = DOORS[door](sender, hashed(OTHERWISE))
    clock.turn(days=1)
    click(sender, path)
    clock.turn(hours=1)
    if stopped == "after":
        api.stop("email", WRITTEN, channels=["email"])
        clock.turn(hours=1)
    assert boxes(sender, f"{path}/choices") == GREY
    assert open_again(sender, path) == 200
    for topic in ("offers", "newsletter"):
        assert api.decision("email", OTHERWISE, topic=topic) == "deny"
    assert on_record(api, "email", OTHERWISE) == []


@pytest.mark.parametrize("scheme", ["plain:md5", "plain:sha1", "google-email:md5"])
@pytest.mark.parametrize("email", LISTED)
def test_a_link_opens_nothing_beside_a_partners_list(
    app: Flask, api: Api, sender: Api, clock: Clock, email: str, scheme: str
) -> None:
    spelling, _, algorithm = scheme.partition(":")
    local, _, domain = email.partition("@")
    dotted = spelling == "google-email" and domain != "example.fr"
    text = f"{local.replace('.', '')}@{domain}" if dotted else email
    digest = hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()
    done = Imports(app).apply(
        f"{algorithm}\n{digest}\n", kind="email", scheme=spelling, channels="email"
    )
    assert done.counts.applied == 1
    assert api.decision("email", email) == "deny"
    path = link(sender, {"identifier": email})
    clock.turn(days=1)
    click(sender, path)
    clock.turn(hours=1)
    assert boxes(sender, f"{path}/choices") == GREY
    assert (
        "in a way that this link does not know" in api.send("GET", f"{path}/choices?lang=en").text
    )
    assert open_again(sender, path) == 200
    assert api.decision("email", email, topic="offers") == "deny"


def test_a_link_of_a_hash_stops_and_its_own_page_undoes_it(
    api: Api, sender: Api, clock: Clock
) -> None:
    path = link(sender, hashed(OTHERWISE))
    assert boxes(sender, f"{path}/choices") == OPEN
    clock.turn(days=1)
    sender.post(path, data={"List-Unsubscribe": "One-Click"})
    assert api.decision("email", OTHERWISE) == "deny"
    (row,) = api.search("email", OTHERWISE)["in_force"]
    assert row["reason"] == "unsubscribe"
    assert api.release("email", OTHERWISE, channels=["email"]).status_code == 200
    assert api.decision("email", OTHERWISE) == "allow"
