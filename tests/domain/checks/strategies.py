"""Hypothesis strategies for policies, check requests and states, to test the decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from suppression.domain.calendar.locations import Location
from suppression.domain.checks.requests import CheckRequest
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.policies.model import Policy
from suppression.domain.policies.presets import preset_policies
from suppression.domain.policies.settings import apply_settings
from suppression.domain.suppressions.active import (
    ActiveConsent,
    ActiveSuppression,
    ContactHistory,
    SubjectState,
)
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import (
    ATTESTABLE,
    Audience,
    Channel,
    Preset,
    Purpose,
    Reason,
    Sector,
)

# Days around both changes of the clocks in Paris, a bridge, a 29 February, and a plain week.
_DAYS = [
    datetime(2026, 10, 24, tzinfo=UTC),
    datetime(2026, 11, 23, tzinfo=UTC),
    datetime(2026, 12, 24, tzinfo=UTC),
    datetime(2027, 3, 27, tzinfo=UTC),
    datetime(2028, 2, 29, tzinfo=UTC),
]
_PLACES = [
    Location(zones=("Europe/Paris",), territories=("FR",)),
    Location(zones=("Indian/Reunion", "Indian/Mayotte"), territories=("RE", "YT")),
    Location(zones=("Pacific/Tahiti", "Pacific/Marquesas", "Pacific/Gambier"), territories=("PF",)),
    Location(zones=("America/Miquelon",), territories=("PM",)),
    Location(zones=("Atlantic/Azores",)),  # midnight comes twice
    Location(zones=("Asia/Beirut",)),  # midnight never comes
    Location(),
]
TOPICS = ("", "newsletter", "offers")


def nows() -> st.SearchStrategy[datetime]:
    """Return a strategy for times to the second, many of them at a quarter of an hour."""
    seconds = st.integers(0, 3 * 96).map(lambda quarter: quarter * 900) | st.integers(0, 259_200)
    return st.builds(
        lambda day, second: day + timedelta(seconds=second), st.sampled_from(_DAYS), seconds
    )


@st.composite
def policies(draw: st.DrawFn, channel: Channel) -> Policy:
    """Draw a policy for marketing on a channel: a preset's, with any settings."""
    preset, sector = draw(st.sampled_from(Preset)), draw(st.sampled_from(Sector))
    drawn = [f"{name}={draw(values)}" for name, values in _SETTINGS if draw(st.booleans())]
    hours = [f"{name}={draw(values)}" for name, values in _OF_HOURS if draw(st.booleans())]
    if draw(st.booleans()):
        drawn += [f"hours={draw(_SPANS)}", *hours]
    settings = [f"{channel}.marketing.{value}" for value in drawn]
    policies = apply_settings(preset_policies(preset, sector), settings).policies
    return policies[channel, Purpose.MARKETING]


_SPANS = st.sampled_from(
    ["10:00-13:00,14:00-20:00", "00:00-24:00", "00:00-00:30,02:00-04:00,23:30-24:00", "02:15-02:45"]
)
_SETTINGS = [
    ("rule", st.sampled_from(["opt_in", "opt_out"])),
    ("attestable", st.sampled_from(["none", "contract", "appointment", "appointment,contract"])),
    ("closed", st.sampled_from(["yes", "no", "no"])),
    ("consent_months", st.integers(0, 3)),
    ("appointment_minutes", st.sampled_from([1, 15, 600])),
    ("attempts", st.integers(0, 3)),
    ("attempts_days", st.integers(1, 3)),
    ("silence_days", st.integers(0, 3)),
]
_OF_HOURS = [
    ("days", st.sampled_from(["mon,tue,wed,thu,fri", "sun", "sat,sun,mon"])),
    ("holidays", st.sampled_from(["FR", "none"])),
    ("time_zone", st.sampled_from(["person", "Europe/Paris", "Pacific/Noumea"])),
]


@st.composite
def check_requests(draw: st.DrawFn, now: datetime, channel: Channel) -> CheckRequest:
    """Draw a request to check whether a channel may be used for marketing."""
    subject = Subject(
        kind=channel.kind,
        forms=(),
        named=draw(st.sampled_from([True, True, False])),
        place=draw(st.sampled_from(_PLACES)),
    )
    return CheckRequest(
        subject=subject,
        scope=Scope(
            channel=channel, purpose=Purpose.MARKETING, topic=draw(st.sampled_from(TOPICS))
        ),
        audience=draw(st.sampled_from([*[Audience.CONSUMER] * 4, Audience.PROFESSIONAL])),
        attested=draw(st.none() | st.sampled_from(sorted(ATTESTABLE))),
        appointment_at=draw(near(now, 4)),
    )


def near(now: datetime, days: int) -> st.SearchStrategy[datetime]:
    """Return a strategy for times within `days` of `now`: `now`, whole days off, or between."""
    seconds = st.integers(-days * 86_400, days * 86_400)
    exact = st.integers(-days, days).map(lambda day: day * 86_400)
    return (st.just(0) | exact | seconds).map(lambda by: now + timedelta(seconds=by))


def before(now: datetime, days: int) -> st.SearchStrategy[datetime]:
    """Return a strategy for times at most `days` before `now`, often `now` itself."""
    return near(now, days).map(lambda value: min(value, now))


@st.composite
def stops(draw: st.DrawFn, now: datetime, channel: Channel) -> ActiveSuppression:
    """Draw a stop, which may or may not apply to a check on the channel."""
    reason = draw(st.sampled_from(Reason))
    since = draw(before(now, 20))
    scope = Scope(
        channel=draw(st.sampled_from([channel, channel, *Channel])),
        purpose=Purpose.MARKETING,
        topic=draw(st.sampled_from(TOPICS)),
    )
    return ActiveSuppression(
        scope=Scope(channel=None, purpose=None) if reason.covers_everything else scope,
        reason=reason,
        since=since,
        last_occurred_at=since,
        expires_at=draw(st.none() | near(now, 4)) if reason.may_expire else None,
    )


@st.composite
def consents(draw: st.DrawFn, now: datetime, channel: Channel) -> ActiveConsent:
    """Draw a consent that was given before `now`, in force or not."""
    topic = draw(st.sampled_from(TOPICS))
    return ActiveConsent(
        scope=Scope(channel=channel, purpose=Purpose.MARKETING, topic=topic),
        given_at=draw(before(now, 100)),
        until=draw(st.none() | near(now, 10)),
        lifts=draw(st.booleans()),
    )


@st.composite
def standings(draw: st.DrawFn, now: datetime, channel: Channel) -> SubjectState:
    """Draw the state on record for an identifier; it has a consent more often than a stop."""
    return SubjectState(
        suppressions=tuple(draw(st.lists(stops(now, channel), max_size=1) | st.just([]))),
        consents=tuple(draw(st.lists(consents(now, channel), max_size=2))),
        contacts=ContactHistory(
            attempts=tuple(draw(st.lists(before(now, 4), max_size=4))),
            refusals=tuple(draw(st.lists(before(now, 4), max_size=1))),
            callbacks=tuple(draw(st.lists(near(now, 3), max_size=2))),
        ),
    )
