"""Which addresses a webhook may have (pure): what is inside our own network is not to be reached through us."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from core.errors import Invalid

LONGEST = 2000
TUNNELS = tuple(ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
"""IPv6 addresses in which an IPv4 address hides (NAT64, 6to4, Teredo)."""


def is_public(address: str) -> bool:
    """Of an address as text. Neither loopback, private, link-local, reserved nor multicast."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    hidden = any(found.version == network.version and found in network for network in TUNNELS)
    return found.is_global and not found.is_multicast and not hidden


def host_of(url: str, *, allow_private: bool = True) -> str:
    """Raises Invalid with the field url. Whether a name leads to a private address is looked at whenever something is sent."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if not host or len(url) > LONGEST or any(mark.isspace() or ord(mark) < 33 for mark in url):
        raise Invalid(f"“{url[:100]}” is no address of a web server.", field="url")
    if parts.scheme != "https" and not (allow_private and parts.scheme == "http"):
        raise Invalid("Use an address that begins with https://.", field="url")
    if parts.username or parts.password or parts.fragment:
        raise Invalid("Names, passwords and fragments do not belong into the address.", field="url")
    if not allow_private and not _may_be_public(host):
        raise Invalid(f"{host} lies inside a private network.", field="url")
    return host


def _may_be_public(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return False
    address = _address(host)
    return address is None or is_public(str(address))


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
