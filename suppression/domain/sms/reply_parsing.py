"""Intent of a reply by text message: STOP and similar words, in French and English.

See docs/rules.md#m1. Only a reply that consists of known words, and perhaps a name after a closing
formula, is a clear stop. Any other reply that may mean stop is read by a person.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from suppression.domain.damaged_text import MISREAD, repaired_text
from suppression.domain.sms.normalization import LIMIT, MessageParts, fold, split_message, words
from suppression.domain.sms.vocabulary import VOCABULARY, Part, Words, phrases

# The subject of the stop may follow STOP (STOP SMS, STOP la pub, SMS STOP, STOP marketing). Only a
# word for messages may follow "arret" ("arret promo" is the end of a promotion), and no word may
# follow "end". A name may follow a closing formula. Each string of letters matches in one way only,
# so that nothing is tried twice; possessive quantifiers would do the same, but Python 3.11.2 has a
# bug in them.
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
# The longest line that is read as a clear stop in a quoted message, in characters.
_SHORT_LINE = 160
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n")
# How companies tell people to opt out: `STOP au 36180`, `r\u00e9pondez STOP`, `reply STOP`, a link.
_OPT_OUT_NOTICE = re.compile(
    r"\bstop\W+(?:(?:au|a|sms|par|to|pub|promo|gratuit|gratuitement)\W+){0,4}[0-9]{5,6}\b"
    r"|\b[0-9]{5,6}\W+(?:(?:avec|par|sms|envoyez|le|mot|with|the|word)\W+){0,4}stop\b"
    r"|\b(?:envoye[rz]|repond\w{1,4}|tape[rz]|reply|text|txt|send|respond|rep)\W+"
    r"(?:(?:par|sms|le|mot|simplement|the|word|with|back)\W+){0,3}stop\b"
    r"|\bstop (?:to|2) (?:end|cancel|opt|unsub|quit|stop)"
    r"|\bhttps?:|\b[\w-]{1,60}\.(?:fr|com|net|org|eu|io|me|ly|co|info)\b"
)
_READABLE = re.compile("LATIN (?!LETTER SMALL CAPITAL)")
_HALTING_SIGNS = re.compile("[\U0001f6d1\u26d4\U0001f6ab\u270b\U0001f590\U0001f595]")


class SmsIntent(StrEnum):
    """The intent of a text message: a clear stop, a clear start, or neither.

    `review`: the message may mean stop, so a person has to read it; `none`: it does not.
    """

    STOP = "stop"
    REVIEW = "review"
    START = "start"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class SmsReply:
    """The interpretation of a reply: its intent, and its keyword.

    `word` is the canonical keyword of a clear stop or start; '' for any other reply.
    """

    understood: SmsIntent
    word: str = ""


def parse_reply(text: str, *, to: str = "") -> SmsReply:
    """Return the intent of a text message; `to` is the number or sender name that it was sent to.

    A text with more than LIMIT characters, quoted messages and signature not counted, is for
    review, and so is a text whose signature or quoted message alone may hold a stop of the sender,
    and one that a wrong encoding damaged beyond repair.

    >>> [str(parse_reply(text).understood) for text in ("Stop svp !", "Stop by later?")]
    ['stop', 'none']
    >>> parse_reply("\u00ab D\u00c9SABONNER \u00bb 36180").word
    'desabonner'
    >>> str(parse_reply("please stop texting me").understood)
    'review'
    """
    parts = split_message(fold(text))
    own_text = parts.own_text.strip()
    if len(own_text) > LIMIT:
        return SmsReply(understood=SmsIntent.REVIEW)
    message_words = words(own_text)
    clear_reply = _parse_clear(message_words, to)
    if clear_reply and clear_reply.understood is SmsIntent.STOP:
        return clear_reply
    if _other_parts_may_mean_stop(parts, to):
        return SmsReply(understood=SmsIntent.REVIEW)
    if clear_reply:
        return clear_reply
    is_doubtful = _may_mean_stop(message_words, own_text) or MISREAD.search(repaired_text(text))
    return SmsReply(understood=SmsIntent.REVIEW if is_doubtful else SmsIntent.NONE)


def _other_parts_may_mean_stop(parts: MessageParts, to: str) -> bool:
    """Return whether a person should read a message for what is not its sender's own text."""
    signature = parts.signature.strip()
    return (
        bool(signature and _signature_may_mean_stop(signature, to))
        or _has_clear_stop(f"{parts.quoted}\n{parts.below_header}", to)
        or _below_header_may_mean_stop(parts.below_header)
    )


def _has_clear_stop(quoted: str, to: str) -> bool:
    """Return whether a line of a quoted message is a clear stop without a number.

    Our own messages have no such line: `STOP au 36180` is how they tell people to opt out.
    """
    for line in set(quoted.splitlines()):
        if len(line) <= _SHORT_LINE and not any(map(str.isdecimal, line)):
            clear_reply = _parse_clear(words(line), to)
            if clear_reply and clear_reply.understood is SmsIntent.STOP:
                return True
    return False


def _below_header_may_mean_stop(below_header: str) -> bool:
    """Return whether a person should read a message for what follows the header of a quoted one.

    Nothing marks where the quoted message ends, so the sender may have written below it. Each
    sentence is read alone, and all together, without those that tell people how to opt out. More
    than LIMIT characters are read by a person.
    """
    if len(below_header) > LIMIT:
        return True
    sentences = [
        sentence
        for sentence in _SENTENCE_END.split(below_header)
        if not _OPT_OUT_NOTICE.search(sentence)
    ]
    return any(_may_mean_stop(words(part), part) for part in {*sentences, "\n".join(sentences)})


def _signature_may_mean_stop(signature: str, to: str) -> bool:
    """Return whether a person should read a message for what its signature says, such as STOP.

    People may write a STOP below the mark of a signature. Each line is read alone, and all lines
    together. More than LIMIT characters are no signature, so a person reads them.
    """
    if len(signature) > LIMIT:
        return True
    for part in {signature, *signature.splitlines()}:
        part_words = words(part)
        clear_reply = _parse_clear(part_words, to)
        if clear_reply and clear_reply.understood is SmsIntent.STOP:
            return True
        if _may_mean_stop(part_words, part):
            return True
    return False


def _parse_clear(message_words: Words, to: str) -> SmsReply | None:
    """Return the interpretation of a reply that is clearly a stop or start; None for any other.

    A clear reply consists of known words, one of them a keyword, in an order that the patterns
    allow. Up to three other words, such as a name, may follow a closing formula (`cordialement`).
    """
    parts = list(_classify_words(message_words, to))
    letters = "".join(part for part, _ in parts)
    for understood, grammar, keys in (
        (SmsIntent.STOP, _CLEAR, _KEYWORDS),
        (SmsIntent.START, _START, (Part.START,)),
    ):
        keywords = [word for part, word in parts if part in keys]
        if keywords and grammar.fullmatch(letters):
            return SmsReply(understood=understood, word=keywords[0])
    return None


def _classify_words(message_words: Words, to: str) -> Iterator[tuple[Part, str]]:
    """Yield the part and the keyword ('' if it is none) of each phrase and other word, in order.

    The longest known phrase has precedence. Adjacent numbers are together one CODE or OTHER. The
    sender name `to` is a CODE if it has at most four words.
    """
    sender = words(fold(to))[: _SENDER_WORDS + 1]
    start = 0
    while start < len(message_words):
        digits = tuple(itertools.takewhile(str.isdecimal, message_words[start:]))
        if digits:
            yield (Part.CODE if _is_code(digits, to) else Part.OTHER), ""
            start += len(digits)
        elif (
            0 < len(sender) <= _SENDER_WORDS
            and message_words[start : start + len(sender)] == sender
        ):
            yield Part.CODE, ""
            start += len(sender)
        else:
            length, part, word = _longest_phrase(message_words, start)
            yield part, word
            start += length


def _longest_phrase(message_words: Words, start: int) -> tuple[int, Part, str]:
    """Return length in words, part and keyword of the longest known phrase that begins at `start`.

    If none begins there, return 1, OTHER and ''.
    """
    for spelling, (part, word) in VOCABULARY.get(message_words[start], {}).items():
        if message_words[start : start + len(spelling)] == spelling:
            return len(spelling), part, word
    return 1, Part.OTHER, ""


def _is_code(digits: Words, to: str) -> bool:
    """Return whether adjacent numbers are short codes, or together the number `to`.

    A short code has five or six digits. The last nine digits of `to` suffice.

    >>> _is_code(("36", "180"), ""), _is_code(("07", "55", "12", "34", "56"), "+33755123456")
    (True, True)
    """
    number, own_number = "".join(digits), re.sub(r"[^0-9]", "", to)
    if len(number) in _CODE_LENGTHS or all(len(digit) in _CODE_LENGTHS for digit in digits):
        return True
    same_end = number[-_NATIONAL_DIGITS:] == own_number[-_NATIONAL_DIGITS:]
    return number == own_number or (same_end and len(number) >= _NATIONAL_DIGITS)


def _may_mean_stop(message_words: Words, own_text: str) -> bool:
    """Return whether a message that is neither a clear stop nor a clear start may mean stop.

    It may if it has a phrase that may mean stop or a letter that is not Latin, or if it has no
    words but a sign such as a raised hand.
    """
    rest = " ".join(message_words)
    for phrase in phrases():
        if phrase.innocent:
            rest = phrase.pattern.sub(_ERASED, rest)
        elif phrase.pattern.search(rest):
            return True
    return _has_foreign_letters(own_text) or (
        not message_words and bool(_HALTING_SIGNS.search(own_text))
    )


def _has_foreign_letters(own_text: str) -> bool:
    """Return whether a folded text has a letter that is not Latin, even inside a known word.

    A small capital of the Latin script counts as not Latin.

    >>> _has_foreign_letters("\u03c3\u03c4\u03bf\u03c0"), _has_foreign_letters("st\u043ep")
    (True, True)
    >>> _has_foreign_letters("mon c\u0153ur")
    False
    """
    return not own_text.isascii() and any(
        char.isalpha() and not _READABLE.match(unicodedata.name(char, "")) for char in own_text
    )
