"""The domains that no stop may name: one row would silence people who never asked for it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from publicsuffixlist import PublicSuffixList

PUBLIC_SUFFIX, CONSUMER_DOMAIN = "public_suffix", "consumer_domain"
"""The codes of the errors for a domain that no stop may name."""


def is_public_suffix(domain: str) -> bool:
    """Return whether strangers register names below a domain: `com`, `co.uk`, `asso.fr`.

    `domain` is canonical. A name of one label always is. Source: publicsuffix.org.

    >>> is_public_suffix("co.uk"), is_public_suffix("corp.example")
    (True, False)
    """
    return "." not in domain or _public_suffixes().is_public(domain)


def is_consumer_domain(domain: str) -> bool:
    """Return whether anybody may have a mailbox at a domain; README.md names the list's sources.

    `domain` is canonical.

    >>> is_consumer_domain("orange.fr"), is_consumer_domain("corp.example")
    (True, False)
    """
    return domain in _consumer_domains()


@cache
def _public_suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@cache
def _consumer_domains() -> frozenset[str]:
    text = (Path(__file__).parent / "consumer_domains.txt").read_text(encoding="utf-8")
    return frozenset(text.split())
