"""The API by which a browser lets itself be pushed to.

What answers a push is `hub.web.push.api_rights`. A subscription belongs to the
handset and to whoever is signed in on it now.
"""

import base64
import binascii
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.directory.subscriptions import Subscription
from hub.notifier.push_crypt import KeysWrong, Receiver
from hub.notifier.push_endpoint import LONGEST, EndpointRefused, check
from hub.web.access import SignedIn
from hub.web.answer import as_json, not_confirmed
from hub.web.push.told import channel_of, lose, tell
from hub.web.refusal import Refusal
from hub.web.session import Reader
from hub.web.site import AskedSite, Site
from routing.instant import to_rfc3339
from routing.proofs.command import ReachAction

router = APIRouter()
GONE = frozenset(
    {"unsubscribed", "handset-changed", "phone-lost", "no-subscription", "vapid-changed"}
    | {"session-over", "endpoint-refused", "keys-wrong", "http-404", "http-410"}
)
"""Why a push channel is not relied on that a subscription which is there makes good again. That a
test was not answered is not among them."""
Key = Annotated[str, Field(min_length=1, max_length=120)]


class Keys(BaseModel):
    """The browser's keys, base64url."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    p256dh: Key
    auth: Key


class Subscribed(BaseModel):
    """The body: a PushSubscription as JSON (W3C Push API)."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    endpoint: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    keys: Keys
    key: Key | None = None
    """The applicationServerKey that the browser used; ours now where it is left out."""
    expiration_time: Annotated[float | None, Field(alias="expirationTime")] = None


class Nothing(BaseModel):
    """An empty body."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@router.get("/api/push/key")
async def key(reader: SignedIn, site: AskedSite) -> Response:
    """Return our public key, for `pushManager.subscribe`."""
    return as_json({"key": site.push_key})


@router.get("/api/push/subscription")
async def subscription(reader: SignedIn, site: AskedSite) -> Response:
    """Say whether this handset can be pushed to for its person, and when that last arrived."""
    found = site.subscriptions.of(reader.handset)
    mine = found is not None and found.person == reader.person and found.vapid == site.push_key
    at = found.last_receipt_at if found is not None and mine else None
    return as_json({"known": mine, "last_receipt_at": None if at is None else to_rfc3339(at)})


@router.post("/api/push/subscription")
async def subscribe(body: Subscribed, reader: SignedIn, site: AskedSite) -> Response:
    """Keep the subscription in the place of the handset's former one. 200 done, 202 the router has
    not confirmed it (ask again)."""
    if body.key is not None and body.key != site.push_key:
        raise Refusal(HTTPStatus.CONFLICT, "push_key_changed")
    new = _checked(body, reader, site)
    known = site.subscriptions.of(reader.handset)
    if known is not None and _same(known, new) and not _counts_as_gone(site, reader.person):
        return as_json({"state": "done"})
    for other in site.subscriptions.put(new):
        if not site.subscriptions.live(other):
            await tell(site, other, ReachAction.LOST, code="handset-changed")
    told = await tell(site, reader.person, ReachAction.SUBSCRIBED, code=None)
    return as_json({"state": "done"}) if told else not_confirmed(reader)


@router.post("/api/push/unsubscribe")
async def unsubscribe(body: Nothing, reader: SignedIn, site: AskedSite) -> Response:
    """Let this handset be pushed to no more."""
    told = await lose(site, reader.handset, "unsubscribed")
    return as_json({"state": "done"}) if told else not_confirmed(reader)


def _checked(body: Subscribed, reader: Reader, site: Site) -> Subscription:
    try:
        check(body.endpoint, allowed=site.push_services, loopback=not site.secure)
        receiver = Receiver(_octets(body.keys.p256dh), _octets(body.keys.auth))
        receiver.check()
    except EndpointRefused:
        raise Refusal(HTTPStatus.BAD_REQUEST, "push_endpoint") from None
    except KeysWrong:
        raise Refusal(HTTPStatus.BAD_REQUEST, "push_keys") from None
    return Subscription(
        handset=reader.handset,
        person=reader.person,
        endpoint=body.endpoint,
        p256dh=receiver.point,
        auth=receiver.auth,
        vapid=site.push_key,
        made_at=site.clock(),
    )


def _octets(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise KeysWrong("not base64url") from error


def _same(known: Subscription, new: Subscription) -> bool:
    of = [(s.person, s.endpoint, s.p256dh, s.auth, s.vapid) for s in (known, new)]
    return of[0] == of[1]


def _counts_as_gone(site: Site, person: str) -> bool:
    """Whether the core still believes that nothing of the person's can be pushed to."""
    channel = channel_of(site, person)
    return channel is not None and site.live.state.proofs.of(person, channel).code in GONE
