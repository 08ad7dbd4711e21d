"""A failed set-up names its cause; the outputs are pip's own, shortened."""

import pytest

from scripts.causes import explain, last_lines, settings

REFUSED = """WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(
'<HTTPSConnection object>: Failed to establish a new connection: [Errno 111] Connection refused')'
ERROR: Could not find a version that satisfies the requirement aiohttp==3.14.5 (from versions: none)
ERROR: No matching distribution found for aiohttp==3.14.5"""
PROXY = """WARNING: Retrying (Retry(total=0)) after connection broken by 'ProxyError('Cannot connect
to proxy.', OSError('Tunnel connection failed: 407 Proxy Authentication Required'))': /simple/babel/
ERROR: No matching distribution found for babel==2.18.0"""
NO_WHEEL = """ERROR: Could not find a version that satisfies the requirement uvloop==0.23.0
ERROR: No matching distribution found for uvloop==0.23.0"""
HASHES = """ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.
    segno==1.6.6 from file: Expected sha256 00 Got 28"""
EMPTY = (
    """ERROR: Could not find a version that satisfies the requirement aiohttp==3.14.5 (from
versions: none)""".replace("\n", " ")
    + "\nERROR: No matching distribution found for aiohttp==3.14.5"
)
CERTIFICATE = """WARNING: Retrying after connection broken by 'SSLError(SSLCertVerificationError(1,
'[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed'))': /simple/babel/
ERROR: No matching distribution found for babel==2.18.0"""
NO_VENV = """The virtual environment was not created successfully because ensurepip is not
available."""


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (REFUSED, "pip cannot reach a package index"),
        (PROXY, "set HTTPS_PROXY"),
        (NO_WHEEL, "no ready-made wheel for this platform"),
        (EMPTY, "cannot be reached, or it is empty"),
        (HASHES, "not the one in the lock"),
        (CERTIFICATE, "set PIP_CERT"),
        (NO_VENV, "apt-get install python3-venv"),
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("something new", "a reason that is not known here"),
    ],
)
def test_the_cause_is_named(output: str, words: str) -> None:
    assert words in explain(output)


def test_settings_are_told_by_name_and_never_by_value() -> None:
    told = settings({"https_proxy": "http://ola:hemmelig@proxy.example:3128"})
    assert "HTTPS_PROXY set" in told
    assert "PIP_INDEX_URL not set" in told
    assert "hemmelig" not in told


def test_addresses_are_left_out_of_the_last_lines() -> None:
    shown = last_lines("first\nLooking in https://ola:hemmelig@index.example/simple\n")
    assert shown == "  | first\n  | Looking in <address>"
