"""Canonicalisation of mail domains; docs/identifiers.md#mail-domains has the rules.

A stop of a domain has one match key. A check of an e-mail address looks up the match keys of its
domain and of the domains above, once the controller has a stop of a domain.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.email import email_texts
from suppression.domain.identifiers.mail_domain.refused import (
    CONSUMER_DOMAIN,
    PUBLIC_SUFFIX,
    is_consumer_domain,
    is_public_suffix,
)
from suppression.domain.identifiers.match_keys import (
    DOMAIN_SCHEME,
    CanonicalText,
    Identifier,
    KeyUse,
    MatchKey,
    MatchKeyLabel,
)
from suppression.domain.vocabulary import Kind

MAX_LABELS = 10
"""The most labels of a domain that can be stopped: a check looks up no longer one."""

_ANYBODY = "a"
_IN_FRONT = re.compile(r"^(?:[*%]?@|\*\.)")


def is_typed_domain(text: str) -> bool:
    """Return whether a text stands for a whole domain in a field for identifiers of any kind.

    It begins with `@`, `*@` or `%@`, which no address does.

    >>> is_typed_domain("@corp.example"), is_typed_domain("jean@corp.example")
    (True, False)
    """
    return text.strip().startswith(("@", "*@", "%@"))


def canonical_domain(text: str) -> str:
    """Return a mail domain in canonical form: lower case, in ASCII, without a dot at the end.

    It is read as the domain of an address is; `@`, `*@`, `%@` or `*.` may stand in front. Raise
    IdentifierParseError for a text that is no domain, or one of more than MAX_LABELS labels.

    >>> canonical_domain(" @Société.FR. ")
    'xn--socit-esab.fr'
    """
    typed = _IN_FRONT.sub("", text.strip(), count=1)
    domain = "" if "@" in typed else _host_behind(f"{_ANYBODY}@", typed)
    if not domain or domain.startswith(("[", "www.")) or domain.rpartition(".")[2].isdigit():
        raise IdentifierParseError("malformed", "Send one domain, like corp.example.")
    if domain.count(".") >= MAX_LABELS:
        raise IdentifierParseError("malformed", f"Send a domain of at most {MAX_LABELS} labels.")
    return domain


def _host_behind(front: str, typed: str) -> str:
    """Return the canonical host of an address that begins with `front`; '' if it is none.

    Of several forms it is that of the address as people type it, which checks look up too.
    """
    try:
        keys = [key for key in email_texts(front + typed) if key.use.is_stored]
    except IdentifierParseError:
        return ""
    address = keys[-1].text
    return address.removeprefix(front) if address.startswith(front) else ""


def stoppable_domain(text: str) -> str:
    """Return a mail domain in canonical form, if a stop may name it.

    Raise IdentifierParseError for a text that `canonical_domain` refuses, for a public suffix
    (PUBLIC_SUFFIX) and for a consumer mail domain (CONSUMER_DOMAIN). One that was stopped before it
    was on a list can be lifted.

    >>> stoppable_domain("*@Corp.Example")
    'corp.example'
    """
    domain = canonical_domain(text)
    if is_public_suffix(domain):
        raise IdentifierParseError(
            PUBLIC_SUFFIX, "Send a company's own domain: strangers have names below this one."
        )
    if is_consumer_domain(domain):
        raise IdentifierParseError(
            CONSUMER_DOMAIN,
            "Send a company's own domain, or each address: anybody may have an address here.",
        )
    return domain


def domain_identifier(text: str, *, to_stop: bool = False) -> Identifier:
    """Return a mail domain as an identifier of e-mail, with its one match key.

    Raise the errors of `canonical_domain`, or with `to_stop` those of `stoppable_domain`.
    """
    domain = stoppable_domain(text) if to_stop else canonical_domain(text)
    match_key = _match_key(domain, KeyUse.BOTH)
    return Identifier(kind=Kind.EMAIL, forms=(match_key,), scheme=DOMAIN_SCHEME)


def domain_match_keys(texts: Iterable[CanonicalText]) -> list[MatchKey]:
    """Return the match keys by which a check looks up stops of the domains of an e-mail address.

    They are those of its domain and of each domain above, from two labels to MAX_LABELS. `texts`
    are the canonical texts of the address; those that are not looked up add nothing.
    """
    hosts = (text.text.rpartition("@")[2] for text in texts if text.use.is_looked_up)
    domains = dict.fromkeys(domain for host in hosts for domain in _suffixes(host))
    return [_match_key(domain, KeyUse.LOOKUP) for domain in domains]


def _suffixes(host: str) -> list[str]:
    """Return a host and the domains above it, from the longest, none of one label.

    >>> _suffixes("mail.corp.example"), _suffixes("[192.0.2.1]")
    (['mail.corp.example', 'corp.example'], [])
    """
    if host.startswith("["):
        return []
    labels = host.split(".")
    first = max(0, len(labels) - MAX_LABELS)
    return [".".join(labels[start:]) for start in range(first, len(labels) - 1)]


def _match_key(domain: str, use: KeyUse) -> MatchKey:
    prehash = hashlib.sha256(domain.encode()).digest()
    return MatchKey(label=MatchKeyLabel.DOMAIN, prehash=prehash, use=use, algorithm=DOMAIN_SCHEME)
