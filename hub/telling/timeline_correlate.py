"""What correlation has noticed of homes and devices, in words, for `hub.telling.timeline`."""

from functools import singledispatch

from hub.telling.words import Words
from routing import facts_correlate as facts
from routing.fact_base import Fact
from routing.reasons import Reason

Said = tuple[str, Reason | None, str | None]
"""Text, reason, and the person it is about."""


@singledispatch
def say(fact: Fact, words: Words) -> Said | None:
    """Facts without words here (a wait that begins or ends) make no entry."""
    return None


@say.register
def _(fact: facts.ProtectionLost | facts.ProtectionBack, words: Words) -> Said:
    tag = str(fact.__struct_config__.tag)
    device = words.names.name("device", fact.device)
    return words.text(f"timeline.{tag}", device=device), None, None


@say.register
def _(fact: facts.DoseDue, words: Words) -> Said:
    device, until = words.names.name("device", fact.device), words.clock(fact.missed_at)
    return words.text("timeline.dose.due", device=device, until=until), None, None


@say.register
def _(fact: facts.LookDue, words: Words) -> Said:
    return words.text("timeline.look.due", until=words.clock(fact.until)), None, None
