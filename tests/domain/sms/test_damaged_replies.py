"""Replies that a gateway damaged with a wrong encoding are understood, or read by a person."""

from __future__ import annotations

import pytest

from suppression.domain.sms.reply_parsing import SmsIntent, parse_reply

WORDS = (
    "Arr\u00eat",
    "ARR\u00caT",
    "D\u00e9sabonnement",
    "d\u00e9sinscription",
    "\u00abSTOP\u00bb",
)


def _misread(text: str, encoding: str) -> str:
    """What a gateway makes of UTF-8 that it takes for another encoding."""
    return text.encode().decode(encoding)


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("around", ["{}", "{} svp", "Bonjour, {} merci"])
def test_a_stop_that_was_misread_is_a_stop(word: str, around: str) -> None:
    text = around.format(word)
    expected = parse_reply(text)
    assert expected.understood is SmsIntent.STOP
    once = _misread(text, "cp1252")
    for damaged in (once, _misread(once, "cp1252"), _misread(text, "latin-1"), f"\ufeff{text}"):
        assert parse_reply(damaged) == expected
    assert parse_reply(_misread(f"\ufeff{text}", "cp1252")) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("D&eacute;sabonnement", "Arr&ecirc;t", "Arr&#234;t svp", "&laquo; STOP &raquo;"),
        *("&lt;STOP&gt;", "STOP&nbsp;SMS", "S&#84;OP"),
    ],
)
def test_a_stop_with_entities_of_a_web_page_is_a_stop(text: str) -> None:
    assert parse_reply(text).understood is SmsIntent.STOP


@pytest.mark.parametrize("word", ["Arr\u00eat", "D\u00e9sabonnement", "d\u00e9sinscription svp"])
def test_a_stop_that_lost_a_letter_goes_to_a_person(word: str) -> None:
    damaged = {
        *(_misread(word, encoding) for encoding in ("cp850", "cp437", "mac-roman")),
        *(word.encode("cp1252").decode(encoding) for encoding in ("cp850", "cp437")),
        *(word.encode("ascii", errors).decode() for errors in ("replace", "ignore")),
        word.encode("cp1252").decode("utf-8", "replace"),
        word.encode("ascii", "backslashreplace").decode(),
        "".join(char if char.isascii() else f"%{ord(char):02X}" for char in word),
        "".join(char if char.isascii() else "=C3=A9" for char in word),
        "".join(char if char.isascii() else "\x05" for char in word),
    }
    assert {parse_reply(text).understood for text in damaged} == {SmsIntent.REVIEW}


def test_a_text_that_stays_damaged_goes_to_a_person() -> None:
    assert parse_reply("Ren\u00c3\u00a9 vous dit \u0153uf \u00ea").understood is SmsIntent.REVIEW


@pytest.mark.parametrize(
    "text",
    [
        *("des abonnements ?", "arriver \u00e0 temps", "Tom & Anne; merci", "-30%de remise"),
        *("d\u00e9j\u00e0 inscrit", "voil\u00e0\u2026 merci", "\u00c2ge : 40 ans"),
    ],
)
def test_other_words_are_no_damaged_stop(text: str) -> None:
    assert parse_reply(text).understood is SmsIntent.NONE
