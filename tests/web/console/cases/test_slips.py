"""Mistakes of a new clerk are handled: typing errors, incomplete forms, an ended session."""

from __future__ import annotations

import pytest

from tests.api import Api
from tests.web.console.browser import STOP, Browser

OTHER = "06 98 76 54 32"
SLIP = "06 12 34 56 7"
OURS = {"Sec-Fetch-Site": "same-origin"}


def test_two_numbers_on_a_line_are_both_stopped(clerk: Browser, api: Api) -> None:
    clerk.post("/okwind/record", STOP | {"phones": f"06 12 34 56 78 ou {OTHER} (le soir)"})
    assert "Not yet stopped" not in clerk.text
    assert api.decision("telephone", "06 12 34 56 78") == "deny"
    assert api.decision("telephone", OTHER) == "deny"


def test_a_number_with_a_digit_missing_does_not_pass_for_stopped(clerk: Browser) -> None:
    clerk.seen.add(SLIP)
    clerk.post("/okwind/record", STOP | {"phones": SLIP})
    assert "Not yet stopped: <strong>telephone</strong>" in clerk.text
    assert "this number looks wrong" in clerk.text
    assert "In force from now on" not in clerk.text


def test_a_slip_is_mended_in_the_same_case(clerk: Browser, dpo: Browser, api: Api) -> None:
    clerk.seen.add(SLIP)
    clerk.post("/okwind/record", STOP | {"phones": SLIP})
    path = f"/okwind/record/{clerk.reference()}"
    assert clerk.post(path, {"phones": SLIP}).status_code == 422
    assert clerk.post(path, {"phones": OTHER}).status_code == 200
    assert "In force from now on: <strong>telephone</strong>" in clerk.text
    assert api.decision("telephone", OTHER) == "deny"
    dpo.get("/okwind/today")
    assert clerk.reference() in dpo.text


def test_a_clerk_completes_no_case_of_somebody_else(clerk: Browser, dpo: Browser) -> None:
    dpo.post("/okwind/record", STOP | {"phones": ""})
    path = f"/okwind/record/{dpo.reference()}"
    assert clerk.post(path, {"phones": OTHER}).status_code == 404
    assert dpo.post(path, {"phones": OTHER}).status_code == 200


def test_half_a_form_may_be_previewed(clerk: Browser) -> None:
    page = clerk.post("/okwind/record", {"phones": OTHER, "do": "preview"})
    assert page.status_code == 200
    assert "+33 6 98 76 54 32" in clerk.text


def test_what_is_wrong_stands_beside_its_field(clerk: Browser) -> None:
    clerk.post("/okwind/record", STOP | {"received_on": "2030-01-01", "channels": ""})
    assert 'aria-describedby="received_on-error received_on-hint"' in clerk.text
    assert 'id="received_on-error"' in clerk.text
    assert 'id="channels-error"' in clerk.text


def test_what_is_stopped_only_in_part_is_not_called_stopped_by_nothing(clerk: Browser) -> None:
    clerk.seen.add("zoe@@example")
    form = STOP | {"kinds": "objection_sharing", "phones": OTHER, "emails": "zoe@@example"}
    clerk.post("/okwind/record", form)
    assert "Not everything is stopped yet." in clerk.text


def test_the_identifiers_of_an_access_request_are_kept_for_whoever_answers(
    clerk: Browser, dpo: Browser
) -> None:
    clerk.post("/okwind/record", STOP | {"kinds": "access", "channels": ""})
    dpo.get(f"/okwind/cases/{clerk.reference()}")
    assert "06 12 34 56 78" in dpo.text
    clerk.post("/okwind/record", STOP)
    dpo.get(f"/okwind/cases/{clerk.reference()}")
    assert "06 12 34 56 78" not in dpo.text


def test_words_for_one_step_stand_in_no_other(clerk: Browser, dpo: Browser) -> None:
    clerk.post("/okwind/record", STOP | {"kinds": "access", "channels": ""})
    path = f"/okwind/cases/{clerk.reference()}"
    dpo.seen.add("too many letters")
    assert dpo.post(f"{path}/extend", {"text": "too many letters"}).status_code == 422
    assert dpo.text.count("too many letters") == 1
    assert 'href="#step-extend"' in dpo.text


@pytest.mark.parametrize(
    ("step", "answer", "form"),
    [("extend", "extended", {}), ("refuse", "refused", {"ground": "excessive"})],
)
def test_a_letter_gives_the_reasons_once_the_decision_is_recorded(
    clerk: Browser, dpo: Browser, step: str, answer: str, form: dict[str, str]
) -> None:
    clerk.post("/okwind/record", STOP | {"kinds": "access", "channels": ""})
    path = f"/okwind/cases/{clerk.reference()}"
    dpo.get(f"{path}/answers/{answer}/en")
    assert "This letter is not ready" in dpo.text
    dpo.seen.add("Your four hundredth letter.")
    dpo.post(
        f"{path}/{step}",
        {"told_on": STOP["received_on"], "text": "Your four hundredth letter.", **form},
    )
    dpo.get(f"{path}/answers/{answer}/en")
    assert dpo.text.count("Your four hundredth letter.") == 2  # the letter, and the text to paste
    assert "not ready" not in dpo.text


def test_a_letter_with_a_word_that_nothing_replaces_says_so(dpo: Browser) -> None:
    dpo.post("/okwind/record", STOP)
    path = f"/okwind/cases/{dpo.reference()}/answers/received/en"
    dpo.get(path)
    assert "words in braces" not in dpo.text
    form = {"answer": "received", "language": "en", "body": "{salutation} {nmae}"}
    assert dpo.post("/okwind/answers", form).status_code == 303
    dpo.get(path)
    assert "words in braces" in dpo.text


def test_nobody_is_asked_for_an_identifier_that_is_not_missing(dpo: Browser) -> None:
    dpo.post("/okwind/record", STOP)
    dpo.get(f"/okwind/cases/{dpo.reference()}")
    assert "/answers/identifier_missing/" not in dpo.text
    dpo.post("/okwind/record", STOP | {"phones": ""})
    dpo.get(f"/okwind/cases/{dpo.reference()}")
    assert "/answers/identifier_missing/" in dpo.text


def test_a_look_up_names_who_stopped(clerk: Browser) -> None:
    clerk.post("/okwind/record", STOP)
    clerk.post("/okwind/look-up", {"purpose": "request", "identifier": "06 12 34 56 78"})
    history = clerk.text[clerk.text.index("History") :]
    assert "a.intake" in history
    assert "user:" not in history


def test_a_wrong_password_leaves_the_login_there(clerk: Browser) -> None:
    clerk.post("/sign-out")
    clerk.get("/sign-in")
    clerk.post("/sign-in", {"login": "a.intake", "password": "not hers"})
    assert 'value="a.intake"' in clerk.text


def test_what_was_typed_survives_the_end_of_the_session(clerk: Browser, api: Api) -> None:
    clerk.clock.turn(hours=13)
    held = {"csrf_token": clerk.token(), **STOP}
    late = clerk.client.post(
        "/console/okwind/record", data=held, headers=OURS, base_url="https://localhost"
    )
    assert late.status_code == 400
    assert "06 12 34 56 78" in late.get_data(as_text=True)
    assert "Sign in again" in late.get_data(as_text=True)
    assert api.decision("telephone", "06 12 34 56 78") == "allow"
    clerk.sign_in("a.intake")
    back = clerk.client.post(
        "/console/okwind/record", data=held, headers=OURS, base_url="https://localhost"
    )
    clerk.last = back
    assert "Your session is open" in clerk.text
    assert clerk.post("/okwind/record", STOP).status_code == 200
    assert api.decision("telephone", "06 12 34 56 78") == "deny"


def test_what_a_stranger_sends_is_never_shown(clerk: Browser) -> None:
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        answer = clerk.client.post(
            "/console/okwind/record", data=STOP, headers=headers, base_url="https://localhost"
        )
        assert "06 12 34 56 78" not in answer.get_data(as_text=True)
