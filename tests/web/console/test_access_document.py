"""The answer to an access request tells when a consent ended, and of which topics."""

from __future__ import annotations

from tests.api import Api
from tests.conftest import Clock
from tests.consenting import consented, withdraw
from tests.web.console.browser import Browser

EMAIL = "zoe.petit@example.fr"


def test_it_tells_ends_and_topics(clock: Clock, dpo: Browser, api: Api, seen: set[str]) -> None:
    seen.add(EMAIL)
    consented(api, "email", EMAIL, topics=["offers"], until="2027-01-01T10:00:00Z")
    clock.turn(minutes=1)
    withdraw(api, "email", EMAIL, topics=["offers"])
    clock.turn(minutes=1)
    told = dpo.post("/okwind/access", {"identifiers": EMAIL, "as": "json"}).get_json()
    (person,) = told["identifiers"]
    (consent,) = person["consents"]
    assert consent["topic"] == "offers"
    assert consent["ended_at"] >= consent["given_at"]
    assert {entry["topic"] for entry in person["history"]} == {"offers"}
    dpo.post("/okwind/access", {"identifiers": EMAIL, "as": "page"})
    in_force, consents, history = dpo.text.split("<h3>")[1:]
    assert "offers" in in_force
    assert "offers" in consents
    assert "(ended" in consents
    assert "offers" in history
