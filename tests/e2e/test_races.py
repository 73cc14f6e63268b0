"""After a stop and a release at one time, the list and the ledger agree on the result."""

from __future__ import annotations

from flask import Flask

from tests.e2e.conftest import Call, Serve
from tests.e2e.people import target
from tests.e2e.tables import in_force, number_of_rows, replayed
from tests.e2e.together import together
from tests.length import length

PEOPLE = 8
ROUNDS = length(8, long=80)


def test_after_stops_and_releases_at_once_ledger_and_list_agree(
    app: Flask, serve: Serve, call: Call
) -> None:
    callers = [call(serve().url) for _ in range(2)]
    targets = [target(4 * number) for number in range(PEOPLE)]  # e-mail: a row each

    def send(turn: int) -> set[int]:
        caller = callers[turn % 2]
        statuses: set[int] = set()
        for person in targets * ROUNDS:
            act = caller.stop if turn % 4 < 2 else caller.release
            statuses.add(act(person.kind, person.value).status_code)
        return statuses

    assert set().union(*together(8, send)) <= {200, 201}
    assert number_of_rows(app) == PEOPLE
    assert replayed(app) == in_force(app)
    denied = [callers[0].decision("email", person.value) == "deny" for person in targets]
    assert sum(denied) == sum(in_force(app).values())
