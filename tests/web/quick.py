"""One-time codes without the 50 ms of processor time that each costs on purpose: signing in is not
what most tests are about. The real hash is tested in tests/directory, and by real processes."""

import hashlib

import pytest


def digest(text: str, salt: bytes) -> bytes:
    """Return a hash in the place of `hub.directory.code.digest`."""
    return hashlib.sha256(salt + text.encode()).digest()


@pytest.fixture(autouse=True)
def quick_codes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a process of its own redeems the codes (marker broker), they are the real ones."""
    if request.node.get_closest_marker("broker") is None:
        monkeypatch.setattr("hub.directory.code.digest", digest)
