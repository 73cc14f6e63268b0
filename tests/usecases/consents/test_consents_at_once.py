"""A consent that several callers send at one time is stored once; a release then revives none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from tests.api import Api
from tests.consenting import consent, on_record

PHONE = "+33612345678"


def test_the_same_consent_sent_eight_times_at_once_is_created_once(
    app: Flask, french_api: Api
) -> None:
    def send(_: int) -> list[str]:
        answer = consent(Api(app, french_api.key, french_api.seen), "phone", PHONE)
        return [str(result["outcome"]) for result in answer.get_json()["results"]]

    with ThreadPoolExecutor(8) as senders:
        outcomes = [outcome for some in senders.map(send, range(8)) for outcome in some]
    assert sorted(outcomes) == ["already"] * 14 + ["created"] * 2
    assert len(on_record(french_api, "phone", PHONE)) == 2


def test_a_consent_and_a_release_at_once_leave_nothing_allowed(app: Flask, french_api: Api) -> None:
    for at in range(10):
        email = f"person{at}@example.fr"
        french_api.stop("email", email)

        def send(what: str, email: str = email) -> int:
            api = Api(app, french_api.key, french_api.seen)
            if what == "release":
                released = api.release("email", email, channels="all", reasons=["objection"])
                return released.status_code
            return consent(api, "email", email).status_code

        with ThreadPoolExecutor(2) as senders:
            assert set(senders.map(send, ("consent", "release"))) <= {200, 201}
        assert french_api.codes("email", email) == ["no_consent"]
