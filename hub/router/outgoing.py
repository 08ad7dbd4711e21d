"""The one HTTP client of the router, for all webhook receivers."""

import aiohttp

CONNECTIONS = 256
"""Open connections of all receivers together."""


def http_client() -> aiohttp.ClientSession:
    """Return the client; call on the loop, and close it."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=75),
        # Receivers are told what they need; a browser's habits cost a page its time.
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("Accept", "Accept-Encoding"),
        auto_decompress=False,
    )
