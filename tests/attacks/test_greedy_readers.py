"""One controller's slow readers and senders of long files leave threads for all others."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from werkzeug.test import TestResponse

from suppression.domain.controllers.model import Controller
from suppression.domain.errors import RateLimitedError
from suppression.usecases.authenticate import authenticate
from suppression.web.http.batch_slots import batches, files_read
from suppression.web.http.json_bodies import BATCH_LIMIT, SINGLE_LIMIT
from tests.api import Api
from tests.web.console.browser import Browser, upload

CSV = {"Content-Type": "text/csv"}


def decisions_of(api: Api) -> str:
    """Scrub a file and return the path of its decisions."""
    api.seen.add("ana.silva@example.com")
    answer = api.send(
        "POST", "/v1/scrubs?channel=email", data=b"email\nana.silva@example.com\n", headers=CSV
    )
    return str(answer.get_json()["decisions"])


def begun(api: Api, path: str, held: ExitStack) -> TestResponse:
    """Send a GET request and return the answer without reading its body."""
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


def links_begun(api: Api, held: ExitStack, rows: int = 20) -> int:
    """Request links for a file; return the status without reading the body of the answer."""
    api.seen.add("ana.silva@example.com")
    answer = api.client.post(
        "/v1/links/file",
        data=b"email\n" + b"ana.silva@example.com\n" * rows,
        headers={"Authorization": f"Bearer {api.key}"} | CSV,
    )
    held.callback(answer.close)
    return answer.status_code


def test_links_that_are_not_read_take_a_few_threads_and_give_them_back(
    api: Api, new_api: Callable[..., Api]
) -> None:
    """Each once held a thread for as long as its reader took, so eight blocked a worker."""
    other = new_api("okonect")
    for _ in range(3):
        with ExitStack() as held:
            assert [links_begun(api, held) for _ in range(4)] == [200, 200, 429, 429]
            assert links_begun(other, held) == 200
            assert links_begun(other, held) == 429
    for _ in range(5):  # and what is refused keeps none
        answer = api.send("POST", "/v1/links/file", data=b"nobody\n", headers=CSV)
        assert answer.status_code == 422


def test_batches_and_files_of_all_kinds_together_leave_two_threads(
    api: Api, new_api: Callable[..., Api]
) -> None:
    """Each kind alone left some of 8 threads, but together they took all: 6, 3 and 3."""
    path, other = decisions_of(api), new_api("okonect")
    theirs = decisions_of(other)
    with api.app.app_context():
        mine, yours = (authenticate(client.key).controller for client in (api, other))
    with ExitStack() as held:
        assert [begun(api, path, held).status_code for _ in range(2)] == [200, 200]
        for _ in range(2):
            held.enter_context(files_read.taken(mine))
        held.enter_context(batches.taken(mine))
        with pytest.raises(RateLimitedError):
            held.enter_context(batches.taken(mine))
        assert begun(other, theirs, held).status_code == 200
        for places in (files_read, batches):
            with pytest.raises(RateLimitedError):
                held.enter_context(places.taken(yours))
    with ExitStack() as held:  # and whoever was refused has taken none
        for _ in range(4):
            held.enter_context(batches.taken(mine))
        assert begun(api, path, held).status_code == 200
        assert begun(other, theirs, held).status_code == 200


class Slow(io.BytesIO):
    """A body whose `read` waits until the event `more` is set."""

    def __init__(self, begun: threading.Semaphore, more: threading.Event) -> None:
        super().__init__(b"x" * 1000)
        self.begun, self.more = begun, more

    def read(self, _size: int | None = -1, /) -> bytes:
        """Wait for `more`, then return b"" as if the body were cut."""
        if not self.more.is_set():
            self.begun.release()
            assert self.more.wait(30)
        return b""


def test_slow_senders_of_one_company_bar_nobody_elses_files(
    api: Api, new_api: Callable[..., Api]
) -> None:
    """Three slow senders, with a byte now and then, once held every place of a process."""
    other, begun, more = new_api("okonect"), threading.Semaphore(0), threading.Event()
    statuses: list[int] = []

    def send() -> None:
        headers = {"Authorization": f"Bearer {api.key}"} | CSV
        answer = api.app.test_client().post(
            "/v1/scrubs?channel=email",
            input_stream=Slow(begun, more),
            headers=headers,
        )
        statuses.append(answer.status_code)
        begun.release()

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        assert all(begun.acquire(timeout=30) for _ in threads), "each waits, or was refused"
        assert decisions_of(other)
    finally:
        more.set()
        for thread in threads:
            thread.join(30)
    assert statuses.count(429) == 1


class Unread(io.BytesIO):
    """A body that must not be read."""

    def __init__(self, size: int) -> None:
        super().__init__(b"x" * size)

    def read(self, _size: int | None = -1, /) -> bytes:
        """Raise AssertionError."""
        raise AssertionError("it was read")


def test_a_body_that_is_a_byte_too_long_is_refused_unread(api: Api) -> None:
    """Single calls need no place, so without this limit a thread waited for each slow body."""
    headers = {"Authorization": f"Bearer {api.key}", "Content-Type": "application/json"}
    for path, limit in (("/v1/suppressions", SINGLE_LIMIT), ("/v1/checks/batch", BATCH_LIMIT)):
        answer = api.client.post(path, input_stream=Unread(limit + 1), headers=headers)
        assert answer.status_code == 413


def test_slow_senders_of_the_console_take_the_places_of_files(
    dpo: Browser, okwind: Controller, new_api: Callable[..., Api]
) -> None:
    """The console once read the body before it took a place, so slow senders held all threads."""
    other = new_api("okonect")
    with dpo.app.app_context(), ExitStack() as held:
        for _ in range(files_read.each):
            held.enter_context(files_read.taken(okwind))
        answer = dpo.client.post(
            "/console/okwind/imports",
            base_url="https://localhost",
            input_stream=Unread(1000),
            content_type="multipart/form-data; boundary=b",
        )
        assert answer.status_code == 429
        assert decisions_of(other)
    for _ in range(5):
        assert upload(dpo, "email\nana.silva@example.com\n", csrf_token="forged") == ""
    assert upload(dpo, "email\nana.silva@example.com\n")
