"""The metrics count what happens, and never contain data of people."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from suppression import __version__
from suppression.domain.imports.model import ImportAction
from suppression.domain.probes import PASSED, SYNTHETIC_OPT_OUT
from suppression.storage.engine.database import writing
from suppression.storage.operations.probes import save_probe_run
from suppression.wiring.whole import create_app
from tests.api import Api
from tests.conftest import Clock
from tests.databases import Database
from tests.importing import Imports, emails

TOKEN = "only-for-prometheus"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
EMAIL = "jean.dupont@example.fr"
Count = Callable[..., float]


@pytest.fixture
def watched(database: Database, api: Api, clock: Clock) -> Api:
    """Return an Api with the key of `api`, of a service with a METRICS_TOKEN."""
    settings = dataclasses.replace(database.settings(), metrics_token=TOKEN)
    return Api(create_app(settings, clock=clock, database_clock=clock), api.key, api.seen)


@pytest.fixture
def count(watched: Api) -> Count:
    """Return a function that tells by how much a series has grown since the test began.

    Counts belong to the process, so they do not start at 0.
    """
    before = series(watched)

    def grown(name: str) -> float:
        return series(watched).get(name, 0) - before.get(name, 0)

    return grown


def scraped(api: Api) -> str:
    """Return the text of /metrics."""
    answer = api.send("GET", "/metrics", headers=BEARER)
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    return answer.get_data(as_text=True)


def series(api: Api) -> dict[str, float]:
    """Return the value of every series of /metrics."""
    lines = [line for line in scraped(api).splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_the_version_that_runs_is_a_label(watched: Api) -> None:
    told = {name: value for name, value in series(watched).items() if "build_info" in name}
    assert told == {f'suppression_build_info{{version="{__version__}"}}': 1.0}


def click(api: Api, identifier: str = EMAIL, **form: str) -> TestResponse:
    """Make a link and send a one-click, or `form`, to it; return the response."""
    url = api.post("/v1/links", {"identifier": identifier}).get_json()["url"]
    sent = form or {"List-Unsubscribe": "One-Click"}
    return api.client.post(url.removeprefix("http://127.0.0.1:8000"), data=sent)


def test_checks_are_counted_by_channel_and_decision(watched: Api, count: Count) -> None:
    watched.check("email", EMAIL)
    watched.check("sms", "not a number")
    watched.check(None, EMAIL, kind="email", purpose="profiling")
    assert count('suppression_checks_total{channel="email",decision="allow"}') == 1
    assert count('suppression_checks_total{channel="sms",decision="unknown"}') == 1
    assert count('suppression_checks_total{channel="",decision="allow"}') == 1


def test_a_batch_counts_each_of_its_answers(watched: Api, count: Count) -> None:
    watched.stop("email", EMAIL)
    flat = {"channel": "email", "identifiers": [EMAIL, "marie@example.fr", "broken"]}
    watched.post("/v1/checks/batch", flat)
    watched.post("/v1/checks/batch", {"items": [{"channel": "email", "identifier": EMAIL}, "text"]})
    assert count('suppression_checks_total{channel="email",decision="deny"}') == 2
    assert count('suppression_checks_total{channel="email",decision="allow"}') == 1
    assert count('suppression_checks_total{channel="",decision="unknown"}') == 1


def test_the_time_of_checks_is_told_by_call(watched: Api, count: Count) -> None:
    watched.check("email", EMAIL)
    watched.post("/v1/checks/batch", {"channel": "email", "identifiers": [EMAIL]})
    for call in ("single", "batch"):
        assert count(f'suppression_check_seconds_count{{call="{call}"}}') == 1
        assert count(f'suppression_check_seconds_bucket{{call="{call}",le="+Inf"}}') == 1
        assert count(f'suppression_check_seconds_sum{{call="{call}"}}') > 0


def test_stops_are_counted_by_channel_and_evidence(watched: Api, count: Count) -> None:
    watched.stop("phone", "06 12 34 56 78")
    watched.stop("email", EMAIL, channels=None, purpose="sharing")
    click(watched)
    click(watched, confirm="1")
    for channel, evidence, stops in (
        ("sms", "api", 1),
        ("telephone", "api", 1),
        ("", "api", 1),
        ("email", "one_click", 1),
        ("email", "link_page", 1),
        ("email", "api", 0),
    ):
        name = f'suppression_stops_total{{channel="{channel}",evidence="{evidence}"}}'
        assert count(name) == stops, name


def test_reopenings_are_counted_by_their_way_and_no_controller_is_unusual_yet(
    watched: Api, count: Count, clock: Clock
) -> None:
    url = watched.post("/v1/links", {"identifier": EMAIL}).get_json()["url"]
    path = "/u/" + str(url).rpartition("/")[2]
    clock.turn(days=1)
    page = watched.post(path, data={"confirm": "all"}).headers["Location"].removeprefix("..")
    clock.turn(minutes=1)
    boxes = {"topic": ["newsletter", "offers"]}
    assert watched.post(f"{path}/choices", data=boxes).status_code == 303
    assert count('suppression_reopenings_total{way="old_link"}') == 1
    (token,) = re.findall(r'name="undo" value="([^"]+)"', watched.send("GET", page).text)
    assert watched.post(page, data={"undo": token}).status_code == 303
    assert count('suppression_reopenings_total{way="confirmation"}') == 1
    assert series(watched)["suppression_unusual_reopenings"] == 0


def test_a_stop_by_text_message_is_counted_as_inbound(watched: Api, count: Count) -> None:
    for text in ("STOP", "ne m'envoyez plus rien", "merci"):
        watched.post("/v1/inbound/sms", {"number": "06 12 34 56 78", "text": text})
    watched.post("/v1/inbound/sms", {"number": "+33199000002", "text": "STOP"})
    assert count('suppression_stops_total{channel="sms",evidence="inbound"}') == 1


def test_a_replay_is_not_counted_twice(watched: Api, count: Count) -> None:
    for _ in range(3):
        watched.post(
            "/v1/suppressions",
            {"identifiers": [{"kind": "email", "value": EMAIL}], "channels": "all"},
            headers={"Idempotency-Key": "the-same"},
        )
    assert count('suppression_stops_total{channel="email",evidence="api"}') == 1


def test_the_sandbox_is_not_counted(watched: Api, count: Count) -> None:
    watched.stop("email", "allowed@example.test")
    click(watched, "allowed@example.test")
    assert count('suppression_stops_total{channel="email",evidence="api"}') == 0
    assert count('suppression_stops_total{channel="email",evidence="one_click"}') == 0


def test_a_stop_that_was_refused_is_not_counted(watched: Api, count: Count) -> None:
    assert watched.stop("email", EMAIL, topic="lottery").status_code == 422
    assert click(watched, nothing="1").status_code == 400
    assert count('suppression_stops_total{channel="email",evidence="api"}') == 0
    assert count('suppression_stops_total{channel="email",evidence="one_click"}') == 0


def test_links_are_counted_by_what_they_turn_out_to_be(watched: Api, count: Count) -> None:
    click(watched)
    watched.client.get("/u/nonsense")
    watched.client.post("/u/nonsense", data={"List-Unsubscribe": "One-Click"})
    assert count('suppression_link_verifications_total{result="genuine"}') == 1
    assert count('suppression_link_verifications_total{result="unknown"}') == 2


def test_problems_are_counted_by_type(watched: Api, count: Count) -> None:
    watched.stop("email", "broken")
    watched.client.get("/u/nonsense")
    assert count('suppression_problems_total{type="invalid-identifier"}') == 1
    assert count('suppression_problems_total{type="unknown-link"}') == 1


def test_without_its_token_there_is_no_metrics_page(api: Api) -> None:
    assert api.send("GET", "/metrics", headers=BEARER).status_code == 404


@pytest.mark.parametrize(
    "sent", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x"]
)
def test_another_token_is_refused(watched: Api, sent: str) -> None:
    refused = watched.send("GET", "/metrics", headers={"Authorization": sent})
    assert refused.status_code == 401
    assert TOKEN not in refused.get_data(as_text=True)


def test_an_api_key_opens_no_metrics(watched: Api) -> None:
    assert watched.send("GET", "/metrics").status_code == 401


def test_a_database_that_is_away_is_told_and_not_an_error(watched: Api, database: Database) -> None:
    assert series(watched)["suppression_database_up"] == 1
    away = database.url.replace("/list.db", "/gone/list.db").replace("/test_", "/gone_")
    settings = dataclasses.replace(database.settings(), database_url=away, metrics_token=TOKEN)
    watched.client = create_app(settings).test_client()
    metrics = series(watched)
    assert metrics["suppression_database_up"] == 0
    assert "suppression_synthetic_opt_out_ok" not in metrics


def test_a_watch_that_never_ran_is_red(watched: Api) -> None:
    metrics = series(watched)
    assert metrics["suppression_synthetic_opt_out_ok"] == 0
    assert metrics["suppression_synthetic_opt_out_age_seconds"] == float("inf")


def test_the_watch_is_told_with_its_age(watched: Api, clock: Clock) -> None:
    for result in (PASSED, "click_failed"):
        with watched.app.app_context(), writing() as transaction:
            save_probe_run(transaction, SYNTHETIC_OPT_OUT, result=result, now=clock.now)
        clock.turn(minutes=10)
        metrics = series(watched)
        assert metrics["suppression_synthetic_opt_out_ok"] == (result == PASSED)
    assert metrics["suppression_synthetic_opt_out_age_seconds"] == 1200, "since it last passed"


def test_no_identifier_token_or_key_stands_in_a_metric(watched: Api) -> None:
    path = "/u/" + "A" * 31 + "." + "B" * 22
    click(watched)
    watched.client.get(path)
    watched.client.get(f"/nowhere/{EMAIL}")
    watched.check("email", EMAIL)
    text = scraped(watched)
    for secret in (EMAIL, path[3:], watched.key, TOKEN, "okwind"):
        assert secret not in text
    labels = set(re.findall(r'(\w+)="', text))
    expected = "call channel client decision evidence le result stated type version way"
    assert labels == set(expected.split())


def test_stops_of_imports_are_counted_once_they_are_on_the_list(
    app: Flask, api: Api, watched: Api, count: Count
) -> None:
    assert api.key
    imports = Imports(app)
    staged = imports.stage(emails(range(3))).import_
    assert count("suppression_imported_stops_total") == 0
    imports.wish(staged.import_id, ImportAction.APPLY)
    imports.work()
    assert count("suppression_imported_stops_total") == 3
    assert series(watched)["suppression_imported_stops_total"] == 3
