"""Files that are dear to read: short lines with an open quote, thousands in a block."""

from __future__ import annotations

import gzip
import time

from tests.api import Api

LINES = 200_000
BEARABLE = 10.0
"""Seconds on a busy machine: it was 20 to 50, each line walking over all that stood before it."""


def test_a_file_of_open_quotes_is_read_as_fast_as_any_other(api: Api) -> None:
    packed = gzip.compress(b"email\n" + b'"a\n' * LINES)
    assert len(packed) < 4_000
    began = time.monotonic()
    headers = {"Content-Type": "text/csv", "Authorization": f"Bearer {api.key}"}
    answer = api.client.post("/v1/scrubs?channel=email", data=packed, headers=headers)
    assert (answer.status_code, answer.get_json()["rows"]) == (201, LINES)
    assert time.monotonic() - began < BEARABLE
