"""The network of a client's address, by which requests are counted."""

from __future__ import annotations

import ipaddress
import re

_IPV6_NETWORK = 64
_WHOLE_IPV4 = 32
_WITH_PORT = re.compile(r"\[([^\[\]]*)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+")
"""An address with a port, as some proxies write it into X-Forwarded-For; ports change."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def address_in(text: str) -> Address | None:
    """Parse a client's address, without its port; return None if it is no address.

    An IPv4 address mapped to IPv6 becomes IPv4.

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
    """Return an address's network: `ipv4` bits of an IPv4 address; the /64 of an IPv6 address.

    One client owns a whole /64. With 32 bits, the IPv4 address itself is returned, without its
    port. A text that is no address is returned unchanged.

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
