"""A stop beside a quoted message, or in a "liked" reaction, is not lost."""

from __future__ import annotations

import time

import pytest

from suppression.domain.sms.normalization import LIMIT
from suppression.domain.sms.reply_parsing import SmsIntent, parse_reply

HEADERS = (
    "Le lun. 3 mai 2026 Okwind a \u00e9crit :",
    "On Mon Okwind wrote:",
    "-----Original message-----",
)
NOTICES = (
    "STOP au 36180",
    "Stop SMS : 36180",
    "Pour ne plus recevoir nos SMS, envoyez STOP par SMS au 36180.",
    "Pour ne plus recevoir nos offres, r\u00e9pondez STOP",
    "Pour vous d\u00e9sabonner : 36180, avec le mot STOP",
    "Reply STOP to unsubscribe",
    "Text STOP to end",
    "STOP to opt out",
    "D\u00e9sinscription : https://okwind.fr/stop",
    "Se d\u00e9sabonner : okwind.fr/d",
)


@pytest.mark.parametrize(
    "text",
    [
        "J'adore \u00ab vos pubs \u00bb, STOP, \u00ab merci \u00bb",
        'j\'aime "vos pubs"\nSTOP\n"Jean"',
        'Liked "your texts" STOP "ok"',
        "A aim\u00e9 \u201cvos pubs\u201d, ne m'envoyez plus rien, \u201cmerci\u201d",
        "J'aime \u00ab STOP \u00bb",
        "J'aime \u201c\nvos pubs\nSTOP\n\u201d",
        'Liked "-30 %: "spring", stop"',
    ],
)
def test_words_between_the_quotes_of_a_reaction_go_to_a_person(text: str) -> None:
    """Only one pair of quotation marks is the repeated message of a "like"."""
    assert parse_reply(text).understood is SmsIntent.REVIEW


@pytest.mark.parametrize(
    "text",
    [
        "Liked \u201cOKWIND : -30 %. STOP au 36180\u201d",
        "A aim\u00e9 \u00ab OKWIND : \u00ab Printemps \u00bb -30 %\nSTOP au 36180 \u00bb ",
        "Loved \u201cOKWIND: \u201cSpring\u201d and \u201cSummer\u201d, reply STOP\u201d",
        'Liked \u201cOKWIND: "Spring". STOP au 36180\u201d',
    ],
)
def test_a_like_of_our_message_is_nobodys_stop(text: str) -> None:
    assert parse_reply(text).understood is SmsIntent.NONE


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize(
    "stop",
    [
        "STOP",
        "Arr\u00eat svp",
        "please stop texting me",
        "ne m'envoyez\nplus rien",
        "STOP. Merci !",
        "je ne veux plus de vos sms, appelez-moi au 06 12 34 56 78",
        "\u0441\u0442\u043e\u043f",
        "bla " * LIMIT,
    ],
)
def test_a_stop_below_an_unmarked_quote_goes_to_a_person(header: str, stop: str) -> None:
    for own in ("Bonjour", "Merci", "oui"):
        for promotion in ("Promo -30 %\n", f"Promo -30 %\n{NOTICES[0]}\n", ""):
            text = f"{own}\n{header}\n{promotion}{stop}"
            assert parse_reply(text).understood is SmsIntent.REVIEW


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("notice", NOTICES)
def test_how_our_message_tells_to_opt_out_is_nobodys_stop(header: str, notice: str) -> None:
    for own, expected in (("Bonjour", SmsIntent.NONE), ("oui", SmsIntent.START)):
        for promotion in (f"OKWIND -30 % ce week-end ! {notice}", f"Promo\n{notice}\n"):
            assert parse_reply(f"{own}\n{header}\n{promotion}").understood is expected


def test_a_stop_behind_marks_of_quotation_goes_to_a_person() -> None:
    """Some draw signs around the word."""
    assert parse_reply("Bonjour\n>>> STOP <<<").understood is SmsIntent.REVIEW
    assert parse_reply("oui\n> ARR\u00caT").understood is SmsIntent.REVIEW
    assert parse_reply("Bonjour\n> oui\n> STOP au 36180").understood is SmsIntent.NONE


def test_a_clear_stop_above_a_quote_stays_clear() -> None:
    assert parse_reply(f"STOP\n{HEADERS[0]}\nPromo\nSTOP").understood is SmsIntent.STOP


@pytest.mark.parametrize(
    "piece", ["a ", "stop ", "stop au ", "stop. ", "\u201c", "\u00aba\u00bb", '"', ">stop\n", "a."]
)
def test_no_quoted_text_keeps_the_service_busy(piece: str) -> None:
    for length in (LIMIT - 1, 250_000):
        text = (piece * length)[:length]
        for received in (f"ok\non monday he wrote:\n{text}", f'liked "{text}"', f"ok\n>{text}"):
            began = time.process_time()
            parse_reply(received)
            assert time.process_time() - began < 2
