"""A hundred simultaneous reservations of one number never exceed the limit of calls."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from flask import Flask

from suppression.domain.vocabulary import EntryType
from tests.e2e.conftest import Call, Serve
from tests.e2e.tables import entries
from tests.e2e.together import together
from tests.length import length
from tests.policies import set_policies

NUMBER = "+33 6 39 98 55 01"
RESERVE = {"channel": "telephone", "identifier": NUMBER, "reserve": True}
LIMIT = 4
DIALERS = length(100, long=200)


def test_a_hundred_dialers_never_share_the_last_attempts(
    app: Flask, serve: Serve, call: Call
) -> None:
    set_policies(app, "okwind", f"telephone.marketing.attempts={LIMIT}")
    callers = [call(serve().url) for _ in range(2)]
    attempt = {"identifier": NUMBER, "occurred_at": datetime.now(UTC).isoformat()}
    assert callers[0].post("/v1/attempts", attempt).json()["counted"] == 1

    def dial(turn: int) -> str:
        response = callers[turn % 2].post("/v1/checks", RESERVE)
        answer = response.json()
        if response.status_code == 503:
            return "away"
        assert ("attempt_id" in answer) == (answer["decision"] == "allow")
        return str(answer["decision"])

    answers = Counter(together(DIALERS, dial))
    assert answers["allow"] == LIMIT - 1
    assert answers["deny"] == DIALERS - answers["allow"] - answers["away"]
    assert Counter(entries(app))[EntryType.ATTEMPT] == LIMIT
    assert callers[0].check("telephone", NUMBER).json()["reasons"][0]["code"] == (
        "attempts_exhausted"
    )


def test_one_idempotency_key_reserves_one_attempt(app: Flask, serve: Serve, call: Call) -> None:
    set_policies(app, "okwind", f"telephone.marketing.attempts={LIMIT}")
    caller = call(serve().url)
    headers = {"Idempotency-Key": "call-4711"}
    sent = together(20, lambda _: caller.post("/v1/checks", RESERVE, headers))
    answers = {response.json()["attempt_id"] for response in sent if response.status_code == 200}
    assert len(answers) == 1
    assert Counter(entries(app))[EntryType.ATTEMPT] == 1
