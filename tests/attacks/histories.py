"""Hypothesis strategies for events of one person, in any order, on machines whose clocks differ."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from suppression.domain.calendar.timestamps import to_rfc3339
from tests.api import Api
from tests.consenting import consent, withdraw
from tests.web.api.test_links import click, link

STOPPED = {"objection", "unsubscribe", "consent_withdrawn"}
DENYING = STOPPED | {"restriction"}
_numbers = itertools.count()


class Event(NamedTuple):
    """An event: a key of ANYTHING, the index of the writing, and the hours a clock is off by."""

    what: str
    writing: int
    hours: int


def writings() -> list[str]:
    """Return three writings of the mailbox of a new person."""
    number = next(_numbers)
    return [
        f"jean.dupont{number}@gmail.com",
        f"jeandupont{number}@gmail.com",
        f"jeandupont{number}+pub@gmail.com",
    ]


def events(what: Sequence[str]) -> st.SearchStrategy[Event]:
    """Return a strategy for one of these events, in any writing, at 0 or 1 hour off."""
    return st.builds(
        Event, st.sampled_from(what), st.integers(0, 2), st.sampled_from([-1, 0, 0, 1])
    )


def _stop(api: Api, email: str, _now: datetime) -> None:
    assert api.stop("email", email).status_code in {200, 201}


def _old_letter(api: Api, email: str, now: datetime) -> None:
    at = to_rfc3339(now - timedelta(hours=3))
    assert api.stop("email", email, occurred_at=at).status_code in {200, 201}


def _click(api: Api, email: str, _now: datetime) -> None:
    assert click(api, link(api, email)).status_code == 200


def _press(api: Api, email: str, _now: datetime) -> None:
    assert api.client.post(link(api, email), data={"confirm": "all"}).status_code in {200, 303}


def _stop_with_a_key(api: Api, email: str, _now: datetime) -> None:
    body = {"identifiers": [{"kind": "email", "value": email}], "channels": "all"}
    headers = {"Idempotency-Key": f"letter-{next(_numbers)}"}
    assert api.post("/v1/suppressions", body, headers=headers).status_code in {200, 201}


def _restrict(api: Api, email: str, _now: datetime) -> None:
    answer = api.stop("email", email, channels=None, reason="restriction")
    assert answer.status_code in {200, 201}


def _withdraw(api: Api, email: str, _now: datetime) -> None:
    assert withdraw(api, "email", email).status_code in {200, 201}


def _consent(api: Api, email: str, now: datetime) -> None:
    """Send a consent dated by the caller's clock; it is refused if the date is too far ahead."""
    answer = consent(api, "email", email, given_at=to_rfc3339(now))
    assert answer.status_code in {200, 201, 422}


def _late_consent(api: Api, email: str, now: datetime) -> None:
    consent(api, "email", email, given_at=to_rfc3339(now - timedelta(hours=2)))


def _release(api: Api, email: str, _now: datetime) -> None:
    reasons = sorted(STOPPED)
    api.release("email", email, channels=["email"], reasons=reasons)


ARRIVING: dict[str, Callable[[Api, str, datetime], None]] = {
    "stop": _stop,
    "stop with an idempotency key": _stop_with_a_key,
    "restriction": _restrict,
    "click": _click,
    "link page": _press,
    "withdrawal": _withdraw,
}
"""Events that are stops without a date, by name."""
ANYTHING = ARRIVING | {
    "old letter": _old_letter,
    "consent": _consent,
    "consent recorded late": _late_consent,
    "release": _release,
}
HISTORIES = st.tuples(
    st.lists(events(["consent", "consent", *ANYTHING]), min_size=1, max_size=5),
    events(list(ARRIVING)),
)
"""A strategy for histories: any events, and a stop without a date as the last one."""


def denied(api: Api, email: str) -> bool:
    """Return whether a stop is among the reasons to deny.

    Under an opt-in policy the decision is `deny` without a stop too.
    """
    answer = api.check("email", email)
    codes = {reason["code"] for reason in answer["reasons"]}
    return answer["decision"] == "deny" and bool(codes & DENYING)
