"""Mail domains: the match keys of a stop, and those that a check of an address looks up."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.mail_domain import refused
from suppression.domain.identifiers.mail_domain.parsing import (
    MAX_LABELS,
    canonical_domain,
    domain_identifier,
    stoppable_domain,
)
from suppression.domain.identifiers.match_keys import MatchKeyLabel
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.vocabulary import Kind

LABELS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)
HOSTS = st.lists(LABELS, min_size=1, max_size=MAX_LABELS - 2).map(
    lambda labels: ".".join([*labels, "corp", "example"])
)


def looked_up(address: str) -> list[bytes]:
    identifier = parse_identifier(Kind.EMAIL, address, region="FR", domains=True)
    return [key.prehash for key in identifier.forms if key.label is MatchKeyLabel.DOMAIN]


@given(HOSTS)
def test_an_address_is_denied_by_each_domain_that_it_is_at(host: str) -> None:
    labels = host.split(".")
    domains = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    stopped = [domain_identifier(domain).forms[0].prehash for domain in domains]
    assert looked_up(f"jean@{host}") == stopped


@given(HOSTS)
def test_canonical_twice_is_canonical_once(host: str) -> None:
    assert canonical_domain(canonical_domain(f"@{host.upper()}.")) == host


def test_no_longer_domain_is_looked_up_than_can_be_stopped() -> None:
    host = ".".join([*"abcdefghijklmnop", "corp", "example"])
    assert len(looked_up(f"jean@{host}")) == MAX_LABELS - 1
    with pytest.raises(IdentifierParseError, match=f"at most {MAX_LABELS} labels"):
        canonical_domain(".".join(host.split(".")[-MAX_LABELS - 1 :]))


@pytest.mark.parametrize("address", ["jean@[192.0.2.1]", "jean@localhost"])
def test_an_address_without_a_domain_looks_up_none(address: str) -> None:
    assert looked_up(address) == []


def test_no_text_of_an_address_makes_the_key_of_a_domain() -> None:
    address = parse_identifier(Kind.EMAIL, "jean@corp.example", region="FR")
    assert {key.algorithm for key in address.forms} == {"sha256"}
    assert domain_identifier("corp.example").forms[0].algorithm == "domain"


def test_a_refusal_says_why() -> None:
    codes = {}
    for text in ("corp example", "jean@corp.example", "co.uk", "Orange.FR"):
        with pytest.raises(IdentifierParseError) as caught:
            stoppable_domain(text)
        codes[text] = caught.value.code
    assert list(codes.values()) == ["malformed", "malformed", "public_suffix", "consumer_domain"]


def test_the_list_of_consumer_domains_is_sorted_and_has_no_public_suffix() -> None:
    lines = (Path(refused.__file__).parent / "consumer_domains.txt").read_text().splitlines()
    assert lines == sorted(set(lines))
    assert [line for line in lines if refused.is_public_suffix(line)] == []
    france = {"orange.fr", "free.fr", "sfr.fr", "laposte.net", "bbox.fr", "wanadoo.fr", "neuf.fr"}
    assert {"gmail.com", "outlook.fr", "yahoo.fr", *france} <= set(lines)
