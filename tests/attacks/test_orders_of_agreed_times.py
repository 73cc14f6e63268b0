"""Of agreed times, refusals, stops and releases, reported in any order, the newest counts.

A model of the rules stores each report with the date of its event, and tells what a check must
answer.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suppression.domain.calendar.timestamps import to_rfc3339
from tests.api import Api
from tests.attacks.test_late_callbacks import MONDAY
from tests.conftest import Clock
from tests.length import length

_numbers = itertools.count()
_SILENCE_OVER = timedelta(days=70)
_LONGEST = timedelta(hours=4)
"""A time longer than one history takes; each history starts this much later than the one before.

So the clock is never set back.
"""


class Told(NamedTuple):
    """A report, sent `minutes` after the one before.

    `late`: the minutes since the event; None for a report without a date. `how`: the writing of the
    number, or that an Idempotency-Key is sent.
    """

    what: str
    minutes: int
    late: int | None
    how: str


def told(what: str, hows: list[str]) -> st.SearchStrategy[Told]:
    """Return a strategy for reports of an event, made in one of the ways `hows`.

    A report with a key has no date, because another date would make it another request.
    """
    minutes = st.integers(1, 20)
    late = st.one_of(st.none(), st.integers(0, 50))
    return st.sampled_from(hows).flatmap(
        lambda how: st.builds(
            Told, st.just(what), minutes, st.none() if how.endswith("key") else late, st.just(how)
        )
    )


ORDERS = st.lists(
    st.one_of(
        told("callback", ["number", "hash"]),
        told("refused", ["number", "hash", "key"]),
        told("stop", ["number", "hash", "partner", "key", "partner's key"]),
        st.builds(Told, st.just("release"), st.integers(1, 20), st.none(), st.just("number")),
    ),
    min_size=2,
    max_size=8,
)


@dataclass
class Oracle:
    """A model of the rules: it stores what a person said, by date, and tells what is allowed.

    A stop voids older agreements for ever, released or not.
    """

    agreed: datetime | None = None
    refusals: list[datetime] = field(default_factory=list)
    stops: list[datetime] = field(default_factory=list)
    in_force: bool = False

    def taken_back(self, agreed: datetime, *, partners: bool = True) -> bool:
        """Return whether a refusal, a stop or a newer agreement voids one agreed to at `agreed`."""
        if self.agreed is not None and self.agreed > agreed:
            return True
        return any(said >= agreed for said in (*self.refusals, *(self.stops if partners else ())))

    @property
    def stands(self) -> bool:
        """Return whether the agreed time allows the call while no stop is in force."""
        return self.agreed is not None and all(stop < self.agreed for stop in self.stops)

    def hear(self, what: str, said: datetime) -> None:
        """Store a report that the service accepted, with the date of its event."""
        if what == "callback":
            self.agreed = said
        elif what == "refused":
            self.agreed = None
            self.refusals.append(said)
        elif what == "stop":
            self.stops.append(said)
            self.in_force = True
        else:
            self.in_force = False


class Telling:
    """Reports about one new number, sent to both the service and the model."""

    def __init__(self, api: Api, clock: Clock) -> None:
        self.api, self.clock, self.oracle = api, clock, Oracle()
        turn = next(_numbers)
        self.number = f"+3361234{turn:04}"
        clock.now = MONDAY + turn * _LONGEST
        self.agreed_for = clock.now + _SILENCE_OVER

    def tell(self, event: Told) -> None:
        """Send a report to the service and, if accepted, to the model; verify the answer by it.

        A replayed answer is right only if the report would change nothing.
        """
        self.clock.turn(minutes=event.minutes)
        said = self.clock.now - timedelta(minutes=event.late or 0)
        if event.what == "release":
            self.api.release("phone", self.number, channels=["telephone"], reasons=["objection"])
            self.oracle.hear(event.what, said)
            return
        body = self.body(event, said)
        answer = self.api.post("/v1/outcomes", body, headers=self.headers(event))
        if answer.status_code == 422:
            assert event.what == "callback", answer.text
            assert self.oracle.taken_back(said), answer.text
        elif answer.headers.get("Idempotency-Replayed") == "true":
            assert not self.oracle.stands
            assert event.what == "refused" or self.oracle.in_force
        else:
            assert answer.status_code == 200, answer.text
            assert (
                event.what != "callback"
                or event.late is None
                or event.how == "hash"
                or (not self.oracle.taken_back(said))
            )
            self.oracle.hear(event.what, said)

    def body(self, event: Told, said: datetime) -> dict[str, object]:
        """Return the body of the request that reports an event."""
        body: dict[str, object] = {"outcome": event.what, "identifier": self.number}
        digests: dict[str, dict[str, object]] = {
            "hash": {"sha256": self.digest(self.number), "country": "FR"},
            "partner": {"sha256": self.digest(self.number[1:]), "scheme": "meta-phone"},
        }
        if hashed := digests.get(event.how.partition("'")[0]):
            body = {"outcome": event.what} | hashed
        if event.late is not None:
            body["occurred_at"] = to_rfc3339(said)
        if event.what == "callback":
            body["callback_at"] = to_rfc3339(self.agreed_for)
        return body

    def headers(self, event: Told) -> dict[str, str]:
        """Return the Idempotency-Key header if the report has one: a key per event and number."""
        key = f"{event.what}-{event.how.partition(' ')[0][:7]}-{self.digest(self.number)[:8]}"
        return {"Idempotency-Key": key} if event.how.endswith("key") else {}

    @staticmethod
    def digest(text: str) -> str:
        """Return the SHA-256 of a writing of the number, as hex."""
        return hashlib.sha256(text.encode()).hexdigest()


@settings(max_examples=length(80, long=600), suppress_health_check=list(HealthCheck), deadline=None)
@given(ORDERS)
def test_a_call_is_allowed_only_by_a_time_that_nothing_took_back(
    french_api: Api, clock: Clock, order: list[Told]
) -> None:
    telling = Telling(french_api, clock)
    for event in order:
        telling.tell(event)
    expected = telling.oracle.stands and not telling.oracle.in_force
    clock.now = telling.agreed_for
    decision = french_api.decision("telephone", telling.number)
    assert decision == ("allow" if expected else "deny"), order
