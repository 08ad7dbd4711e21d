"""What all tests share: the project's root, free ports, and how hypothesis behaves."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Two loaded cores make single examples slow without anything being wrong.
settings.register_profile(
    "varde", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("varde")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture
def free_port() -> Iterator[Callable[[], int]]:
    """Give a function that returns a loopback TCP port nobody listens on.

    Until the test's end a socket is bound to it that never listens: the system then gives it to no
    program that asks for any port, and who listens there with SO_REUSEADDR may have it (Linux).
    """
    with ExitStack() as held:

        def pick() -> int:
            one = held.enter_context(socket.socket())
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            return port

        yield pick
