"""Being signed in: the two cookies of a browser, its session and its handset."""

import ipaddress
from http import HTTPStatus

from fastapi import Request, Response

from hub.directory.entries import Happened
from hub.directory.port import SESSION_LIFE, Handset, Means, TooManyGuesses
from hub.telling.words import duration
from hub.text import catalogue
from hub.web.phones.label import label_of
from hub.web.push.told import lose
from hub.web.refusal import Refusal
from hub.web.session import language_of
from hub.web.site import Site
from routing.instant import DAY, SECOND

HANDSET_COOKIE_S = 400 * DAY // SECOND
"""As long as browsers keep any cookie (RFC 6265bis, 5.5); each sign-in renews it."""


def address_of(request: Request) -> str:
    """Return the network address that guesses are counted by. Of IPv6 it is the /64, of which one
    line has at least one (RFC 6177): by its 2^64 addresses one guesser would be very many."""
    return "unknown" if request.client is None else counted_as(request.client.host)


def counted_as(host: str) -> str:
    """Return the part of a client's address that stands for one guesser."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def handset_of(request: Request, site: Site) -> Handset | None:
    """Return the browser's handset, whether or not anybody is signed in on it."""
    return site.directory.phones.known(request.cookies.get(site.handset_cookie))


async def signed_in_as(
    request: Request,
    site: Site,
    person: str,
    means: Means,
    response: Response | None = None,
    *,
    passkey: str | None = None,
) -> Response:
    """Begin the person's session on this handset and return the answer that carries its cookies;
    204 unless another answer is given. What was pushed to it for somebody else ends. `passkey` is
    the one that was used: from now on it may live here."""
    at, secret = site.clock(), request.cookies.get(site.handset_cookie)
    before = handset_of(request, site)
    pushed = None if before is None else site.subscriptions.of(before.id)
    if pushed is not None and pushed.person != person:
        await lose(site, pushed.handset, "handset-changed")
    handset, kept = site.directory.phones.taken_by(person, secret, _label(request), at)
    if kept != secret:
        note = site.directory.entries.add
        note(Happened.SIGNED_IN, at, person=person, by=person, handset=handset.id)
    if passkey is not None and not site.directory.passkeys.seen(passkey, handset.id, at):
        # Its phone was ended while this was under way.
        raise Refusal(HTTPStatus.UNAUTHORIZED, "passkey_refused")
    token = site.directory.sessions.begin(person, handset.id, means, at, unit=handset.unit)
    answer = Response(status_code=HTTPStatus.NO_CONTENT) if response is None else response
    set_cookie(answer, site, site.cookie, token, 30 * SESSION_LIFE // SECOND)
    set_cookie(answer, site, site.handset_cookie, kept, HANDSET_COOKIE_S)
    return answer


async def bound_to(request: Request, site: Site, unit: str) -> Response:
    """Make this handset a shared one of the unit; nobody is signed in on it yet."""
    secret, at = request.cookies.get(site.handset_cookie), site.clock()
    if (before := handset_of(request, site)) is not None:
        await lose(site, before.id, "handset-changed")
    handset, kept = site.directory.phones.bind(unit, secret, _label(request), at)
    site.directory.entries.add(Happened.PHONE_BOUND, at, handset=handset.id)
    answer = Response(status_code=HTTPStatus.NO_CONTENT)
    answer.delete_cookie(site.cookie, path="/", secure=site.secure, httponly=True)
    set_cookie(answer, site, site.handset_cookie, kept, HANDSET_COOKIE_S)
    return answer


def too_many(request: Request, site: Site, many: TooManyGuesses) -> Refusal:
    """Return the refusal that says how long to wait."""
    wait = duration(catalogue(language_of(request, site, None)), many.wait_s)
    return Refusal(HTTPStatus.TOO_MANY_REQUESTS, "too_many_guesses", wait=wait)


def set_cookie(answer: Response, site: Site, name: str, value: str, max_age_s: int) -> None:
    """Set a cookie that no script reads and no other site sends."""
    answer.set_cookie(
        name,
        value,
        max_age=max_age_s,
        path="/",
        secure=site.secure,
        httponly=True,
        samesite="lax",
    )


def _label(request: Request) -> str:
    return label_of(request.headers.get("user-agent", ""))
