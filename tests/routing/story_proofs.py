"""The lines that stories have for facts about the ways to people, and the commands about them."""

from typing import TYPE_CHECKING, Any

from routing.inputs import ReachCommand, Receipt
from routing.instant import SECOND, Instant
from routing.proofs import facts
from routing.proofs.command import ReachAction

if TYPE_CHECKING:
    from tests.routing.story import Story


def proof_brief(fact: facts.AnyProofFact, at: Instant) -> str:
    """Return the fact as the line a test expects."""
    match fact:
        case facts.ChannelTested():
            return f"testing {fact.person}@{fact.channel} {(fact.due_at - at) // SECOND}s"
        case facts.ChannelReceived():
            return f"received {fact.person}@{fact.channel}"
        case facts.ChannelProven():
            return f"proven {fact.person}@{fact.channel} {fact.took_ms}ms"
        case facts.ChannelUnproven():
            return f"unproven {fact.person}@{fact.channel} {fact.code}"
        case facts.ChannelBack():
            return f"back {fact.person}@{fact.channel}"
        case facts.DutyBegun():
            until = "" if fact.until is None else f" {(fact.until - at) // SECOND}s"
            return f"on duty {fact.person}" + (f" in {fact.team}{until}" if fact.team else "")
        case facts.DutyEnded():
            until = "" if fact.until is None else f" {(fact.until - at) // SECOND}s"
            return f"off duty {fact.person}{until}" + (" last" if fact.last else "")
        case facts.PhoneLost():
            return f"phone lost {fact.person}"
        case facts.RelativeAgreed():
            return f"{fact.person} {'agrees to' if fact.agreed else 'leaves'} {fact.resident}"
        case facts.RelativeMissed():
            return f"missed {fact.person} of {fact.resident}"
        case facts.ReachEnded():
            end = "done" if fact.refused is None else f"not done ({fact.refused.code})"
            return f"{fact.action} {end}"


def reach(story: "Story", person: str, action: str, **more: Any) -> list[str]:
    """Let a person say something about being reached; return what followed."""
    made = {"id": f"reach-{len(story.journal)}", "made_at": story.at, **more}
    return story.feed(ReachCommand(person=person, action=ReachAction(action), **made))


def receipt(story: "Story", send: str, code: str = "receipt") -> list[str]:
    """Let word of a send come from outside; any other code than `receipt` says that it failed."""
    return story.feed(Receipt(send=send, delivered=code == "receipt", code=code))
