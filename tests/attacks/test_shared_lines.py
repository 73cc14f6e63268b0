"""Two people who share a telephone line, a mailbox or an address do not share a case.

The attack: Jean asks for a restriction and names his e-mail address and the family's landline.
Marie asks for one too and names her address and that landline. Her request joined his case, so
lifting her restriction lifted his too.
"""

from __future__ import annotations

import pytest

from suppression.domain.cases.transitions import LiftRestriction
from suppression.domain.cases.vocabulary import CaseKind
from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.vocabulary import Channel, Kind
from suppression.usecases.cases import open as opening
from suppression.usecases.cases.open import CaseOutcome
from suppression.usecases.cases.take_step import undo_suppressions
from tests.api import Api
from tests.usecases.cases.test_register import RECEIVED, Office, office
from tests.web.console.browser import STOP, Browser

__all__ = ["office"]

LINE = "02 99 12 34 56"
MOBILE = "06 12 34 56 78"
JEAN, MARIE = "jean@example.fr", "marie@example.fr"
SHARED = "famille@example.fr"
BY_CHANNEL = (Channel.EMAIL, Channel.TELEPHONE)
SEVERAL = "lifts the stops of both"
Named = tuple[Kind, str | PostalAddress]


def _home(name: str) -> PostalAddress:
    return PostalAddress(name=name, street="12 rue Foch", postcode="35000")


def _asked(office: Office, kind: CaseKind, *identifiers: Named, name: str = "") -> CaseOutcome:
    outcome = office.record(kind, *identifiers, wanted=BY_CHANNEL, name=name)  # type: ignore[arg-type]
    # A value that is no text cannot be in a log, and an empty name would be found in every log.
    office.api.seen -= {name for name in office.api.seen if not name or not isinstance(name, str)}
    return outcome


def _lift(office: Office, kind: CaseKind, recorded: CaseOutcome) -> None:
    if kind is CaseKind.RESTRICTION:
        office.step(recorded, LiftRestriction(told_on=RECEIVED, seen=2))
        return
    reference = recorded.case.reference
    undo_suppressions(office.controller, reference, by=office.user, now=office.clock.now, seen=2)


@pytest.mark.parametrize("kind", [CaseKind.RESTRICTION, CaseKind.OBJECTION_MARKETING])
@pytest.mark.parametrize("name", ["", "Dupont"])
def test_who_shares_a_line_and_has_another_mailbox_joins_no_case(
    office: Office, kind: CaseKind, name: str
) -> None:
    _asked(office, kind, (Kind.EMAIL, JEAN), (Kind.PHONE, LINE), name=name)
    marie = _asked(office, kind, (Kind.EMAIL, MARIE), (Kind.PHONE, LINE), name=name)
    assert not marie.joined
    _lift(office, kind, marie)
    assert office.api.decision("email", MARIE) == "allow"
    assert office.api.decision("email", JEAN) == "deny"
    assert office.api.decision("telephone", LINE) == "deny"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            [(Kind.EMAIL, JEAN), (Kind.PHONE, LINE)],
            [(Kind.EMAIL, JEAN), (Kind.PHONE, MOBILE)],
        ),
        (
            [(Kind.EMAIL, JEAN), (Kind.POSTAL, _home("Jean Dupont"))],
            [(Kind.EMAIL, JEAN), (Kind.POSTAL, _home("Marie Dupont"))],
        ),
    ],
)
def test_nor_does_who_shares_a_mailbox(
    office: Office, first: list[Named], second: list[Named]
) -> None:
    _asked(office, CaseKind.RESTRICTION, *first)
    assert not _asked(office, CaseKind.RESTRICTION, *second).joined


@pytest.mark.parametrize("kind", [CaseKind.RESTRICTION, CaseKind.OBJECTION_MARKETING])
def test_nor_does_who_names_a_mailbox_of_their_own_beside_the_shared_one(
    office: Office, kind: CaseKind
) -> None:
    jean = _asked(office, kind, (Kind.EMAIL, SHARED), (Kind.EMAIL, JEAN))
    marie = _asked(office, kind, (Kind.EMAIL, SHARED), (Kind.EMAIL, MARIE))
    assert not marie.joined
    _lift(office, kind, jean)
    assert office.api.decision("email", JEAN) == "allow"
    assert office.api.decision("email", MARIE) == "deny"
    assert office.api.decision("email", SHARED) == "deny"


def test_of_two_cases_that_one_may_join_it_joins_the_one_of_its_name(office: Office) -> None:
    kind, name = CaseKind.RESTRICTION, "Marie Dupont"
    jean = _asked(office, kind, (Kind.EMAIL, JEAN), (Kind.PHONE, LINE))
    marie = _asked(office, kind, (Kind.EMAIL, MARIE), (Kind.PHONE, LINE), name=name)
    again = _asked(office, kind, (Kind.PHONE, LINE), name=f"Mme {name}")
    assert (again.joined, again.case.reference) == (True, marie.case.reference)
    assert office.read(jean).content.name == ""


def test_unless_both_requests_bear_the_same_name(office: Office) -> None:
    kind, name = CaseKind.RESTRICTION, "Jean Dupont"
    first = _asked(office, kind, (Kind.EMAIL, SHARED), (Kind.EMAIL, JEAN), name=name)
    again = _asked(office, kind, (Kind.EMAIL, SHARED), (Kind.EMAIL, MARIE), name=name)
    assert (again.joined, again.case.reference) == (True, first.case.reference)


def test_nor_does_another_name_behind_the_line_alone(office: Office) -> None:
    jean = _asked(office, CaseKind.RESTRICTION, (Kind.PHONE, LINE), name="Jean Dupont")
    marie = _asked(office, CaseKind.RESTRICTION, (Kind.PHONE, LINE), name="Marie Dupont")
    assert not marie.joined
    again = _asked(office, CaseKind.RESTRICTION, (Kind.PHONE, LINE), name="Mme DUPONT Marie")
    assert (again.joined, again.case.reference) == (True, marie.case.reference)
    _lift(office, CaseKind.RESTRICTION, marie)
    assert office.api.codes("telephone", LINE) == ["restriction"]
    _lift(office, CaseKind.RESTRICTION, jean)
    assert office.api.decision("telephone", LINE) == "allow"


@pytest.mark.parametrize(
    ("first", "second"), [("M. Dupont", "Mme Dupont"), ("M. Dupont", "Dupont")]
)
def test_nor_does_another_civility_where_only_the_surname_is_known(
    office: Office, first: str, second: str
) -> None:
    jean = _asked(office, CaseKind.RESTRICTION, (Kind.PHONE, LINE), name=first)
    marie = _asked(office, CaseKind.RESTRICTION, (Kind.PHONE, LINE), name=second)
    assert not marie.joined
    again = _asked(office, CaseKind.RESTRICTION, (Kind.PHONE, LINE), name=first)
    assert (again.joined, again.case.reference) == (True, jean.case.reference)
    _lift(office, CaseKind.RESTRICTION, marie)
    assert office.api.codes("telephone", LINE) == ["restriction"]


def test_the_same_person_joins_with_more_or_with_less(office: Office) -> None:
    first = _asked(office, CaseKind.RESTRICTION, (Kind.EMAIL, JEAN), name="Jean Dupont")
    more = _asked(office, CaseKind.RESTRICTION, (Kind.EMAIL, JEAN), (Kind.PHONE, LINE))
    less = _asked(office, CaseKind.RESTRICTION, (Kind.PHONE, LINE), name="M. Jean Dupont")
    assert [more.case.reference, less.case.reference] == [first.case.reference] * 2


def _joined_as_before(
    monkeypatch: pytest.MonkeyPatch, dpo: Browser, kind: CaseKind, names: tuple[str, str]
) -> str:
    """Record two requests in one case, as an earlier version did; return the case's reference."""
    with monkeypatch.context() as before:
        before.setattr(opening, "_is_of_these_people", lambda *_, **__: True)
        reference = _recorded(dpo, kind, JEAN, names[0])
        assert _recorded(dpo, kind, MARIE, names[1]) == reference
    return reference


def _recorded(dpo: Browser, kind: CaseKind, mailbox: str, name: str) -> str:
    channels = {"kinds": kind.value, "channels": ["email", "telephone"], "phones": LINE}
    dpo.post("/okwind/record", STOP | channels | {"emails": mailbox, "name": name})
    return dpo.reference()


@pytest.mark.parametrize("kind", [CaseKind.RESTRICTION, CaseKind.OBJECTION_MARKETING])
def test_a_case_that_two_had_joined_says_so_before_it_is_lifted(
    monkeypatch: pytest.MonkeyPatch, dpo: Browser, kind: CaseKind
) -> None:
    reference = _joined_as_before(monkeypatch, dpo, kind, ("", ""))
    dpo.get(f"/okwind/cases/{reference}")
    assert SEVERAL in dpo.text


@pytest.mark.parametrize("kind", [CaseKind.RESTRICTION, CaseKind.OBJECTION_MARKETING])
@pytest.mark.parametrize(
    ("names", "name"),
    [(("", ""), "Marie Dupont"), (("Jean Dupont", ""), ""), (("", "Marie Dupont"), "")],
)
def test_the_other_person_is_recorded_anew_and_keeps_the_stops_when_it_is_lifted(
    monkeypatch: pytest.MonkeyPatch,
    dpo: Browser,
    api: Api,
    kind: CaseKind,
    names: tuple[str, str],
    name: str,
) -> None:
    mixed = _joined_as_before(monkeypatch, dpo, kind, names)
    own = _recorded(dpo, kind, MARIE, name)
    assert own != mixed
    assert _recorded(dpo, kind, MARIE, name) == own
    dpo.get(f"/okwind/cases/{mixed}")
    seen = {"seen": "2", "sure": "yes", "text": "Jean asks for it", "told_on": "2026-11-21"}
    step = "lift" if kind is CaseKind.RESTRICTION else "undo"
    assert dpo.post(f"/okwind/cases/{mixed}/{step}", seen).status_code == 303
    assert api.decision("email", JEAN) == "allow"
    assert api.decision("email", MARIE) == "deny"
    assert api.decision("telephone", LINE) == "deny"


def test_whom_such_a_case_names_joins_it_by_that_name(
    monkeypatch: pytest.MonkeyPatch, dpo: Browser
) -> None:
    kind = CaseKind.RESTRICTION
    mixed = _joined_as_before(monkeypatch, dpo, kind, ("Jean Dupont", ""))
    assert _recorded(dpo, kind, JEAN, "M. Jean Dupont") == mixed


def test_a_case_that_one_repeated_says_nothing_of_it(dpo: Browser) -> None:
    form = STOP | {"kinds": "restriction", "phones": LINE, "emails": JEAN}
    dpo.post("/okwind/record", form)
    dpo.post("/okwind/record", form)
    dpo.get(f"/okwind/cases/{dpo.reference()}")
    assert "Lift" in dpo.text
    assert SEVERAL not in dpo.text
