"""The intent that is understood of a text message."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from suppression.domain.sms.normalization import LIMIT, fold, split_message, words
from suppression.domain.sms.reply_parsing import SmsIntent, parse_reply
from suppression.domain.sms.vocabulary import VOCABULARY, Part, Phrase, phrases
from tests.domain.sms.rows import Row, sms_rows

ROWS = sms_rows()
# docs/rules.md#m1
RULES = "stop stopall unsubscribe cancel end quit revoke arret arrete arreter desabonner"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: ascii(row.text))
def test_every_text_of_the_table_is_understood(row: Row) -> None:
    assert parse_reply(row.text).understood is row.understood


def test_there_are_enough_texts_of_each_sort() -> None:
    counted = Counter(row.understood for row in ROWS)
    assert len(ROWS) >= 320
    assert counted[SmsIntent.NONE] >= 120
    assert min(counted[SmsIntent.STOP], counted[SmsIntent.REVIEW]) >= 100
    assert counted[SmsIntent.START] >= 20
    assert len({row.text for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("keyword", [*RULES.split(), "opt out"])
def test_each_keyword_of_the_rules_is_a_clear_stop(keyword: str) -> None:
    for text in (keyword, f"{keyword} svp", f"{keyword} 36180"):
        reply = parse_reply(text)
        assert (reply.understood, reply.word) == (SmsIntent.STOP, keyword)


@pytest.mark.parametrize("phrase", phrases(), ids=lambda phrase: phrase.example)
def test_every_phrase_finds_its_own_example_and_decides_it(phrase: Phrase) -> None:
    assert phrase.pattern.search(" ".join(words(fold(phrase.example))))
    expected = SmsIntent.NONE if phrase.innocent else SmsIntent.REVIEW
    assert parse_reply(phrase.example).understood is expected


def test_no_word_of_the_tables_is_hidden_by_accents_or_case() -> None:
    written = [spelling for by_first in VOCABULARY.values() for spelling in by_first]
    assert [spelling for spelling in written if words(fold(" ".join(spelling))) != spelling] == []


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("STOP 3618", "3618"),
        ("STOP 07 55 12 34 56", "+33755123456"),
        ("stop au 0755123456 svp", "+33 7 55 12 34 56"),
        ("STOP Okwind", "OKWIND"),
        ("stop okwind énergie merci", "Okwind Énergie"),
        ("STOP OK2WIND", "OK2WIND"),
    ],
)
def test_what_the_message_was_sent_to_is_no_other_word(text: str, to: str) -> None:
    assert parse_reply(text, to=to).understood is SmsIntent.STOP
    assert parse_reply(text).understood is SmsIntent.REVIEW


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("STOP 0612345678", "+33755123456"),
        ("STOP 3456", "+33755123456"),
        ("STOP by tomorrow in the shop", "by tomorrow in the shop"),
        ("STOP 4711", ""),
    ],
)
def test_other_numbers_and_long_names_are_other_words(text: str, to: str) -> None:
    assert parse_reply(text, to=to).understood is not SmsIntent.STOP


def test_the_name_of_a_sender_alone_stops_nobody() -> None:
    assert parse_reply("Okwind", to="OKWIND").understood is SmsIntent.NONE
    assert parse_reply("", to="STOP").understood is SmsIntent.NONE


def test_a_quoted_message_of_ours_is_nobodys_stop() -> None:
    ours = "> OKWIND : -30 % ce week-end.\n> STOP au 36180"
    assert split_message(f"ok merci\n{ours}")[:2] == ("ok merci", "")
    assert split_message(f"on 12 nov okwind wrote:\n{ours}\nok merci")[:2] == ("ok merci", "")
    assert split_message("ok\non 12 nov okwind wrote:\nstop au 36180")[:2] == ("ok", "")
    assert split_message("ok\n-----original message-----\nstop au 36180")[:2] == ("ok", "")


SIGNATURE_MARKS = ("--", "-- ", "---", "\u2014", "___", "________________")
DEVICES = (
    "Sent from my phone",
    "Sent from my iPhone",
    "Envoy\u00e9 de mon iPhone",
    "Envoy\u00e9 depuis mon smartphone Samsung",
    "Get Outlook for Android",
)


@pytest.mark.parametrize("mark", [f"\n{mark}\n" for mark in SIGNATURE_MARKS])
@pytest.mark.parametrize(
    "behind",
    [
        "STOP",
        "Jean Dupont\nSTOP",
        "Jean Dupont\nARR\u00caT",
        "CANCEL",
        "Okwind Rennes, ne m'envoyez plus rien",
        "\u0441\u0442\u043e\u043f",
        "\U0001f6d1",
        "Jean " * LIMIT,
    ],
)
def test_a_stop_behind_the_mark_of_a_signature_goes_to_a_person(mark: str, behind: str) -> None:
    for own in ("Bonjour", "oui", "Merci pour tout"):
        assert parse_reply(f"{own}{mark}{behind}").understood is SmsIntent.REVIEW


@pytest.mark.parametrize("device", DEVICES)
def test_a_stop_behind_the_name_of_a_device_goes_to_a_person(device: str) -> None:
    assert parse_reply(f"Bonjour {device} STOP").understood is SmsIntent.REVIEW
    assert parse_reply(f"Bonjour\n{device}, stop svp").understood is SmsIntent.REVIEW
    assert parse_reply(f"Bonjour {device}").understood is SmsIntent.NONE


@pytest.mark.parametrize("mark", SIGNATURE_MARKS)
def test_a_signature_that_says_no_stop_changes_nothing(mark: str) -> None:
    signature = f"{mark}\nJean Dupont\nArr\u00eat de bus rue Foch\n35000 Rennes"
    assert parse_reply(f"A demain\n{signature}").understood is SmsIntent.NONE
    assert parse_reply(f"STOP\n{signature}").understood is SmsIntent.STOP
    assert parse_reply(f"OUI\n{signature}").understood is SmsIntent.START


@pytest.mark.parametrize("mark", SIGNATURE_MARKS)
def test_our_message_quoted_below_a_signature_is_nobodys_stop(mark: str) -> None:
    signed = f"A demain\n{mark}\nJean Dupont"
    assert parse_reply(f"{signed}\n> OKWIND -30 %\n> STOP au 36180").understood is SmsIntent.NONE
    header = "Le 12/11/2026, OKWIND a \u00e9crit :"
    assert parse_reply(f"{signed}\n{header}\nSTOP au 36180").understood is SmsIntent.NONE
    assert parse_reply(f"{signed}\n{header}\n> STOP au 36180").understood is SmsIntent.NONE


def test_a_stop_before_a_long_signature_is_clear() -> None:
    assert parse_reply("STOP\n--\n" + "bla " * LIMIT).understood is SmsIntent.STOP


@pytest.mark.parametrize("text", ["STOP " * LIMIT, "stop" + " bla" * LIMIT, "bla " * LIMIT])
def test_a_text_too_long_for_a_reply_goes_to_a_person(text: str) -> None:
    assert parse_reply(text).understood is SmsIntent.REVIEW


def test_spaces_make_no_text_too_long() -> None:
    assert parse_reply(" " * LIMIT + "STOP" + "\n" * LIMIT).understood is SmsIntent.STOP


def test_both_words_are_for_a_person() -> None:
    for text in ("oui stop", "stop oui", "START STOP", "stop ou oui"):
        assert parse_reply(text).understood is SmsIntent.REVIEW


@pytest.mark.parametrize(
    "piece",
    [
        "a ",
        "stop ",
        "STOP sms pub ",
        "ne veux ",
        "s'il vous plait ",
        ">\n",
        "\n",
        "on ",
        "«",
        "\ud800",
    ],
)
def test_no_text_keeps_the_service_busy(piece: str) -> None:
    for length in (LIMIT - 1, 250_000):
        text = (piece * length)[:length]
        for received in (text, f"ok\n--\n{text}"):
            began = time.process_time()
            parse_reply(received)
            assert time.process_time() - began < 2


def test_keywords_that_take_no_object_are_read_so() -> None:
    parts = {part for by_first in VOCABULARY.values() for part, _ in by_first.values()}
    assert parts == set(Part) - {Part.CODE, Part.OTHER}
    assert parse_reply("arrêt promo").understood is SmsIntent.REVIEW
    assert parse_reply("end promo").understood is SmsIntent.REVIEW
    assert parse_reply("stop promo").understood is SmsIntent.STOP
