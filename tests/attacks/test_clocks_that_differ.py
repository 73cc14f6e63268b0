"""On machines whose clocks differ, a stop that arrives later counts as later.

The attack: a machine whose clock is 25 s fast recorded a consent, then a machine with the right
clock a stop. The stop had the older date, so after 25 s the consent lifted it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from suppression.domain.calendar.timestamps import from_rfc3339, to_rfc3339
from tests.api import Api
from tests.attacks.conftest import Machines
from tests.attacks.histories import ANYTHING, HISTORIES, Event, denied, writings
from tests.consenting import consented, states, withdraw
from tests.databases import SQLITE
from tests.length import length
from tests.web.api.test_links import click, link
from tests.web.pages.test_confirmations import TOKEN, press, read, undo
from tests.web.pages.test_preferences import link as choices_link
from tests.web.pages.test_preferences import save

EMAIL, PHONE = "jean.dupont@example.fr", "+33612345678"
HOUR = timedelta(hours=1)
MOST = timedelta(minutes=4)
"""A lead that the service still accepts: it refuses consents dated over five minutes ahead."""
Act = Callable[[Api], object]


def stop(api: Api, kind: str = "email", identifier: str = EMAIL, **fields: object) -> None:
    """Send a stop, which must be stored."""
    assert api.stop(kind, identifier, **fields).status_code in {200, 201}


def one_click(api: Api) -> None:
    """Click on a link as a mail provider does."""
    assert click(api, link(api)).status_code == 200


def link_page(api: Api) -> None:
    """Press the button on the page of a link."""
    assert api.client.post(link(api), data={"confirm": "all"}).status_code in {200, 303}


def stop_with_a_key(api: Api) -> None:
    """Send a stop with an Idempotency-Key, whose transaction stores the answer too."""
    body = {"identifiers": [{"kind": "email", "value": EMAIL}], "channels": "all"}
    api.post("/v1/suppressions", body, headers={"Idempotency-Key": "letter-3"})


def withdrawal(api: Api) -> None:
    """Withdraw a consent."""
    assert withdraw(api, "email", EMAIL).status_code in {200, 201}


ARRIVALS: dict[str, Act] = {
    "one click": one_click,
    "link page": link_page,
    "plain stop": stop,
    "stop with an idempotency key": stop_with_a_key,
    "withdrawal": withdrawal,
}


@pytest.mark.parametrize("how", ARRIVALS)
@pytest.mark.parametrize("ahead", [timedelta(seconds=25), MOST], ids=["25 seconds", "minutes"])
def test_a_stop_after_a_fast_machines_consent_denies_once_that_time_has_come(
    machines: Machines, how: str, ahead: timedelta
) -> None:
    fast = machines(seconds=ahead.total_seconds())
    consented(fast, "email", EMAIL, given_at=to_rfc3339(datetime.now(UTC) + ahead))
    ARRIVALS[how](machines())
    assert machines().decision("email", EMAIL) == "deny"
    assert machines(later=True, hours=2).decision("email", EMAIL) == "deny"


@pytest.mark.parametrize("how", ARRIVALS)
def test_a_stop_by_a_slow_machine_denies_after_a_consent_by_a_right_one(
    machines: Machines, how: str
) -> None:
    consented(machines(), "email", EMAIL, given_at=to_rfc3339(datetime.now(UTC)))
    ARRIVALS[how](machines(hours=-1))
    assert machines().decision("email", EMAIL) == "deny"


def test_a_repeat_of_a_stop_that_a_fast_machines_consent_had_lifted_denies(
    machines: Machines,
) -> None:
    one_click(machines())
    consented(machines(minutes=4), "email", EMAIL, given_at=to_rfc3339(datetime.now(UTC) + MOST))
    one_click(machines())
    assert machines(later=True, hours=2).decision("email", EMAIL) == "deny"


def test_a_click_after_a_topic_was_opened_again_on_a_fast_machine_denies(
    machines: Machines,
) -> None:
    right, fast = machines(), machines(hours=1)
    path = choices_link(right)
    click(right, path.removesuffix("/choices"))
    save(fast, path, "offers", shown=[])
    click(right, path.removesuffix("/choices"))
    assert machines(later=True, hours=2).decision("email", EMAIL, topic="offers") == "deny"


def test_a_slow_machine_undoes_no_click_of_more_than_a_day_ago(
    machines: Machines, backend: str
) -> None:
    if backend == SQLITE:
        pytest.skip("its machine's clock is all that it has")
    then, slow = machines(later=True, hours=-25), machines(hours=-2)
    page = press(then, link(then).partition("?")[0])
    (token,) = TOKEN.findall(read(then, page))
    assert TOKEN.findall(read(slow, page)) == []
    assert undo(slow, page, token).status_code == 409
    assert machines().decision("email", EMAIL) == "deny"


def test_a_withdrawal_ends_the_consent_that_a_fast_machine_recorded(machines: Machines) -> None:
    fast = machines(minutes=4)
    consented(fast, "email", EMAIL, given_at=to_rfc3339(datetime.now(UTC) + MOST))
    withdrawal(machines())
    assert states(machines(later=True, hours=2), "email", EMAIL) == ["withdrawn"]


@pytest.mark.parametrize(
    "said", [{"reason": "restriction", "channels": None}, {"reason": "objection"}], ids=str
)
def test_lifting_it_revives_no_consent_that_a_fast_machine_recorded_before(
    machines: Machines, said: dict[str, object]
) -> None:
    fast, right = machines(minutes=4), machines()
    consented(fast, "phone", PHONE, given_at=to_rfc3339(datetime.now(UTC) + MOST))
    stop(right, "phone", PHONE, **said)
    where = {} if said["reason"] == "restriction" else {"channels": ["sms", "telephone"]}
    lifted = right.release("phone", PHONE, reasons=[said["reason"]], **where)
    assert lifted.status_code == 200
    assert "no_consent" in machines(later=True, hours=2).codes("sms", PHONE)
    assert set(states(right, "phone", PHONE)) == {"stop_released"}


@pytest.mark.parametrize("outcome", ["stop", "refused"])
def test_lifting_a_stop_on_calls_revives_no_time_that_a_fast_machine_had_noted(
    machines: Machines, outcome: str
) -> None:
    fast, right = machines(hours=1), machines()
    at = to_rfc3339(datetime.now(UTC) + timedelta(hours=3))
    agreed = {"identifier": PHONE, "outcome": "callback", "callback_at": at}
    assert fast.post("/v1/outcomes", agreed).status_code == 200
    right.post("/v1/outcomes", {"identifier": PHONE, "outcome": outcome})
    right.release("phone", PHONE, channels=["telephone"], reasons=["objection"])
    assert right.check("telephone", PHONE, at=at)["decision"] == "deny"


def test_a_newer_consent_opens_what_a_fast_machine_had_stopped(
    machines: Machines, backend: str
) -> None:
    if backend == SQLITE:
        pytest.skip("its machine's clock is all that it has")
    one_click(machines(hours=1))
    (taken,) = consented(machines(), "email", EMAIL, given_at=to_rfc3339(datetime.now(UTC)))
    assert taken["still_denied_by"] == []
    assert machines().decision("email", EMAIL) == "allow"


def test_what_we_date_ourselves_has_the_databases_date(machines: Machines, backend: str) -> None:
    if backend == SQLITE:
        pytest.skip("its machine's clock is all that it has")
    fast, began = machines(hours=1), datetime.now(UTC) - timedelta(seconds=5)
    one_click(fast)
    stop(fast, "phone", PHONE)
    for kind, identifier in (("email", EMAIL), ("phone", PHONE)):
        search = fast.search(kind, identifier)
        dates = [
            entry[name] for entry in search["history"] for name in ("occurred_at", "recorded_at")
        ]
        dates += [row["since"] for row in search["in_force"]]
        assert all(began < from_rfc3339(date) < began + HOUR / 2 for date in dates), dates


def test_a_stated_date_stays_as_it_was_stated(machines: Machines) -> None:
    letter = "2026-03-02T10:00:00Z"
    stop(machines(hours=1), occurred_at=letter)
    (row,) = machines().search("email", EMAIL)["in_force"]
    assert (row["since"], row["last_occurred_at"]) == (letter, letter)


def test_an_old_letter_that_is_entered_late_is_still_lifted_by_the_newer_consent(
    machines: Machines,
) -> None:
    consented(machines(), "email", EMAIL, given_at="2026-03-03T10:00:00Z")
    stop(machines(), occurred_at="2026-03-02T10:00:00Z")
    assert machines().decision("email", EMAIL) == "allow"


def test_a_consent_from_before_the_stop_lifts_nothing_however_late_it_is_recorded(
    machines: Machines,
) -> None:
    stop(machines(hours=-1))
    given_at = to_rfc3339(datetime.now(UTC) - 2 * HOUR)
    consented(machines(hours=1), "email", EMAIL, given_at=given_at)
    assert machines(later=True, hours=2).decision("email", EMAIL) == "deny"


def test_a_fast_machine_refuses_no_stop_for_its_end(machines: Machines, backend: str) -> None:
    if backend == SQLITE:
        pytest.skip("its machine's clock is all that it has")
    end = to_rfc3339(datetime.now(UTC) + HOUR / 2)
    stop(machines(hours=1), reason="undeliverable", expires_at=end)
    assert machines().decision("email", EMAIL) == "deny"


def test_a_slow_machine_refuses_no_stop_for_its_date(machines: Machines, backend: str) -> None:
    if backend == SQLITE:
        pytest.skip("its machine's clock is all that it has")
    stop(machines(hours=-1), occurred_at=to_rfc3339(datetime.now(UTC)))
    assert machines().decision("email", EMAIL) == "deny"


@settings(max_examples=length(12, long=300), suppress_health_check=list(HealthCheck))
@given(HISTORIES)
def test_no_order_of_arrival_turns_a_stop_that_came_last_into_an_allow(
    machines: Machines, history: tuple[list[Event], Event]
) -> None:
    before, last = history
    emails = writings()
    for event in (*before, last):
        caller = machines(hours=event.hours)
        now = datetime.now(UTC) + timedelta(hours=event.hours)
        ANYTHING[event.what](caller, emails[event.writing], now)
    for later in (0, 3):
        assert [
            email for email in emails if not denied(machines(later=True, hours=later), email)
        ] == []
