"""A person who stops during a scrub is denied, unless their row was looked up before."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Generator

import pytest
from flask import Flask

from suppression.adapters.files.contact_file import ContactFile
from suppression.domain.checks.scrubs import ScrubRequest
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import Channel, Decision, Kind, Purpose
from suppression.storage.engine.prepared_statements import reader_connection
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.scrubs import run as scrubbing
from suppression.usecases.scrubs.run import ScrubResult, run_scrub
from tests.api import Api

BATCH, BLOCK, BLOCKS = 500, 300, 4
ASKED = ScrubRequest(
    scope=Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING, topic=""), kind=Kind.EMAIL
)


class Stream:
    """A file that is read in blocks of rows; `before` is called with a block's number first."""

    def __init__(self, before: Callable[[int], None]) -> None:
        self.before, self.given = before, 0

    def read(self, _size: int = -1) -> bytes:
        """Return the next block, b"" at the end."""
        self.before(self.given)
        first = self.given * BLOCK
        self.given += 1
        if self.given > BLOCKS:
            return b""
        rows = "".join(f"{address(number)}\n" for number in range(first, first + BLOCK))
        return (rows if first else f"email\n{rows}").encode()


def address(number: int) -> str:
    """Return the address in a row of the file."""
    return f"reader{number}@example.fr"


@pytest.fixture(autouse=True)
def _in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scrubbing, "_BATCH", BATCH)


def scrubbed(app: Flask, stream: Stream) -> list[ScrubResult]:
    """Scrub a file and return its batches of decisions."""
    with app.app_context():
        services = app.extensions["suppression"]
        batches = run_scrub(
            services, find_controller("okwind"), ContactFile(stream), ASKED, clock=services.clock
        )
        return list(batches)


def test_a_stop_between_two_batches_denies_every_row_that_was_not_looked_up(
    app: Flask, api: Api, seen: set[str]
) -> None:
    stopped = set()

    def stop(block: int) -> None:
        """Stop the person of the last row read, which is not yet looked up, and of a later row."""
        for number in {max(0, block * BLOCK - 1), min(block, BLOCKS - 1) * BLOCK + 7}:
            seen.add(address(number))
            api.stop("email", address(number))
            stopped.add(number)

    batches = scrubbed(app, Stream(stop))
    assert [len(scrub_result.rows) for scrub_result in batches] == [
        BATCH,
        BATCH,
        BLOCK * BLOCKS - 2 * BATCH,
    ]
    rows = [
        (row, answer) for scrub_result in batches for row, answer in zip(*scrub_result, strict=True)
    ]
    assert [row.cells for row, _ in rows] == [[address(number)] for number in range(BLOCK * BLOCKS)]
    denied = {at for at, (_, answer) in enumerate(rows) if answer.decision is Decision.DENY}
    assert denied == stopped
    assert len(stopped) == 2 * BLOCKS + 1


def test_a_partners_first_list_between_two_batches_denies_every_row_that_was_not_looked_up(
    app: Flask, api: Api
) -> None:
    """The controller has no list of MD5 hashes when the file is begun."""
    stopped = {BLOCK + 100, BLOCK * BLOCKS - 1}
    listed = [
        {
            "kind": "email",
            "sha256": hashlib.md5(address(number).encode(), usedforsecurity=False).hexdigest(),
            "scheme": "plain:md5",
        }
        for number in stopped
    ]

    def apply_a_list(block: int) -> None:
        """Store the list while the first batch is read."""
        if block == 1:
            body = {"identifiers": listed, "channels": ["email"]}
            assert api.post("/v1/suppressions", body).status_code == 201

    answers = [answer for batch in scrubbed(app, Stream(apply_a_list)) for answer in batch.answers]
    denied = {at for at, answer in enumerate(answers) if answer.decision is Decision.DENY}
    assert denied == stopped


def test_a_scrub_that_is_broken_off_leaves_neither_thread_nor_connection(
    app: Flask, api: Api
) -> None:
    assert api.key
    before = set(threading.enumerate())
    with app.app_context():
        services = app.extensions["suppression"]
        with reader_connection() as reader:
            pass
        file = ContactFile(Stream(lambda _: None))
        batches = run_scrub(services, find_controller("okwind"), file, ASKED, clock=services.clock)
        next(batches)
        assert isinstance(batches, Generator)
        assert set(threading.enumerate()) - before != set()
        batches.close()
        assert set(threading.enumerate()) == before
        with reader_connection() as again:
            assert again is reader


def test_what_breaks_while_reading_reaches_whoever_asked(app: Flask, api: Api) -> None:
    assert api.key
    before = set(threading.enumerate())

    def broken(block: int) -> None:
        if block == BLOCKS:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        scrubbed(app, Stream(broken))
    assert set(threading.enumerate()) == before
