"""The floor: Flask under the same gunicorn that parses the question and answers, and no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, request

app = Flask(__name__)


@app.post("/v1/checks")
def check() -> dict[str, Any]:
    """Parse and answer; nothing is looked up."""
    body = request.get_json()
    now = datetime.now(UTC)
    return {
        "decision": "allow" if body["channel"] == "email" and body["identifier"] else "unknown",
        "basis": "no_objection",
        "reasons": [],
        "checked_at": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "valid_until": (now + timedelta(hours=1)).isoformat(timespec="milliseconds"),
    }
