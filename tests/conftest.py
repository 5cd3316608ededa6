"""Keeps every test on this machine: no setting of the person who runs it, no outside connection.

It replaces nothing of the project; it scrubs the environment and guards the sockets of CPython.
A test that needs more starts its own process on the loopback interface.
"""

import ipaddress
import os
import sys
from collections.abc import MutableMapping
from typing import Any

pytest_plugins = ["tests.postgres", "tests.web"]

PREFIX = "PAYMENT_SERVICE_"
_CONNECTING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_RESOLVING = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})


class OutsideConnectionError(RuntimeError):
    """A test tried to reach an address that is not of this machine."""


def scrub(environment: MutableMapping[str, str]) -> None:
    """Remove every setting of the service."""
    for name in [name for name in environment if name.startswith(PREFIX)]:
        del environment[name]


def is_of_this_machine(address: object) -> bool:
    """Return whether a socket address is a Unix path, a connected peer or the loopback."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0]).partition("%")[0]
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_resolved_here(host: object) -> bool:
    """Return whether no name server has to be asked for a host."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost"}:
        return True
    try:
        ipaddress.ip_address(str(name).partition("%")[0])
    except ValueError:
        return False
    return True


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _CONNECTING and not is_of_this_machine(arguments[1]):
        raise OutsideConnectionError(f"tests stay on this machine: {arguments[1]}")
    if event in _RESOLVING and not is_resolved_here(arguments[0]):
        raise OutsideConnectionError(f"tests ask no name server: {arguments[0]}")


def pytest_configure() -> None:
    """Take effect before the first test module is imported, in every worker of the run."""
    scrub(os.environ)
    sys.addaudithook(_guard)
