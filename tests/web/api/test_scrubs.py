"""A scrub gives every row of a file its decision, and stores nothing of a row."""

from __future__ import annotations

import dataclasses
import gzip
import io
import json
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from suppression.domain.vocabulary import ApiScope
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.operations.retention import purge_scrubs
from suppression.usecases.services import Services
from suppression.web.http.batch_slots import files_read
from tests.api import Api, make_key
from tests.broken_rows import BROKEN, contacts
from tests.conftest import Clock
from tests.consenting import consented

STOPPED, FREE, PHONE = "jean.dupont@example.fr", "zoe.martin@example.fr", "+33612345678"
CSV = {"Content-Type": "text/csv"}


def scrub(api: Api, raw: bytes, query: str = "channel=email", **headers: str) -> TestResponse:
    """Upload a file to scrub and return the response."""
    path = f"/v1/scrubs?{query}"
    return api.send("POST", path, data=raw, headers=CSV | headers)


def scrubbed(api: Api, raw: bytes, query: str = "channel=email") -> dict[str, Any]:
    """Upload a file to scrub, which must be accepted, and return the answer's JSON."""
    response = scrub(api, raw, query)
    assert response.status_code == 201, response.get_data(as_text=True)
    scrub_answer: dict[str, Any] = response.get_json()
    return scrub_answer


def decisions(api: Api, answer: dict[str, Any]) -> dict[int, tuple[str, ...]]:
    """Read the decisions of a scrub; return decision and reasons by the number of the row."""
    response = api.send("GET", answer["decisions"])
    *rows, last = [json.loads(line) for line in response.get_data(as_text=True).splitlines()]
    assert last == {"complete": True, "rows": len(rows)}
    return {row["row"]: (row["decision"], *row["reasons"]) for row in rows}


def decided(api: Api, raw: bytes, query: str = "channel=email") -> list[tuple[str, ...]]:
    """Scrub a file and return the decision and reasons of each row."""
    return list(decisions(api, scrubbed(api, raw, query)).values())


@pytest.fixture(autouse=True)
def stopped(api: Api, seen: set[str]) -> None:
    seen.update({STOPPED, FREE, PHONE})
    api.stop("email", STOPPED)


def test_every_row_gets_its_decision(api: Api) -> None:
    raw = f"nom;courriel\nA;{FREE}\n\nB;{STOPPED.upper()}\nC;nobody\n".encode()
    answer = scrubbed(api, raw)
    assert decisions(api, answer) == {
        2: ("allow",),
        4: ("deny", "objection"),
        5: ("unknown", "malformed"),
    }
    assert answer["rows"] == 3
    assert answer["summary"] == {
        "allow": 1,
        "deny": 1,
        "unknown": 1,
        "reasons": {"malformed": 1, "objection": 1},
    }
    assert (answer["as_of"], answer["valid_until"]) == (
        "2026-11-21T09:30:00Z",
        "2026-11-21T10:30:00Z",
    )
    assert api.send("GET", answer["decisions"].rpartition("/")[0]).get_json() == answer


def test_decisions_come_as_csv_too(api: Api) -> None:
    answer = scrubbed(api, f"email\n{FREE}\n{STOPPED}\n".encode())
    response = api.send("GET", answer["decisions"], headers={"Accept": "text/csv"})
    assert response.get_data(as_text=True).splitlines() == [
        "row,decision,reasons",
        "2,allow,",
        "3,deny,objection",
        "complete,true,2",
    ]


@pytest.mark.parametrize("packed", [False, True])
def test_a_hundredth_broken_in_ten_ways_loses_no_row(api: Api, *, packed: bool) -> None:
    raw, expected = contacts(4000, stopped=STOPPED)
    answer = scrubbed(api, gzip.compress(raw) if packed else raw)
    decided_rows = decisions(api, answer)
    assert {row: decision for row, (decision, *_) in decided_rows.items()} == expected
    assert answer["rows"] == 4000
    summary = answer["summary"]
    assert summary["allow"] + summary["deny"] + summary["unknown"] == 4000
    assert summary["unknown"] == 40
    assert len(BROKEN) == 10


def test_a_row_of_json_is_a_row(api: Api) -> None:
    lines = [json.dumps({"id": 1, "Email": FREE}), "{", json.dumps({"emailAddress": STOPPED})]
    answer = scrub(api, "\n".join(lines).encode(), **{"Content-Type": "application/x-ndjson"})
    assert list(decisions(api, answer.get_json()).values()) == [
        ("allow",),
        ("unknown", "row_broken"),
        ("deny", "objection"),
    ]


@pytest.mark.parametrize(
    ("lines", "query", "expected"),
    [
        (["x,Courriel pro", f"1,{STOPPED}"], "channel=email&columns=email:Courriel pro", "deny"),
        (["x,y", f"1,{STOPPED}"], "channel=email&columns=email:2", "deny"),
        ([f"1,{STOPPED}"], "channel=email", "deny"),
        (["email"], "channel=email&header=no&columns=email:1", "unknown"),
        (["email", STOPPED], "channel=email&purpose=service", "allow"),
        (["email", STOPPED], "kind=email&purpose=profiling", "allow"),
        (["email", FREE], "channel=email&topic=lottery", "unknown"),
        (["tel", "06 12 34 56 78"], "channel=sms", "deny"),
        (["tel", "06 12 34 56 78"], "channel=sms&country=DE", "allow"),
        (["tel,pays", "06 12 34 56 78,France"], "channel=sms&country=BE", "deny"),
        (["tel,pays", "06 12 34 56 78,Atlantis"], "channel=sms", "unknown"),
        (["email", STOPPED], "channel=email&encoding=windows-1252&delimiter=tab", "deny"),
    ],
)
def test_what_is_known_of_a_file_can_be_said(
    api: Api, lines: list[str], query: str, expected: str
) -> None:
    api.stop("phone", PHONE)
    decided_rows = decided(api, "\n".join(lines).encode(), query)
    assert [decision for decision, *_ in decided_rows] == [expected]


def test_a_letter_is_asked_by_name_and_address(api: Api) -> None:
    person = {"name": "Zoé Lefèvre", "street": "12 rue de la Paix", "postcode": "75002"}
    api.stop("postal", person | {"city": "Paris"})
    header = "Prénom,Nom,Adresse,Code postal,Ville\n"
    raw = header + 'Zoé,Lefèvre,"12, rue de la Paix",75002,Paris\nLéo,Roy,1 rue X,75002,Paris\n'
    assert [decision[0] for decision in decided(api, raw.encode(), "channel=post")] == [
        "deny",
        "allow",
    ]


def test_digests_are_asked_in_the_plain_scheme_alone(api: Api) -> None:
    digest = "1a650f4a91b04f30b3198434a7115bd444e1dbc51f0dae88b76dc4a2b820b3b9"
    raw = f"email,sha256\n,{digest}\n{FREE},\n".encode()
    assert decided(api, raw) == [("deny", "objection"), ("allow",)]
    assert decided(api, raw, "channel=email&scheme=google-email")[0] == (
        "unknown",
        "scheme_unsupported",
    )
    assert decided(api, f"md5\n{'ab' * 16}\n".encode()) == [("unknown", "scheme_unsupported")]
    beside = f"email,sha256,md5\n,,{'ab' * 16}\n".encode()
    assert decided(api, beside) == [("unknown", "scheme_unsupported")]


def test_what_the_caller_states_counts(french_api: Api) -> None:
    raw = f"email\n{FREE}\n".encode()
    assert decided(french_api, raw, "channel=email&basis=customer") == [("allow",)]
    assert decided(french_api, raw) == [("deny", "no_consent")]
    consented(french_api, "email", FREE)
    assert decided(french_api, raw) == [("allow",)]


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("", "invalid-value"),
        ("channel=pigeon", "invalid-value"),
        ("channel=email&limit=1", "unknown-field"),
        ("channel=email&basis=appointment", "invalid-value"),
        ("channel=email&columns=wings:2", "invalid-value"),
        ("channel=email&columns=email:9", "invalid-value"),
        ("channel=sms", "invalid-value"),
        ("channel=email&delimiter=pipe", "invalid-value"),
    ],
)
def test_what_cannot_be_asked_is_refused(api: Api, query: str, slug: str) -> None:
    response = scrub(api, f"email,mail pro\n{FREE},x\n".encode(), query)
    assert response.status_code == 422
    assert response.get_json()["type"].endswith(slug)


def test_two_columns_of_one_meaning_are_refused(api: Api) -> None:
    response = scrub(api, f"email,courriel\n{FREE},{STOPPED}\n".encode())
    assert "email" in response.get_json()["detail"]
    query = "channel=email&columns=email:courriel"
    assert decided(api, f"email,courriel\n{FREE},{STOPPED}\n".encode(), query)[0][0] == "deny"


def test_a_form_is_refused_with_what_to_do(api: Api) -> None:
    response = api.client.post(
        "/v1/scrubs?channel=email",
        data={"file": (io.BytesIO(b"email\n"), "a.csv")},
        headers={"Authorization": f"Bearer {api.key}"},
    )
    assert (response.status_code, "body" in response.get_json()["detail"]) == (422, True)


def test_the_scope_check_is_needed(app: Flask, api: Api, seen: set[str]) -> None:
    answer = scrubbed(api, b"email\n")
    with app.app_context():
        controller = find_controller("okwind")
    poor = Api(app, make_key(app, controller, [ApiScope.SUPPRESS]), seen)
    assert scrub(poor, b"email\n").status_code == 403
    for path in (answer["decisions"], answer["decisions"].removesuffix("/decisions")):
        assert poor.send("GET", path).status_code == 403


def test_no_other_controller_sees_a_scrub(api: Api, french_api: Api) -> None:
    answer = scrubbed(api, f"email\n{FREE}\n".encode())
    for path in (answer["decisions"], answer["decisions"].removesuffix("/decisions")):
        assert french_api.send("GET", path).status_code == 404
        assert api.send("GET", path.replace(answer["scrub_id"], "0" * 32)).status_code == 404
        assert api.send("GET", path.replace(answer["scrub_id"], "x")).status_code == 404


def test_a_day_later_it_is_forgotten(app: Flask, api: Api, clock: Clock) -> None:
    answer = scrubbed(api, f"email\n{FREE}\n".encode())
    clock.turn(hours=24)
    assert api.send("GET", answer["decisions"]).status_code == 404
    with app.app_context():
        assert purge_scrubs(now=clock()) == 1
        assert purge_scrubs(now=clock()) == 0


def test_a_file_that_breaks_off_leaves_nothing_to_ask_for(
    app: Flask, api: Api, clock: Clock
) -> None:
    raw = gzip.compress(contacts(9000, stopped=STOPPED)[0])[:-20]
    assert scrub(api, raw).status_code == 422
    clock.turn(hours=25)
    with app.app_context():
        assert purge_scrubs(now=clock()) == 0


def test_so_many_files_at_once_and_no_more(app: Flask, api: Api) -> None:
    with app.app_context(), ExitStack() as stack:
        for _ in range(files_read.each):
            stack.enter_context(files_read.taken(find_controller("okwind")))
        refused = scrub(api, b"email\n")
    assert (refused.status_code, refused.get_json()["decision"]) == (429, "unknown")
    assert refused.headers["Retry-After"] == "5"  # a place is free long before the rate limit ends
    assert scrub(api, b"email\n").status_code == 201


def test_a_file_past_the_limit_is_refused(api: Api) -> None:
    services: Services = api.app.extensions["suppression"]
    small = dataclasses.replace(services.settings, upload_limit=1000)
    api.app.extensions["suppression"] = dataclasses.replace(services, settings=small)
    assert scrub(api, b"email\n" + b"a@b.fr\n" * 200).status_code == 413
    packed = gzip.compress(b"email\n" + b"a@b.fr\n" * 200)
    assert scrub(api, packed).status_code == 413
    assert scrub(api, b"email\n" + b"a@b.fr\n" * 100).status_code == 201


def test_a_stop_while_the_file_is_read_counts_from_the_next_batch(api: Api) -> None:
    seen_late = b"".join(b"free%d@example.fr\n" % number for number in range(12_000))

    class Stopping:
        """A body that stops its own last row while it is read."""

        def __init__(self) -> None:
            self.parts = [b"email\n", seen_late, f"{FREE}\n".encode()]

        def read(self, _size: int = -1) -> bytes:
            if len(self.parts) == 1:
                api.stop("email", FREE)
            return self.parts.pop(0) if self.parts else b""

    assert decided_stream(api, Stopping())[-1] == ("deny", "objection")


def decided_stream(api: Api, stream: Any) -> list[tuple[str, ...]]:  # noqa: ANN401 - a body
    """Scrub a body that comes in chunks without a length; return the decisions of its rows."""
    response = api.client.post(
        "/v1/scrubs?channel=email",
        headers=CSV | {"Authorization": f"Bearer {api.key}"},
        environ_overrides={"wsgi.input": stream, "wsgi.input_terminated": True},
    )
    return list(decisions(api, response.get_json()).values())
