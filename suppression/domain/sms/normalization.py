"""What of a text message its sender wrote, as plain words: before anything is understood."""

from __future__ import annotations

import re
import unicodedata

from suppression.domain.well_formed import REPLACEMENT

LIMIT = 2_000
"""Characters; what is longer is no short reply, and a person reads it."""

# Format characters (zero-width ones among them), accents and enclosing marks.
_UNSEEN = {"Cf", "Mn", "Me"}
_WORD = re.compile(r"[^\W\d_]+|[0-9]+")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_DOUBLED = re.compile(r"(?:stop){2,}")
_ZERO_FOR_O = re.compile(r"\bst0p\b")
# Only written as one word is it no "No. Stop!".
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
_WROTE = re.compile(
    r"\s*(?:(?:on|le) .{1,150}(?:wrote|a ecrit)\W*"
    r"|-{3,} ?(?:original message|message d.origine|forwarded message|message transfere)\b.*)"
)
# How a telephone tells of a "like": it repeats our own text, with its STOP.
_REACTION = re.compile(
    r"\s*(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted \S+ to"
    r"|(?:n.)?a (?:pas )?(?:aime|adore|ri|souligne|mis en evidence|reagi)(?: \S+)?(?: a| de)?"
    r"|(?:j.)?(?:aime|adore))"
    r"\s*[\u201c\"\u00ab].*[\u201d\"\u00bb]\s*",
    re.DOTALL,
)


def fold(text: str) -> str:
    r"""A text without case, accents and invisible characters; punctuation and lines stay.

    >>> fold("  \uff33\uff34\uff2f\uff30 d\u00e9sab\u200bonner")
    '  stop desabonner'
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    if plain.isascii():
        return plain
    # A message that was cut inside an emoji ends with what stands for the half of it.
    parts = unicodedata.normalize("NFKD", plain.replace(REPLACEMENT, ""))
    return "".join(char for char in parts if unicodedata.category(char) not in _UNSEEN)


def without_quotes(text: str) -> str:
    r"""What the sender wrote of a folded text: without quoted message, signature or "liked".

    Where nothing would be left, the text as it came.

    >>> without_quotes("stop\n> okwind: -30 %, stop au 36180")
    'stop'
    """
    if _REACTION.fullmatch(text):
        return ""
    lines = text.splitlines()
    written = [line for line in lines if not line.lstrip().startswith(">")]
    kept = "\n".join(_until_the_end(written, quoted=len(written) < len(lines)))
    kept = _DEVICE.sub("", kept)
    return kept if _WORD.search(kept) else text


def _until_the_end(lines: list[str], *, quoted: bool) -> list[str]:
    """The lines before a signature or, where it bears no marks, a quoted message."""
    kept: list[str] = []
    for line in lines:
        wrote = _WROTE.fullmatch(line)
        if _SIGNATURE.fullmatch(line) or (wrote and not quoted):
            break
        if not wrote:
            kept.append(line)
    return kept


def words(text: str) -> tuple[str, ...]:
    """The words and numbers of a folded text; letters drawn out and doubled words become one.

    >>> words("s'il vous plait: stoooop!! 36180")
    ('s', 'il', 'vous', 'plait', 'stop', '36180')
    """
    text = _NON_STOP.sub("nonstop", _ZERO_FOR_O.sub("stop", text))
    return tuple(_plain(word) for word in _WORD.findall(text))


def _plain(word: str) -> str:
    word = _DRAWN_OUT.sub(r"\1", word)
    return "stop" if _DOUBLED.fullmatch(word) else word
