"""Rate limits per API key and client address are told in headers, and never refuse a stop."""

from __future__ import annotations

import dataclasses
import io
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from werkzeug.test import TestResponse

from suppression.adapters.runtime.rate_limiter import Limit, RateLimiter
from suppression.domain.identifiers.keyed_digests import HmacSha256
from suppression.web.http import rate_limits
from suppression.wiring.whole import create_app
from tests.api import Api
from tests.conftest import Clock
from tests.databases import Database
from tests.length import length

EMAIL = "jean.dupont@example.fr"
CHECK = {"channel": "email", "identifier": EMAIL}
ONE_CLICK = b"List-Unsubscribe=One-Click"
URLENCODED = "application/x-www-form-urlencoded"

NewLimited = Callable[..., Api]


@pytest.fixture
def limited(database: Database, api: Api, clock: Clock) -> NewLimited:
    """Return a function that makes an Api with the key of `api`, of a service with settings."""

    def make(**settings: object) -> Api:
        changed = dataclasses.replace(database.settings(), **settings)  # type: ignore[arg-type]
        app = create_app(changed, clock=clock, database_clock=clock)
        return Api(app, api.key, api.seen)

    return make


def test_a_key_may_send_so_many_and_no_more(limited: NewLimited) -> None:
    api = limited(rate_limit_per_key="2/hour")
    assert [api.post("/v1/checks", CHECK).status_code for _ in range(3)] == [200, 200, 429]
    assert api.send("GET", "/v1/me").status_code == 429, "all calls of a key count together"


def test_a_refused_check_says_unknown_and_when_to_come_back(limited: NewLimited) -> None:
    api = limited(rate_limit_per_key="1/minute")
    for path, body in (("/v1/checks", CHECK), ("/v1/checks/batch", {"items": [CHECK]})):
        api.post(path, body)
        refused = api.post(path, body)
        assert refused.status_code == 429
        assert refused.get_json()["type"] == "urn:suppression:problem:rate-limited"
        assert refused.get_json()["decision"] == "unknown"
        assert 1 <= int(refused.headers["Retry-After"]) <= 60


def test_a_refusal_elsewhere_decides_nothing(limited: NewLimited) -> None:
    api = limited(rate_limit_per_key="1/minute")
    api.send("GET", "/v1/me")
    assert "decision" not in api.send("GET", "/v1/me").get_json()


def test_what_is_left_stands_in_structured_headers(limited: NewLimited) -> None:
    api = limited(rate_limit_per_key="5/minute")
    answer = api.post("/v1/checks", CHECK)
    assert answer.headers["RateLimit-Policy"] == '"key";q=5;w=60'
    assert re.fullmatch(r'"key";r=4;t=([1-9]|[1-5]\d|60)', answer.headers["RateLimit"])
    page = api.client.get("/u/nonsense")
    assert page.headers["RateLimit-Policy"] == '"address";q=1000000;w=60'


def test_each_key_has_its_own_count(limited: NewLimited, new_api: Callable[..., Api]) -> None:
    other = new_api("okonect")
    api = limited(rate_limit_per_key="1/hour")
    assert [api.post("/v1/checks", CHECK).status_code for _ in range(2)] == [200, 429]
    api.key = other.key
    assert api.post("/v1/checks", CHECK).status_code == 200


def test_what_is_no_key_counts_against_its_address(limited: NewLimited) -> None:
    api = limited(rate_limit_per_address="2/hour")
    wrong = {"Authorization": "Bearer sup_guessed"}
    sent = [api.post("/v1/checks", CHECK, headers=wrong).status_code for _ in range(3)]
    assert sent == [401, 401, 429]
    assert api.post("/v1/checks", CHECK).status_code == 200, "a good key is not held back"


def test_a_public_page_is_refused_with_words_and_in_the_readers_language(
    limited: NewLimited,
) -> None:
    client = limited(rate_limit_per_address="1/hour").client
    client.get("/u/nonsense")
    refused = client.get("/u/nonsense?lang=fr")
    assert (refused.status_code, refused.mimetype) == (429, "text/html")
    assert "Attendez une minute" in refused.get_data(as_text=True)
    assert int(refused.headers["Retry-After"]) > 0


def test_who_watches_the_service_is_never_refused(limited: NewLimited) -> None:
    client = limited(
        rate_limit_per_address="1/hour", rate_limit_per_key="1/hour", metrics_token="t" * 16
    ).client
    metrics: dict[str, object] = {"headers": {"Authorization": "Bearer " + "t" * 16}}
    options_by_path: dict[str, dict[str, object]] = {
        "/livez": {},
        "/readyz": {},
        "/readyz/stops": {},
        "/assets/page.css": {},
        "/metrics": metrics,
    }
    for path, options in options_by_path.items():
        responses = [client.get(path, **options) for _ in range(3)]
        assert [response.status_code for response in responses] == [200, 200, 200], path
        assert "RateLimit" not in responses[0].headers, path
        for response in responses:
            response.close()


def forwarded(client_of: Api, addresses: str) -> int:
    """Get a page through a proxy that forwards these addresses; return the status."""
    return client_of.client.get("/u/x", headers={"X-Forwarded-For": addresses}).status_code


def test_without_a_trusted_proxy_its_header_is_not_believed(limited: NewLimited) -> None:
    api = limited(rate_limit_per_address="1/hour")
    assert [forwarded(api, f"203.0.113.{n}") for n in range(3)] == [404, 429, 429]


def test_behind_a_trusted_proxy_each_client_has_its_own_count(limited: NewLimited) -> None:
    api = limited(rate_limit_per_address="1/hour", trusted_proxies=1)
    assert [forwarded(api, f"203.0.113.{n}") for n in range(3)] == [404, 404, 404]
    assert forwarded(api, "203.0.113.1") == 429


def test_a_client_cannot_choose_its_address_behind_a_trusted_proxy(limited: NewLimited) -> None:
    api = limited(rate_limit_per_address="1/hour", trusted_proxies=1)
    assert [forwarded(api, f"192.0.2.{n}, 203.0.113.9") for n in range(3)] == [404, 429, 429]


def test_one_ipv6_network_is_one_client(limited: NewLimited) -> None:
    api = limited(rate_limit_per_address="1/hour", trusted_proxies=1)
    assert forwarded(api, "2001:db8::1") == 404
    assert forwarded(api, "2001:db8::ffff:2") == 429
    assert forwarded(api, "2001:db8:0:1::1") == 404
    assert forwarded(api, "203.0.113.1") == 404
    assert forwarded(api, "::ffff:203.0.113.1") == 429


def click(api: Api, path: str) -> TestResponse:
    """Send a mail provider's one-click and return the response."""
    return api.client.post(path, data=ONE_CLICK, content_type=URLENCODED)


def test_a_thousand_quick_stops_or_ten_are_never_refused(limited: NewLimited, backend: str) -> None:
    if backend != "sqlite":
        return  # the limit applies before any database access, so one database is enough
    api = limited(rate_limit_per_key="1/hour", rate_limit_per_address="1/hour")
    url = api.post("/v1/links", {"identifier": EMAIL}).get_json()["url"]
    path = url.removeprefix("http://127.0.0.1:8000")
    body = {"identifiers": [{"kind": "email", "value": EMAIL}], "channels": "all"}
    key = {"Authorization": f"Bearer {api.key}"}
    answers: Counter[int] = Counter()
    quick, stored = length(450, long=4500), length(50, long=500)
    for _ in range(quick):  # requests that store nothing count too, and are fast
        answers[click(api, "/u/nonsense").status_code] += 1
        answers[api.client.post("/v1/suppressions", json=body).status_code] += 1
    for _ in range(stored):
        answers[click(api, path).status_code] += 1
        answers[api.client.post("/v1/suppressions", json=body, headers=key).status_code] += 1
    assert answers == {404: quick, 401: quick, 200: 2 * stored - 1, 201: 1}
    assert api.send("GET", "/v1/me").status_code == 429, "the limit is there"


def test_neither_a_key_nor_an_address_is_logged_when_it_is_refused(
    limited: NewLimited, logs: io.StringIO
) -> None:
    api = limited(rate_limit_per_key="1/hour", rate_limit_per_address="1/hour", trusted_proxies=1)
    for _ in range(2):
        api.post("/v1/checks", CHECK)
        forwarded(api, "203.0.113.77")
    written = logs.getvalue()
    assert '"problem": "rate-limited"' in written
    assert api.key not in written
    assert "203.0.113.77" not in written


def test_who_stops_past_the_limit_sees_that_it_is_stored(limited: NewLimited) -> None:
    api = limited(rate_limit_per_address="1/minute")
    url = api.post("/v1/links", {"identifier": EMAIL}).get_json()["url"]
    path = "/u/" + url.rpartition("/")[2]
    assert [api.send("GET", path).status_code for _ in range(2)] == [200, 429]
    sent = api.post(path, data={"confirm": "1"})
    shown = api.send("GET", "/" + sent.headers["Location"].removeprefix("../"))
    assert (sent.status_code, shown.status_code) == (303, 200)


class OvertakenSuspects(dict[str, float]):
    """Suspects, to whom another thread adds one just as the oldest is read."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__()
        self.meanwhile = threading.Thread(target=meanwhile)

    def __iter__(self) -> Iterator[str]:
        iterator = super().__iter__()
        if self.meanwhile.ident is None:
            self.meanwhile.start()
            self.meanwhile.join(0.2)
        return iterator


def test_more_suspects_than_are_kept_may_come_at_one_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Past 10,000 of them a wrong key could be a 500: two threads changed their list at once."""
    monkeypatch.setattr(rate_limits, "_MAX_SUSPECTS", 2)
    suspects = OvertakenSuspects(lambda: limits.note_suspect("another", 1.0))
    limit = Limit.from_text("1/minute")
    limits = rate_limits._Limits(  # noqa: SLF001 - too many addresses for requests
        windows=RateLimiter("memory://"),
        per_key=limit,
        per_address=limit,
        key=HmacSha256(b"k"),
        suspects=suspects,
    )
    for number in range(4):
        limits.note_suspect(str(number), 1.0)
    suspects.meanwhile.join()
    assert len(suspects) == 2
