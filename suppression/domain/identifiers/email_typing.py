"""E-mail addresses as people type them, without what programs and lists add.

`email.py` makes the second match key of an address from the result.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

# Invisible joiners, fillers and selectors; then the hyphens of typesetters and the minus sign.
_UNSEEN = (
    *(0x34F, 0x115F, 0x1160, 0x200C, 0x200D, 0x2800, 0x3164, 0xFFA0, 0xFFFC),
    *(*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)),
)
_HYPHENS = (0x2D7, *range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63)
_NOT_TYPED = dict.fromkeys(_HYPHENS, "-") | dict.fromkeys(_UNSEEN)
# Marks of lists, quotations and spreadsheets, which a mailbox may have but no person's begins with.
_IN_FRONT = frozenset("!#$%&'*+-./=?^`{|}~")
# Mailboxes may end with `_`, `-`, `+` or a dot.
_BEHIND = _IN_FRONT - set("+-.")
_NEVER_LAST = frozenset("-_")
_LABEL_IN_FRONT = re.compile(r"(?:(?:e-?)?mail|courriel|to)=")
# Escapes of signs, white space and what nobody sees, but not of a `%` that begins an escape.
_ESCAPED_SIGNS = re.compile(
    r"(?:%2(?!5[0-9a-f]{2})[0-9a-f]|%3[a-f]|%0[9ad]|%c2%a0|%e2%80%8[b-f]|%ef%bb%bf)+"
)
_OTHER_ESCAPE = re.compile(r"%[0-9a-f]{2}")
# Signs of mailboxes that a program escaped, or doubled for a database: `o%27neil`, `o''neil`.
_ESCAPED_INSIDE = re.compile(r"(?<=[^%])%(?:2[7bde]|5f)")
_DOUBLED = re.compile(r"(?<=[^'])'{2,}(?=[^'])")
_CELL_END = "|"


def is_typed(plain: str) -> bool:
    """Return whether a quick check finds only what people type in a canonical address.

    Any character outside ASCII makes it False. Punycode in the domain is not looked at.

    >>> is_typed("jean.dupont@example.fr"), is_typed("*jean@example.fr")
    (True, False)
    """
    at = plain.rindex("@")
    return (
        plain.isascii()
        and plain[0] not in _IN_FRONT
        and plain[at - 1] not in _BEHIND
        and "=" not in plain
        and "|" not in plain
        and "%" not in plain
        and "''" not in plain
        and plain[at + 1] not in "-_"
        and plain[-1] not in "-_"
    )


def typed_text(text: str) -> str:
    """Return a text in NFKC with plain hyphens, without invisible marks or the dot on \u0130."""
    return unicodedata.normalize("NFKC", text.translate(_NOT_TYPED)).replace("i\u0307", "i")


def typed_local(local_part: str, host: str) -> str:
    """Return the part before the @ without the marks of a list or a spreadsheet around it.

    A label such as `mail=` in front is removed too. A `_` in front is a mark only if the host ends
    with `_`, as in `_jean@example.fr_`. Return '' if nothing is left, and `local_part` unchanged if
    another escape is in front, because it may be of a letter: the rest could be somebody else's.

    >>> typed_local("\u2022jean", "example.fr"), typed_local("%20'jean'", "example.fr")
    ('jean', 'jean')
    >>> typed_local("%41dam", "example.fr")
    '%41dam'
    """
    label = _LABEL_IN_FRONT.match(local_part)
    start, end = label.end() if label else 0, len(local_part)
    in_front = _IN_FRONT | {"_"} if host.endswith("_") else _IN_FRONT
    while start < end:
        if signs := _ESCAPED_SIGNS.match(local_part, start):
            start = signs.end()
        elif _OTHER_ESCAPE.match(local_part, start):
            return local_part
        elif _is_mark(local_part[start], in_front):
            start += 1
        else:
            break
    while start < end and _is_mark(local_part[end - 1], _BEHIND):
        end -= 1
    return local_part[start:end]


def mended_local(local_part: str) -> str:
    """Return the part before the @ without cells of a table in front of `|`.

    Escapes of signs and doubled apostrophes inside it are written plainly.

    >>> mended_local("jean|dupont|jean.dupont"), mended_local("o''neil"), mended_local("o%27neil")
    ('jean.dupont', "o'neil", "o'neil")
    """
    cell = local_part.rstrip(_CELL_END).rpartition(_CELL_END)[2]
    bare = cell if any(map(str.isalnum, cell)) else local_part
    return _DOUBLED.sub("'", _ESCAPED_INSIDE.sub(lambda escape: unquote(escape[0]), bare))


def without_guards(plain: str) -> str:
    """Return an address with `'` or `=` in front without these, as 0.9.0 read it; else ''.

    >>> without_guards("'*jean@example.fr"), without_guards("*jean@example.fr")
    ('*jean@example.fr', '')
    """
    bare = plain.lstrip("'=")
    return "" if bare in {plain, ""} or bare[0] == "@" else bare


def typed_label(label: str) -> str:
    """Return the last label of a domain without the punctuation and symbols at its end.

    >>> typed_label("fr-"), typed_label("fr\u2764")
    ('fr', 'fr')
    """
    end = len(label)
    while end and _is_mark(label[end - 1], _NEVER_LAST):
        end -= 1
    return label[:end]


def _is_mark(sign: str, marks: frozenset[str]) -> bool:
    """Return whether a character is in `marks`, or is punctuation or a symbol beyond ASCII."""
    return sign in marks if sign.isascii() else unicodedata.category(sign)[0] in "PS"
