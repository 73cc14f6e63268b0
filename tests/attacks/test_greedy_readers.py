"""One controller's readers of long files, however slow, leave threads to all others."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from werkzeug.test import TestResponse

from tests.api import Api

CSV = {"Content-Type": "text/csv"}


def decisions_of(api: Api) -> str:
    """Where the decisions of a scrub of this controller are."""
    api.seen.add("ana.silva@example.com")
    answer = api.send(
        "POST", "/v1/scrubs?channel=email", data=b"email\nana.silva@example.com\n", headers=CSV
    )
    return str(answer.get_json()["decisions"])


def begun(api: Api, path: str, held: ExitStack) -> TestResponse:
    """An answer of which nobody reads more than the status."""
    headers = {"Authorization": f"Bearer {api.key}"}
    answer = api.client.get(path, headers=headers)  # `send` would read it
    held.callback(answer.close)
    return answer


def test_files_that_are_not_read_take_a_few_threads_and_give_them_back(
    api: Api, new_api: Callable[..., Api]
) -> None:
    path, other = decisions_of(api), new_api("okonect")
    theirs = decisions_of(other)
    for _ in range(3):
        with ExitStack() as held:
            statuses = [begun(api, path, held).status_code for _ in range(6)]
            assert statuses == [200, 200, 429, 429, 429, 429]
            assert begun(other, theirs, held).status_code == 200
    for _ in range(5):
        assert b'"complete": true' in api.send("GET", path).get_data()
        api.client.head(path, headers={"Authorization": f"Bearer {api.key}"}).close()
