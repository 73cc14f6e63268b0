"""Measure stops over HTTP, each durable before its answer, on PostgreSQL and SQLite.

1, 8 and 32 clients send them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import partial

from benchmarks.goals import DATABASES, Failure, Finding
from benchmarks.ground import Ground, List
from benchmarks.load import Load, WrongAnswerError, send, write_bodies
from benchmarks.people import STOPPING, address
from benchmarks.rounds import interleaved
from benchmarks.serving import NAIVE, OURS

_MOST_PER_SECOND = 8_000
"""More stops than any server stores per second; a turn ends early if its people run out."""


def stops(on: Ground) -> Iterator[Finding | Failure]:
    """Measure acknowledged stops per second, of people who have no stop yet."""
    people = itertools.count(STOPPING)
    for database in DATABASES:
        filled = database == "PostgreSQL"
        stop_list = on.lists[on.sizes.single_list] if filled else on.sqlite_list()
        for clients in on.sizes.clients:
            contestants = {
                name: partial(
                    _stops_per_second,
                    on,
                    stop_list,
                    on.port(application, stop_list),
                    clients,
                    people,
                )
                for name, application in (("ours", OURS), ("orm", NAIVE))
            }
            turns = interleaved(contestants, on.sizes.rounds)
            row = f"stops-{database}-{clients}".lower()
            yield Finding(row=row, ours=turns["ours"], peer=turns["orm"])


def _stops_per_second(
    on: Ground, stop_list: List, port: int, clients: int, people: Iterator[int]
) -> float:
    count = round(_MOST_PER_SECOND * on.sizes.seconds)
    bodies: list[object] = [
        {
            "identifiers": [{"kind": "email", "value": address(number)}],
            "channels": ["email"],
            "reason": "unsubscribe",
        }
        for number in itertools.islice(people, count)
    ]
    load = Load(
        path="/v1/suppressions",
        key=stop_list.key,
        bodies=write_bodies(on.path("stops.jsonl"), bodies),
        connections=clients,
        seconds=on.sizes.seconds,
        once=True,
        mark='"created"',
        statuses=frozenset({201}),
    )
    answered = send(load, port)
    if answered.marked < 1:
        raise WrongAnswerError("a stop of somebody new was not answered `created`")
    return answered.rate
