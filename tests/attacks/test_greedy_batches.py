"""One controller's batches, however many and long, do not delay the checks of other controllers."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.api import Api
from tests.databases import BACKENDS, Database
from tests.e2e.gunicorn_server import Gunicorn, gunicorn
from tests.length import length

# At DEBUG, urllib3 would log each request into the log that is searched for leaks of the service.
logging.getLogger("urllib3").setLevel(logging.WARNING)

BATCHES = 20
OBJECTS = length(1_500, long=3_000)
NAMES = ("Jean-Marie", "Anne", "Zoé", "Paul", "Luc", "Eve")
SMALL = {"channel": "email", "identifier": "ana.silva@example.com"}
BEARABLE = 5.0
"""The seconds that a check may take beside four batches; it took 13 to 30 beside twenty."""


@pytest.fixture(params=BACKENDS[-1:])
def backend(request: pytest.FixtureRequest) -> str:
    """Return only the newest PostgreSQL, because the work precedes any query of the database."""
    return str(request.param)


@pytest.fixture
def server(database: Database, api: Api, tmp_path: Path) -> Iterator[Gunicorn]:
    del api
    with gunicorn(database, tmp_path) as running:
        yield running


def test_a_check_of_another_controller_does_not_wait_for_twenty_batches(
    server: Gunicorn, api: Api, new_api: Callable[..., Api]
) -> None:
    other = new_api("okonect")
    other.seen.add(str(SMALL["identifier"]))
    items = [{"channel": "post", "identifier": address(number)} for number in range(OBJECTS)]
    body = json.dumps({"items": items}).encode()
    slowest = 0.0
    with ThreadPoolExecutor(BATCHES) as threads:
        sent = [threads.submit(ask, server, api, "/batch", body) for _ in range(BATCHES)]
        while slowest < BEARABLE and not all(answer.done() for answer in sent):
            began = time.monotonic()
            assert ask(server, other, "", json.dumps(SMALL).encode()).status_code == 200
            slowest = max(slowest, time.monotonic() - began)
            time.sleep(0.1)
        answers = [future.result() for future in sent]
    assert slowest < BEARABLE
    assert {answer.status_code for answer in answers} == {200, 429}
    for answer in answers:
        if answer.status_code == 429:
            assert answer.headers["Retry-After"]
            assert answer.json()["decision"] == "unknown"
            assert answer.json()["type"].endswith(":rate-limited")


def test_a_place_is_free_again_behind_each_batch(api: Api) -> None:
    """This holds after an accepted batch and after a refused one."""
    for body in ({"items": [SMALL]}, {"items": "none"}, {"items": [SMALL], "identifiers": []}):
        for _ in range(10):
            assert api.post("/v1/checks/batch", body).status_code in {200, 422}


def address(number: int) -> dict[str, object]:
    """Return a long address that differs from all others, so that no cache helps to parse it."""
    street = f"{number} ter rue de l'Église bâtiment C entrée 4 résidence Les Grands Pins"
    return {
        "name": " et ".join(f"{name} Durand-Martin" for name in NAMES),
        "street": f"{street} de la Haute Forêt Domaniale appartement {number}",
        "line1": f"lieu-dit Le Petit Bois {number} hameau des Trois Chênes lotissement 12",
        "line2": f"BP {number} CS {number}",
        "postcode": "35000",
        "city": "Rennes Cedex 7",
    }


def ask(server: Gunicorn, api: Api, path: str, body: bytes) -> requests.Response:
    """Post a check (`path` is "") or a batch of checks ("/batch") and return the response."""
    headers = {"Authorization": f"Bearer {api.key}", "Content-Type": "application/json"}
    return requests.post(f"{server.url}/v1/checks{path}", data=body, headers=headers, timeout=110)
