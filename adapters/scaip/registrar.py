"""REGISTER (RFC 3261, 10.3) and the way back to a device.

A contact belongs to the user of the To URI. Its way back is the connection it came on (TCP, TLS),
or the registering host (UDP). Contacts are kept over restarts as JSON under `contact/<user>`; one
over TCP or TLS has no way back until its device connects again. Contacts that were registered
without proof are used only for requests from the same host, and those of a user who is not
configured stay in memory, a bounded number of them: a stranger must not make us write to disk.
"""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from adapters.scaip.config import ScaipConfig
from adapters.scaip.peers import address_of, contact_peer, is_datagram, is_private
from adapters.scaip.sip_headers import parse_name_addr, parse_uri, user_of
from adapters.scaip.sip_message import SipRequest
from adapters.session import Keep, Output, Peer
from routing.instant import HOUR, MINUTE, SECOND, Instant

_PREFIX = "contact/"
_PER_USER = 4
_MAX_TEXT = 512
_SWEEP: Instant = MINUTE


@dataclass(frozen=True, slots=True)
class Contact:
    """One registered way to a device; `flow` is None while its connection is gone."""

    uri: str
    flow: Peer | None
    expires_at: Instant
    proven: bool


@dataclass(frozen=True, slots=True)
class Registered:
    """The answer to a REGISTER: status, reason, extra headers, and what to keep."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    outputs: list[Output]


class Registrar:
    """The registered contacts of one listener."""

    def __init__(self, config: ScaipConfig, kept: Mapping[str, str]) -> None:
        self._config = config
        self._users: OrderedDict[str, tuple[Contact, ...]] = OrderedDict()
        self._strangers: OrderedDict[str, None] = OrderedDict()
        """The users of whom nothing is kept, the oldest first."""
        self._swept_at: Instant = 0
        for key, value in kept.items():
            if key.startswith(_PREFIX):
                self._users[key.removeprefix(_PREFIX)] = _restored(value)

    def register(self, peer: Peer, request: SipRequest, proven: bool, at: Instant) -> Registered:
        """Serve one REGISTER; `proven` says whether digest proved the sender."""
        outputs = self._sweep(at)
        user = user_of(request.first("to"))
        values = request.listed("contact")
        if not user or len(user) > _MAX_TEXT or any(len(value) > _MAX_TEXT for value in values):
            return Registered(400, "To names no user, or a value is too long", [], outputs)
        if "*" in values:
            return self._forget_all(user, request, values, outputs)
        current = {c.uri: c for c in self._users.get(user, ()) if c.expires_at > at}
        for value in values:
            uri, params = parse_name_addr(value)
            parsed, expires_s = parse_uri(uri), self._expires_s(params, request)
            if parsed is None or expires_s is None:
                return Registered(400, "Bad Contact or Expires", [], outputs)
            if 0 < expires_s < self._config.min_expires_s:
                least = ("Min-Expires", str(self._config.min_expires_s))
                return Registered(423, "Interval Too Brief", [least], outputs)
            current.pop(uri, None)
            if expires_s > 0:
                expires_at = at + min(expires_s, self._config.max_expires_s) * SECOND
                flow = contact_peer(peer, parsed)
                current[uri] = Contact(uri, flow, expires_at, proven)
        if current and user not in self._users and not self._room():
            return Registered(503, "Too Many Contacts", [("Retry-After", "60")], outputs)
        if values:
            outputs += self._store(user, tuple(current.values())[-_PER_USER:])
        return Registered(200, "OK", self._listing(user, at), outputs)

    def way_to(self, user: str, source: Peer, at: Instant) -> tuple[Peer, str | None]:
        """Return the peer for a message to a user, and the contact URI where one is registered.

        `source` is where the user's last request came from: the way when there is no contact.
        """
        for contact in reversed(self._users.get(user, ())):
            if contact.expires_at <= at or contact.flow is None:
                continue
            same_host = address_of(contact.flow).host == address_of(source).host
            if contact.proven or same_host:
                return (contact.flow if is_datagram(source) else source), contact.uri
        return source, None

    def fallback(self, user: str, private: bool, at: Instant) -> tuple[Peer, str] | None:
        """Return a proven contact for a user whose connection has gone; `private` asks for one over
        TLS, because what was asked in private is not answered in the clear."""
        for contact in reversed(self._users.get(user, ())):
            if contact.flow is None or (private and not is_private(contact.flow)):
                continue
            if contact.proven and contact.expires_at > at:
                return contact.flow, contact.uri
        return None

    def closed(self, peer: Peer) -> None:
        """Take the way back from the contacts of a closed connection."""
        for user, contacts in self._users.items():
            if any(contact.flow == peer for contact in contacts):
                self._users[user] = tuple(
                    replace(c, flow=None) if c.flow == peer else c for c in contacts
                )

    def _expires_s(self, params: Mapping[str, str], request: SipRequest) -> int | None:
        text = params.get("expires") or request.first("expires") or str(self._config.expires_s)
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else None

    def _forget_all(
        self, user: str, request: SipRequest, values: tuple[str, ...], outputs: list[Output]
    ) -> Registered:
        if len(values) != 1 or request.first("expires") != "0":
            return Registered(400, "Contact * stands alone with Expires 0", [], outputs)
        if user in self._users:
            outputs += self._store(user, ())
        return Registered(200, "OK", [], outputs)

    def _listing(self, user: str, at: Instant) -> list[tuple[str, str]]:
        return [
            ("Contact", f"<{c.uri}>;expires={(c.expires_at - at) // SECOND}")
            for c in self._users.get(user, ())
        ]

    def _store(self, user: str, contacts: tuple[Contact, ...]) -> list[Output]:
        """Remember a user's contacts, and keep those that are worth it."""
        was_kept = user in self._users and user not in self._strangers
        self._users.pop(user, None)
        self._strangers.pop(user, None)
        if contacts:
            self._users[user] = contacts
        kept = contacts if self._is_configured(user) else tuple(c for c in contacts if c.proven)
        if kept:
            return [Keep(_PREFIX + user, json.dumps([asdict(_rounded(c)) for c in kept]))]
        if contacts:
            self._strangers[user] = None
            if len(self._strangers) > self._config.limits.strangers:
                self._forget_stranger()
        return [Keep(_PREFIX + user, None)] if was_kept else []

    def _is_configured(self, user: str) -> bool:
        return self._config.credentials(user) is not None or user in self._config.devices

    def _room(self) -> bool:
        """Make room for a new user at the cost of the oldest stranger."""
        if len(self._users) < self._config.limits.contacts:
            return True
        if not self._strangers:
            return False
        self._forget_stranger()
        return True

    def _forget_stranger(self) -> None:
        user, _ = self._strangers.popitem(last=False)
        del self._users[user]

    def _sweep(self, at: Instant) -> list[Output]:
        """Forget the users whose contacts have all expired, at most once a minute."""
        if at - self._swept_at < _SWEEP:
            return []
        self._swept_at = at
        gone = [user for user, cs in self._users.items() if all(c.expires_at <= at for c in cs)]
        return [output for user in gone for output in self._store(user, ())]


def _rounded(contact: Contact) -> Contact:
    """Round the expiry up to the hour, so that a mere refresh mostly changes nothing kept."""
    return replace(contact, expires_at=-(-contact.expires_at // HOUR) * HOUR)


def _restored(value: str) -> tuple[Contact, ...]:
    """Read kept contacts. The value is our own, so anything unreadable is a fault and is raised."""
    contacts = [Contact(**item) for item in json.loads(value)]
    return tuple(
        c if c.flow is None or is_datagram(c.flow) else replace(c, flow=None) for c in contacts
    )
