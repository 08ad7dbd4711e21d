"""What comes of asking somebody else's HTTP server, where it is not a yes: the same for every
channel that posts to one."""

from collections.abc import Awaitable

import aiohttp

from hub.notifier.channel import Attempt, Result
from hub.notifier.places import NoPlace

PASSING = frozenset({408, 425, 429})
"""Client errors that say "later" rather than "never"."""


async def attempted(exchange: Awaitable[Attempt]) -> Attempt:
    """Return what the exchange returns, or what its failure means."""
    try:
        return await exchange
    except NoPlace:
        return Attempt(Result.AGAIN, "no-place")
    except TimeoutError:
        return Attempt(Result.AGAIN, "timeout")
    except aiohttp.ClientConnectorCertificateError:
        # Also a ValueError. Somebody opens TLS in between, or a certificate has run out: it passes.
        return Attempt(Result.AGAIN, "certificate")
    except ValueError:
        # InvalidURL is a ValueError, and so is what the resolver says of an impossible name.
        return Attempt(Result.FAILED, "bad-url")
    except aiohttp.ClientError as error:
        return Attempt(Result.AGAIN, type(error).__name__)


def refused(status: int, retry_after: str) -> Attempt:
    """Return what a status that is no yes means: later, in `retry_after` seconds where it says so
    (RFC 9110, 10.2.3), or never."""
    code = f"http-{status}"
    if status >= 500 or status in PASSING:
        is_count = retry_after.isascii() and retry_after.isdecimal()
        return Attempt(Result.AGAIN, code, float(retry_after) if is_count else None)
    return Attempt(Result.FAILED, code)
