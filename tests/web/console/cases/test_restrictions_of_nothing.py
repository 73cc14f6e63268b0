"""A restriction whose identifiers are all unreadable stops nothing, so nothing can be lifted."""

from __future__ import annotations

from suppression.domain.cases.vocabulary import CaseKind
from tests.api import Api
from tests.web.console.browser import Browser
from tests.web.console.cases.test_cases import ON, PHONE, recorded, state, take

REFUSAL = {"ground": "unfounded", "told_on": ON, "text": "no reason of Art. 18(1)"}


def unread(dpo: Browser, phones: str = "no number") -> str:
    """Record a restriction with these numbers, also if one is unreadable; return its case."""
    return recorded(dpo, CaseKind.RESTRICTION, phones=phones)


def test_it_is_not_lifted_and_its_identifier_is_still_stopped(dpo: Browser, api: Api) -> None:
    reference = unread(dpo)
    assert take(dpo, reference, "lift", told_on=ON, seen="1") == 409
    assert take(dpo, reference, "stop", phones=PHONE) == 303
    assert api.codes("telephone", PHONE) == ["restriction"]
    assert take(dpo, reference, "refuse", **REFUSAL) == 409
    assert take(dpo, reference, "lift", told_on=ON, seen="1") == 303
    assert api.decision("telephone", PHONE) == "allow"


def test_it_is_refused_if_it_is_unfounded(dpo: Browser) -> None:
    reference = unread(dpo)
    assert take(dpo, reference, "refuse", **REFUSAL) == 303, dpo.text
    assert "refused" in state(dpo, reference)


def test_it_stands_as_soon_as_one_of_two_is_stopped(dpo: Browser, api: Api) -> None:
    reference = unread(dpo, f"{PHONE}\nno number")
    assert api.codes("telephone", PHONE) == ["restriction"]
    assert take(dpo, reference, "refuse", **REFUSAL) == 409
    assert take(dpo, reference, "lift", told_on=ON, seen="1") == 303
    assert api.decision("telephone", PHONE) == "allow"
