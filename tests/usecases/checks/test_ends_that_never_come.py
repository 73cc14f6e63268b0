"""A stop with the end `31/12/9999`, which means for ever, breaks no answer, however it came."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import update

from suppression.domain.errors import InvalidValueError
from suppression.storage.engine.database import writing
from suppression.storage.suppressions.tables import DbSuppression
from tests.api import Api
from tests.importing import Imports

ANNA = "anna.martin@example.fr"
PHONE = "+33612345678"
FAR = ["31/12/9999", "31/12/9999 23:59", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-05:00"]


@pytest.mark.parametrize("reason", ["imported", "objection"])
@pytest.mark.parametrize("until", [*FAR, "9000-01-01"])
def test_an_end_that_never_comes_is_none(
    imports: Imports, french_api: Api, until: str, reason: str
) -> None:
    import_ = imports.apply(f"telephone;until\n{PHONE};{until}\n", reason=reason)
    assert imports.faults(import_) == []
    (row, *_) = french_api.search("phone", PHONE)["in_force"]
    assert row.get("expires_at") is None
    for channel in ("telephone", "sms"):
        assert french_api.codes(channel, PHONE)[0] == reason


@pytest.mark.parametrize("text", [f"email;occurred_at\n{ANNA};{day}\n" for day in FAR])
def test_a_stop_from_then_is_to_come(imports: Imports, text: str) -> None:
    (fault,) = imports.faults(imports.stage(text).import_)
    assert fault.reason == "date_ahead"


def test_terms_with_such_an_end_are_refused(imports: Imports) -> None:
    with pytest.raises(InvalidValueError):
        imports.stage(f"email\n{ANNA}\n", expires_at="9999-12-31T00:00:00Z")


def test_a_stop_with_such_an_end_is_refused_by_name(api: Api) -> None:
    for end in ("9999-12-31T23:59:59.999999Z", "9000-01-01T00:00:00Z"):
        answer = api.stop("email", ANNA, reason="imported", expires_at=end)
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.get_json()["errors"]] == ["/expires_at"]
    last = api.stop("email", ANNA, reason="imported", expires_at="8999-12-31T23:59:59Z")
    assert last.status_code == 201


@pytest.mark.parametrize("channel", ["telephone", "sms"])
def test_the_last_end_that_can_be_sent_is_counted_with(french_api: Api, channel: str) -> None:
    end = "8999-12-31T23:59:59Z"
    assert french_api.stop("phone", PHONE, reason="imported", expires_at=end).status_code == 201
    assert french_api.check(channel, PHONE)["decision"] == "deny"


@pytest.mark.parametrize("channel", ["telephone", "sms"])
def test_a_row_that_was_stored_with_it_is_denied_and_shown(
    app: Flask, french_api: Api, seen: set[str], channel: str
) -> None:
    seen.add(PHONE)
    french_api.stop("phone", PHONE, reason="imported")
    with app.app_context(), writing() as transaction:
        transaction.execute(
            update(DbSuppression).values(expires_at=datetime.max.replace(tzinfo=UTC))
        )
    answer = french_api.check(channel, PHONE)
    assert (answer["decision"], answer.get("retry_at")) == ("deny", None)
    assert french_api.search("phone", PHONE)["in_force"]


@pytest.fixture
def imports(app: Flask, french_api: Api, seen: set[str]) -> Imports:
    assert french_api.key
    seen.update({ANNA, PHONE})
    return Imports(app, "okonect")
