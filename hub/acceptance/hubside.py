"""What the hub's journal says of a device during a test."""

from collections import Counter

from hub.journal.port import JournalReader
from routing.facts import EventRecorded
from routing.kinds import Kind


class HubSide:
    """Follows the journal from where it stood when the test began."""

    def __init__(self, journal: JournalReader, subject: str) -> None:
        self._journal, self._subject = journal, subject
        self._at = journal.head()
        self._times: Counter[str] = Counter()
        self._lost = False

    def step_begins(self) -> None:
        """Forget a silence that was told before."""
        self._read()
        self._lost = False

    def journalled(self, event_id: str) -> int:
        """Return how often the journal has the event."""
        self._read()
        return self._times[event_id]

    def lost(self) -> bool:
        """Whether the hub has told of the device's silence since the step began."""
        self._read()
        return self._lost

    def _read(self) -> None:
        while records := self._journal.read(self._at):
            self._at = records[-1].seq
            for record in records:
                fact = record.fact
                if isinstance(fact, EventRecorded) and fact.subject == self._subject:
                    self._times[fact.event] += 1
                    self._lost = self._lost or fact.kind is Kind.LINK_LOST
