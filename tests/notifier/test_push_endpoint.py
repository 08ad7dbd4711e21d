"""Endpoints: a browser may name public push services, and nothing of the municipality's own."""

import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from hub.notifier.push_endpoint import EndpointRefused, PublicOnly, check, is_public

REAL = (
    "https://fcm.googleapis.com/fcm/send/cXyz:APA91bExample",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABexample",
    "https://web.push.apple.com/QExampleExample",
    "https://db5p.notify.windows.com/w/?token=BQYexample",
    "https://push.example.org:443/x",
)
INSIDE = (
    "http://push.example.org/x",
    "https://push.example.org:8443/x",
    "https://push.example.org:22/x",
    "https://10.0.0.1/x",
    "https://127.0.0.1/x",
    "http://127.0.0.1:1883/",
    "https://[::1]/x",
    "https://[fe80::1]/x",
    "https://169.254.169.254/latest/meta-data",
    "https://93.184.216.34/x",
    "https://localhost/x",
    "https://intranet/x",
    "https://2130706433/x",
    "https://user:word@push.example.org/x",
    "https://push.example.org/x#y",
    "ftp://push.example.org/x",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "push.example.org/x",
    "//push.example.org/x",
    "https:///x",
    "https://push.example.org:99999/x",
    "https://push.example.org/\r\nHost: inside",
    "https://push.exæmple.org/x",
    "https://push.example.org/" + "x" * 2_000,
    "",
)


@pytest.mark.parametrize("endpoint", REAL)
def test_push_services_are_taken(endpoint: str) -> None:
    check(endpoint)
    check(endpoint, loopback=True)


@pytest.mark.parametrize("endpoint", INSIDE)
def test_everything_else_is_refused(endpoint: str) -> None:
    with pytest.raises(EndpointRefused):
        check(endpoint)


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:8090/x", "https://[::1]:1/x"])
def test_loopback_is_for_trials_on_one_machine(endpoint: str) -> None:
    check(endpoint, loopback=True)
    with pytest.raises(EndpointRefused):
        check(endpoint)


@pytest.mark.parametrize("endpoint", ["http://10.0.0.1/x", "http://push.example.org/x"])
def test_a_trial_opens_nothing_but_loopback(endpoint: str) -> None:
    with pytest.raises(EndpointRefused):
        check(endpoint, loopback=True)


@pytest.mark.parametrize(
    ("endpoint", "taken"),
    [
        ("https://push.apple.com/x", True),
        ("https://web.push.apple.com/x", True),
        ("https://evilpush.apple.com.example.org/x", False),
        ("https://notpush.apple.com/x", False),
        ("https://fcm.googleapis.com/x", False),
    ],
)
def test_a_list_of_hosts_stands_for_those_below_them_too(endpoint: str, taken: bool) -> None:
    if taken:
        check(endpoint, allowed=("push.apple.com",))
    else:
        with pytest.raises(EndpointRefused):
            check(endpoint, allowed=("push.apple.com",))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("142.250.74.10", True),
        ("2a00:1450:400f:80d::200a", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fd00::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:142.250.74.10", True),
        ("not an address", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


class Names(AbstractResolver):
    """Answers with the addresses it was given."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=one, port=port, family=family, proto=0, flags=0)
            for one in self.addresses
        ]

    async def close(self) -> None:
        self.addresses = ()


async def test_a_name_that_leads_inside_leads_nowhere() -> None:
    found = await PublicOnly(Names("10.0.0.1", "142.250.74.10")).resolve("push.example.org", 443)
    assert [one["host"] for one in found] == ["142.250.74.10"]
    with pytest.raises(OSError, match="no public address"):
        await PublicOnly(Names("10.0.0.1", "::1")).resolve("push.example.org", 443)
