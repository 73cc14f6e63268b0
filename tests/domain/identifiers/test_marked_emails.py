"""E-mail addresses are read with the marks of lists and spreadsheets around them, or escapes."""

from __future__ import annotations

import re

import pytest

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.email import email_texts
from suppression.domain.identifiers.match_keys import KeyUse

MARKED = [
    *(f"{sign}jean@example.fr" for sign in "!#$%&'*+-./=?^`{|}~\u2022\u2013\u00bf"),
    *(f"jean{sign}@example.fr" for sign in "!#$%&'*/=?^`{|}~\u2022"),
    *(f"jean@example.fr{sign}" for sign in "-_\u00b0\u2764\u20ac"),
    *(f"jean@{sign}example.fr" for sign in "-_"),
    "'jean'@example.fr",
    "**jean**@example.fr",
    "_jean@example.fr_",
    "%20jean@example.fr",
    "%0D%0A%09jean@example.fr",
    "%E2%80%8Bjean@example.fr",
    "%EF%BB%BF%C2%A0jean@example.fr",
    "%3Ajean@example.fr",
    "'%20'jean'@example.fr",
    "*%2A%22jean@example.fr",
    "email=jean@example.fr",
    "mailto:*jean@example.fr",
    "Jean <-jean@example.fr>",
]


@pytest.mark.parametrize("written", MARKED)
def test_marks_that_an_address_may_have_give_it_a_second_form(written: str) -> None:
    forms = email_texts(written)
    assert [form.text for form in forms if form.use.is_stored][1:] == ["jean@example.fr"]


@pytest.mark.parametrize(
    "escaped",
    [
        *("%41dam", "%20%41dam", "'%41dam", "%35dam", "%7Adam", "%5Fadam", "%00adam"),
        *("%C3%A9lise", "%E9lise", "%2541dam", "%20%2541dam", "%bernard", "%adam"),
    ],
)
def test_an_escape_that_may_be_of_a_letter_gives_nobody_elses_address(escaped: str) -> None:
    forms = email_texts(f"{escaped}@example.fr")
    assert [form.text for form in forms if form.use.is_stored] == [f"{escaped.lower()}@example.fr"]


@pytest.mark.parametrize("name", ["jean", "c\u00e9line", "2jean", "alice"])
def test_a_percent_sign_before_what_is_no_escape_is_a_mark(name: str) -> None:
    assert email_texts(f"%{name}@example.fr")[1].text == f"{name}@example.fr"


def test_what_0_9_0_made_of_a_guarded_address_is_asked() -> None:
    assert [(form.text, form.use) for form in email_texts("'*jean@example.fr")] == [
        ("'*jean@example.fr", KeyUse.BOTH),
        ("jean@example.fr", KeyUse.BOTH),
        ("*jean@example.fr", KeyUse.LOOKUP),
    ]


@pytest.mark.parametrize(
    "written",
    [
        "_jean@example.fr",
        "jean_@example.fr",
        "jean-@example.fr",
        "jean+@example.fr",
        "taro.@docomo.ne.jp",
        "taro..@docomo.ne.jp",
    ],
)
def test_signs_with_which_mailboxes_begin_and_end_give_none(written: str) -> None:
    assert len(email_texts(written)) == 1


@pytest.mark.parametrize(
    "around",
    [
        *("({})", "Shaun ({})", "- {}", "\u2022 {}", '"mailto:{}"', "(mailto:{})", "[{}]", "<{}>"),
        *("'{}'", "email={}", "(email={})", "mail : {}", 'href="mailto:{}"', "(='{}')", ">{}"),
        *("\u00ab {} \u00bb", "({});", "{} (perso)"),
    ],
)
@pytest.mark.parametrize(
    "mailbox", ["o'neil", "d'artagnan.l'ancien", "jean=x", "l'a=b", "o''neil", "x='y"]
)
def test_an_apostrophe_or_equals_sign_in_a_mailbox_cuts_nothing_off(
    mailbox: str, around: str
) -> None:
    """`(o'neil@example.fr)` was read as neil@example.fr, who is another person."""
    written = around.format(f"{mailbox}@example.fr")
    plain = email_texts(f"{mailbox}@example.fr")[0]
    assert plain.text in [form.text for form in email_texts(written)]
    cut = re.split("['=]", mailbox)[-1]
    assert f"{cut}@example.fr" not in [form.text for form in email_texts(written)]


@pytest.mark.parametrize("mailbox", ["o''neil", "x='y"])
def test_a_sign_that_opens_nothing_takes_no_address_out(mailbox: str) -> None:
    with pytest.raises(IdentifierParseError):
        email_texts(f"X {{{mailbox}@example.fr}}")
