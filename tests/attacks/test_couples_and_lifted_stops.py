"""A consent that a released stop of a couple had voided stays void after one of them stops again.

The attack: a couple's stop by post was released, then one of the two said stop again. The row was
reused for that person alone, so an older consent of the other counted again.
"""

# ruff: noqa: F811 - fixtures of other modules

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.domain.cases.vocabulary import LookUpPurpose
from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.imports.model import ImportAction
from suppression.domain.users.roles import Role
from suppression.domain.vocabulary import Decision, EntryType, Kind
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.imports import apply
from suppression.usecases.lookup.look_up import LookupResult, look_up_person
from suppression.usecases.services import Services
from suppression.usecases.users.manage import create_user, list_users
from tests.api import Api
from tests.attacks.test_consents_of_other_writings import (  # noqa: F401 - fixtures
    calling_hours,
    company,
    lift,
)
from tests.conftest import Clock
from tests.consenting import consented, states
from tests.e2e.tables import in_force, replayed
from tests.importing import Imports
from tests.length import length

COUPLE = "Jean et Marie Dupont"
NAMES = [
    (COUPLE, "Jean Dupont", "Marie Dupont"),
    (COUPLE, "Marie Dupont", "Jean Dupont"),
    ("Marie et Jean Dupont", "Jean Dupont", "Marie Dupont"),
    ("Marie et Jean Dupont", "Marie Dupont", "Jean Dupont"),
    ("Jean Dupont et Marie Durand", "Jean Dupont", "Marie Durand"),
    ("Jean, Marie et Paul Dupont", "Jean Dupont", "Paul Dupont"),
]
_numbers = itertools.count(1)


def at_home(name: str, number: int = 12) -> dict[str, str]:
    """Return the postal address of a person at a house number of one street."""
    return {"street": f"{number} rue de la Paix", "postcode": "75002", "name": name}


def stop(api: Api, name: str, number: int = 12) -> None:
    """Send a stop by post, which must be accepted."""
    assert api.stop("postal", at_home(name, number)).status_code in {200, 201}


@pytest.mark.parametrize(("couple", "again", "other"), NAMES)
def test_the_older_consent_of_the_other_does_not_come_back(
    company: Api, clock: Clock, couple: str, again: str, other: str
) -> None:
    consented(company, "postal", at_home(other))
    assert company.decision("post", at_home(other)) == "allow"
    clock.turn(hours=1)
    stop(company, couple)
    clock.turn(hours=1)
    lift(company, "postal", at_home(couple))
    clock.turn(hours=1)
    stop(company, again)
    assert "no_consent" in company.codes("post", at_home(other))
    assert set(states(company, "postal", at_home(other))) == {"stop_released"}
    clock.turn(hours=1)
    lift(company, "postal", at_home(again))
    assert "no_consent" in company.codes("post", at_home(other))
    consented(company, "postal", at_home(other), given_at=to_rfc3339(clock.now))
    assert company.decision("post", at_home(other)) == "allow"


def test_nor_after_the_couple_and_one_of_them_in_turn(
    app: Flask, company: Api, clock: Clock
) -> None:
    consented(company, "postal", at_home("Marie Dupont"))
    for name in (COUPLE, "Jean Dupont", COUPLE, "Jean Dupont", "J. Dupont"):
        clock.turn(hours=1)
        stop(company, name)
        clock.turn(hours=1)
        lift(company, "postal", at_home(name))
        assert company.decision("post", at_home("Marie Dupont")) == "deny"
    assert replayed(app) == in_force(app)


def test_a_file_whose_stop_of_a_couple_ends_while_it_is_applied(
    app: Flask, company: Api, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply, "BATCH", 1)
    until = {COUPLE: to_rfc3339(clock.now + timedelta(days=1)), "Jean Dupont": ""}
    rows = "".join(f"{name},12 rue de la Paix,75002,{end}\n" for name, end in until.items())
    imports = Imports(app, "okonect")
    consented(company, "postal", at_home("Marie Dupont"))
    staged = imports.stage(f"name,street,postcode,until\n{rows}", channels="post").import_
    pending, _ = imports.wish(staged.import_id, ImportAction.APPLY)
    with app.app_context():
        apply.apply_batch(pending, now=clock.now)
    assert "imported" in company.codes("post", at_home("Marie Dupont"))
    clock.turn(days=2)
    imports.work()
    assert "imported" in company.codes("post", at_home("Jean Dupont"))
    assert company.decision("post", at_home("Marie Dupont")) == "allow"
    for name in EVERYBODY:
        assert company.search("postal", at_home(name))["history"]
    imports.undo(staged.import_id)
    assert "imported" not in company.codes("post", at_home("Jean Dupont"))


def test_a_consent_of_the_other_counts_where_the_couples_stop_was_a_mistake(
    company: Api, clock: Clock
) -> None:
    consented(company, "postal", at_home("Marie Dupont"))
    clock.turn(hours=1)
    stop(company, COUPLE)
    lift(company, "postal", at_home(COUPLE), why="mistake")
    clock.turn(hours=1)
    stop(company, "Jean Dupont")
    assert company.decision("post", at_home("Marie Dupont")) == "allow"


def test_a_release_for_both_leaves_the_consent_of_the_one_who_had_not_said_stop(
    company: Api, clock: Clock
) -> None:
    consented(company, "postal", at_home("Jean Dupont"))
    clock.turn(hours=1)
    stop(company, "Marie Dupont")
    clock.turn(hours=1)
    lift(company, "postal", at_home(COUPLE))
    assert company.decision("post", at_home("Jean Dupont")) == "allow"
    assert states(company, "postal", at_home("Jean Dupont")) == ["in_force"]


@pytest.mark.parametrize(
    ("kind", "channel", "stopped", "other"),
    [
        ("email", "email", "jean.dupont@example.fr", "marie.dupont@example.fr"),
        ("phone", "sms", "+33612345678", "+33698765432"),
        ("postal", "post", at_home("Jean Dupont"), at_home("Paul Martin")),
    ],
)
def test_a_release_of_two_identifiers_ends_the_consents_of_the_stopped_one_alone(
    company: Api, clock: Clock, kind: str, channel: str, stopped: object, other: object
) -> None:
    for identifier in (stopped, other):
        consented(company, kind, identifier)
    clock.turn(hours=1)
    assert company.stop(kind, stopped).status_code == 201
    clock.turn(hours=1)
    both = [{"kind": kind, "value": value} for value in (stopped, other)]
    lift(company, kind, stopped, identifiers=both)
    assert "no_consent" in company.codes(channel, stopped)
    assert company.decision(channel, other) == "allow", company.codes(channel, other)


def test_the_history_of_the_other_keeps_the_stop_and_its_lifting(
    company: Api, clock: Clock
) -> None:
    stop(company, COUPLE)
    clock.turn(hours=1)
    lift(company, "postal", at_home(COUPLE))
    clock.turn(hours=1)
    stop(company, "Jean Dupont")
    of_marie = company.search("postal", at_home("Marie Dupont"))
    assert of_marie["in_force"] == []
    assert {entry["type"] for entry in of_marie["history"]} == {"stop", "release"}
    of_jean = company.search("postal", at_home("Jean Dupont"))
    assert {row.get("source", "") for row in of_jean["in_force"]} == {""}
    stopped = [entry for entry in of_jean["history"] if entry["type"] == "stop"]
    assert len(stopped) == 2 * len(of_jean["in_force"])


def test_a_look_up_of_the_past_says_what_the_checks_of_then_said(
    app: Flask, company: Api, clock: Clock
) -> None:
    consented(company, "postal", at_home("Marie Dupont"))
    times = [clock.now]
    for name, lifted in ((COUPLE, False), (COUPLE, True), ("Jean Dupont", False)):
        clock.turn(hours=1)
        if lifted:
            lift(company, "postal", at_home(name))
        else:
            stop(company, name)
        times.append(clock.now)
    clock.turn(hours=1)
    looked_up = _look_up(app, clock, times)
    assert [result.checked[0].answer.decision for result in looked_up] == [
        Decision.ALLOW,
        Decision.DENY,
        Decision.DENY,
        Decision.DENY,
    ]
    assert [len(result.in_force) for result in looked_up] == [0, 1, 0, 0]
    assert [entry.type for entry in looked_up[-1].history if entry.reason] == [
        EntryType.STOP,
        EntryType.RELEASE,
    ]


def _look_up(app: Flask, clock: Clock, times: Sequence[datetime]) -> list[LookupResult]:
    """Return the result of looking Marie Dupont up as of each of these times."""
    services: Services = app.extensions["suppression"]
    home = at_home("Marie Dupont")
    address = PostalAddress(
        lines=(), street=home["street"], postcode=home["postcode"], name=home["name"]
    )
    with app.app_context():
        controller = find_controller("okonect")
        create_user(services, controller, "m.durand", Role.DPO, now=clock.now)
        subject = services.subject(controller, Kind.POSTAL, address, consent=True)
        by = list_users(controller)[0]
        return [
            look_up_person(
                services,
                controller,
                [subject],
                LookUpPurpose.COMPLAINT,
                by=by,
                now=clock.now,
                at=at,
            )[0]
            for at in times
        ]


PEOPLE = ("Jean Dupont", "Marie Dupont")
EVERYBODY = {COUPLE: frozenset(PEOPLE)} | {name: frozenset({name}) for name in PEOPLE}
ACTS = st.one_of(
    st.tuples(st.sampled_from(["stop", "release"]), st.sampled_from(list(EVERYBODY))),
    st.tuples(st.just("consent"), st.sampled_from(PEOPLE)),
)


class Oracle:
    """A model of the rules: it tells whether each of two people may get letters."""

    def __init__(self) -> None:
        self.active: dict[str, tuple[frozenset[str], datetime]] = {}
        """The stops in force by their first person: everyone they name, and the last date."""
        self.consented: dict[str, datetime] = {}

    def stop(self, name: str, now: datetime) -> None:
        """Add a stop to the one in force under the same first person, if any."""
        first = PEOPLE[0] if name == COUPLE else name
        before, _ = self.active.get(first, (frozenset[str](), now))
        self.active[first] = before | EVERYBODY[name], now

    def release(self, name: str, _now: datetime) -> None:
        """Lift the stops that name nobody else; void the consents up to each stop's last date."""
        for first, (named, last) in list(self.active.items()):
            if named <= EVERYBODY[name]:
                del self.active[first]
                for person in named:
                    if person in self.consented and self.consented[person] <= last:
                        del self.consented[person]

    def consent(self, name: str, now: datetime) -> None:
        """Store the date of a person's newest consent."""
        self.consented[name] = now

    def decision(self, name: str) -> str:
        """Return the decision that a check must give: allow or deny."""
        stopped = any(name in named for named, _ in self.active.values())
        return "allow" if name in self.consented and not stopped else "deny"


@settings(
    max_examples=length(6, long=400),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=st.lists(ACTS, min_size=4, max_size=9))
def test_whatever_a_couple_says_in_any_order(
    company: Api, clock: Clock, acts: list[tuple[str, str]]
) -> None:
    number, oracle = next(_numbers), Oracle()
    for act, name in acts:
        clock.turn(minutes=1)
        if act == "stop":
            stop(company, name, number)
        elif act == "consent":
            consented(company, "postal", at_home(name, number), given_at=to_rfc3339(clock.now))
        else:
            company.release("postal", at_home(name, number), channels="all", reasons=["objection"])
        getattr(oracle, act)(name, clock.now)
        for person in PEOPLE:
            assert company.decision("post", at_home(person, number)) == oracle.decision(person)
