"""A reader of decisions that are deleted meanwhile, after a day, learns that they are cut."""

from __future__ import annotations

import pytest
from flask import Flask

from suppression.usecases.operations.retention import purge_scrubs
from tests.api import Api
from tests.conftest import Clock
from tests.web.api.test_scrubs import FREE, scrubbed


@pytest.mark.parametrize("accept", ["application/x-ndjson", "text/csv"])
def test_decisions_that_are_deleted_under_a_slow_reader_are_not_complete(
    api: Api, app: Flask, clock: Clock, accept: str
) -> None:
    answer = scrubbed(api, b"email\n" + f"{FREE}\n".encode() * 6000)
    headers = {"Authorization": f"Bearer {api.key}", "Accept": accept}
    with api.client.get(answer["decisions"], headers=headers) as response:
        parts = response.iter_encoded()
        read = next(parts)
        clock.turn(hours=25)
        with app.app_context():
            assert purge_scrubs(now=clock()) == 1
        read += b"".join(parts)
    *rows, last = read.decode().splitlines()
    assert len(rows) < 6000
    assert '"complete": false' in last or last.startswith("complete,false,")
