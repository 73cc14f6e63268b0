"""A stop of a sandbox identifier in a partner's scheme stores nothing, not even the scheme."""

from __future__ import annotations

import hashlib

from tests.api import Api


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_sandbox_stop_in_a_partners_scheme_leaves_other_answers_as_they_were(api: Api) -> None:
    stranger = {"channel": "email", "sha256": digest_of("jean.dupont@example.fr")}
    assert api.post("/v1/checks", stranger).get_json()["decision"] == "allow"
    sandbox = {
        "kind": "email",
        "sha256": digest_of("suppressed@example.test"),
        "scheme": "google-email",
    }
    body = {"identifiers": [sandbox], "channels": ["email"]}
    stopped = api.post("/v1/suppressions", body)
    assert stopped.status_code in {200, 201}, stopped.get_json()
    assert api.post("/v1/checks", stranger).get_json()["decision"] == "allow"
