"""The class of a client program, by the User-Agents and networks of a data file.

The class has no effect on a request: a stop sent by a scanner is in force, and so is that of a
person behind a scanner's network. The class is counted, and recorded for later questions about a
stop.
"""

from __future__ import annotations

import csv
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from suppression.domain.users.networks import address_in
from suppression.domain.vocabulary import ClientClass

_FILE = Path(__file__).with_name("clients.csv")
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownClients:
    """The data file's parts of User-Agents, in lower case, and networks, each with its class."""

    agents: tuple[tuple[str, ClientClass], ...]
    networks: tuple[tuple[_Network, ClientClass], ...]


def _read_clients(path: Path) -> KnownClients:
    """Read the data file clients.csv; lines that begin with # are comments."""
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


KNOWN = _read_clients(_FILE)


def client_class(user_agent: str, address: str) -> ClientClass:
    """Return the class of a client by its User-Agent, else by its IP address, else BROWSER.

    >>> client_class("Barracuda Sentinel (EE)", "192.0.2.1")
    <ClientClass.SCANNER: 'scanner'>
    >>> client_class("Mozilla/5.0 (X11; Linux x86_64)", "192.0.2.1")
    <ClientClass.BROWSER: 'browser'>
    """
    agent = user_agent.lower()
    for part, agent_class in KNOWN.agents:
        if part in agent:
            return agent_class
    parsed = address_in(address)
    for network, network_class in KNOWN.networks:
        if parsed is not None and parsed in network:
            return network_class
    return ClientClass.BROWSER
