"""Only the scopes `release` and `consent`, and old links, turn a stop's deny into an allow."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from suppression.domain.suppressions.kinds import STATABLE_REASONS
from suppression.domain.vocabulary import ApiScope, Evidence, Reason
from suppression.usecases.controllers.queries import find_controller
from tests.api import Api, make_key
from tests.attacks.effects import ATTEMPTS, Attempt, Person, stops, through_links
from tests.conftest import Clock
from tests.contract.document import operations, read_document
from tests.importing import Imports

EMAIL, NUMBER = "jean.dupont@example.fr", "+33612345678"
HOW = [*sorted(STATABLE_REASONS), "one_click", "link_page", "choices", "public_form", "import"]
LIFTING = {ApiScope.RELEASE, ApiScope.CONSENT}
ALL_OTHERS = frozenset(ApiScope) - LIFTING
REFERENCE = frozenset({ApiScope.CHECK, ApiScope.SUPPRESS, ApiScope.LINKS})

# What `release` and `consent` lift is theirs to lift (docs/architecture.md, decision 42).
LIFTED = {
    "POST /v1/suppressions/release": set(HOW),
    "POST /v1/imports/{import_id}/undo": {"import"},
    "POST /v1/consents": set(HOW)
    - {Reason.RESTRICTION, Reason.DECEASED, Reason.COMPLAINT, Reason.UNDELIVERABLE},
}


@pytest.fixture
def key_with(app: Flask, api: Api, seen: set[str]) -> Callable[[frozenset[ApiScope]], Api]:
    """Return a function that makes an Api of the controller of `api` with the given scopes."""
    del api

    def make(scopes: frozenset[ApiScope]) -> Api:
        with app.app_context():
            controller = find_controller("okwind")
        return Api(app, make_key(app, controller, scopes), seen)

    return make


def needed_scopes() -> dict[str, ApiScope | None]:
    """Return the scope of each operation that needs a key, from openapi.yaml; None for any."""
    return {
        operation.named: ApiScope(operation.said["x-required-scope"])
        if operation.said["x-required-scope"]
        else None
        for operation in operations(read_document())
        if "x-required-scope" in operation.said
    }


def ways() -> Iterator[tuple[str, frozenset[ApiScope]]]:
    """Yield each operation with a set of scopes to try it with.

    The set is the scope that it needs if that scope may lift a stop, else all that may not.
    """
    for operation, needed in needed_scopes().items():
        yield operation, frozenset({needed}) if needed in LIFTING else ALL_OTHERS


def test_every_operation_is_tried() -> None:
    assert set(needed_scopes()) == set(ATTEMPTS)


def test_every_attempt_is_understood(
    key_with: Callable[[frozenset[ApiScope]], Api], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An attempt once sent a misnamed field, so it was refused as invalid and proved nothing."""
    statuses: list[int] = []
    send = Api.send

    def send_noted(self: Api, *given: Any, **named: Any) -> TestResponse:  # noqa: ANN401 - passed on
        answer = send(self, *given, **named)
        statuses.append(answer.status_code)
        return answer

    monkeypatch.setattr(Api, "send", send_noted)
    caller = key_with(frozenset(ApiScope))
    people = [
        Person(identifier=EMAIL),
        Person(channel="telephone", kind="phone", identifier=NUMBER),
    ]
    for operation in ATTEMPTS:
        statuses.clear()
        for person in people:
            ATTEMPTS[operation](Attempt(api=caller, person=person, clock=clock))
        assert set(statuses) - {400, 422}, operation


def test_a_scope_opens_the_operations_that_name_it_and_no_other(
    key_with: Callable[[frozenset[ApiScope]], Api],
) -> None:
    for scope in ApiScope:
        caller = key_with(frozenset({scope}))
        for operation, needed in needed_scopes().items():
            method, path = operation.replace("{scrub_id}", "0" * 32).split(" ")
            status = caller.send(method, path.replace("{import_id}", "2345-6789-ABCD")).status_code
            assert (status == 403) == (needed not in {None, scope}), (scope, operation)


@pytest.mark.parametrize("how", [str(word) for word in HOW])
def test_no_other_scope_turns_a_stop_into_an_allow(
    app: Flask, api: Api, clock: Clock, key_with: Callable[[frozenset[ApiScope]], Api], how: str
) -> None:
    imports, checking = Imports(app), key_with(REFERENCE)
    stop, tries = stops(api, clock, imports)[how], list(ways())
    keys = {scopes: key_with(scopes) for _, scopes in tries}
    people = [Person(identifier=f"person-{number}@example.fr") for number in range(len(tries))]
    people = [dataclasses.replace(person, import_id=stop(person.identifier)) for person in people]
    assert opened_of(checking, people) == set(), f"{how} stopped nobody"
    clock.turn(days=1)
    for (operation, scopes), person in zip(tries, people, strict=True):
        ATTEMPTS[operation](Attempt(api=keys[scopes], person=person, clock=clock))
    imports.work()
    clock.turn(minutes=2)
    opened = {tries[place] for place in opened_of(checking, people)}
    assert {way for way in opened if not way[1] & LIFTING} == set()
    assert {operation for operation, _ in opened} == {
        operation for operation, lifted in LIFTED.items() if how in lifted
    }


def test_no_other_scope_opens_a_number(
    app: Flask, api: Api, clock: Clock, key_with: Callable[[frozenset[ApiScope]], Api]
) -> None:
    imports, checking, tries = Imports(app), key_with(REFERENCE), list(ways())
    keys = {scopes: key_with(scopes) for _, scopes in tries}
    people = [
        Person(channel="telephone", kind="phone", identifier=f"+3361234{5000 + number}")
        for number in range(len(tries))
    ]
    for person in people:
        api.stop("phone", person.identifier)
    clock.turn(minutes=2)
    for (operation, scopes), person in zip(tries, people, strict=True):
        ATTEMPTS[operation](Attempt(api=keys[scopes], person=person, clock=clock))
    imports.work()
    clock.turn(minutes=2)
    opened = {tries[place][0] for place in opened_of(checking, people)}
    assert opened == {"POST /v1/suppressions/release"}


def test_an_agreed_time_passes_a_policy_and_never_a_stop(
    app: Flask, french_api: Api, clock: Clock
) -> None:
    """A basis stated with the scope `attest` satisfies the policy, but does not lift a stop."""
    del app
    french_api.stop("phone", NUMBER, channels=["telephone"])
    agreed = {"outcome": "callback", "callback_at": "2026-11-21T11:00:00Z", "identifier": NUMBER}
    french_api.post("/v1/outcomes", agreed)
    clock.turn(hours=1, minutes=30)
    stated = {"basis": "appointment", "appointment_at": "2026-11-21T11:00:00Z"}
    for more in ({}, stated, {"basis": "contract"}, {"audience": "professional"}):
        assert french_api.decision("telephone", NUMBER, **more) == "deny"


@pytest.mark.parametrize("scope", [scope for scope in ApiScope if scope is not ApiScope.SERVICE])
def test_a_key_without_the_scope_never_calls_anything_service(
    api: Api, key_with: Callable[[frozenset[ApiScope]], Api], scope: ApiScope
) -> None:
    """Otherwise a sales tool could pass every objection by the purpose `service`."""
    api.stop("email", EMAIL)
    sales = key_with(frozenset({ApiScope.CHECK, scope}))
    service: dict[str, object] = {"channel": "email", "purpose": "service"}
    check = service | {"identifier": EMAIL}
    single = sales.post("/v1/checks", check)
    assert (single.status_code, single.get_json()["type"]) == (
        403,
        "urn:suppression:problem:missing-scope",
    )
    flat = sales.post("/v1/checks/batch", service | {"identifiers": [EMAIL]})
    scrub = sales.post("/v1/scrubs?channel=email&purpose=service", data=b"email\n" + EMAIL.encode())
    assert (flat.status_code, scrub.status_code) == (403, 403)
    marketing = {"channel": "email", "identifier": EMAIL}
    mixed = sales.post("/v1/checks/batch", {"items": [check, marketing]}).get_json()["results"]
    assert [(each["decision"], each["reasons"][0]["code"]) for each in mixed] == [
        ("unknown", "scope_missing"),
        ("deny", "objection"),
    ]


def test_a_key_with_the_scope_passes_an_objection_and_no_restriction(
    api: Api, key_with: Callable[[frozenset[ApiScope]], Api]
) -> None:
    shop = key_with(frozenset({ApiScope.CHECK, ApiScope.SERVICE}))
    api.stop("email", EMAIL)
    assert [shop.decision("email", EMAIL, purpose="service") for _ in range(2)] == ["allow"] * 2
    api.stop("email", EMAIL, channels=None, reason="restriction")
    assert shop.decision("email", EMAIL, purpose="service") == "deny"


def test_the_scope_alone_checks_nothing(key_with: Callable[[frozenset[ApiScope]], Api]) -> None:
    alone = key_with(frozenset({ApiScope.SERVICE}))
    body = {"channel": "email", "identifier": EMAIL, "purpose": "service"}
    assert alone.post("/v1/checks", body).status_code == 403


def test_import_alone_undoes_no_import(
    app: Flask, api: Api, key_with: Callable[[frozenset[ApiScope]], Api]
) -> None:
    imports = Imports(app)
    applied = imports.apply(f"email\n{EMAIL}\n")
    path = f"/v1/imports/{applied.import_id}/undo"
    assert key_with(frozenset({ApiScope.IMPORT})).post(path).status_code == 403
    imports.work()
    assert api.decision("email", EMAIL) == "deny"
    assert key_with(frozenset({ApiScope.RELEASE})).post(path).status_code == 202
    imports.work()
    assert api.decision("email", EMAIL) == "allow"


def test_a_link_of_today_opens_nothing_that_was_closed_before(
    api: Api, clock: Clock, key_with: Callable[[frozenset[ApiScope]], Api]
) -> None:
    links = key_with(frozenset({ApiScope.LINKS}))
    admin = Imports(api.app)
    stops(api, clock, admin)["link_page"](EMAIL)
    clock.turn(days=1)
    person = Person(identifier=EMAIL)
    through_links(Attempt(api=links, person=person, clock=clock))
    assert opened_of(api, [person]) == set()
    history = api.search("email", EMAIL)["history"]
    assert str(Evidence.REOPENING) not in {entry["evidence"] for entry in history}


def opened_of(api: Api, people: Sequence[Person]) -> set[int]:
    """Return the indexes of the people whom a check allows on their channel, for any topic."""
    topics: list[dict[str, str]] = [{}, {"topic": "newsletter"}, {"topic": "offers"}]
    items = [
        {"channel": person.channel, "identifier": person.identifier} | more
        for person in people
        for more in topics
    ]
    results = api.post("/v1/checks/batch", {"items": items}).get_json()["results"]
    decisions = [result["decision"] for result in results]
    assert set(decisions) <= {"allow", "deny"}
    return {place // len(topics) for place, decision in enumerate(decisions) if decision == "allow"}
