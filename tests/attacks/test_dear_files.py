"""A file of thousands of short lines with an open quote is not slower to read than another file."""

from __future__ import annotations

import gzip
import time

from tests.api import Api

LINES = 200_000
AS_FAST = 2.0
"""How many times as long as a plain file it may take.

It once took quadratic time, because each line was read again with all lines before it.
"""


def test_a_file_of_open_quotes_is_read_as_fast_as_any_other(api: Api) -> None:
    plain, dear = (time_of_scrub(api, line) for line in (b"ab\n", b'"a\n'))
    assert dear < AS_FAST * plain


def time_of_scrub(api: Api, line: bytes) -> float:
    """Return the CPU seconds of this process for the scrub of a file with many equal lines."""
    packed = gzip.compress(b"email\n" + line * LINES)
    assert len(packed) < 4_000
    headers = {"Content-Type": "text/csv", "Authorization": f"Bearer {api.key}"}
    began = time.process_time()  # other processes must not count
    answer = api.client.post("/v1/scrubs?channel=email", data=packed, headers=headers)
    assert (answer.status_code, answer.get_json()["rows"]) == (201, LINES)
    return time.process_time() - began
