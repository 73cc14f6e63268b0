"""E-mail addresses. Nothing that exists is refused because a validator dislikes it."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

import idna

from suppression.domain.errors import UnreadableIdentifierError
from suppression.domain.identifiers.cleaning import cleaned
from suppression.domain.identifiers.forms import Form, FormLabel, Identifier
from suppression.domain.vocabulary import Kind

MAX_LENGTH = 320
_ANGLE = re.compile(r"<([^<>]*)>\s*$")
_PLAIN_LOCAL = re.compile(r"[^\s@,;<>()\"]+")
_QUOTED_LOCAL = re.compile(r"\"(?:[^\"\\]|\\.)+\"")
_DOMAIN = re.compile(r"[^\s@,;<>()\"/?]+")
_DOTTED = ("gmail.com", "googlemail.com")


def email(text: str) -> Identifier:
    """Every form of an e-mail address, plain first.

    >>> len(email("jean.dupont@gmail.com").forms), len(email("jean.dupont@example.fr").forms)
    (2, 1)
    """
    plain = canonical_email(text)
    forms = [Form.of(FormLabel.PLAIN, plain)]
    mailbox = _mailbox(plain)
    if mailbox not in {"", plain}:
        forms.append(Form.of(FormLabel.MAILBOX, mailbox))
    return Identifier(kind=Kind.EMAIL, forms=tuple(forms))


def canonical_email(text: str) -> str:
    """The one spelling: lower case, NFC, the domain as IDNA A-labels.

    >>> canonical_email(" Jean Dupont <Jean.Dupont@Example.FR> ")
    'jean.dupont@example.fr'
    >>> canonical_email("mailto:Contact@Société.fr?subject=stop")
    'contact@xn--socit-esab.fr'
    """
    address = _bare(cleaned(text, limit=MAX_LENGTH))
    local, _, domain = address.rpartition("@")
    domain = domain.rstrip(".")
    local_ok = _PLAIN_LOCAL.fullmatch(local) or _QUOTED_LOCAL.fullmatch(local)
    if not local_ok or not _DOMAIN.fullmatch(domain) or domain.startswith("."):
        raise UnreadableIdentifierError("malformed", "Send one e-mail address, like name@host.fr.")
    return f"{_lower(local)}@{_a_labels(domain)}"


def _bare(text: str) -> str:
    """The address inside `mailto:address?query` or `Name <address>`."""
    angle = _ANGLE.search(text)
    if angle:
        text = angle[1].strip()
    if text[:7].lower() == "mailto:":
        text = unquote(text[7:].partition("?")[0]).strip()
    return text


def _lower(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())


def _a_labels(domain: str) -> str:
    """The domain in ASCII: by IDNA where its rules allow the name, by plain punycode else."""
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode("ascii").rstrip(".").lower()
    except idna.IDNAError:
        folded = unicodedata.normalize("NFKC", domain).lower()
        return ".".join(_punycode(label) for label in folded.split("."))


def _punycode(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _mailbox(plain: str) -> str:
    """The mailbox behind a Gmail address: no dots, no +suffix; '' where there is none."""
    local, _, domain = plain.rpartition("@")
    if domain not in _DOTTED:
        return ""
    bare = local.partition("+")[0].replace(".", "")
    return f"{bare}@gmail.com" if bare else ""
