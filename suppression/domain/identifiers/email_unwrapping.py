"""Unwrapping of an e-mail address: step 1 of docs/identifiers.md#e-mail-at-most-320-characters.

Mail clients and people put names, brackets, `mailto:` and labels around an address.
"""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, unquote

from suppression.domain.identifiers.cleaning import clean_text

_ANGLE = re.compile(r"<([^<>]*)>$")
_SQUARE = re.compile(r"\[([^\[\]@]*@[^\[\]@]*)\]$")
_COMMENT = re.compile(r"\([^()]*\)$")
_LABEL = re.compile(
    r"(?:adresse )?(?:e-?mail|m[eé]l|courriel|mail|email|smtp) ?:(?!//) ?", re.IGNORECASE
)
_MAILTO = re.compile(r"(?:mailto:(?://)?)+", re.IGNORECASE)
_BETWEEN_ADDRESSES = re.compile(r"[\s<>()\[\]{},;:\"'=?&]")
_ENTITY = re.compile(
    r"&(?:lt|gt|quot|apos|nbsp|amp|commat|#[0-9]{2,3}|#x[0-9a-f]{2});", re.IGNORECASE
)
_QUERY = re.compile(r"\?(?:subject|body|cc|bcc|to)=.*$", re.IGNORECASE)
_COMMENT_BESIDE = re.compile(r"^\([^()@]*\)|\([^()@]*\)(?=@)")
# An address between signs that belong to no address, or behind such signs at the beginning. An
# apostrophe or `=` inside a word is the mailbox's own (`o'neil@`), except `=` behind a label.
_LABELS = ("mail", "courriel", "adresse", "address", "smtp", "to", "cc")
_EMBEDDED = re.compile(
    r"(?:^[\W_]*(?=[^\W_])|[(<\[\";:,\u00ab\u2018\u201c\u201e\u2039]|(?<![^\s(<\[\">:,;\u00ab])['=]|"
    + "|".join(f"(?<={label})=" for label in _LABELS)
    + rf") ?(?!e?-?(?:{'|'.join(_LABELS)})=)"
    r"([^\s@,;:<>()\[\]\"'=]+(?:['=]+[^\s@,;:<>()\[\]\"'=]+)*@[^\s@,;:<>()\[\]\"'=]+)"
    r"(?=[)>\]\"';\u00bb\u2019\u201d\u201c\u203a]+\s|[)>\]\"';\u00bb\u2019\u201d\u201c\u203a]*$)",
    re.IGNORECASE,
)
_LOOSE_ENDS = " \t\r\n,;."
_PAIRS = frozenset({"{}", "\u00ab\u00bb", "\u201c\u201d", "\u201e\u201c", "\u2039\u203a", '""'})
_APOSTROPHES = "'\u2018\u2019`"


def unwrap_address(text: str) -> str:
    """Return the address in a pasted text, without names, labels, links and punctuation around it.

    `text` is clean (`clean_text`). The result may be no address, or empty: the caller checks it. If
    the text has several addresses, the result may be one of them (see `names_another`).

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
        text = _address_of_link(text[link.end() :])
    return _unquote(text.strip(_LOOSE_ENDS[:-1]))


def embedded_address(text: str) -> str:
    """Return the only address between the signs of a text; '' if it has none, or several.

    HTML entities and, in a text without @, percent escapes are decoded first; comments beside the
    mailbox name are removed. The result may be no valid address: the caller checks it.

    >>> embedded_address("&lt;jean@example.fr&gt;"), embedded_address("jean%40example.fr")
    ('jean@example.fr', 'jean@example.fr')
    >>> embedded_address("Jean Dupont (jean@example.fr)")
    'jean@example.fr'
    >>> embedded_address("jean dupont@example.fr")
    ''
    """
    if _ENTITY.search(text):
        text = html.unescape(text)
    if "@" not in text:
        text = unquote(text)
    addresses = _EMBEDDED.findall(_COMMENT_BESIDE.sub("", _QUERY.sub("", text)))
    return addresses[0] if len({address.lower() for address in addresses}) == 1 else ""


def names_another(text: str, address: str) -> bool:
    """Return whether a text has an address other than `address`, which was unwrapped from it.

    Storing `address` alone would lose the stop of the other one. A repeat of `address` does not
    count, nor does an address without a dot in its domain. Raise IdentifierParseError if another
    address has an escaped control character (`%00`), or an escape that is not UTF-8 (`%ff`) or is
    U+FFFD.

    >>> names_another("Jean <jean@example.fr>, Marie <m@example.fr>", "m@example.fr")
    True
    >>> names_another("Jean@example.fr <mailto:jean@example.fr>", "jean@example.fr")
    False
    """
    for piece in _BETWEEN_ADDRESSES.split(text.replace(address, " ", 1)):
        local, _, domain = unquote(piece).partition("@")
        if not local or "." not in domain.strip("."):
            continue
        other = clean_text(f"{local}@{domain}", limit=len(text))
        if other.lower() != address.lower():
            return True
    return False


def _without_comment(text: str) -> str:
    """Return the text without a comment after the address: `jean@example.fr (Jean Dupont)`."""
    comment = _COMMENT.search(text)
    if comment and "@" in text[: comment.start()]:
        return text[: comment.start()].rstrip(_LOOSE_ENDS)
    return text


def _address_of_link(link: str) -> str:
    """Return the address of a `mailto:` link (RFC 6068), unescaped; '' if it has none.

    `link` is the text after `mailto:`. The address is the part before `?` or, if that is empty, the
    field `to`.
    """
    path, _, query = link.partition("?")
    return unquote(path) or "".join(parse_qs(query).get("to", []))


def _unquote(text: str) -> str:
    """Return the text without the quotation marks or braces around it."""
    if len(text) > 1 and (text[0] in _APOSTROPHES and text[-1] in _APOSTROPHES):
        return text[1:-1]
    if len(text) > 1 and text[0] + text[-1] in _PAIRS:
        return text[1:-1].strip(_LOOSE_ENDS)
    return text
