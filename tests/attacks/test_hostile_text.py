"""The API, the pages and files accept or refuse texts that databases reject, and lose no stop."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from suppression.adapters.crypto.case_cipher import CaseCipher
from suppression.domain.errors import KeyMismatchError
from suppression.domain.vocabulary import Channel
from tests.api import Api
from tests.attacks.hostile import HOSTILE, LONE, encoded, variants
from tests.contract.contract import CONTRACT
from tests.contract.document import Operation, operations, read_document, resolved

DOCUMENT = read_document()
CUTS = ["high half", "low half", "in capitals", "two halves"]
FORM = "application/x-www-form-urlencoded"
STOPS = {
    f"{word}{between}{name}": f"{word}{between}{text}"
    for name, text in HOSTILE.items()
    for word, between in (("STOP", " "), ("Stop svp", ""), ("ARRET", "\n"))
    if len(text) < 100
}


def examples() -> Iterator[tuple[Operation, Any]]:
    """Yield each operation that takes JSON, with the first example of its body."""
    for operation in operations(DOCUMENT):
        body = resolved(DOCUMENT, operation.said.get("requestBody", {}))
        content = body.get("content", {}).get("application/json")
        if content:
            yield operation, next(iter(content["examples"].values()))["value"]


EXAMPLES = list(examples())
HEADERS = (
    *("Authorization", "Idempotency-Key", "User-Agent", "Accept-Language", "Accept", "Referer"),
    *("Content-Type", "Content-Encoding", "X-Forwarded-For", "Cookie", "If-None-Match", "Range"),
)


def sent(api: Api, method: str, path: str, **options: Any) -> TestResponse:  # noqa: ANN401
    """Send a request and return the response; fail for a 5xx or an undocumented answer."""
    headers = {"Authorization": f"Bearer {api.key}"} | options.pop("headers", {})
    response = api.client.open(path, method=method, headers=headers, **options)
    assert response.status_code < 500, (method, path, response.get_data(as_text=True))
    CONTRACT.check_response(response)
    return response


@pytest.mark.parametrize("cut", [rb"\ud83d", rb"\udc4d", rb"\uD83D!", rb"\ud83d\ud83d"], ids=CUTS)
def test_a_stop_that_was_cut_inside_an_emoji_is_stored(api: Api, cut: bytes) -> None:
    api.seen.add("+33612345678")
    body = b'{"number": "+33612345678", "text": "STOP ' + cut + b'"}'
    answer = sent(api, "POST", "/v1/inbound/sms", data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["understood"]) == (201, "stop")
    assert api.decision("sms", "+33612345678") == "deny"


def test_no_stop_is_lost_whatever_stands_beside_the_word(api: Api) -> None:
    for place, (name, text) in enumerate(STOPS.items()):
        number = f"+336123456{place:02}"
        api.seen.add(number)
        answer = sent(api, "POST", "/v1/inbound/sms", json={"number": number, "text": text})
        assert answer.get_json()["understood"] == "stop", name
        assert api.decision("sms", number) == "deny"


def test_a_clear_stop_is_stored_even_where_nothing_can_be_encrypted(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> bytes:
        raise KeyMismatchError

    api.seen.add("+33612345678")
    monkeypatch.setattr(CaseCipher, "encrypt", broken)
    message = {"number": "+33612345678", "text": "STOP"}
    assert sent(api, "POST", "/v1/inbound/sms", json=message).status_code == 201
    assert api.decision("sms", "+33612345678") == "deny"


def test_a_stop_that_nobody_could_read_at_once_waits_for_a_person(api: Api) -> None:
    for text in (f"{LONE} please stop texting me {LONE}", "STOP " + "x" * 65_536):
        answer = sent(api, "POST", "/v1/inbound/sms", json={"number": "+33612345678", "text": text})
        assert answer.get_json()["understood"] == "review"


def test_a_cut_identifier_is_never_allowed_and_never_taken_for_a_stop(api: Api) -> None:
    for channel, identifier in (
        ("email", f"camille{LONE}@example.fr"),
        ("email", f"camille@example.fr{LONE}"),
        ("sms", f"+33612345678{LONE}"),
        (
            "post",
            {"name": f"Zoé{LONE}", "lines": ["1 rue Inventée", "75001 Paris"], "country": "FR"},
        ),
    ):
        body = {"channel": channel, "identifier": identifier}
        assert sent(api, "POST", "/v1/checks", json=body).get_json()["decision"] == "unknown"
        kind = Channel(channel).kind.value
        stop = {"identifiers": [{"kind": kind, "value": identifier}], "channels": "all"}
        assert sent(api, "POST", "/v1/suppressions", json=stop).status_code == 422


def test_every_field_of_every_call_takes_or_refuses_any_text(api: Api) -> None:
    for operation, body in EXAMPLES:
        for text in HOSTILE.values():
            for changed in variants(body, text):
                sent(api, operation.method, operation.path, json=changed)


def test_half_characters_that_were_escaped_twice_are_left_alone(api: Api) -> None:
    body = rb'{"channel": "email", "identifier": "a@example.fr", "correlation_id": "\\ud83d"}'
    refused = sent(api, "POST", "/v1/checks", data=body, content_type="application/json")
    assert refused.get_json()["errors"][0]["pointer"] == "/correlation_id"


def test_every_header_may_hold_any_bytes(api: Api) -> None:
    token = link_token(api)
    body = json.dumps({"channel": "email", "identifier": "a@example.fr"})
    for name, text in product(HEADERS, HOSTILE.values()):
        value = text.encode("utf-8", "surrogatepass").decode("latin-1")
        place = name.upper() if name == "Content-Type" else f"HTTP_{name.upper()}"
        environ = {place.replace("-", "_"): value}
        for method, path in (("POST", "/v1/checks"), ("GET", f"/u/{token}"), ("GET", "/stop")):
            data = body if method == "POST" else None
            sent(api, method, path, data=data, environ_overrides=environ)


@pytest.mark.parametrize("path", ["/v1/scrubs", "/v1/imports", "/v1/links/file"])
def test_every_parameter_and_cell_of_a_file_may_hold_any_text(api: Api, path: str) -> None:
    names = ["channel", "columns", "topic", "ref", "language", "country", "channels", "reason"]
    names += ["header", "encoding", "delimiter", "purpose", "scheme", "occurred_at", "unheard-of"]
    needed = {"/v1/scrubs": [("channel", "email")], "/v1/imports": [("channels", "email")]}
    for text in HOSTILE.values():
        for name in names:
            fields = [*needed.get(path, []), (name, text)]
            query = encoded(fields).decode()
            sent(
                api,
                "POST",
                f"{path}?{query}",
                data=b"email\na@example.fr\n",
                content_type="text/csv",
            )
        query = encoded(needed.get(path, [])).decode()
        for raw, kind in files(text):
            answer = sent(api, "POST", f"{path}?{query}", data=raw, content_type=kind)
            assert answer.status_code in {200, 201}


def files(text: str) -> Iterator[tuple[bytes, str]]:
    """Yield files with this text in their cells, as CSV and JSON lines, with their media types."""
    cells = {"email": f"a{text}@example.fr", "name": text, "country": text, "topic": text}
    head, row = ",".join(cells), ",".join(cells.values())
    yield f"{head}\n{row}\nb@example.fr,,,\n".encode("utf-8", "surrogatepass"), "text/csv"
    yield f"{head}\n{row}\n".encode("utf-16", "surrogatepass"), "text/csv"
    lines = [json.dumps(cells), json.dumps({"email": "b@example.fr", text: text})]
    yield "\n".join(lines).encode(), "application/x-ndjson"


def test_the_public_pages_take_any_text_and_lose_no_stop(api: Api) -> None:
    token = link_token(api)
    for number, (name, text) in enumerate(HOSTILE.items()):
        for path, fields in public_forms(token, text):
            sent(api, "POST", path, data=encoded(fields), content_type=FORM)
            sent(api, "GET", f"{urlsplit(path).path}?{encoded(fields)[:4000].decode()}")
        if len(text) > 100:
            continue
        email = f"person{number}@example.fr"
        api.seen.add(email)
        fields = [("what", "email"), ("email", email), ("unheard-of", text), (text, text)]
        done = sent(api, "POST", "/stop/okwind", data=encoded(fields), content_type=FORM)
        assert done.status_code == 303, name
        assert api.decision("email", email) == "deny"
        click = [("List-Unsubscribe", "One-Click"), (text, text)]
        assert (
            sent(api, "POST", f"/u/{token}", data=encoded(click), content_type=FORM).status_code
            == 200
        )


def public_forms(token: str, text: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the path and the fields of each form of the public pages, filled with this text."""
    everything = [("what", topic) for topic in ("email", "telephone", "post", text)]
    typed = [(name, text) for name in ("email", "phone", "name", "address")]
    yield "/stop/okwind", everything + typed
    yield f"/u/{token}", [("confirm", text), ("List-Unsubscribe", text)]
    yield f"/u/{token}/choices", [("topic", text), ("shown", text), *typed]
    yield "/r/nobody", [("undo", text)]
    yield "/stop/okwind?lang=fr", [("lang", text), ("next", text)]


def test_a_form_of_several_parts_takes_any_text_too(api: Api) -> None:
    token = link_token(api)
    for text in HOSTILE.values():
        raw = text.encode("utf-8", "surrogatepass")
        parts = [
            b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click',
            b'--b\r\nContent-Disposition: form-data; name="' + raw[:99] + b'"\r\n\r\n' + raw[:9999],
            b'--b\r\nContent-Disposition: form-data; name="f"; filename="'
            + raw[:99]
            + b'"\r\n\r\n',
            b"--b--\r\n",
        ]
        body = io.BytesIO(b"\r\n".join(parts))
        sent(
            api,
            "POST",
            f"/u/{token}",
            input_stream=body,
            content_length=body.getbuffer().nbytes,
            content_type="multipart/form-data; boundary=b",
        )


def link_token(api: Api) -> str:
    """Make a link by the API and return its token."""
    url = api.post("/v1/links", {"identifier": "ana.silva@example.com"}).get_json()["url"]
    return str(urlsplit(url).path.removeprefix("/u/"))
