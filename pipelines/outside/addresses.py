"""Which addresses a step may connect to: public ones, and those that the administrator allows.

A name is resolved once, all its addresses are checked, and the connection goes to one of them: whatever the name means later has no effect.
"""

from __future__ import annotations

import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from pipelines.catalogue.errors import ModuleError
from pipelines.outside.reach import Reach, reach

IP = IPv4Address | IPv6Address
LONGEST_SHOWN = 100
# Python 3.11 takes these for global, later releases not all of them: assigned to protocols (Oracle Cloud's metadata are there), relays, documentation.
# The last one is what Azure answers its machines at.
NOT_PUBLIC = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20", "168.63.129.16")))
REMEDY = "Use a public address, or ask the administrator to allow the host with EASEL_PRIVATE_HOSTS."


def shown(address: str) -> str:
    """Return the beginning of an address for an error, without the user and the password that may be in it."""
    return re.sub(r"^([^/]*//)?.*@", r"\1…@", address.strip(), count=1, flags=re.DOTALL)[:LONGEST_SHOWN]


def checked_addresses(host: str, port: int, *, param: str | None = None) -> list[str]:
    """Resolve a host, and return its addresses in the order to try them.

    Raises:
        ModuleError: `unknown_host` when it has no address; `address_not_allowed` when one of them is not public and not allowed.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError, ValueError):
        raise ModuleError(
            "unknown_host",
            f"The host “{host[:200]}” was not found.",
            param=param,
            remedy="Check the spelling of the address. If it is right, try again later.",
            transient=True,
        ) from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not _is_allowed(host, ip_address(address.partition("%")[0]), reach()):
            words = f"The host “{host[:200]}” is in a private network ({address}), which this installation does not let pipelines reach."
            raise ModuleError("address_not_allowed", words, param=param, remedy=REMEDY)
    return addresses


def is_private(host: str, port: int) -> bool:
    """Return whether a host is reached only because the administrator allows it."""
    return not all(_is_public(ip_address(address.partition("%")[0])) for address in checked_addresses(host, port))


def _is_allowed(host: str, address: IP, far: Reach) -> bool:
    name = host.lower().rstrip(".")
    by_name = any(name == one or (one.startswith(".") and name.endswith(one)) for one in far.hosts)
    plain = (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address
    return by_name or any(plain.version == network.version and plain in network for network in far.networks) or _is_public(address)


def _is_public(address: IP) -> bool:
    """Return whether an address is one of the public internet. IPv6 addresses that stand for an IPv4 address, or for a place within a site, are not."""
    six = isinstance(address, IPv6Address) and (address.ipv4_mapped or address.sixtofour or address.teredo or address.is_site_local)
    return address.is_global and not (six or address.is_multicast or address.is_reserved or any(address in each for each in NOT_PUBLIC))
