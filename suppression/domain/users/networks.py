"""The network of an address, under which requests are counted."""

from __future__ import annotations

import ipaddress

_IPV6_NETWORK = 64
_WHOLE_IPV4 = 32


def network_of(address: str, *, ipv4: int = _WHOLE_IPV4) -> str:
    """Return the address, or its network of `ipv4` bits; under IPv6 its /64, which one client owns.

    Return a text that is no address unchanged.

    >>> network_of("192.0.2.7"), network_of("192.0.2.7", ipv4=24), network_of("2001:db8::7")
    ('192.0.2.7', '192.0.2.0/24', '2001:db8::/64')
    >>> network_of("::ffff:192.0.2.7"), network_of("nowhere")
    ('192.0.2.7', 'nowhere')
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ipaddress.ip_network((parsed.packed, _IPV6_NETWORK), strict=False))
        parsed = parsed.ipv4_mapped
    if ipv4 == _WHOLE_IPV4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed.packed, ipv4), strict=False))
