"""An HTTP client of a service in another process, which threads may share."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import requests

from tests.leaks import identifiers_in

ANSWER_LIMIT = 30.0
# Each identifier is searched in megabytes, and a fault that logs one of a thousand logs them all.
NOTED = 300


class Caller:
    """A client of one server with one API key; `seen` collects the first NOTED identifiers sent."""

    def __init__(self, address: str, key: str, seen: set[str]) -> None:
        self.address = address
        self._key = key
        self._seen = seen
        self._own = threading.local()
        self._sessions: list[requests.Session] = []

    def post(
        self, path: str, body: object, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        """Send a POST and return the response. Raises RequestException if no answer comes."""
        if len(self._seen) < NOTED:
            self._seen.update(identifiers_in(body))
        return self._session().post(
            f"{self.address}{path}", json=body, headers=headers, timeout=ANSWER_LIMIT
        )

    def stop(self, kind: str, value: object) -> requests.Response:
        """Send a stop of one identifier on all its channels; return the response."""
        body = {"identifiers": [{"kind": kind, "value": value}], "channels": "all"}
        return self.post("/v1/suppressions", body)

    def release(self, kind: str, value: object) -> requests.Response:
        """Send a release of one identifier's objection on all its channels; return the response."""
        identifiers = [{"kind": kind, "value": value}]
        body = {"identifiers": identifiers, "channels": "all", "why": "mistake"}
        return self.post("/v1/suppressions/release", body | {"reasons": ["objection"]})

    def check(self, channel: str, identifier: object) -> requests.Response:
        """Send a check and return the response."""
        return self.post("/v1/checks", {"channel": channel, "identifier": identifier})

    def decision(self, channel: str, identifier: object) -> str:
        """Send a check, which must be answered with 200, and return its decision."""
        response = self.check(channel, identifier)
        assert response.status_code == 200, response.text
        return str(response.json()["decision"])

    def letters(self, channel: str, identifiers: Sequence[object]) -> str:
        """Send a flat batch and return its decisions, a letter for each identifier."""
        body = {"channel": channel, "identifiers": list(identifiers)}
        response = self.post("/v1/checks/batch", body)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return str(answer["decisions"])

    def close(self) -> None:
        """Close every connection."""
        for session in self._sessions:
            session.close()

    def _session(self) -> requests.Session:
        """Return the session of this thread, because a requests Session is not thread-safe."""
        if not hasattr(self._own, "session"):
            session = requests.Session()
            session.trust_env = False  # no proxy, no .netrc
            session.headers["Authorization"] = f"Bearer {self._key}"
            self._own.session = session
            self._sessions.append(session)
        own: requests.Session = self._own.session
        return own
