"""Canonicalisation of e-mail addresses; the steps are numbered as in docs/identifiers.md.

The canonical text merges two spellings only if nearly all mail systems do. Some addresses have a
second match key. It leaves out dots and +suffix where the provider ignores them (`mailbox_form`:
gmail.com and googlemail.com); elsewhere such spellings can be of different people. The second match
key also replaces characters that people do not type (`_as_typed`).
"""

from __future__ import annotations

import re
import unicodedata

import idna

from suppression.domain.damaged_text import MISREAD, repaired_text
from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.cleaning import TraceCallback, clean_text, silent
from suppression.domain.identifiers.email_typing import (
    is_typed,
    mended_local,
    typed_label,
    typed_local,
    typed_text,
    without_guards,
)
from suppression.domain.identifiers.email_unwrapping import (
    embedded_address,
    names_another,
    unwrap_address,
)
from suppression.domain.identifiers.match_keys import CanonicalText, KeyUse, MatchKeyLabel

MAX_LENGTH = 320
# The shape of nearly every address: only the case has to be lowered.
_CLEAN = re.compile(r"[a-z0-9_][a-z0-9._+-]*(?<!\.)@(?!-)[a-z0-9-]+(?:\.[a-z0-9-]+)+(?<!-)")
_PLAIN_LOCAL = re.compile(r"[^\s@,;:<>()\[\]\"\\\u00ab\u00bb\u2018-\u201f\u2039\u203a]+")
_QUOTED_LOCAL = re.compile(r'"((?:[^"\\]|\\.)+)"')
# A host's labels hold letters, digits, hyphens and, in practice, underscores; a host's address may
# be written in square brackets (RFC 5321 s4.1.3).
_HOST = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
_LITERAL = re.compile(r"\[[0-9A-Za-z.:]+\]")
# What may follow a domain: signs that no host ends with, and signs of their own after a space.
_STRAY_ENDS = (
    " .,;:!?*'\"`>)}|/\\#&~^$+=%\u00bb\u2018\u2019\u201c\u201d\u203a\u2013\u2014\u2026\u2022"
)
_STRAY_WORDS = re.compile(r"\s[\W_]+$")
_ESCAPED = re.compile(r"\\(.)")
_NEEDS_ESCAPE = re.compile(r'(["\\])')
# The prefix of a domain's label that is encoded in ASCII.
_ENCODED = "xn--"
EMAIL_LABELS = (MatchKeyLabel.PLAIN, MatchKeyLabel.MAILBOX)
GMAIL_DOMAINS = frozenset({"gmail.com", "googlemail.com"})


def email_texts(text: str, note: TraceCallback = silent) -> list[CanonicalText]:
    """Return the canonical texts of an e-mail address, the plain one first.

    What earlier versions made of an address with `'` or `=` in front, of one with escapes inside
    and of one that a wrong encoding damaged comes last and is only looked up. Raise
    IdentifierParseError if the text cannot be cleaned, or holds no address or several.

    >>> [form.text for form in email_texts("Jean.Dupont+pub@googlemail.com")]
    ['jean.dupont+pub@googlemail.com', 'jeandupont@gmail.com']
    """
    texts = clean_texts(text) if note is silent else ()
    texts = texts or _key_texts(canonical_email(text, note))
    keys = [CanonicalText(*key) for key in zip(EMAIL_LABELS, texts, strict=False)]
    undamaged = text.isascii() and "&" not in text and _CLEAN.fullmatch(texts[0])
    return keys if undamaged else keys + _older_keys(text, texts)


def _older_keys(text: str, texts: tuple[str, ...]) -> list[CanonicalText]:
    """Return the match keys that earlier versions made of an address, without those in `texts`."""
    older = [without_guards(texts[0]), *_texts_as_received(text)]
    if not is_typed(texts[0]):
        older.append(_as_typed(texts[0], mended=False))
    lookups = dict.fromkeys(mailbox_form(known) or known for known in older)
    return [
        CanonicalText(MatchKeyLabel.MAILBOX, known, KeyUse.LOOKUP)
        for known in lookups
        if known not in {"", *texts}
    ]


def _texts_as_received(text: str) -> tuple[str, ...]:
    """Return the texts that earlier versions made of a damaged address; () if it is not damaged."""
    if (text.isascii() and "&" not in text) or repaired_text(text) == text:
        return ()
    try:
        return _key_texts(_canonical(text))
    except IdentifierParseError:
        return ()


def clean_texts(text: str) -> tuple[str, ...]:
    """Return the texts of the match keys of a clean address; () for any other text.

    A clean address needs only lower case to be canonical. A few rare shapes that need no more, such
    as a domain without a dot, do not count as clean.

    >>> clean_texts("Jean.Dupont@gmail.com"), clean_texts("<jean.dupont@gmail.com>")
    (('jean.dupont@gmail.com', 'jeandupont@gmail.com'), ())
    """
    clean = _lowered_if_clean(text)
    return _key_texts(clean, typed=True) if clean else ()


def _key_texts(plain: str, *, typed: bool = False) -> tuple[str, ...]:
    """Return the texts of an address's match keys: `plain`, and a second one if it differs.

    `plain` is a canonical address. The second text is the address as a person types it or, at
    Gmail, the mailbox of that. `typed`: whether `plain` is known to be as a person types it.
    """
    typed = (typed or is_typed(plain)) and _ENCODED not in plain
    mailbox = plain if typed else _as_typed(plain)
    if mailbox.endswith("mail.com"):
        mailbox = mailbox_form(mailbox) or mailbox
    return (plain,) if mailbox in {"", plain} else (plain, mailbox)


def _as_typed(plain: str, *, mended: bool = True) -> str:
    """Return the address as a person types it; '' if that is no address.

    A text copied from a typeset letter has hyphens, ligatures, bullets and invisible marks that
    nobody types and that no mailbox has, and a list or a spreadsheet puts marks around it: a stop
    stored only in that spelling would not match a check of the typed address. `plain` is a
    canonical address; `mended`: whether `mended_local` reads it too, as it has since 0.9.0.

    >>> _as_typed("jean\u2011paul@example.fr"), _as_typed("del\ufb01n@example.fr")
    ('jean-paul@example.fr', 'delfin@example.fr')
    >>> _as_typed("*jean@example.fr-"), _as_typed("_jean@example.fr_")
    ('jean@example.fr', 'jean@example.fr')
    """
    local, _, host = plain.rpartition("@")
    local = mended_local(local) if mended else local
    typed = _canonical_local(typed_text(typed_local(local, host)))
    labels = [typed_text(_decoded(label)) for label in host.split(".")]
    labels[-1] = typed_label(labels[-1])
    typed_host = _canonical_host(".".join(labels).lstrip("-_"))
    return f"{typed}@{typed_host}" if typed and typed_host else ""


def _decoded(label: str) -> str:
    """Return a domain's label decoded from punycode; unchanged if it is not valid punycode."""
    if not label.startswith(_ENCODED):
        return label
    try:
        return label.removeprefix(_ENCODED).encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def _lowered_if_clean(text: str) -> str:
    """Return the text in lower case if it is then a clean address; '' if not, or if too long."""
    if len(text) > MAX_LENGTH or not text.isascii():
        return ""
    lowered = text.lower()
    return lowered if _CLEAN.fullmatch(lowered) else ""


def canonical_email(text: str, note: TraceCallback = silent) -> str:
    """Return the one address in a text in canonical form: lower case, NFC, the domain in ASCII.

    Raise IdentifierParseError if the text cannot be cleaned, or holds no address or several.

    >>> canonical_email(" Jean Dupont <Jean.Dupont@Example.FR> ")
    'jean.dupont@example.fr'
    >>> canonical_email("mailto:Contact@Société.fr?subject=stop")
    'contact@xn--socit-esab.fr'
    """
    if note is silent and (fast := _lowered_if_clean(text)):
        return fast
    plain = text if text.isascii() and "&" not in text else repaired_text(text)
    if not plain.isascii() and any("@" in word and MISREAD.search(word) for word in plain.split()):
        raise IdentifierParseError("malformed", "A character was lost: write the address anew.")
    return _canonical(plain, note)


def _canonical(text: str, note: TraceCallback = silent) -> str:
    """Return the one address in a text in canonical form, without repair of damaged characters.

    Raise IdentifierParseError if the text cannot be cleaned, or holds no address or several.
    """
    # Step 2 comes first too: unwrapping needs clean text.
    clean = clean_text(text, limit=MAX_LENGTH)
    note("cleaned", clean)
    # Steps 1 and 2: a link may hide characters that need cleaning.
    address = clean_text(unwrap_address(clean), limit=MAX_LENGTH)
    local, host = _parts(address)
    if not (local and host) and (embedded := embedded_address(clean)):
        address = clean_text(embedded, limit=MAX_LENGTH)
        local, host = _parts(address)
    note("unwrapped", address)
    if names_another(clean, address):
        raise IdentifierParseError("malformed", "Send one e-mail address: here are two.")
    if local.strip("*%") == "" and host:
        raise IdentifierParseError(
            "malformed", "Send one e-mail address; a whole domain is of the kind `domain`."
        )
    if not local or not host:
        raise IdentifierParseError("malformed", "Send one e-mail address, like name@host.fr.")
    note("mailbox name", local, key=True)
    note("domain", host, key=True)
    return f"{local}@{host}"


def _parts(address: str) -> tuple[str, str]:
    """Return the canonical parts before and behind the @ (steps 3 and 4); '' for an invalid one.

    White space around the @ goes (step 2), and so does punctuation behind a domain.
    """
    local, _, domain = address.rpartition("@")
    domain = _STRAY_WORDS.sub("", domain.strip())
    if "[" not in domain:
        domain = domain.rstrip(_STRAY_ENDS)
    return _canonical_local(local.rstrip()), _canonical_host(domain)


def _canonical_local(local_part: str) -> str:
    """Return the part before the @ in lower case and NFC (step 3); '' if it is invalid.

    Unneeded quotes are removed (RFC 5321 s4.1.2): "jean.dupont"@ is jean.dupont@.

    >>> _canonical_local('"Jean.Dupont"'), _canonical_local('"jean dupont"')
    ('jean.dupont', '"jean dupont"')
    """
    if _PLAIN_LOCAL.fullmatch(local_part):
        return _lower(local_part)
    quoted = _QUOTED_LOCAL.fullmatch(local_part)
    if not quoted:
        return ""
    content = _lower(_ESCAPED.sub(r"\1", quoted[1]))
    if _PLAIN_LOCAL.fullmatch(content):
        return content
    return '"' + _NEEDS_ESCAPE.sub(r"\\\1", content) + '"'


def _lower(text: str) -> str:
    """Return the text in lower case and NFC."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text.lower())


def _canonical_host(domain: str) -> str:
    """Return the domain in lower-case ASCII (step 4 in docs/identifiers.md); '' if it is invalid.

    An ASCII domain must have the shape of a host name, without a trailing dot, or of an address in
    brackets. Any other domain is encoded by IDNA. If IDNA forbids the name, it is encoded by plain
    punycode, provided that all its labels pass `_is_label`.

    >>> _canonical_host("Société.fr"), _canonical_host("[192.0.2.1]")
    ('xn--socit-esab.fr', '[192.0.2.1]')
    >>> _canonical_host("example.fr|Jean")
    ''
    """
    if domain.isascii():
        is_host = _HOST.fullmatch(domain) or _LITERAL.fullmatch(domain)
        return domain.lower() if is_host else ""
    try:
        return idna.encode(domain, uts46=True).decode("ascii").rstrip(".").lower()
    except idna.IDNAError:
        folded = unicodedata.normalize("NFKC", domain).replace("\u3002", ".").lower()
    labels = folded.rstrip(".").split(".")
    return ".".join(map(_punycode, labels)) if all(map(_is_label, labels)) else ""


def _is_label(label: str) -> bool:
    """Return whether a domain's label is not empty and has only characters that a name may have.

    These are letters, digits, hyphens and underscores; outside ASCII also marks and symbols, as in
    emoji domains. An ASCII symbol, like the `|` of pasted text, is not one of them.
    """
    return bool(label) and all(
        char in "-_"
        or (char.isalnum() if char.isascii() else unicodedata.category(char)[0] in "LMNS")
        for char in label
    )


def _punycode(label: str) -> str:
    """Return a domain's label in ASCII, by punycode if needed."""
    return label if label.isascii() else _ENCODED + label.encode("punycode").decode("ascii")


def mailbox_form(plain: str) -> str:
    """Return the mailbox of a Gmail address: at gmail.com, without dots and +suffix.

    `plain` is a canonical address. Return '' for an address at another domain, and if nothing is
    left before the @, as of `+pub@gmail.com`.

    >>> mailbox_form("jean.dupont+pub@gmail.com"), mailbox_form("jean.dupont@example.fr")
    ('jeandupont@gmail.com', '')
    """
    local, _, domain = plain.rpartition("@")
    if domain not in GMAIL_DOMAINS:
        return ""
    mailbox = local.partition("+")[0].replace(".", "")
    return f"{mailbox}@gmail.com" if mailbox else ""
