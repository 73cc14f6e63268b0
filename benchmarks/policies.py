"""Measure the cost of a check under `fr-2026`, as a ratio to its cost under `objection-only`.

    PYTHONPATH=. .venv/bin/python benchmarks/policies.py [rounds]

Each telephone check runs alone through the whole WSGI application, without HTTP, on SQLite and on
the PostgreSQL that the tests bring. Under `fr-2026` each number has a consent and one attempt on
record, and calling hours apply; under `objection-only` it has nothing. Both lists hold the same
5,000 stops. Rounds are interleaved; the medians are compared. The wanted ratio is at most 1.25.
"""

from __future__ import annotations

import io
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask

from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.vocabulary import Channel, Evidence, Kind, Preset, Reason
from suppression.usecases.calls.record_attempt import AttemptAnswer, AttemptRequest, record_attempt
from suppression.usecases.idempotency import StoredResponse
from suppression.usecases.suppressions.record import StopAnswer, StopRequest
from suppression.usecases.suppressions.suppress import suppress
from suppression.wiring.whole import create_app
from tests.api import make_controller, make_key
from tests.databases import BACKENDS, migrated_database

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
STOPS = 5_000
CHECKS = 400
WANTED = 1.25


def main(rounds: int) -> None:
    """Measure on SQLite and on the newest PostgreSQL; print the medians and the ratio of each."""
    for backend in [name for name in BACKENDS if name != "postgresql-15"]:
        with tempfile.TemporaryDirectory() as folder:
            inner = Path(folder) / "list"
            inner.mkdir()
            with migrated_database(backend, inner) as database:
                measure(
                    backend,
                    create_app(
                        database.settings(), clock=lambda: MONDAY, database_clock=lambda: MONDAY
                    ),
                    rounds,
                )


def measure(backend: str, app: Flask, rounds: int) -> None:
    """Measure both presets in turn on one database; print their medians and the ratio."""
    keys = {preset: prepared(app, preset) for preset in Preset}
    times: dict[Preset, list[float]] = {preset: [] for preset in Preset}
    for preset in Preset:
        timed(app, keys[preset], 50)
    for _ in range(rounds):
        for preset in Preset:
            times[preset].append(timed(app, keys[preset], CHECKS))
    medians = {preset: statistics.median(times[preset]) for preset in Preset}
    for preset, seconds in medians.items():
        print(f"{backend}: {preset}: {seconds * 1e6:.0f} us a check")
    ratio = medians[Preset.FR_2026] / medians[Preset.OBJECTION_ONLY]
    print(f"{backend}: ratio {ratio:.2f} (wanted: at most {WANTED})")


def prepared(app: Flask, preset: Preset) -> str:
    """Create a controller with a preset and 5,000 stops; return its API key.

    Under `fr-2026`, also record a consent and an attempt for every number that is checked.
    """
    controller = make_controller(app, preset.value, preset)
    services = app.extensions["suppression"]
    with app.app_context():
        for first in range(0, STOPS, 100):
            subjects = tuple(
                services.subject(controller, Kind.PHONE, f"+3361{number:07}")
                for number in range(first, first + 100)
            )
            stop = StopRequest(
                subjects=subjects,
                coverage=RequestedScope(channels=(Channel.TELEPHONE,)),
                reason=Reason.OBJECTION,
                evidence=Evidence.API,
                occurred_at=MONDAY - timedelta(days=1),
            )
            suppress(controller, stop, unread, actor="benchmark", now=MONDAY)
    key = make_key(app, controller)
    if preset is Preset.FR_2026:
        give_consents(app, key)
        with app.app_context():
            for number in numbers(CHECKS):
                subject = services.subject(controller, Kind.PHONE, number)
                attempt = AttemptRequest(subject=subject, occurred_at=MONDAY - timedelta(days=1))
                record_attempt(controller, attempt, unread_attempt, actor="x", now=MONDAY)
    return key


def give_consents(app: Flask, key: str) -> None:
    """Record a consent for every number that is checked. Raises SystemExit if one is refused."""
    call = caller(app, key, "/v1/consents")
    for number in numbers(CHECKS):
        status, _ = call(
            {
                "kind": "phone",
                "identifier": number,
                "channels": ["telephone"],
                "given_at": "2026-11-01T09:00:00Z",
                "wording": "J'accepte d'être appelé.",
                "given_by": "web_form",
                "evidence": "form-1",
                "collected_by": "site",
            }
        )
        if not status.startswith("201"):
            raise SystemExit(f"a consent was answered {status}")


def timed(app: Flask, key: str, checks: int) -> float:
    """Return the average seconds of a check. Raises SystemExit if a check is not allowed."""
    call = caller(app, key, "/v1/checks")
    bodies = [{"channel": "telephone", "identifier": number} for number in numbers(checks)]
    started = time.perf_counter()
    answers = [call(body)[1] for body in bodies]
    seconds = time.perf_counter() - started
    if any(json.loads(answer)["decision"] != "allow" for answer in answers):
        raise SystemExit("a check was not allowed: there is nothing to compare")
    return seconds / checks


def caller(app: Flask, key: str, path: str) -> Callable[[object], tuple[str, bytes]]:
    """Return a function that posts a JSON body to a path of the application, as a server does.

    It returns the status line and the body of the answer.
    """

    def call(body: object) -> tuple[str, bytes]:
        raw = json.dumps(body).encode()
        status: list[str] = []
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": path,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(raw)),
            "HTTP_AUTHORIZATION": f"Bearer {key}",
            "wsgi.input": io.BytesIO(raw),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
            "REMOTE_ADDR": "127.0.0.1",
        }

        def start(line: str, _headers: object, _error: object = None, /) -> Callable[[bytes], None]:
            status.append(line)
            return lambda _body: None

        answered = app.wsgi_app(environ, start)
        return status[0], b"".join(answered)

    return call


def numbers(count: int) -> Iterator[str]:
    """Yield `count` French mobile numbers that no stop names."""
    yield from (f"+3362{number:07}" for number in range(count))


def unread(answer: StopAnswer) -> StoredResponse:
    """Return a placeholder for the stored response to a stop, which nobody reads."""
    return StoredResponse(status=0, body=answer.reference)


def unread_attempt(answer: AttemptAnswer) -> StoredResponse:
    """Return a placeholder for the stored response to an attempt, which nobody reads."""
    return StoredResponse(status=0, body=answer.attempt_id.hex())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
