"""Signed outgoing webhook: POST of JSON by the Standard Webhooks layout (standardwebhooks.com,
2023).

`webhook-id` is the send's derived id, so a receiver that gets it twice can tell. The body carries
ids, codes and instants; no name, no address, no free text. The URL is a template per person with
`{person}`, `{alarm}`.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from urllib.parse import quote

import aiohttp
import msgspec

from hub.notifier.channel import Attempt, Result, Send
from hub.notifier.exchange import attempted, refused
from routing.duty import OpenDuty
from routing.fact_base import Page
from routing.instant import SECOND, Instant, to_rfc3339
from routing.marks import Mark
from routing.proofs.book import ChannelTest
from routing.tasks.value import Task

TIMEOUT_S = 5.0
CONNECT_S = 2.0


class Webhook:
    """The webhook channel on one shared HTTP session."""

    def __init__(
        self, http: aiohttp.ClientSession, secret: bytes, now: Callable[[], Instant]
    ) -> None:
        self._http, self._secret, self._now = http, secret, now
        self._timeout = aiohttp.ClientTimeout(total=TIMEOUT_S, connect=CONNECT_S)

    async def attempt(self, send: Send) -> Attempt:
        """POST once; 2xx is delivered, 5xx and passing errors are tried again, the rest has
        failed."""
        url = send.address.get("url")
        if url is None:
            return Attempt(Result.FAILED, "no-url")
        target = url.replace("{person}", quote(send.owed.page.person, safe="")).replace(
            "{alarm}", quote(send.owed.alarm, safe="")
        )
        if not target.startswith(("http://", "https://")):
            return Attempt(Result.FAILED, "bad-url")
        body = payload(send)
        headers = signed(self._secret, send.owed.page.send, self._now() // SECOND, body)
        return await attempted(self._exchange(target, headers, body))

    async def _exchange(self, target: str, headers: dict[str, str], body: bytes) -> Attempt:
        async with self._http.post(
            target, data=body, headers=headers, timeout=self._timeout, allow_redirects=False
        ) as answer:
            if answer.ok and answer.status < 300:
                return Attempt(Result.DELIVERED, f"http-{answer.status}")
            return refused(answer.status, answer.headers.get("Retry-After", ""))


def payload(send: Send) -> bytes:
    """Return the JSON body."""
    alarm, page = send.alarm, send.owed.page
    if isinstance(alarm, Task):
        return _of_task(alarm, page)
    if isinstance(alarm, ChannelTest):
        return _of_test(alarm, page)
    return msgspec.json.encode(
        {
            "type": "alarm.paged",
            "id": page.send,
            "alarm": alarm.id,
            "person": page.person,
            "kind": alarm.kind,
            "category": alarm.category,
            "severity": alarm.severity,
            "phase": alarm.phase,
            "activations": alarm.activations,
            "people_needed": alarm.people_needed,
            "raised_at": to_rfc3339(alarm.raised_at),
            "received_at": to_rfc3339(alarm.received_at),
            "why": page.why,
            **({"exercise": True} if Mark.EXERCISE in alarm.marks else {}),
        }
    )


def _of_test(test: ChannelTest, page: Page) -> bytes:
    return msgspec.json.encode(
        {
            "type": "channel.tested",
            "id": page.send,
            "test": test.id,
            "person": page.person,
            "why": page.why,
        }
    )


def _of_task(task: Task, page: Page) -> bytes:
    return msgspec.json.encode(
        {
            "type": "task.paged",
            "id": page.send,
            "task": task.id,
            "person": page.person,
            "kind": task.kind,
            "severity": task.severity,
            "phase": task.phase,
            "people": task.people,
            "owners": len(task.owners),
            "start": to_rfc3339(task.start),
            "end": to_rfc3339(task.end),
            "why": page.why,
            **({} if task.duty is None else {"duty": _of_duty(task.duty)}),
        }
    )


def _of_duty(duty: OpenDuty) -> dict[str, str]:
    """Return which duty is offered, from when to when."""
    return {
        "team": duty.team,
        "need": duty.need,
        "from": to_rfc3339(duty.from_at),
        "to": to_rfc3339(duty.to_at),
    }


def signed(secret: bytes, message_id: str, timestamp_s: int, body: bytes) -> dict[str, str]:
    """Return the Standard Webhooks headers: HMAC-SHA256 over `id.timestamp.body`, base64."""
    content = f"{message_id}.{timestamp_s}.".encode() + body
    mac = hmac.new(secret, content, hashlib.sha256).digest()
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp_s),
        "webhook-signature": "v1," + base64.b64encode(mac).decode(),
    }
