"""A link that is made after a stop never has an older day of issue than the stop.

The attacks: a machine whose clock is slow makes a link right after midnight; a caller begins to
upload a file for links before midnight and, after midnight, names in it a person who has stopped
since. Both links were dated the day before, so they reopened what the stop had closed.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from flask import Flask

from suppression.adapters.files.contact_file import ContactFile
from suppression.storage.engine.database import disconnect
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.unsubscribe.make_links_for_file import FileLinks, make_links_for_rows
from suppression.wiring.whole import create_app
from tests.api import Api
from tests.attacks.effects import link
from tests.attacks.test_reopening_by_link import click, open_again
from tests.conftest import Clock
from tests.databases import BACKENDS, Database

EMAIL = "jean.dupont@example.fr"


class Trickle(io.RawIOBase):
    """A file of two parts. `between` is called before the second part is read."""

    def __init__(self, first: str, second: str, between: object) -> None:
        super().__init__()
        self.parts, self.between = [first.encode(), second.encode()], between

    def read(self, _size: int = -1) -> bytes:
        """Return the next part, or b"" at the end."""
        if len(self.parts) == 1 and callable(self.between):
            self.between()
        return self.parts.pop(0) if self.parts else b""


@pytest.mark.parametrize("backend", BACKENDS[-1:], indirect=True)
def test_a_machine_whose_clock_is_behind_makes_no_older_link(
    api: Api, clock: Clock, database: Database
) -> None:
    clock.now = datetime(2026, 11, 22, 0, 0, 5, tzinfo=UTC)
    click(api, link(api, EMAIL))
    clock.turn(seconds=5)
    slow = create_app(
        database.settings(),
        clock=lambda: datetime(2026, 11, 21, 23, 59, 45, tzinfo=UTC),
        database_clock=clock,
    )
    path = link(Api(slow, api.key, api.seen), EMAIL)
    with slow.app_context():
        disconnect()
    clock.turn(seconds=5)
    assert open_again(api, path) == 200
    assert api.decision("email", EMAIL, topic="offers") == "deny"


def test_a_file_that_is_sent_over_midnight_has_no_older_links(
    app: Flask, api: Api, clock: Clock
) -> None:
    clock.now = datetime(2026, 11, 21, 23, 59, 50, tzinfo=UTC)

    def midnight() -> None:
        clock.turn(minutes=5)
        click(api, link(api, EMAIL))
        clock.turn(minutes=5)

    first = "email\n" + "".join(f"reader{number}@example.fr\n" for number in range(20_000))
    with app.app_context():
        file = ContactFile(Trickle(first, f"{EMAIL}\n", midnight))
        services = app.extensions["suppression"]
        batches = list(make_links_for_rows(services, find_controller("okwind"), file, FileLinks()))
    url = batches[-1].cells[-1][0]
    path = "/u/" + url.rpartition("/")[2]
    api.seen.add(path[3:])
    assert open_again(api, path) == 200
    assert api.decision("email", EMAIL, topic="offers") == "deny"


def test_a_file_without_a_row_is_still_told_what_it_lacks(api: Api) -> None:
    answer = api.send(
        "POST", "/v1/links/file", data=b"name\n", headers={"Content-Type": "text/csv"}
    )
    assert answer.status_code == 422
    assert "email" in answer.get_json()["detail"]
