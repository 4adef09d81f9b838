"""The suite reaches loopback and nothing else."""

import socket

import pytest
from pytest_socket import SocketConnectBlockedError

# RFC 5737 keeps this address for documentation: nobody answers there.
ELSEWHERE = "192.0.2.1"


def test_connecting_elsewhere_is_refused() -> None:
    with pytest.warns(UserWarning, match=ELSEWHERE), pytest.raises(SocketConnectBlockedError):
        socket.create_connection((ELSEWHERE, 443), timeout=1)


def test_connecting_to_loopback_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()

        with socket.create_connection(address, timeout=1) as client:
            assert client.getpeername() == address
