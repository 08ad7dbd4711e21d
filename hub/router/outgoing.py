"""The HTTP clients of the router: one for all receivers and gateways that are configured, and one
for push services, whose addresses browsers name."""

import aiohttp

from hub.notifier.push_endpoint import PublicOnly

CONNECTIONS = 256
"""Open connections of all receivers together."""
TO_ONE_SERVICE = 128
"""Open connections to one push service: one that does not answer leaves places for the others."""


def http_client() -> aiohttp.ClientSession:
    """Return the client; call on the loop, and close it."""
    return _client(aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=75))


def push_client() -> aiohttp.ClientSession:
    """Return the client for push services; it finds public addresses only."""
    connector = aiohttp.TCPConnector(
        limit=4 * TO_ONE_SERVICE,
        limit_per_host=TO_ONE_SERVICE,
        keepalive_timeout=75,
        resolver=PublicOnly(),
        ttl_dns_cache=60,
    )
    return _client(connector)


def _client(connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=connector,
        # Receivers are told what they need; a browser's habits cost a page its time.
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("Accept", "Accept-Encoding"),
        auto_decompress=False,
    )
