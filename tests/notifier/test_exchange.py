"""What the failure of a request to somebody else's server means, whichever channel made it."""

from typing import Any, NoReturn
from unittest.mock import Mock

import aiohttp
import pytest

from hub.notifier.channel import Attempt, Result
from hub.notifier.exchange import attempted, refused
from hub.notifier.places import NoPlace

CERTIFICATE = aiohttp.ClientConnectorCertificateError(Mock(), Exception("has run out"))


async def fails(error: Exception) -> NoReturn:
    raise error


@pytest.mark.parametrize(
    ("error", "meant"),
    [
        (CERTIFICATE, Attempt(Result.AGAIN, "certificate")),
        (TimeoutError(), Attempt(Result.AGAIN, "timeout")),
        (NoPlace(), Attempt(Result.AGAIN, "no-place")),
        (aiohttp.InvalidURL("http://"), Attempt(Result.FAILED, "bad-url")),
        (aiohttp.ServerDisconnectedError(), Attempt(Result.AGAIN, "ServerDisconnectedError")),
    ],
)
async def test_only_an_address_that_can_never_do_has_failed_for_good(
    error: Exception, meant: Attempt
) -> None:
    assert await attempted(fails(error)) == meant


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ((503, "7"), Attempt(Result.AGAIN, "http-503", 7.0)),
        ((429, ""), Attempt(Result.AGAIN, "http-429")),
        ((503, "\u0667"), Attempt(Result.AGAIN, "http-503")),
        ((404, "7"), Attempt(Result.FAILED, "http-404")),
        ((302, ""), Attempt(Result.FAILED, "http-302")),
    ],
)
def test_a_status_that_is_no_yes_says_later_or_never(asked: Any, meant: Attempt) -> None:
    assert refused(*asked) == meant
