"""Where SMS and voice gateways call us: delivery reports, replies, and keys pressed in calls.

Every callback proves that it is its gateway's before anything of it is read. A callback that comes
twice does nothing twice. Answers are for programs: 200 it is noted, 401 it is not the gateway's,
404 it is about nothing of ours, 400 it cannot be read, 503 send it again.
"""

import asyncio
import logging
from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from hub.mqtt import NotConfirmed
from hub.notifier.gateway_hooks import secret_name
from hub.notifier.it_notice import Trouble
from hub.secrets import SecretUnsafe
from hub.settings.channels import GatewaySettings
from hub.web import receipts
from hub.web.answer import as_json
from hub.web.gateways.answer import answer, text_for
from hub.web.gateways.bounds import FORGED_PER_HOUR
from hub.web.gateways.proof import Callback, proven
from hub.web.gateways.read import Content, plain, read
from hub.web.gateways.reply import Replies
from hub.web.gateways.sends import Sent, SentCalls
from hub.web.gateways.site import Hooks
from hub.web.site import AskedSite, Site

log = logging.getLogger(__name__)
router = APIRouter()

NOTED = HTTPStatus.OK
"""With an empty body: some gateways know no other yes, and some send a body on as an SMS."""
READ_WITHIN_S = 1.0
"""How far this process may be behind the journal when a gateway speaks of a call already."""
_ONLY = {"reply": "sms", "key": "voice"}
_KEYS = {"1": True, "2": False}


@router.get("/hooks/{gateway}/{what}")
@router.post("/hooks/{gateway}/{what}")
async def hook(gateway: str, what: str, request: Request, site: AskedSite) -> Response:
    """Hear a gateway that proves itself by a signature or a password."""
    return await _hear(gateway, what, None, request, site)


@router.get("/hooks/{gateway}/{what}/{secret}")
@router.post("/hooks/{gateway}/{what}/{secret}")
async def hook_at(
    gateway: str, what: str, secret: str, request: Request, site: AskedSite
) -> Response:
    """Hear a gateway that knows a secret address."""
    return await _hear(gateway, what, secret, request, site)


async def _hear(
    gateway: str, what: str, secret: str | None, request: Request, site: Site
) -> Response:
    hooks, body = site.hooks, await request.body()
    settings = None if hooks is None else hooks.gateways.get(gateway)
    call = Callback(request.method, request.headers, body, secret)
    if hooks is None or settings is None or not _is_its_own(site, hooks, gateway, call):
        return Response(status_code=HTTPStatus.UNAUTHORIZED)
    content = read(request.headers.get("content-type", ""), body, request.url.query)
    try:
        answer = await _treat(site, hooks, (gateway, what), settings, content)
    except NotConfirmed:
        return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
    if answer.status_code == HTTPStatus.BAD_REQUEST and what == "reply":
        calls = SentCalls(site.live, site.rights_key, site.clock, site.calls)
        raw = plain(body) or request.url.query
        Replies(site, hooks, calls, hooks.people).unreadable(gateway, raw)
    return answer


def _is_its_own(site: Site, hooks: Hooks, gateway: str, call: Callback) -> bool:
    at = site.clock()
    try:
        secret = hooks.secret(secret_name(gateway))
    except SecretUnsafe as error:
        log.error("%s. Until then no callback of gateway %s is believed", error, gateway)
        secret = None
    if proven(hooks.gateways[gateway].hook, secret, call, at):
        return True
    if hooks.bounds.allows(f"forged:{gateway}", FORGED_PER_HOUR, at):
        log.warning("gateway %s: a callback does not prove that it is the gateway's", gateway)
    else:  # Anybody may call here, and must not fill the disk by it.
        hooks.tell(Trouble.HOOK_REFUSED, gateway)
    return False


async def _treat(
    site: Site,
    hooks: Hooks,
    where: tuple[str, str],
    settings: GatewaySettings,
    content: Content | None,
) -> Response:
    gateway, what = where
    each = {
        "report": settings.report.each,
        "reply": settings.reply.each,
        "key": settings.key.each,
    }
    if what not in each or _ONLY.get(what, settings.kind) != settings.kind:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    parts = None if content is None else content.each(each[what])
    if parts is None:
        log.error("gateway %s: a %s is no JSON or form, or lacks its list", gateway, what)
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    calls = SentCalls(site.live, site.rights_key, site.clock, site.calls)
    until = asyncio.get_running_loop().time() + READ_WITHIN_S
    done: list[Response] = []
    for part in parts:
        if what == "report":
            sent = await _called(site, calls, part.at(settings.report.reference), until)
            done.append(await _report(site, sent, gateway, settings, part))
        elif what == "reply":
            heard = await Replies(site, hooks, calls, hooks.people).take(gateway, part)
            status = NOTED if heard else HTTPStatus.SERVICE_UNAVAILABLE
            done.append(Response(status_code=status))
        else:
            sent = await _called(site, calls, part.at(settings.key.reference), until)
            done.append(await _key(site, sent, gateway, settings, part))
    return max(done, key=lambda one: one.status_code, default=Response(status_code=NOTED))


async def _report(
    site: Site, sent: Sent | None, gateway: str, settings: GatewaySettings, content: Content
) -> Response:
    """A report becomes the send's receipt, or its failure. One that says neither, or that names no
    call in memory (the answer to a reply, an alarm long over), is only noted: a gateway that is
    refused would tell it again for hours."""
    said = (content.at(settings.report.status) or "").strip()
    delivered = said in settings.report.delivered
    if sent is None:
        log.info("gateway %s: a report names no call that is known", gateway)
    elif delivered or said in settings.report.failed:
        code = f"{settings.kind}-{'delivered' if delivered else 'failed'}"
        await receipts.publish(site, sent.page.send, delivered=delivered, code=code)
    return Response(status_code=NOTED)


async def _called(site: Site, calls: SentCalls, reference: str | None, until: float) -> Sent | None:
    """Return the call of the reference, None when there is none. The router rings as soon as the
    call is in the journal, so an answer may come before we have read of it there."""
    try:
        async with asyncio.timeout_at(until):
            while (sent := calls.by_reference(reference or "")) is None:
                await site.live.news(site.live.cursor, READ_WITHIN_S)
    except TimeoutError:
        return None
    return sent


async def _key(
    site: Site, sent: Sent | None, gateway: str, settings: GatewaySettings, content: Content
) -> Response:
    """A key is the person's answer; what became of it is given back to be read aloud. Whoever
    presses a key has the call: that is a receipt too."""
    if sent is None:
        log.warning("gateway %s: a key names no call that is known", gateway)
        return Response(status_code=HTTPStatus.NOT_FOUND)
    text = text_for(site, sent.page.person)
    yes = _KEYS.get((content.at(settings.key.key) or "").strip())
    if yes is None:
        say = text("voice.unknown_key")
    else:
        await receipts.publish(site, sent.page.send, delivered=True, code="voice-key")
        say = (await answer(site, sent, yes=yes)).text
    return as_json({"say": say, "language": text.language})
