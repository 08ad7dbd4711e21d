"""The timeline's words for an alarm's life beside the chain."""

from functools import singledispatch

from hub.telling.words import Words
from routing import facts_life as facts
from routing.fact_base import Fact, Page
from routing.reasons import Reason, ReasonCode

Said = tuple[str, Reason | None, str | None]
"""Text, reason, and the person it is about."""


def _names(pages: tuple[Page, ...], words: Words) -> str:
    return words.people(tuple(dict.fromkeys(page.person for page in pages)))


def _of_person(
    tag: str, person: str, words: Words, why: Reason | None = None, **more: object
) -> Said:
    return words.text(f"timeline.{tag}", person=words.person(person), **more), why, person


@singledispatch
def say(fact: Fact, words: Words) -> Said | None:
    """Return the fact in words; None for a fact that makes no entry."""
    return None


@say.register
def _(fact: facts.NextCalled, words: Words) -> Said:
    people = _names(fact.pages, words)
    return words.text("timeline.step.next", people=people), fact.reason, None


@say.register
def _(fact: facts.PolicyFollowed, words: Words) -> Said:
    return words.text("timeline.policy.followed"), fact.reason, None


@say.register
def _(fact: facts.TargetOutOfReach, words: Words) -> Said:
    return words.text("timeline.target.out_of_reach"), fact.reason, None


@say.register
def _(fact: facts.HandoverAsked, words: Words) -> Said:
    people = _names(fact.pages, words)
    return _of_person("handover.asked", fact.person, words, people=people)


@say.register
def _(fact: facts.HandoverDeclined, words: Words) -> Said:
    return _of_person("handover.declined", fact.person, words)


@say.register
def _(fact: facts.HandoverAccepted, words: Words) -> Said:
    return _of_person("handover.accepted", fact.person, words)


@say.register
def _(fact: facts.HandoverReturned, words: Words) -> Said:
    return words.text("timeline.handover.returned"), fact.reason, None


@say.register
def _(fact: facts.HelpAsked, words: Words) -> Said:
    if fact.reason.code is ReasonCode.PEOPLE_NEEDED:
        return _of_person("help.needed", fact.person, words, fact.reason)
    return _of_person("help.asked", fact.person, words)


@say.register
def _(fact: facts.HelpStep, words: Words) -> Said:
    people = _names(fact.pages, words)
    return words.text("timeline.help.step", people=people), fact.reason, None


@say.register
def _(fact: facts.HelpDeclined, words: Words) -> Said:
    return _of_person("help.declined", fact.person, words)


@say.register
def _(fact: facts.HelperJoined, words: Words) -> Said:
    return _of_person("help.joined", fact.person, words)


@say.register
def _(fact: facts.OwnerSilent, words: Words) -> Said:
    return _of_person("owner.silent", fact.person, words, fact.reason)


@say.register
def _(fact: facts.Spoken, words: Words) -> Said:
    speech = words.text(f"speech.{fact.speech}")
    return _of_person("speech", fact.person, words, speech=speech)


@say.register
def _(fact: facts.CheckNeeded, words: Words) -> Said:
    return words.text("timeline.check.needed"), fact.reason, None


@say.register
def _(fact: facts.ResidentChosen, words: Words) -> Said:
    return _of_person("resident.chosen", fact.person, words)
