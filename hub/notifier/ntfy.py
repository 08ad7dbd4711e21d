"""The ntfy channel: a message published as JSON (docs.ntfy.sh, "Publish as JSON").

200 says that the server has it, nothing of any phone, and ntfy sends no receipts: so it is `TAKEN`
and stays without one, and the person's next channel follows after the wait. What answers are the
buttons and the page behind a tap; both use the send's own link.
"""

import logging
from collections.abc import Callable
from typing import Any

import aiohttp
import msgspec

from hub.notifier.asks import Ask, asks
from hub.notifier.call_words import exercise, text_of, what
from hub.notifier.channel import Attempt, Result, Send
from hub.notifier.exchange import attempted, refused
from hub.notifier.places import Places
from hub.rights.short import link_token
from hub.secrets import SecretUnsafe
from hub.settings.channels import NtfySettings
from routing.kinds import Severity

log = logging.getLogger(__name__)

CONNECT_S = 2.0
SECRET = "ntfy"
_PRIORITY = {Severity.CRITICAL: 5, Severity.HIGH: 5, Severity.MEDIUM: 4}
"""5 rings on and on, 4 loudly, 3 as usual (docs.ntfy.sh, "Message priority")."""
_USUAL = 3


class Ntfy:
    """The channel; `secret` finds a secret by its name."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        settings: NtfySettings | None,
        key: bytes,
        public_url: str,
        secret: Callable[[str], str | None],
    ) -> None:
        self._http, self._settings, self._key = http, settings, key
        self._public_url, self._secret = public_url.rstrip("/"), secret
        self._places = Places()

    async def attempt(self, send: Send) -> Attempt:
        """Publish once."""
        topic, settings = send.address.get("topic"), self._settings
        if settings is None or topic is None:
            return Attempt(Result.FAILED, "no-server" if settings is None else "no-topic")
        try:
            token = self._secret(SECRET)
        except SecretUnsafe as error:
            log.error("%s", error)
            return Attempt(Result.FAILED, "secret-unsafe")
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        body = msgspec.json.encode(published(send, topic, self._key, self._public_url))
        return await attempted(self._exchange(settings, body, headers))

    async def _exchange(
        self, settings: NtfySettings, body: bytes, headers: dict[str, str]
    ) -> Attempt:
        timeout = aiohttp.ClientTimeout(total=settings.timeout_s, sock_connect=CONNECT_S)
        async with (
            self._places.one(),
            self._http.post(
                settings.url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer,
        ):
            if 200 <= answer.status < 300:
                return Attempt(Result.TAKEN, f"http-{answer.status}")
            return refused(answer.status, answer.headers.get("Retry-After", ""))


def published(send: Send, topic: str, key: bytes, public_url: str) -> dict[str, Any]:
    """Return the message: what rings and in which zone, and how to answer; never who or where."""
    text, ask = text_of(send), asks(send.owed.page, send.alarm)
    link = f"{public_url}/l/{link_token(key, send.owed.page.send)}"
    answers = () if ask is Ask.TOLD else ("yes",) if ask in {Ask.TEST, Ask.STILL} else ("yes", "no")
    return {
        "topic": topic,
        "title": exercise(send) + text(f"ntfy.{ask}"),
        "message": what(send, send.place) or text("ntfy.test_text"),
        "priority": _PRIORITY.get(send.alarm.severity, _USUAL),
        "click": link,
        "actions": [_button(text(f"link.{ask}.{answer}"), link, answer) for answer in answers],
    }


def _button(label: str, link: str, answer: str) -> dict[str, Any]:
    return {
        "action": "http",
        "label": label,
        "url": link,
        "method": "POST",
        "headers": {"Content-Type": "application/json"},
        "body": msgspec.json.encode({"answer": answer}).decode(),
        "clear": True,
    }
