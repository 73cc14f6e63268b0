"""A day of work at the console leaves no identifier in dump or log, and later nothing at all."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import text

from suppression.storage.engine.base import db
from suppression.storage.engine.database import disconnect
from suppression.usecases.operations.retention import purge_cases
from tests.api import Api
from tests.databases import Database
from tests.leaks import leaks
from tests.web.console.browser import OWN, STOP, Browser

ON = "2026-11-20"
NAME, WRITER = "Zoé Petit-Dubois", "Paul Petit-Dubois"
EMAIL, PHONE, FOUND = "zoe.petit@example.fr", "06 12 34 56 78", "06 98 76 54 32"
CONTACT = "7 impasse Cachée\n35000 Rennes"
STREET, SCRAWL = "12 rue de la Paix", "06 98 76 5? (smudge)"
NOTE, MESSAGE = "her sister rang from Quimper", "please do not stop but why do you text me at night"
EVERYTHING = {NAME, WRITER, EMAIL, PHONE, FOUND, "7 impasse Cachée", STREET, SCRAWL, NOTE, MESSAGE}
LETTER = STOP | {
    "kinds": ["objection_marketing", "objection_sharing", "erasure"],
    "channels": ["email", "sms", "telephone", "post"],
    "phones": f"{PHONE}\n{SCRAWL}",
    "emails": EMAIL,
    "addresses": f"{STREET}\n35000 Rennes",
    "name": NAME,
    "contact": CONTACT,
    "writer": WRITER,
}


def test_a_whole_day_leaves_nothing_readable_and_its_period_nothing_at_all(
    app: Flask, database: Database, dpo: Browser, api: Api
) -> None:
    dpo.seen.update(EVERYTHING, {OWN, dpo.secret, *dpo.recovery})
    reference = a_day(dpo, api)
    assert not leaks(database.dump(), dpo.seen)
    kept = encrypted(app)
    assert len(kept) > 6
    dpo.clock.turn(days=37 * 31)
    with app.app_context():
        assert purge_cases(now=dpo.clock.now) == 3
        assert encrypted(app) == []
        disconnect()
    dump = database.dump()
    gone = [value.decode() for value in kept] + [value.hex() for value in kept]
    assert not [value for value in gone if value in dump]
    assert api.decision("telephone", FOUND) == "deny"
    dpo.get("/sign-in")
    dpo.sign_in("a.dpo")
    dpo.get(f"/okwind/cases/{reference}")
    assert NAME not in dpo.text


def a_day(dpo: Browser, api: Api) -> str:
    """Type identifiers into all forms, rightly and wrongly, and close every case; return one."""
    dpo.post("/sign-in", {"login": EMAIL, "password": PHONE})
    dpo.get(f"/okwind/cases/{PHONE}")
    dpo.get(f"/okwind/today?q={EMAIL}")
    dpo.post("/okwind/record", LETTER | {"do": "preview"})
    dpo.post("/okwind/record", LETTER | {"received_on": EMAIL, "came_by": PHONE})
    dpo.post("/okwind/record", LETTER)
    references = list(dict.fromkeys(dpo.references()))
    assert len(references) == 3
    for reference in references:
        path = f"/okwind/cases/{reference}"
        dpo.post(f"{path}/note", {"text": NOTE})
        dpo.post(f"{path}/stop", {"phones": SCRAWL})
        dpo.post(f"{path}/stop", {"phones": FOUND})
        dpo.post(f"{path}/recipients", {"on": ON, "text": WRITER})
        dpo.post(f"{path}/answered", {"on": ON, "text": NOTE})
        dpo.get(f"{path}/answers/done/fr")
        assert NAME in dpo.text or WRITER in dpo.text
        dpo.post(f"{path}/close", {"text": NOTE})
    dpo.get("/okwind/today")
    assert not set(references) & set(dpo.references())
    for value in (PHONE, EMAIL, f"{NAME}, {STREET}, 35000 Rennes", SCRAWL):
        dpo.post("/okwind/look-up", {"purpose": "complaint", "identifier": value, "day": ON})
        dpo.post("/okwind/access", {"identifiers": value, "as": "json"})
        dpo.post("/okwind/release", {"identifier": value, "why": "mistake", "reason": "x"})
    dpo.post("/okwind/users", {"login": EMAIL, "role": "intake"})
    api.post("/v1/inbound/sms", {"number": PHONE, "text": MESSAGE})
    dpo.get("/okwind/messages")
    assert MESSAGE in dpo.text
    dpo.post("/okwind/messages", {"number": "1", "do": "stop"})
    return references[0]


def encrypted(app: Flask) -> list[bytes]:
    """Return every encrypted content of cases, notes and messages."""
    with app.app_context(), db.engine.connect() as connection:
        return [
            bytes(content)
            for table in ("cases", "case_notes", "unclear_messages")
            for (content,) in connection.execute(text(f"SELECT content FROM {table}"))  # noqa: S608
            if content is not None
        ]
