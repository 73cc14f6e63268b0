"""E-mail addresses. Nothing that exists is refused because a validator dislikes it.

Nothing is merged but what every mail system merges; dots and +suffix only where the provider says
so (gmail.com, googlemail.com): elsewhere they can be different people.
"""

from __future__ import annotations

import re
import unicodedata

import idna

from suppression.domain.errors import UnreadableIdentifierError
from suppression.domain.identifiers.cleaning import cleaned
from suppression.domain.identifiers.forms import FormLabel, Spelling
from suppression.domain.identifiers.mail_wrapping import bare_address
from suppression.domain.identifiers.tracing import Note, silent

MAX_LENGTH = 320
# What nearly every address looks like: nothing to do but lower the case.
_CLEAN = re.compile(r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_PLAIN_LOCAL = re.compile(r"[^\s@,;:<>()\[\]\"\\\u00ab\u00bb\u2018-\u201f\u2039\u203a]+")
_QUOTED_LOCAL = re.compile(r'"((?:[^"\\]|\\.)+)"')
# A host's labels hold letters, digits, hyphens and, in the wild, underscores; an address of a host
# may stand in square brackets (RFC 5321 s4.1.3).
_HOST = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
_LITERAL = re.compile(r"\[[0-9A-Za-z.:]+\]")
_ESCAPED = re.compile(r"\\(.)")
_TO_ESCAPE = re.compile(r'(["\\])')
# Joiners, fillers and selectors, which are seen by nobody; hyphens of typesetters, the minus.
_UNSEEN = (
    *(0x34F, 0x115F, 0x1160, 0x200C, 0x200D, 0x3164, 0xFFA0),
    *(*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)),
)
_HYPHENS = (*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63)
_NOT_TYPED = dict.fromkeys(_HYPHENS, "-") | dict.fromkeys(_UNSEEN)
EMAIL_LABELS = (FormLabel.PLAIN, FormLabel.MAILBOX)
_DOTTED = frozenset({"gmail.com", "googlemail.com"})


def email_spellings(text: str, note: Note = silent) -> list[Spelling]:
    """Every form of an e-mail address, plain first.

    >>> [form.text for form in email_spellings("Jean.Dupont+pub@googlemail.com")]
    ['jean.dupont+pub@googlemail.com', 'jeandupont@gmail.com']
    """
    texts = _texts(canonical_email(text, note))
    return [Spelling(label, one) for label, one in zip(EMAIL_LABELS, texts, strict=False)]


def clean_texts(text: str) -> tuple[str, ...]:
    """The same texts, of what nothing has to be done to but lower the case; () for any other.

    >>> clean_texts("Jean.Dupont@gmail.com"), clean_texts("<jean.dupont@gmail.com>")
    (('jean.dupont@gmail.com', 'jeandupont@gmail.com'), ())
    """
    clean = _clean(text)
    return _texts(clean) if clean else ()


def _texts(plain: str) -> tuple[str, ...]:
    """An address, and the mailbox behind it where that is another."""
    mailbox = plain if plain.isascii() else _as_typed(plain)
    if mailbox.endswith("mail.com"):
        mailbox = mailbox_form(mailbox) or mailbox
    return (plain,) if mailbox in {"", plain} else (plain, mailbox)


def _as_typed(plain: str) -> str:
    """The address as a keyboard writes it, '' where that is none.

    A text that was copied out of a letter has hyphens, ligatures and marks that nobody sees or
    types, and that no mailbox has: a stop on them would be found by no check.

    >>> _as_typed("jean\u2011paul@example.fr"), _as_typed("del\ufb01n@example.fr")
    ('jean-paul@example.fr', 'delfin@example.fr')
    """
    local, _, host = plain.rpartition("@")
    folded = unicodedata.normalize("NFKC", local.translate(_NOT_TYPED)).replace("i\u0307", "i")
    found = _local(folded)
    return f"{found}@{host}" if found else ""


def _clean(text: str) -> str:
    if len(text) > MAX_LENGTH or not text.isascii():
        return ""
    lowered = text.lower()
    return lowered if _CLEAN.fullmatch(lowered) else ""


def canonical_email(text: str, note: Note = silent) -> str:
    """The one spelling: lower case, NFC, the domain as IDNA A-labels.

    >>> canonical_email(" Jean Dupont <Jean.Dupont@Example.FR> ")
    'jean.dupont@example.fr'
    >>> canonical_email("mailto:Contact@Société.fr?subject=stop")
    'contact@xn--socit-esab.fr'
    """
    if note is silent and (quick := _clean(text)):
        return quick
    clean = cleaned(text, limit=MAX_LENGTH)
    note("cleaned", clean)
    address = cleaned(bare_address(clean), limit=MAX_LENGTH)  # a link may have hidden characters
    note("unwrapped", address)
    local, at, domain = address.rpartition("@")
    local, host = _local(local.rstrip()), _host(domain.strip().rstrip("."))
    if not at or not local or not host:
        raise UnreadableIdentifierError("malformed", "Send one e-mail address, like name@host.fr.")
    note("mailbox name", local, key=True)
    note("domain", host, key=True)
    return f"{local}@{host}"


def _local(written: str) -> str:
    """The part before the @ in its one spelling, '' when it is none.

    Quotes that are not needed mean nothing (RFC 5321 s4.1.2): "jean.dupont"@ is jean.dupont@.

    >>> _local('"Jean.Dupont"'), _local('"jean dupont"')
    ('jean.dupont', '"jean dupont"')
    """
    if _PLAIN_LOCAL.fullmatch(written):
        return _lower(written)
    quoted = _QUOTED_LOCAL.fullmatch(written)
    if not quoted:
        return ""
    content = _lower(_ESCAPED.sub(r"\1", quoted[1]))
    if _PLAIN_LOCAL.fullmatch(content):
        return content
    return '"' + _TO_ESCAPE.sub(r"\\\1", content) + '"'


def _lower(text: str) -> str:
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text.lower())


def _host(domain: str) -> str:
    """The domain in ASCII, '' for what can name no host: what was pasted after an address cannot.

    By IDNA where its rules allow the name; by plain punycode else, unless punctuation stands in it.

    >>> _host("Société.fr"), _host("example.fr|Jean"), _host("[192.0.2.1]")
    ('xn--socit-esab.fr', '', '[192.0.2.1]')
    """
    if domain.isascii():
        good = _HOST.fullmatch(domain) or _LITERAL.fullmatch(domain)
        return domain.lower() if good else ""
    try:
        return idna.encode(domain, uts46=True).decode("ascii").rstrip(".").lower()
    except idna.IDNAError:
        folded = unicodedata.normalize("NFKC", domain.replace("\u3002", ".")).lower()
    labels = folded.rstrip(".").split(".")
    return ".".join(map(_punycode, labels)) if all(map(_may_be_label, labels)) else ""


def _may_be_label(label: str) -> bool:
    """Letters, digits, marks and symbols of any script, hyphens and underscores."""
    return bool(label) and all(
        char in "-_" or unicodedata.category(char)[0] in "LMNS" for char in label
    )


def _punycode(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def mailbox_form(plain: str) -> str:
    """The mailbox behind a Gmail address: no dots, no +suffix; '' where there is none.

    >>> mailbox_form("jean.dupont+pub@gmail.com"), mailbox_form("jean.dupont@example.fr")
    ('jeandupont@gmail.com', '')
    """
    local, _, domain = plain.rpartition("@")
    if domain not in _DOTTED:
        return ""
    mailbox = local.partition("+")[0].replace(".", "")
    return f"{mailbox}@gmail.com" if mailbox else ""
