"""Normalization of a text message: from the text to its sender's own words in plain form."""

from __future__ import annotations

import re
import unicodedata

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
# A telephone reports a "like" by repeating our own text, with its STOP.
_REACTION = re.compile(
    r"\s*(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted \S+ to"
    r"|(?:n.)?a (?:pas )?(?:aime|adore|ri|souligne|mis en evidence|reagi)(?: \S+)?(?: a| de)?"
    r"|(?:j.)?(?:aime|adore))"
    r"\s*[\u201c\"\u00ab].*[\u201d\"\u00bb]\s*",
    re.DOTALL,
)


def fold(text: str) -> str:
    r"""Return the text in lower case without accents and invisible characters; keep punctuation.

    The replacement character U+FFFD is removed too.

    >>> fold("  \uff33\uff34\uff2f\uff30 d\u00e9sab\u200bonner")
    '  stop desabonner'
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    if plain.isascii():
        return plain
    # A message that was cut inside an emoji ends with a replacement character.
    parts = unicodedata.normalize("NFKD", plain.replace(REPLACEMENT, ""))
    return "".join(
        char for char in parts if unicodedata.category(char) not in _INVISIBLE_CATEGORIES
    )


def split_signature(text: str) -> tuple[str, str]:
    r"""Return the sender's part of a folded text, and the signature that was cut off, '' if none.

    Quoted messages and a "liked" reaction belong to neither. The first is '' for a reaction; it is
    the whole text if no word would remain.

    >>> split_signature("stop\n> okwind: -30 %, stop au 36180")
    ('stop', '')
    >>> split_signature("ok\n--\njean dupont")
    ('ok', 'jean dupont')
    """
    if _REACTION.fullmatch(text):
        return "", ""
    lines = text.splitlines()
    unquoted = [line for line in lines if not line.lstrip().startswith(">")]
    own_lines, signature = _parts_at_signature(unquoted, quoted=len(unquoted) < len(lines))
    with_devices = "\n".join(own_lines)
    own_text = _DEVICE.sub("", with_devices)
    if not _WORD.search(own_text):
        return text, ""
    return own_text, "\n".join([*_DEVICE.findall(with_devices), *signature])


def _parts_at_signature(lines: list[str], *, quoted: bool) -> tuple[list[str], list[str]]:
    """Return the lines before a signature and its own lines, without headers of quoted messages.

    `quoted`: whether lines that begin with `>` were removed before. If none were, the text of the
    quoted message follows its header: the first header and all lines after it are left out.
    """
    own_lines: list[str] = []
    signature: list[str] = []
    part = own_lines
    for line in lines:
        quote_header = _QUOTE_HEADER.fullmatch(line)
        if _SIGNATURE.fullmatch(line):
            part = signature
        elif quote_header and not quoted:
            break
        elif not quote_header:
            part.append(line)
    return own_lines, signature


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
