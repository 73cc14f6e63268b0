"""The least work of any Flask service: an application that parses the body and answers.

It runs under the same gunicorn as ours.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, request

app = Flask(__name__)


@app.post("/v1/checks")
def check() -> dict[str, Any]:
    """Parse the body and answer `allow`, or `unknown` if it names no e-mail; look nothing up."""
    body = request.get_json()
    now = datetime.now(UTC)
    return {
        "decision": "allow" if body["channel"] == "email" and body["identifier"] else "unknown",
        "basis": "no_objection",
        "reasons": [],
        "checked_at": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "valid_until": (now + timedelta(hours=1)).isoformat(timespec="milliseconds"),
    }
