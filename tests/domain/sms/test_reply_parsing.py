"""What is understood of a text message."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from suppression.domain.sms.normalization import LIMIT, fold, without_quotes, words
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
    assert without_quotes(f"ok merci\n{ours}") == "ok merci"
    assert without_quotes(f"on 12 nov okwind wrote:\n{ours}\nok merci") == "ok merci"
    assert without_quotes("ok\non 12 nov okwind wrote:\nstop au 36180") == "ok"
    assert without_quotes("ok\n-----original message-----\nstop au 36180") == "ok"


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
        began = time.perf_counter()
        parse_reply(text)
        assert time.perf_counter() - began < 2


def test_keywords_that_take_no_object_are_read_so() -> None:
    parts = {part for by_first in VOCABULARY.values() for part, _ in by_first.values()}
    assert parts == set(Part) - {Part.CODE, Part.OTHER}
    assert parse_reply("arrêt promo").understood is SmsIntent.REVIEW
    assert parse_reply("end promo").understood is SmsIntent.REVIEW
    assert parse_reply("stop promo").understood is SmsIntent.STOP
