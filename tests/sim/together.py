"""What must hold of municipalities beside each other, and of two workers for one of them."""

from collections.abc import Iterator

from routing import facts
from routing.proofs.facts import ReachEnded
from tests.sim.checkers import Checker, Run


def nothing_leaks(run: Run) -> Iterator[str]:
    """Each municipality hears its own devices and its own people, and nobody else's."""
    for record in run.of(facts.EventRecorded, facts.CommandEnded, ReachEnded):
        match record.fact:
            case facts.EventRecorded(adapter="scaip", event=event, subject=subject):
                if event not in run.presses:
                    yield f"#{record.seq}: {subject} is another municipality's"
            case (
                facts.CommandEnded(command=command, person=person)
                | ReachEnded(command=command, person=person)
            ):
                if command not in run.commands:
                    yield f"#{record.seq}: {person} gave {command} in another municipality"


def one_writer(run: Run) -> Iterator[str]:
    """Nothing is appended by a worker that does not have the lease any more."""
    newest = 0
    for is_claim, token, before in run.tokens:
        if is_claim:
            newest = token
        elif token != newest:
            yield f"#{before + 1}: appended by a worker that has lost the lease"


TOGETHER: tuple[Checker, ...] = (nothing_leaks, one_writer)
