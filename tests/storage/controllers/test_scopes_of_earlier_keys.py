"""Migration 0013 gives the scope `service` to the keys with `check`, and to no other key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from suppression.domain.vocabulary import ApiScope
from suppression.storage.engine.base import db
from suppression.storage.engine.database import disconnect
from suppression.usecases.controllers.api_keys import list_api_keys
from suppression.usecases.controllers.branding import find_branding
from suppression.usecases.controllers.queries import find_controller
from suppression.wiring.whole import create_app
from tests.api import Api, make_controller, make_key
from tests.conftest import Clock
from tests.databases import empty_database, migrate, settings_for

BEFORE = {"check": True, "attest check suppress": True, "check-not": False, "suppress": False}
EMAIL = "jean.dupont@example.fr"


@pytest.fixture
def migrated_twice(backend: str, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    """Yield an application whose database of the version before, with four keys, was upgraded."""
    with empty_database(backend, tmp_path) as url:
        migrate(url)
        app = create_app(settings_for(url), clock=clock)
        controller = make_controller(app, "okwind")
        for scope in (ApiScope.CHECK, ApiScope.SERVICE, ApiScope.SUPPRESS, ApiScope.AUDIT):
            make_key(app, controller, [scope])
        with app.app_context():
            downgrade(revision="0011")
            with db.engine.begin() as connection:
                numbers = connection.execute(text("SELECT number FROM api_keys ORDER BY number"))
                for number, words in zip(numbers.scalars().all(), BEFORE, strict=True):
                    statement = text("UPDATE api_keys SET scopes = :words WHERE number = :number")
                    connection.execute(statement, {"words": words, "number": number})
                connection.execute(
                    text(
                        "INSERT INTO brands (controller_number, colour, dpo_contact, logo_type)"
                        " VALUES (:number, '#1d4ed8', 'dpo@okwind.example', '')"
                    ),
                    {"number": controller.number},
                )
            upgrade()
            yield app
            disconnect()


def test_keys_with_check_get_it_and_no_other(migrated_twice: Flask) -> None:
    controller = make_controller(migrated_twice, "other")
    with migrated_twice.app_context():
        okwind = find_controller("okwind")
        keys = list_api_keys(okwind, now=Clock().now)
        assert list_api_keys(controller, now=Clock().now) == []
        assert find_branding("okwind").resubscribe_url == ""
    assert [ApiScope.SERVICE in key.scopes for key in keys] == list(BEFORE.values())


def test_a_key_made_since_must_ask_for_it(migrated_twice: Flask, seen: set[str]) -> None:
    controller = make_controller(migrated_twice, "other")
    check = {"channel": "email", "identifier": EMAIL, "purpose": "service"}
    for scopes, status in (([ApiScope.CHECK], 403), ([ApiScope.CHECK, ApiScope.SERVICE], 200)):
        caller = Api(migrated_twice, make_key(migrated_twice, controller, scopes), seen)
        assert caller.post("/v1/checks", check).status_code == status


def test_a_scope_that_only_newer_code_knows_grants_nothing(
    migrated_twice: Flask, seen: set[str]
) -> None:
    """So a later version may store its new scope in the column `scopes`."""
    controller = make_controller(migrated_twice, "other")
    caller = Api(migrated_twice, make_key(migrated_twice, controller, [ApiScope.CHECK]), seen)
    with migrated_twice.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE api_keys SET scopes = 'check fly'"))
    assert caller.send("GET", "/v1/me").get_json()["scopes"] == ["check"]
