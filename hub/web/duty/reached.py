"""By what a person can be reached, in words: the same on the readiness page and the duty board."""

import msgspec

from hub.telling.words import Words
from routing.instant import SECOND, Instant, to_rfc3339
from routing.proofs.book import ChannelTest, Proof
from routing.proofs.duty import proof_s
from routing.proofs.order import channels
from routing.state import Registry

PROVEN, OLD, UNTRIED, FAILED, TESTING = "proven", "old", "untried", "failed", "testing"


class ChannelView(msgspec.Struct, frozen=True, kw_only=True):
    """One of a person's channels. Instants are RFC 3339 in UTC."""

    id: str
    kind: str
    name: str
    state: str
    """`proven`, `old` (proven too long ago), `untried`, `failed`, `testing`."""
    text: str
    """What is known of it, in words."""
    proven_at: str | None
    took_s: float | None
    """How long the last answered test took, from its sending to the answer."""
    test: str | None
    """The test that is under way."""
    received: bool
    """Whether that test has come to the phone."""


class ReachedView(msgspec.Struct, frozen=True, kw_only=True):
    """How one person can be reached now."""

    person: str
    name: str
    channels: list[ChannelView]
    """In the order in which they are used now."""
    proven: bool
    """Whether one at least has been proven of late."""
    text: str
    """The whole of it in one line: quiet while any channel is proven."""


class Reached:
    """Makes views of people's channels."""

    def __init__(self, registry: Registry, words: Words, at: Instant) -> None:
        self._registry, self._words, self._at = registry, words, at
        self._text = words.text

    def person(self, person: str) -> ReachedView:
        """Return how the person can be reached."""
        found = [self._channel(person, channel) for channel in channels(self._registry, person)]
        proven = [one for one in found if one.state == PROVEN]
        return ReachedView(
            person=person,
            name=self._words.person(person),
            channels=found,
            proven=bool(proven),
            text=self._line(found, proven),
        )

    def _line(self, found: list[ChannelView], proven: list[ChannelView]) -> str:
        if not found:
            return self._text("page.reach.no_channel")
        if not proven:
            return self._text("page.reach.none_proven")
        names = " + ".join(one.name for one in proven)
        return self._text("page.reach.works", channels=names)

    def _channel(self, person: str, channel: str) -> ChannelView:
        proof = self._registry.proofs.of(person, channel)
        tests = self._registry.proofs.tests_of(person)
        test = next((one for one in tests if one.channel == channel), None)
        state = self._state(proof, test)
        return ChannelView(
            id=channel,
            kind=kind_of(channel),
            name=self._words.channel(channel),
            state=state,
            text=self._said(state, proof, test),
            proven_at=None if proof.proven_at is None else to_rfc3339(proof.proven_at),
            took_s=None if proof.took_ms is None else proof.took_ms / 1000,
            test=None if test is None else test.id,
            received=test is not None and test.received,
        )

    def _state(self, proof: Proof, test: ChannelTest | None) -> str:
        if test is not None:
            return TESTING
        if proof.failed_at is not None:
            return FAILED
        if proof.proven_at is None:
            return UNTRIED
        fresh = self._at - proof.proven_at <= proof_s(self._registry) * SECOND
        return PROVEN if fresh else OLD

    def _said(self, state: str, proof: Proof, test: ChannelTest | None) -> str:
        text = self._text
        if state == UNTRIED:
            return text("page.reach.untried")
        if state == TESTING:
            received = test is not None and test.received
            return text(f"page.reach.testing{'_received' if received else ''}")
        if state == FAILED:
            why = self._why(proof.code or "")
            return text("page.reach.failed", why=why, at=self._words.clock(proof.failed_at or 0))
        took = _seconds(text.language, proof.took_ms or 0)
        at = self._words.clock(proof.proven_at or 0)
        return text(f"page.reach.{state}", at=at, took=took)

    def _why(self, code: str) -> str:
        """A code that has no words of its own is for IT, who find it in the alarm's story."""
        known = f"page.reach.code.{code.replace('-', '_')}"
        return self._text(known if known in self._text.texts else "page.reach.code.other")


def kind_of(channel: str) -> str:
    """Return the kind of channel: `sms` of `sms-2`."""
    return channel.rpartition("-")[0] or channel


def _seconds(language: str, took_ms: int) -> str:
    shown = f"{took_ms / 1000:.1f}"
    return shown if language == "en" else shown.replace(".", ",")
