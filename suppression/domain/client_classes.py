"""What sort of program a request looks like, by the names and networks of a data file.

Nobody is treated otherwise for it: a scanner that sends a stop has stopped, and a person behind a
scanner's network too. It is noted for whoever has to judge a stop later, and counted.
"""

from __future__ import annotations

import csv
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from suppression.domain.networks import address_in
from suppression.domain.vocabulary import ClientClass

_FILE = Path(__file__).with_name("clients.csv")
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownClients:
    """The rows of the data file: small-letter parts of User-Agent texts, and networks."""

    agents: tuple[tuple[str, ClientClass], ...]
    networks: tuple[tuple[_Network, ClientClass], ...]


def _read(path: Path) -> KnownClients:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    return KnownClients(
        agents=tuple(
            (row["is"].lower(), ClientClass(row["class"]))
            for row in rows
            if row["what"] == "user_agent"
        ),
        networks=tuple(
            (ipaddress.ip_network(row["is"]), ClientClass(row["class"]))
            for row in rows
            if row["what"] == "network"
        ),
    )


KNOWN = _read(_FILE)


def client_class(user_agent: str, address: str) -> ClientClass:
    """The class of a client; a browser, where nothing says otherwise.

    >>> client_class("Barracuda Sentinel (EE)", "192.0.2.1")
    <ClientClass.SCANNER: 'scanner'>
    >>> client_class("Mozilla/5.0 (X11; Linux x86_64)", "192.0.2.1")
    <ClientClass.BROWSER: 'browser'>
    """
    agent = user_agent.lower()
    for part, found in KNOWN.agents:
        if part in agent:
            return found
    return _of_network(address)


def _of_network(address: str) -> ClientClass:
    parsed = address_in(address)
    for network, found in KNOWN.networks:
        if parsed is not None and parsed in network:
            return found
    return ClientClass.BROWSER
