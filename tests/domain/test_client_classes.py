from __future__ import annotations

import pytest

from suppression.domain.client_classes import KNOWN, client_class
from suppression.domain.vocabulary import ClientClass

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36"
)


@pytest.mark.parametrize(
    ("agent", "address", "expected"),
    [
        (CHROME, "192.0.2.1", ClientClass.BROWSER),
        (CHROME, "2001:db8::1", ClientClass.BROWSER),
        (CHROME, "", ClientClass.BROWSER),
        (CHROME, "not an address", ClientClass.BROWSER),
        ("", "192.0.2.1", ClientClass.BROWSER),
        ("Mozilla/5.0 (compatible; BARRACUDA Sentinel (EE))", "192.0.2.1", ClientClass.SCANNER),
        (CHROME, "64.235.150.7", ClientClass.SCANNER),
        (CHROME, "::ffff:64.235.150.7", ClientClass.SCANNER),
        (CHROME, "64.235.150.7:50123", ClientClass.SCANNER),
        ("Mozilla/5.0 (via ggpht.com GoogleImageProxy)", "192.0.2.1", ClientClass.PROVIDER),
    ],
)
def test_a_client_is_known_by_name_then_by_network(
    agent: str, address: str, expected: ClientClass
) -> None:
    assert client_class(agent, address) is expected


def test_the_four_that_the_scanner_suite_replays_are_known() -> None:
    named = " ".join(part for part, _ in KNOWN.agents)
    for scanner in ("barracuda", "proofpoint", "mimecast", "safelinks"):
        assert scanner in named


def test_names_are_small_letters_as_they_are_looked_for() -> None:
    assert all(part == part.lower() and part for part, _ in KNOWN.agents)
    assert KNOWN.networks
