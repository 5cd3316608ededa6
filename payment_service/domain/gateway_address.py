"""Where a gateway's services may be: an origin over TLS, or this machine for rehearsals."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from payment_service.domain.errors import Invalid

ADDRESS_LENGTH_MAX: Final = 300


def require_gateway_address(address: str) -> None:
    """Refuse with `Invalid` an address that is not plain `https://host[:port][/path]`.

    `http` is for loopback only. A name that leads elsewhere is a matter of the network's own rules:
    addresses come from an operator's registration, never from a message.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise Invalid("the gateway's address is malformed") from error
    is_plain = (
        address.isascii()
        and address.isprintable()
        and " " not in address
        and len(address) <= ADDRESS_LENGTH_MAX
        and parts.hostname
        and port != 0
        and "@" not in parts.netloc
        and not (parts.query or parts.fragment)
        and not _is_link_local(parts.hostname)
        and not address.endswith(("/", "?", "#"))
    )
    if not is_plain:
        raise Invalid("a gateway's address is https://host/path without query, user or final slash")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname)):
        raise Invalid("a gateway is called over https")


def _is_loopback(host: str | None) -> bool:
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"


def _is_link_local(host: str) -> bool:
    """Say whether an address leads to the machine's own network, where clouds keep secrets."""
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_link_local or address.is_unspecified or address.is_multicast
