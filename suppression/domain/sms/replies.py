"""What a reply by text message asks for: STOP and its like, in French and English.

See docs/rules.md#m1.

Only a reply made of nothing but known words is a clear stop. What may be one goes to a person.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from suppression.domain.sms.keywords import PHRASES, VOCABULARY, Part, Words
from suppression.domain.sms.normalization import LIMIT, fold, without_quotes, words

# STOP takes what is to stop (STOP SMS, STOP la pub, SMS STOP, STOP marketing); "arret" messages
# only ("arret promo" is the end of a promotion); "end" and its like nothing. A name may follow a
# closing formula. Each row of letters has one reading, so that nothing is tried twice; possessive
# quantifiers would say the same, and Python 3.11.2 gets them wrong.
_CLEAR = re.compile(
    r"(?:C|d?N|L(?![CU]*U)|(?<![KAmsd])m+(?=K)|K(?:d{0,3}m|s)*|A(?:d{0,3}m)*|W)+"
    r"(?:L[CU]{1,3})?"
)
_START = re.compile(r"[CLNSms]*S[CLNSms]*(?:L[CU]{1,3})?")
_KEYWORDS = (Part.STOP, Part.HALT, Part.BARE)
_CODE_LENGTHS = (5, 6)
_SENDER_WORDS = 4
_NATIONAL_DIGITS = 9
_ERASED = "\u00b7"
_READ = re.compile("LATIN (?!LETTER SMALL CAPITAL)")
_HALTING_SIGNS = re.compile("[\U0001f6d1\u26d4\U0001f6ab\u270b\U0001f590\U0001f595]")


class SmsIntent(StrEnum):
    """What was understood of a text message."""

    STOP = "stop"
    REVIEW = "review"
    START = "start"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class SmsReply:
    """A reading. `word` is the keyword, in one spelling, of a clear stop or start; else ''."""

    understood: SmsIntent
    word: str = ""


def parse_reply(text: str, *, to: str = "") -> SmsReply:
    """What a text message asks for; `to` is the number or sender's name that it was sent to.

    >>> [str(parse_reply(one).understood) for one in ("Stop svp !", "Stop by later?")]
    ['stop', 'none']
    >>> parse_reply("\u00ab D\u00c9SABONNER \u00bb 36180").word
    'desabonner'
    >>> str(parse_reply("please stop texting me").understood)
    'review'
    """
    own = without_quotes(fold(text)).strip()
    if len(own) > LIMIT:
        return SmsReply(understood=SmsIntent.REVIEW)
    said = words(own)
    clear = _clear(said, to)
    if clear:
        return clear
    doubtful = _may_mean_stop(said, own)
    return SmsReply(understood=SmsIntent.REVIEW if doubtful else SmsIntent.NONE)


def _clear(said: Words, to: str) -> SmsReply | None:
    """The reading of a reply that is made of known words alone."""
    parts = list(_parts(said, to))
    letters = "".join(part for part, _ in parts)
    for understood, grammar, keys in (
        (SmsIntent.STOP, _CLEAR, _KEYWORDS),
        (SmsIntent.START, _START, (Part.START,)),
    ):
        keywords = [word for part, word in parts if part in keys]
        if keywords and grammar.fullmatch(letters):
            return SmsReply(understood=understood, word=keywords[0])
    return None


def _parts(said: Words, to: str) -> Iterator[tuple[Part, str]]:
    """What each word is, the longest known phrase first."""
    sender = words(fold(to))[: _SENDER_WORDS + 1]
    start = 0
    while start < len(said):
        digits = tuple(itertools.takewhile(str.isdecimal, said[start:]))
        if digits:
            yield (Part.CODE if _is_code(digits, to) else Part.OTHER), ""
            start += len(digits)
        elif 0 < len(sender) <= _SENDER_WORDS and said[start : start + len(sender)] == sender:
            yield Part.CODE, ""
            start += len(sender)
        else:
            length, part, word = _longest(said, start)
            yield part, word
            start += length


def _longest(said: Words, start: int) -> tuple[int, Part, str]:
    for written, (part, word) in VOCABULARY.get(said[start], {}).items():
        if said[start : start + len(written)] == written:
            return len(written), part, word
    return 1, Part.OTHER, ""


def _is_code(digits: Words, to: str) -> bool:
    """Whether digits are a short code, or the number that the message was sent to.

    >>> _is_code(("36", "180"), ""), _is_code(("07", "55", "12", "34", "56"), "+33755123456")
    (True, True)
    """
    number, ours = "".join(digits), re.sub(r"[^0-9]", "", to)
    if len(number) in _CODE_LENGTHS or all(len(digit) in _CODE_LENGTHS for digit in digits):
        return True
    same_end = number[-_NATIONAL_DIGITS:] == ours[-_NATIONAL_DIGITS:]
    return number == ours or (same_end and len(number) >= _NATIONAL_DIGITS)


def _may_mean_stop(said: Words, own: str) -> bool:
    """Whether a person should read it: the phrases decide, in their order."""
    rest = " ".join(said)
    for phrase in PHRASES:
        if phrase.innocent:
            rest = phrase.pattern.sub(_ERASED, rest)
        elif phrase.pattern.search(rest):
            return True
    return _foreign(own) or (not said and bool(_HALTING_SIGNS.search(own)))


def _foreign(own: str) -> bool:
    """Whether any letter is of a script that our tables do not read, also inside a word of ours.

    >>> _foreign("\u03c3\u03c4\u03bf\u03c0"), _foreign("st\u043ep"), _foreign("mon c\u0153ur")
    (True, True, False)
    """
    return not own.isascii() and any(
        char.isalpha() and not _READ.match(unicodedata.name(char, "")) for char in own
    )
