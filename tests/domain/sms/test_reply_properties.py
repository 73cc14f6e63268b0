"""A keyword is found with certain texts around it, and other texts are never a keyword."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from suppression.domain.sms.normalization import fold, words
from suppression.domain.sms.reply_parsing import SmsIntent, parse_reply
from suppression.domain.sms.vocabulary import VOCABULARY, Part
from tests.domain.sms.rows import sms_rows

STOPPING = {Part.STOP, Part.HALT, Part.BARE}
WRITTEN = {spelling: part for row in VOCABULARY.values() for spelling, (part, _) in row.items()}
STOPS = sorted(" ".join(spelling) for spelling, part in WRITTEN.items() if part in STOPPING)
KEYWORDS = sorted(
    {*STOPS, *(" ".join(spelling) for spelling in WRITTEN if WRITTEN[spelling] is Part.START)}
)
KNOWN = {word for spelling in WRITTEN for word in spelling}
INNOCENT = sorted(
    {
        word
        for row in sms_rows()
        if row.understood is SmsIntent.NONE
        for word in words(fold(row.text))
        if word.isalpha() and word not in KNOWN
    }
)
AROUND = (
    " \t\n\r\u00a0\u202f\u200b\ufeff.,;:!?\u2026-\u2013_'\u2019\"\u201c\u201d\u00ab\u00bb"
    "()[]{}*#>/|~&+=\u2764\U0001f64f"
)
ACCENTS = ("", "\u0301", "\u0300", "\u0302", "\u0308", "\u0327", "\u200b", "\u00ad")
around = st.text(AROUND, max_size=8)


@st.composite
def in_disguise(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a keyword, and a writing of it in any case, with accents and invisible characters."""
    keyword = draw(st.sampled_from(KEYWORDS))
    letters = []
    for letter in keyword:
        written = letter.upper() if draw(st.booleans()) else letter
        letters.append(written + (draw(st.sampled_from(ACCENTS)) if letter.isalpha() else ""))
    joined = "".join(letters)
    return keyword, unicodedata.normalize("NFC", joined) if draw(st.booleans()) else joined


@given(in_disguise(), around, around)
def test_what_stands_around_a_keyword_changes_nothing(
    disguised: tuple[str, str], before: str, after: str
) -> None:
    keyword, written = disguised
    assert parse_reply(before + written + after) == parse_reply(keyword)


@given(st.sampled_from(STOPS), st.integers(1, 5), st.sampled_from([" ", ", ", "! ", "\n"]))
def test_a_keyword_said_often_is_said_once(keyword: str, times: int, between: str) -> None:
    assert parse_reply(between.join([keyword] * times)).understood is SmsIntent.STOP


@given(st.lists(st.sampled_from(INNOCENT), min_size=4, max_size=15))
def test_a_sentence_of_innocent_words_is_never_a_stop(sentence: list[str]) -> None:
    assert parse_reply(" ".join(sentence)).understood in {SmsIntent.NONE, SmsIntent.REVIEW}


@given(
    st.lists(st.sampled_from(INNOCENT), min_size=4, max_size=15),
    st.sampled_from(STOPS),
    st.integers(0, 15),
)
def test_nor_with_a_keyword_among_them(sentence: list[str], keyword: str, place: int) -> None:
    sentence.insert(place, keyword)
    assert parse_reply(" ".join(sentence)).understood in {SmsIntent.NONE, SmsIntent.REVIEW}


@given(st.text(), st.text(max_size=40))
def test_any_text_at_all_is_read(text: str, to: str) -> None:
    assert parse_reply(text, to=to).understood in SmsIntent
