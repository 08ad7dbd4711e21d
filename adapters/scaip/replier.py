"""Getting the `<mrs>` to the device, in the way the device wants it."""

from collections.abc import Callable

from adapters.scaip.body import Reading
from adapters.scaip.codes import Snu
from adapters.scaip.config import ReplyStyle, ScaipConfig
from adapters.scaip.meaning import is_call_for_help
from adapters.scaip.peers import address_of, is_datagram, is_private
from adapters.scaip.registrar import Registrar
from adapters.scaip.reply import build_mrs
from adapters.scaip.responses import CONTENT_TYPE, Tokens, answer_message, respond
from adapters.scaip.sip_headers import user_of
from adapters.scaip.speaking import speech_of
from adapters.scaip.transactions import ClientTransactions, ServerTransactions
from adapters.scaip.waiting import Answer
from adapters.session import Output, Peer, Speak
from routing.instant import Instant


def reply_for(config: ScaipConfig, reading: Reading, snu: Snu, speak: Speak | None = None) -> bytes:
    """Return the XML a device gets for what was read of its request."""
    mrq = reading.mrq
    settable = mrq is not None and mrq.interval_settable
    return build_mrs(
        reading.ref,
        snu,
        speech=None if mrq is None else speech_of(config, mrq, speak),
        silent=mrq is not None and is_call_for_help(mrq),
        heartbeat_min=config.heartbeat_min if settable else None,
    )


class Replier:
    """Sends answers: in the waiting 200, or as a MESSAGE of our own after a 202."""

    def __init__(
        self,
        config: ScaipConfig,
        served: ServerTransactions,
        registrar: Registrar,
        is_open: Callable[[Peer], bool],
    ) -> None:
        self._config = config
        self._served = served
        self._registrar = registrar
        self._is_open = is_open
        self._tokens = Tokens(config.secret)
        self.ours = ClientTransactions(config.limits.transactions)

    def accept(self, answer: Answer) -> list[Output]:
        """Acknowledge receipt at the SIP level; with body style that is the answer itself."""
        if answer.style is ReplyStyle.BODY:
            return []
        send = respond(answer.request, answer.peer, 202, "Accepted")
        self._served.finish(answer.key, send)
        return [send]

    def answer(
        self, answer: Answer, snu: Snu, at: Instant, speak: Speak | None = None
    ) -> list[Output]:
        """Send the answer. A device that cannot be reached any more will ask again."""
        body = reply_for(self._config, answer.reading, snu, speak)
        content_type = answer.request.first("content-type") or CONTENT_TYPE
        if answer.style is ReplyStyle.BODY:
            if not self._is_open(answer.peer):
                return []
            send = respond(
                answer.request, answer.peer, 200, "OK", body=body, content_type=content_type
            )
            self._served.finish(answer.key, send)
            return [send]
        way = self._way(answer, at)
        if way is None:
            return []
        branch, send = answer_message(
            answer.request,
            way[0],
            way[1],
            body,
            sent_by=self._config.sent_by(address_of(way[0]).transport),
            content_type=content_type,
            tokens=self._tokens,
            at=at,
        )
        return [self.ours.start(branch, send, at)]

    def _way(self, answer: Answer, at: Instant) -> tuple[Peer, str | None] | None:
        user = user_of(answer.request.first("from")) or answer.reading.cid
        if is_datagram(answer.peer) or self._is_open(answer.peer):
            return self._registrar.way_to(user, answer.peer, at)
        return self._registrar.fallback(user, is_private(answer.peer), at)
