"""The directory of one municipality: its parts on one file."""

from pathlib import Path

from hub.directory.codes import Codes
from hub.directory.entries import Entries
from hub.directory.file import DirectoryFile
from hub.directory.guesses import Guesses
from hub.directory.handsets import Handsets
from hub.directory.links import Links
from hub.directory.passkeys import Passkeys
from hub.directory.pending import Pending
from hub.directory.pins import Pins
from hub.directory.port import Handset
from hub.directory.sessions import Sessions
from hub.directory.subscriptions import end_of
from routing.instant import Instant


class SqliteDirectory:
    """Everything that somebody signs in with. Usable from any thread."""

    def __init__(self, path: Path, municipality: str) -> None:
        """Open or make the file. DirectoryBroken when it is no directory of ours.

        Municipalities may share the file, and each may have a person of the same id: what one has
        given does not count in another.
        """
        self._file, self._municipality = DirectoryFile(path), municipality
        self.guesses = Guesses(self._file, municipality)
        self.codes = Codes(self._file, municipality, self.guesses)
        self.links = Links(self._file, municipality, self.guesses)
        self.passkeys = Passkeys(self._file, municipality)
        self.pins = Pins(self._file, municipality, self.guesses)
        self.pending = Pending(self._file, municipality)
        self.sessions = Sessions(self._file, municipality)
        self.phones = Handsets(self._file, municipality)
        self.entries = Entries(self._file, municipality)

    def issue_code(self, person: str, at: Instant) -> str:
        """Return a new one-time code `XXXX-XXXX` for the person."""
        return self.codes.issue(at, person=person)

    def handsets(self, person: str) -> list[Handset]:
        """Return the person's own handsets that are not revoked, the last used first."""
        return self.phones.of(person)

    def revoke_handset(self, id: str, at: Instant, *, lost: bool = True) -> None:
        """End a handset: its sessions, and with them its streams and its subscription, and the
        passkeys that may live on it; of one that is in use no more and not lost, those that were
        used there last."""
        known = self.phones.get(id)
        self.phones.revoke(id, at)
        if lost:
            self.passkeys.remove_lost_with(id, None if known is None else known.person)
        else:
            self.passkeys.remove_last_seen_on(id)

    def end_sessions_of(self, person: str, until: Instant) -> None:
        """End what the person was given up to that instant: sessions, unused codes and links, and
        what is pushed to phones in that name."""
        self.sessions.end_of(person, until)
        self.codes.end_of(person, until)
        self.links.end_of(person, until)
        with self._file.transaction() as db:
            end_of(db, self._municipality, person, until)

    def end_all_of(self, person: str, until: Instant) -> None:
        """End all phones that the person had up to that instant, and every way in by them."""
        for handset in self.phones.of(person):
            if handset.made_at <= until:
                self.phones.revoke(handset.id, until)
        self.passkeys.remove_of(person, until)
        self.end_sessions_of(person, until)

    def forget(self, person: str, until: Instant) -> None:
        """End all that somebody had who has left: who comes back under the id has it anew."""
        self.pins.remove_of(person, until)
        self.end_all_of(person, until)

    def close(self) -> None:
        """Let go of the store."""
        self._file.close()
