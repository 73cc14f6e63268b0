"""What mail clients and people put around an address: names, brackets, `mailto:`, labels."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote

_ANGLE = re.compile(r"<([^<>]*)>$")
_SQUARE = re.compile(r"\[([^\[\]@]*@[^\[\]@]*)\]$")
_COMMENT = re.compile(r"\([^()]*\)$")
_LABEL = re.compile(
    r"(?:adresse )?(?:e-?mail|m[eé]l|courriel|mail|email|smtp) ?:(?!//) ?", re.IGNORECASE
)
_MAILTO = re.compile(r"(?:mailto:(?://)?)+", re.IGNORECASE)
_LOOSE_ENDS = " \t\r\n,;."
_AROUND = frozenset({"{}", "\u00ab\u00bb", "\u201c\u201d", "\u201e\u201c", "\u2039\u203a", '""'})
_APOSTROPHES = "'\u2018\u2019`"


def unwrap_address(text: str) -> str:
    """The address inside what was pasted; what is no wrapping stays, and is judged later.

    >>> (unwrap_address("Jean Dupont <jean@example.fr>;"),
    ...  unwrap_address("MAILTO:a%40example.fr?cc=x"))
    ('jean@example.fr', 'a@example.fr')
    >>> (unwrap_address("Dupont, Jean [mailto:jean@example.fr]"),
    ...  unwrap_address("Mail : a@example.fr."))
    ('jean@example.fr', 'a@example.fr')
    """
    text = _without_comment(text.rstrip(_LOOSE_ENDS))
    inner = _ANGLE.search(text) or _SQUARE.search(text)
    if inner and "@[" not in text:
        text = inner[1].strip()
    label = _LABEL.match(text)
    if label:
        text = text[label.end() :]
    link = _MAILTO.match(text)
    if link:
        text = _recipient(text[link.end() :])
    return _unquoted(text.strip(_LOOSE_ENDS[:-1]))


def _without_comment(text: str) -> str:
    """Without a name in brackets after the address: `jean@example.fr (Jean Dupont)`."""
    comment = _COMMENT.search(text)
    if comment and "@" in text[: comment.start()]:
        return text[: comment.start()].rstrip(_LOOSE_ENDS)
    return text


def _recipient(link: str) -> str:
    """The address of a `mailto:` link (RFC 6068): before the query, else its `to`."""
    path, _, query = link.partition("?")
    return unquote(path) or "".join(parse_qs(query).get("to", []))


def _unquoted(text: str) -> str:
    """Without the quotation marks or brackets that people and programs put around an address."""
    if len(text) > 1 and (text[0] in _APOSTROPHES and text[-1] in _APOSTROPHES):
        return text[1:-1]
    if len(text) > 1 and text[0] + text[-1] in _AROUND:
        return text[1:-1].strip(_LOOSE_ENDS)
    return text
