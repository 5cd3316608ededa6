"""The guard of the tests itself: it refuses what leaves the machine and lets the rest pass."""

import socket

import pytest

from tests.conftest import OutsideConnectionError, is_of_this_machine, is_resolved_here, scrub


def _family(address: tuple[str, int]) -> int:
    return socket.AF_INET6 if ":" in address[0] else socket.AF_INET


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("203.0.113.9", 443), ("2001:db8::1", 1)])
def test_a_connection_to_another_machine_is_refused(address: tuple[str, int]) -> None:
    with (
        socket.socket(_family(address), socket.SOCK_STREAM) as connection,
        pytest.raises(OutsideConnectionError),
    ):
        connection.connect(address)


@pytest.mark.parametrize("host", ["example.org", b"example.org"])
def test_no_name_server_is_asked(host: str | bytes) -> None:
    with pytest.raises(OutsideConnectionError):
        socket.getaddrinfo(host, 443)


@pytest.mark.parametrize("host", [None, "", "localhost", b"localhost", "127.0.0.1", "::"])
def test_what_needs_no_name_server_is_resolved(host: str | bytes | None) -> None:
    assert is_resolved_here(host)


def test_a_datagram_to_another_machine_is_refused() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
        pytest.raises(OutsideConnectionError),
    ):
        sender.sendto(b"x", ("192.0.2.1", 53))


def test_a_connection_to_this_machine_passes() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as connection,
    ):
        assert connection.getpeername() == server.getsockname()


@pytest.mark.parametrize("address", [("::1", 1, 0, 0), ("localhost", 1), "/run/x", b"\0x", None])
def test_this_machine_has_several_names(address: object) -> None:
    assert is_of_this_machine(address)


def test_settings_of_the_person_who_runs_the_tests_are_removed() -> None:
    environment = {"PAYMENT_SERVICE_DATABASE_URL": "postgresql://real", "PATH": "/bin"}
    scrub(environment)
    assert environment == {"PATH": "/bin"}
