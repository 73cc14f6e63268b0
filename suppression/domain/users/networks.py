"""The network of an address, under which requests are counted."""

from __future__ import annotations

import ipaddress
import re

_IPV6_NETWORK = 64
_WHOLE_IPV4 = 32
_WITH_PORT = re.compile(r"\[([^\[\]]*)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+")
"""As some proxies write it into X-Forwarded-For: each connection has another port."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def address_in(text: str) -> Address | None:
    """Parse a client's address, without its port, mapped IPv4 as IPv4; None if it is no address.

    >>> address_in("192.0.2.7:50123"), address_in("[2001:db8::7]:50123"), address_in("nowhere")
    (IPv4Address('192.0.2.7'), IPv6Address('2001:db8::7'), None)
    >>> address_in("::ffff:192.0.2.7")
    IPv4Address('192.0.2.7')
    """
    with_port = _WITH_PORT.fullmatch(text)
    try:
        parsed = ipaddress.ip_address(with_port[1] or with_port[2] if with_port else text)
    except ValueError:
        return None
    return (isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped) or parsed


def network_of(address: str, *, ipv4: int = _WHOLE_IPV4) -> str:
    """Return the address, or its network of `ipv4` bits; under IPv6 its /64, which one client owns.

    Return a text that is no address unchanged.

    >>> network_of("192.0.2.7"), network_of("192.0.2.7", ipv4=24), network_of("2001:db8::7")
    ('192.0.2.7', '192.0.2.0/24', '2001:db8::/64')
    >>> network_of("::ffff:192.0.2.7"), network_of("nowhere")
    ('192.0.2.7', 'nowhere')
    >>> network_of("192.0.2.7:50123"), network_of("[2001:db8::7]:50123")
    ('192.0.2.7', '2001:db8::/64')
    """
    parsed = address_in(address)
    if parsed is None:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed.packed, _IPV6_NETWORK), strict=False))
    if ipv4 == _WHOLE_IPV4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed.packed, ipv4), strict=False))
