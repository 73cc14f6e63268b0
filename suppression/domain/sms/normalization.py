"""Normalization of a text message: from the text to its sender's own words in plain form."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from suppression.domain.damaged_text import repaired_text
from suppression.domain.well_formed import REPLACEMENT

LIMIT = 2_000
"""The maximum number of characters of a short reply; a person reads a longer text."""

# Format characters (zero-width ones among them), accents and enclosing marks.
_INVISIBLE_CATEGORIES = {"Cf", "Mn", "Me"}
_WORD = re.compile(r"[^\W\d_]+|[0-9]+")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_DOUBLED = re.compile(r"(?:stop){2,}")
_ZERO_FOR_O = re.compile(r"\bst0p\b")
# Only as one word: "No. Stop!" is a stop.
_NON_STOP = re.compile(r"\bnon-stop\b")
_DEVICE = re.compile(
    r"(?:\b(?:envoyee?|ecrit) (?:de|depuis|a partir de|avec)|\bsent (?:from|via|with))"
    r" (?:(?:mon|ma|my|un|le|the) )?(?:iphone|ipad|samsung|galaxy|smartphone|mobile|portable"
    r"|telephone|phone|android|pixel|outlook|yahoo|gmail|mail (?:for|pour)|l.application)"
    r"[^\n]{0,40}$"
    r"|\b(?:get|telecharge[rz]|obtenir) outlook (?:for|pour) [^\n]{0,20}$",
    re.MULTILINE,
)
_SIGNATURE = re.compile(r"\s*(?:-{2,3}|\u2014|_{3,})\s*")
_QUOTE_HEADER = re.compile(
    r"\s*(?:(?:on|le) .{1,150}(?:wrote|a ecrit)\W*"
    r"|-{3,} ?(?:original message|message d.origine|forwarded message|message transfere)\b.*)"
)
# An accented letter as a gateway escaped it: `Arr%C3%AAt`, `D=C3=A9sabonner`, `Arr\\u00eat`.
_ESCAPED_LETTER = re.compile(
    r"(?<=[a-z])(?:[%=][89a-f][0-9a-f]|\\u00[0-9a-f]{2}|\\x[0-9a-f]{2})+([a-z]?)"
)
# A telephone reports a "like" by repeating our own text, with its STOP, in one pair of quotation
# marks; our text may hold pairs of its own. Between two pairs are the sender's words.
_REACTION = re.compile(
    r"\s*(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted \S+ to"
    r"|(?:n.)?a (?:pas )?(?:aime|adore|ri|souligne|mis en evidence|reagi)(?: \S+)?(?: a| de)?"
    r"|(?:j.)?(?:aime|adore))"
    r"\s*(\u201c[^\u201c\u201d]*(?:\u201c[^\u201c\u201d]*\u201d[^\u201c\u201d]*)*\u201d"
    r"|\u00ab[^\u00ab\u00bb]*(?:\u00ab[^\u00ab\u00bb]*\u00bb[^\u00ab\u00bb]*)*\u00bb"
    r'|"[^"]*")\s*'
)


class MessageParts(NamedTuple):
    """The parts of a folded text message.

    `own_text` is the sender's. `quoted` is what the sender certainly repeats: lines behind `>`, or
    the content of a "liked" reaction. `below_header` is the header of a quoted message without
    such marks and all that follows: the quoted text, and perhaps words of the sender.
    """

    own_text: str
    signature: str = ""
    quoted: str = ""
    below_header: str = ""


def fold(text: str) -> str:
    r"""Return the text in lower case without accents and invisible characters; keep punctuation.

    Damaged characters are repaired first where one reading is certain. The replacement character
    U+FFFD and escapes of accented letters inside a word are removed.

    >>> fold("  \uff33\uff34\uff2f\uff30 d\u00e9sab\u200bonner")
    '  stop desabonner'
    """
    plain = unicodedata.normalize("NFKC", repaired_text(text)).casefold()
    plain = _ESCAPED_LETTER.sub(lambda match: match[1] or match[0], plain)
    if plain.isascii():
        return plain
    # A message that was cut inside an emoji ends with a replacement character.
    parts = unicodedata.normalize("NFKD", plain.replace(REPLACEMENT, ""))
    return "".join(
        char for char in parts if unicodedata.category(char) not in _INVISIBLE_CATEGORIES
    )


def split_message(text: str) -> MessageParts:
    r"""Return the parts of a folded text; `own_text` is the whole text if no word would remain.

    `own_text` is '' for a reaction. Headers above lines with marks belong to no part.

    >>> split_message("stop\n> okwind: -30 %, stop au 36180").own_text
    'stop'
    >>> split_message("ok\n--\njean dupont").signature
    'jean dupont'
    """
    reaction = _REACTION.fullmatch(text)
    if reaction:
        return MessageParts("", quoted=reaction[1])
    lines = text.splitlines()
    unquoted = [line for line in lines if not line.lstrip().startswith(">")]
    quoted = [line for line in lines if line.lstrip().startswith(">")]
    own_lines, signature, below_header = _parts_at_signature(unquoted, quoted=bool(quoted))
    with_devices = "\n".join(own_lines)
    own_text = _DEVICE.sub("", with_devices)
    if not _WORD.search(own_text):
        return MessageParts(text)
    return MessageParts(
        own_text,
        signature="\n".join([*_DEVICE.findall(with_devices), *signature]),
        quoted="\n".join(quoted),
        below_header="\n".join(below_header),
    )


def _parts_at_signature(
    lines: list[str], *, quoted: bool
) -> tuple[list[str], list[str], list[str]]:
    """Return the lines before a signature, its own lines, and those below a header without marks.

    `quoted`: whether lines that begin with `>` were removed before. If none were, the text of the
    quoted message follows its header: the third list has the first header and all lines after it.
    """
    own_lines: list[str] = []
    signature: list[str] = []
    part = own_lines
    for place, line in enumerate(lines):
        quote_header = _QUOTE_HEADER.fullmatch(line)
        if _SIGNATURE.fullmatch(line):
            part = signature
        elif quote_header and not quoted:
            return own_lines, signature, lines[place:]
        elif not quote_header:
            part.append(line)
    return own_lines, signature, []


def words(text: str) -> tuple[str, ...]:
    """Return the words and numbers of a folded text.

    `stoooop`, `stopstop` and `st0p` become `stop`; `non-stop` becomes one word.

    >>> words("s'il vous plait: stoooop!! 36180")
    ('s', 'il', 'vous', 'plait', 'stop', '36180')
    """
    text = _NON_STOP.sub("nonstop", _ZERO_FOR_O.sub("stop", text))
    return tuple(_collapse_repeats(word) for word in _WORD.findall(text))


def _collapse_repeats(word: str) -> str:
    """Return a word with one letter in the place of three or more equal ones in a row.

    Return `stop` for `stopstop` and the like.
    """
    word = _DRAWN_OUT.sub(r"\1", word)
    return "stop" if _DOUBLED.fullmatch(word) else word
