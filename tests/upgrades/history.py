"""Create every kind of data in a release, and record its tables and its answers.

`record.py` copies this module among a release's own tests and runs it there, with RECORDED_TO as
the folder to write to and OLDER_FORMS as the file of writings. It uses only the fixtures, the API
and the console of a release. test_data_of_releases.py reads what it writes.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from flask import Flask

from tests.api import Api
from tests.conftest import Clock
from tests.databases import Database
from tests.importing import Imports
from tests.web.console.browser import STOP, Browser

OLDER_FORMS = Path(__file__).parents[1] / "vectors" / "older_forms.json"
POSTAL = {"lines": ["Jean Dupont", "12 rue Victor Hugo", "35000 Rennes"], "country": "FR"}
NEIGHBOUR = {"lines": ["Luc Martin", "12 rue Victor Hugo", "35000 Rennes"], "country": "FR"}
HOUSEHOLD = {"lines": ["3 place Foch", "35000 Rennes"], "country": "FR"}
CONSENT: dict[str, object] = {
    "wording": "I agree that the company writes to me and calls me about solar panels.",
    "given_by": "web_form",
    "evidence": "form-2026:84213",
    "collected_by": "Website, quote form",
    "given_at": "2026-11-20T10:00:00Z",
    "channels": "all",
}
MARKETED = {"email": ["email"], "phone": ["sms", "telephone"], "postal": ["post"]}


@pytest.fixture(name="history")
def history_without_acts(api: Api, french_api: Api, clock: Clock) -> History:
    """Return a History of two companies, in which nothing has happened yet."""
    return History(api, french_api, clock)


@pytest.mark.timeout(600)
def test_a_release_records_what_it_stores_and_answers(
    app: Flask, database: Database, history: History, dpo: Browser, tmp_path: Path
) -> None:
    recorded_to = Path(os.environ.get("RECORDED_TO", tmp_path))
    history.cases(dpo)  # cases come first, because an idle session ends after a while
    history.letter()
    history.stops()
    history.links()
    history.calls()
    history.files(Imports(app))
    history.consents()
    history.older_forms()
    for number in range(5):
        history.know("api", "email", f"nobody-{number}@example.fr")
        history.know("french_api", "email", f"nobody-{number}@example.fr")
    said = {
        "recorded_at": history.clock().isoformat(),
        "keys": {name: caller.key for name, caller in history.callers.items()},
        "totp_secret": dpo.secret,
        "kept": history.kept,
        "decisions": [history.decision(*known) for known in history.known],
    }
    backend = database.backend.partition("-")[0]
    (recorded_to / f"{backend}.json").write_text(json.dumps(said, indent=1, ensure_ascii=True))
    tables = sqlite_tables if backend == "sqlite" else postgresql_tables
    (recorded_to / f"{backend}.sql").write_text("".join(f"{line}\n" for line in tables(database)))


class History:
    """The events of two companies: `api` has `objection-only`, `french_api` has `fr-2026`.

    `known` has the identifiers to check at the end, `kept` what later tests need.
    """

    def __init__(self, api: Api, french_api: Api, clock: Clock) -> None:
        """Begin without any event."""
        self.callers, self.api, self.clock = {"api": api, "french_api": french_api}, api, clock
        self.known: list[tuple[str, str, object]] = []
        self.kept: dict[str, Any] = {}

    def tell(self, path: str, body: object, caller: str = "api", **options: Any) -> Any:  # noqa: ANN401
        """Send a request that must succeed, a minute after the last; return its JSON."""
        self.clock.turn(minutes=1)
        answer = self.callers[caller].post(path, body, **options)
        assert answer.status_code < 300, (path, body, answer.get_data(as_text=True))
        return answer.get_json()

    def know(self, caller: str, kind: str, value: object) -> None:
        """Note an identifier to check at the end of the history."""
        self.known.append((caller, kind, value))

    def stop(self, kind: str, value: object, **fields: object) -> None:
        """Stop an identifier, and note it to be checked at the end."""
        body = {"identifiers": [{"kind": kind, "value": value}], "channels": "all"} | fields
        self.tell("/v1/suppressions", {name: v for name, v in body.items() if v is not None})
        self.know("api", kind, value)

    def decision(self, caller: str, kind: str, value: object) -> dict[str, Any]:
        """Return the decisions and reasons of checks on each channel of an identifier."""
        checks = [
            self.callers[caller].check(channel, value, **scope)
            for channel in MARKETED[kind]
            for scope in ({}, {"topic": "newsletter"} if channel == "email" else {})
        ]
        answers = [
            [check["decision"], [why["code"] for why in check["reasons"]]] for check in checks
        ]
        return {"caller": caller, "kind": kind, "value": value, "answers": answers}

    def letter(self) -> None:
        """Stop three identifiers of one person with a key, for a later test to repeat."""
        three: list[dict[str, Any]] = [
            {"kind": "email", "value": "jean.dupont@example.fr"},
            {"kind": "phone", "value": "06 12 34 56 78", "country": "FR"},
            {"kind": "postal", "value": POSTAL},
        ]
        body = {"identifiers": three, "channels": "all", "ref": "ticket-2081"}
        headers = {"Idempotency-Key": "6f1c2b7e-3d2a-4a55-9f3e-0c1d2e3f4a5b"}
        answer = self.tell("/v1/suppressions", body, headers=headers)
        self.kept["repeated"] = {"body": body, "headers": headers, "answer": answer}
        for identifier in three:
            self.know("api", identifier["kind"], identifier["value"])
        self.know("api", "postal", NEIGHBOUR)

    def stops(self) -> None:
        """Send stops of every kind of reason, scope and form, and release one of them."""
        self.stop("email", "topic@example.fr", topic="newsletter", channels=["email"])
        self.stop("email", "complaint@example.fr", reason="complaint", channels=["email"])
        self.stop(
            "email",
            "full@example.fr",
            reason="undeliverable",
            channels=["email"],
            expires_at="2027-01-21T00:00:00Z",
        )
        self.stop("email", "profiled@example.fr", channels=None, purpose="profiling")
        self.stop("email", "shared@example.fr", channels=None, purpose="sharing")
        self.stop("email", "old@example.fr", occurred_at="2025-03-02T08:00:00+01:00")
        self.stop("email", "j.e.a.n+shop@gmail.com")
        self.know("api", "email", "jean@gmail.com")
        self.stop("phone", "+33199001234", reason="deceased", channels=None)
        self.stop("postal", HOUSEHOLD, whole_address=True)
        self.know("api", "postal", HOUSEHOLD | {"lines": ["Ana Silva", *HOUSEHOLD["lines"]]})
        hashed = hashlib.sha256(b"hashed@example.fr").hexdigest()
        self.tell(
            "/v1/suppressions",
            {"identifiers": [{"kind": "email", "sha256": hashed}], "channels": "all"},
        )
        self.know("api", "email", "hashed@example.fr")
        self.stop("email", "back@example.fr")
        self.tell(
            "/v1/suppressions/release",
            {
                "identifiers": [{"kind": "email", "value": "back@example.fr"}],
                "channels": "all",
                "why": "person_asked",
            },
        )

    def links(self) -> None:
        """Make links, click on some of them, and send the public form."""
        for person, click in (("clicked", True), ("topic-link", True), ("waiting", False)):
            email = f"{person}@example.fr"
            topic = {"topic": "newsletter"} if person == "topic-link" else {}
            url = self.tell("/v1/links", {"identifier": email} | topic)["url"]
            path = "/u/" + url.partition("/u/")[2]
            self.kept[f"link of {email}"] = path
            if click:
                body = {"List-Unsubscribe": "One-Click"}
                assert self.api.client.post(path, data=body).status_code == 200
            self.know("api", "email", email)
        form = {"what": "email", "email": "form@example.fr"}
        assert self.api.client.post("/stop/okwind", data=form).status_code < 400
        self.know("api", "email", "form@example.fr")

    def calls(self) -> None:
        """Report text messages, attempts and outcomes of calls."""
        for number, text in (("+33612000001", "STOP"), ("+33612000002", "c'est qui au juste ?")):
            self.tell("/v1/inbound/sms", {"number": number, "text": text})
            self.know("api", "phone", number)
        self.tell("/v1/attempts", {"identifier": "+33612000003", "ref": "call-1"}, "french_api")
        self.know("french_api", "phone", "+33612000003")
        for digit, outcome in enumerate(("refused", "stop", "wrong_person", "no_answer")):
            number = f"+3361200001{digit}"
            body = {"identifier": number, "outcome": outcome}
            if outcome == "stop":
                body["channels"] = "all"
            if outcome == "no_answer":
                continue
            self.tell("/v1/outcomes", body)
            self.know("api", "phone", number)
        body = {"identifier": "+33612000020", "outcome": "callback"}
        self.tell("/v1/outcomes", body | {"callback_at": "2026-11-28T10:00:00Z"}, "french_api")
        self.know("french_api", "phone", "+33612000020")

    def files(self, imports: Imports) -> None:
        """Make imports of stops that are applied, undone or staged, and one of digests."""
        applied = imports.apply("email\nlisted-1@example.fr\nlisted-2@example.fr\nbroken\n")
        undone = imports.apply("email\nundone@example.fr\n")
        imports.undo(undone.import_id)
        csv = {"headers": {"Content-Type": "text/csv", "Authorization": f"Bearer {self.api.key}"}}
        staged = self.api.client.post("/v1/imports", data="email\nstaged@example.fr\n", **csv)
        staged_id = staged.get_json()["import_id"]
        self.kept["imports"] = {"applied": applied.import_id, "staged": staged_id}
        digest = hashlib.md5(b"partner@example.fr", usedforsecurity=False).hexdigest()
        imports.apply(f"md5\n{digest}\n", kind="email")
        for person in ("listed-1", "listed-2", "undone", "staged", "partner"):
            self.know("api", "email", f"{person}@example.fr")

    def consents(self) -> None:
        """Record consents that are in force, withdrawn, ended, stopped, or of one topic."""
        people = ("agreed", "withdrew", "ended", "stopped", "topic")
        for person in people:
            body: dict[str, object] = CONSENT | {
                "kind": "email",
                "identifier": f"{person}@example.fr",
            }
            if person == "ended":
                body["until"] = "2026-11-20T23:00:00Z"
            if person == "topic":
                body |= {"topics": ["newsletter"], "channels": ["email"]}
            self.tell("/v1/consents", body, "french_api")
            self.know("french_api", "email", f"{person}@example.fr")
        withdrawn = {"kind": "email", "identifier": "withdrew@example.fr", "channels": "all"}
        self.tell("/v1/consents/withdraw", withdrawn, "french_api")
        stopped = [{"kind": "email", "value": "stopped@example.fr"}]
        self.tell("/v1/suppressions", {"identifiers": stopped, "channels": "all"}, "french_api")
        phone = CONSENT | {"kind": "phone", "identifier": "+33612000030"}
        self.tell("/v1/consents", phone, "french_api")
        self.know("french_api", "phone", "+33612000030")

    def cases(self, dpo: Browser) -> None:
        """Let a DPO record letters: an objection, a restriction, an erasure, an access request."""
        for place, kind in enumerate(("objection_marketing", "restriction", "erasure", "access")):
            number = f"+3361200004{place}"
            form = STOP | {"kinds": kind, "phones": number}
            assert dpo.post("/okwind/record", form).status_code == 200, dpo.text
            self.kept[f"case of {kind}"] = dpo.reference()
            self.know("api", "phone", number)

    def older_forms(self) -> None:
        """Stop identifiers in unusual writings, as this release reads them."""
        for place, entry in enumerate(
            json.loads(Path(os.environ.get("OLDER_FORMS", OLDER_FORMS)).read_text())
        ):
            value = entry["value"]
            if entry["region"] == "FR" and place % 6 == 0:
                answer = self.api.stop(entry["kind"], value)
                if answer.status_code < 300:
                    self.know("api", entry["kind"], value)


def sqlite_tables(database: Database) -> Iterator[str]:
    """Yield SQL statements that create the schema of a SQLite database with its rows."""
    connection = sqlite3.connect(database.url.removeprefix("sqlite:///"))
    yield from connection.iterdump()
    connection.close()


def postgresql_tables(database: Database) -> Iterator[str]:
    """Yield each table's rows as COPY writes them, for a schema that migrations have made."""
    connection = psycopg2.connect(database.url.replace("+psycopg2", ""))
    cursor = connection.cursor()
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    for (table,) in cursor.fetchall():
        cursor.execute(f'SELECT * FROM public."{table}" LIMIT 0')  # noqa: S608 - the tables of a test
        columns = ", ".join(column.name for column in cursor.description or ())
        yield f"COPY {table} ({columns}) FROM STDIN;"
        rows = io.BytesIO()
        cursor.copy_expert(f'COPY public."{table}" TO STDOUT', rows)
        yield from rows.getvalue().decode().splitlines()
        yield "\\."
    connection.close()
