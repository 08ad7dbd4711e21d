"""Which device is meant, and who is registered."""

from contextlib import closing

from hub.configuration.listeners import ListenerEntry
from hub.configuration.recorded import recorded
from hub.journal.sqlite import open_reader
from hub.processes.listeners import configured
from hub.settings.whole import Settings
from routing.state import Registry


class Known:
    """A municipality's configuration, as the journal says it now."""

    def __init__(self, settings: Settings, municipality: str) -> None:
        with closing(open_reader(settings.journal_path(municipality), municipality)) as journal:
            self.registry: Registry = recorded(journal).state.registry
            self.listeners: dict[str, ListenerEntry] = {
                entry.id: entry for entry in configured(journal)
            }

    def subject(self, device: str) -> str:
        """Return the subject that a device's id or subject means."""
        known = self.registry.devices.get(device)
        return device if known is None else known.subject

    def is_registered(self, subject: str) -> bool:
        """Whether a device of this subject is registered."""
        return subject in self.registry.device_of

    def is_for_exercise(self, subject: str) -> bool:
        """Whether it is registered for exercise."""
        device = self.registry.devices.get(self.registry.device_of.get(subject, ""))
        return device is not None and device.exercise

    def protocol(self, listener: str) -> str | None:
        """Return what a listener speaks; None when there is none of that id."""
        entry = self.listeners.get(listener)
        return None if entry is None else entry.protocol
