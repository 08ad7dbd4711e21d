"""Facts about the ways to people in words, for `hub.telling.timeline` and whoever shows a person's
own past."""

from functools import singledispatch

from hub.telling.words import Words
from routing.facts import Fact
from routing.proofs import facts
from routing.reasons import Reason

Said = tuple[str, Reason | None, str | None]
"""Text, reason, and the person it is about."""


@singledispatch
def say(fact: Fact, words: Words) -> Said | None:
    """Facts without words (the end of a command) make no entry."""
    return None


def why(code: str, words: Words) -> str:
    """Return why a channel is not to be relied on; a channel's own code (`http-410`) as it is."""
    msgid = f"channel.why.{code}"
    return words.text(msgid) if msgid in words.text.texts else code


@say.register
def _(fact: facts.ChannelTested, words: Words) -> Said:
    return _said("timeline.channel.tested", fact, words)


@say.register
def _(fact: facts.ChannelReceived, words: Words) -> Said:
    return _said("timeline.channel.received", fact, words)


@say.register
def _(fact: facts.ChannelProven, words: Words) -> Said:
    took = f"{fact.took_ms / 1000:.1f} s"
    return _said("timeline.channel.proven", fact, words, took=took)


@say.register
def _(fact: facts.ChannelUnproven, words: Words) -> Said:
    return _said("timeline.channel.unproven", fact, words, why=why(fact.code, words))


@say.register
def _(fact: facts.ChannelBack, words: Words) -> Said:
    return _said("timeline.channel.back", fact, words)


OfChannel = (
    facts.ChannelTested
    | facts.ChannelReceived
    | facts.ChannelProven
    | facts.ChannelUnproven
    | facts.ChannelBack
)


def _said(msgid: str, fact: OfChannel, words: Words, **more: str) -> Said:
    person, channel = words.person(fact.person), words.channel(fact.channel)
    return words.text(msgid, person=person, channel=channel, **more), None, fact.person


@say.register
def _(fact: facts.DutyBegun, words: Words) -> Said:
    person = words.person(fact.person)
    if fact.team is None or fact.until is None:
        return words.text("timeline.duty.begun", person=person), None, fact.person
    team, until = words.names.name("team", fact.team), words.clock(fact.until)
    text = words.text("timeline.duty.begun_in", person=person, team=team, until=until)
    return text, None, fact.person


@say.register
def _(fact: facts.DutyEnded, words: Words) -> Said:
    msgid = "timeline.duty.ended_last" if fact.last else "timeline.duty.ended"
    return words.text(msgid, person=words.person(fact.person)), None, fact.person


@say.register
def _(fact: facts.PhoneLost, words: Words) -> Said:
    return words.text("timeline.phone.lost", person=words.person(fact.person)), None, fact.person


@say.register
def _(fact: facts.RelativeAgreed, words: Words) -> Said:
    msgid = "timeline.relative.agreed" if fact.agreed else "timeline.relative.withdrew"
    return _of_relative(msgid, fact, words)


@say.register
def _(fact: facts.RelativeMissed, words: Words) -> Said:
    return _of_relative("timeline.relative.missed", fact, words)


def _of_relative(
    msgid: str, fact: facts.RelativeAgreed | facts.RelativeMissed, words: Words
) -> Said:
    person, resident = words.person(fact.person), words.names.name("resident", fact.resident)
    return words.text(msgid, person=person, resident=resident), None, fact.person
