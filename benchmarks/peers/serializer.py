"""Make links with itsdangerous' URLSafeSerializer in a file read and written by the csv module.

    python -m benchmarks.peers.serializer SOURCE.csv TARGET.csv

The links have the same content as ours and no address: controller, topic, day and fingerprints.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from itsdangerous import URLSafeSerializer

from benchmarks.peers.rules import SLUG, fingerprints

_SERIALIZER = URLSafeSerializer(bytes(range(32, 64)), salt="unsubscribe")
_URL = "http://127.0.0.1:8000"
_ONE_CLICK = "List-Unsubscribe=One-Click"


def token(forms: Sequence[bytes], day: int) -> str:
    """Return the link token of a person with these fingerprints; `day` counts days since 1970."""
    content = [1, 0, day, *(form.hex() for form in forms)]
    return str(_SERIALIZER.dumps(content))


def today() -> int:
    """Return today in UTC as days since 1970-01-01."""
    return int(datetime.now(UTC).timestamp()) // 86_400


def add_links(source: Path, target: Path) -> None:
    """Write every row of `source` to `target` with its link and the headers of its message."""
    day = today()
    head = ["url", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Id"]
    list_id = f"Measured <{SLUG}.127.0.0.1>"
    with source.open(newline="") as read, target.open("w", newline="") as written:
        rows, out = csv.reader(read), csv.writer(written)
        columns = next(rows)
        place = columns.index("email")
        out.writerow(columns + head)
        for row in rows:
            url = f"{_URL}/u/{token(fingerprints(row[place]), day)}"
            out.writerow([*row, url, f"<{url}>", _ONE_CLICK, list_id])


if __name__ == "__main__":
    add_links(Path(sys.argv[1]), Path(sys.argv[2]))
