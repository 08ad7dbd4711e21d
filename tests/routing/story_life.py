"""The lines that tests expect of the facts of an alarm's life beside the chain."""

from collections.abc import Sequence

from routing import facts_life as facts
from routing.facts import Page
from routing.instant import SECOND, Instant


def called(pages: Sequence[Page]) -> str:
    return " ".join(f"{page.person}@{page.channel}{'*' if page.informed else ''}" for page in pages)


def life_brief(fact: facts.AnyLifeFact, at: Instant) -> str:  # noqa: PLR0912 one line a fact
    """Return the fact as the line a test expects; those only told bear a star."""
    wait = (getattr(fact, "due_at", at) - at) // SECOND
    match fact:
        case facts.NextCalled():
            return f"next {wait}s: {called(fact.pages)} ({fact.reason.code})"
        case facts.PolicyFollowed():
            return f"followed {fact.reason.params['policy']}"
        case facts.TargetOutOfReach():
            return f"out of reach {fact.soonest_s}s of {fact.target_s}s"
        case facts.HandoverAsked():
            return f"handover {fact.person} {wait}s: {called(fact.pages)}"
        case facts.HandoverDeclined():
            return f"handover declined {fact.person}"
        case facts.HandoverAccepted():
            return f"handover {fact.previous_owner} -> {fact.person} {wait}s"
        case facts.HandoverReturned():
            return f"handover back ({fact.how}): {called(fact.pages)}"
        case facts.HelpAsked():
            return f"help asked {fact.person}"
        case facts.HelpStep():
            who = called(fact.pages) or "nobody"
            return f"help {fact.round}.{fact.step} {wait}s: {who} ({fact.reason.code})"
        case facts.HelpDeclined():
            return f"help declined {fact.person}"
        case facts.HelperJoined():
            return f"joined {fact.person}: {called(fact.pages)}"
        case facts.OwnerSilent():
            return f"silent {fact.person} {wait}s ({fact.reason.code})"
        case facts.Spoken():
            return f"speech {fact.speech} {fact.person}"
        case facts.CheckNeeded():
            return f"check ({fact.reason.code})"
        case facts.ResidentChosen():
            return f"concerns {fact.resident}"
