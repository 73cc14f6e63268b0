"""Any list of stops that is written into a file and imported again loses nothing."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.domain.imports.model import ImportState
from suppression.domain.suppressions.kinds import STATABLE_REASONS
from suppression.domain.vocabulary import Channel, Reason
from tests.api import TOPICS, Api, make_controller, make_key
from tests.importing import Imports
from tests.length import length

PEOPLE = {
    Channel.EMAIL: ["anna.martin@example.fr", "jean.dupont+pub@gmail.com", "élodie@société.fr"],
    Channel.SMS: ["+33612345678", "+262692123456"],
    Channel.TELEPHONE: ["+33612345678", "+33123456789"],
}
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)


class Listed(NamedTuple):
    """A stop of a list; its first four fields are its key."""

    channel: Channel
    person: str
    topic: str
    reason: Reason
    since: datetime
    until: datetime | None


IMPORTABLE = {reason for reason in STATABLE_REASONS if not reason.covers_everything}


@st.composite
def stops(draw: st.DrawFn) -> Listed:
    channel = draw(st.sampled_from(sorted(PEOPLE)))
    reason = draw(
        st.sampled_from(
            [
                reason
                for reason in Reason
                if reason in STATABLE_REASONS and not reason.covers_everything
            ]
        )
    )
    since = BEGAN + timedelta(seconds=draw(st.integers(0, 200_000_000)))
    lasts = draw(st.none() | st.integers(1, 900_000_000)) if reason.may_expire else None
    return Listed(
        channel,
        draw(st.sampled_from(PEOPLE[channel])),
        draw(st.sampled_from(["", *TOPICS])),
        reason,
        since,
        since + timedelta(seconds=lasts) if lasts else None,
    )


def exported(listeds: list[Listed], delimiter: str) -> str:
    """Return a list of stops as a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(("email", "phone", "channels", "topics", "reason", "occurred_at", "until"))
    for listed in listeds:
        email = listed.person if listed.channel is Channel.EMAIL else ""
        until = to_rfc3339(listed.until) if listed.until else ""
        words = (listed.channel, listed.topic, listed.reason, to_rfc3339(listed.since), until)
        writer.writerow((email, "" if email else listed.person, *words))
    return text.getvalue()


numbers = itertools.count()


@settings(max_examples=length(15, long=150), suppress_health_check=list(HealthCheck))
@given(
    expected=st.lists(stops(), min_size=1, max_size=8, unique_by=lambda stop: stop[:4]),
    delimiter=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
)
def test_a_list_that_is_written_and_imported_is_the_same_list(
    app: Flask, seen: set[str], expected: list[Listed], delimiter: str, encoding: str
) -> None:
    slug = f"controller-{next(numbers)}"
    api = Api(app, make_key(app, make_controller(app, slug)), seen)
    imports = Imports(app, slug)
    done = imports.apply(exported(expected, delimiter).encode(encoding))
    assert (done.state, done.counts.invalid) == (ImportState.APPLIED, 0)
    assert done.counts.applied == len(expected)
    assert listed_by(api, expected) == {
        (
            listed.channel,
            listed.person,
            listed.topic,
            listed.reason,
            to_rfc3339(listed.since),
            ended(listed),
        )
        for listed in expected
        if listed.until is None or listed.until >= imports.services.clock()
    }


def listed_by(api: Api, listeds: list[Listed]) -> set[tuple[object, ...]]:
    """Return the suppressions in force of the people in a list."""
    people = {(listed.channel.kind, listed.person) for listed in listeds}
    return {
        (
            row["channel"],
            person,
            row.get("topic", ""),
            row["reason"],
            row["since"],
            row.get("expires_at"),
        )
        for kind, person in people
        for row in api.search(kind, person)["in_force"]
    }


def ended(listed: Listed) -> str | None:
    return to_rfc3339(listed.until) if listed.until else None


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.TELEPHONE])
def test_a_list_that_goes_over_as_hashes_denies_the_same_people(
    app: Flask, api: Api, channel: Channel
) -> None:
    canonical = {"élodie@société.fr": "élodie@xn--socit-esab.fr"}
    hashes = "".join(
        hashlib.sha256(canonical.get(person, person).encode()).hexdigest() + "\n"
        for person in PEOPLE[channel]
    )
    Imports(app).apply(f"sha256\n{hashes}", kind=channel.kind)
    assert {api.decision(channel, person) for person in PEOPLE[channel]} == {"deny"}
