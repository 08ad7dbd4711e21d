"""Who is asking: the session cookie, the person behind it, and the language they read."""

from dataclasses import dataclass

from fastapi import Request

from hub.directory.port import Means
from hub.telling.words import Words
from hub.text import Catalogue, Language, catalogue, choose
from hub.web.site import Site
from routing.instant import Instant
from routing.lifecycle import OWNED
from routing.municipality import HANDLERS, Role
from routing.roster import on_duty

LANGUAGE_COOKIE = "varde_language"


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A signed-in person."""

    person: str
    roles: frozenset[Role]
    language: Language
    handset: str
    """Id of the handset they are signed in on; no secret."""
    means: Means
    """How they signed in."""
    since: Instant
    """When they signed in."""
    shared: bool = False
    """Whether it is a unit's shared phone: signed in for the shift."""

    @property
    def text(self) -> Catalogue:
        """The reader's catalogue."""
        return catalogue(self.language)

    @property
    def may_act(self) -> bool:
        """Whether they may own and close alarms."""
        return bool(self.roles & HANDLERS)

    @property
    def may_read_residents(self) -> bool:
        """Whether they may read who lives where. IT may not."""
        return self.may_act


def is_on_duty(site: Site, person: str, at: Instant) -> bool:
    """Whether the person is on duty in any team, of another unit too."""
    registry = site.live.state.registry
    known = person in registry.people
    return known and any(person in on_duty(registry, team, at) for team in registry.teams)


def must_stay(site: Site, person: str, at: Instant) -> bool:
    """No session ends on duty or while owning an alarm."""
    alarms = site.live.state.alarms.values()
    owns = any(alarm.phase in OWNED and alarm.owner == person for alarm in alarms)
    return owns or is_on_duty(site, person, at)


def accepted_languages(header: str) -> list[str]:
    """Return the language tags of an Accept-Language header, best first (RFC 9110, 12.5.4)."""
    weighed: list[tuple[float, str]] = []
    for part in header.split(",")[:20]:
        tag, _, parameter = part.strip().partition(";")
        quality = parameter.strip().removeprefix("q=")
        try:
            weighed.append((float(quality or 1), tag.strip()))
        except ValueError:
            continue
    return [tag for quality, tag in sorted(weighed, key=lambda one: -one[0]) if quality > 0]


def language_of(request: Request, site: Site, person: str | None) -> Language:
    """Return the chosen language, else the person's, the browser's, the municipality's."""
    municipality = site.live.state.registry.municipality
    default: Language = "nb" if municipality is None else municipality.language
    own = site.names.card("person", person).language
    accepted = accepted_languages(request.headers.get("accept-language", ""))
    return choose([request.cookies.get(LANGUAGE_COOKIE), own, *accepted], default)


def reader_of(request: Request, site: Site) -> Reader | None:
    """Return who is asking, None without a session that stands.

    A person who is no longer configured has no session, whatever the directory says.
    """
    token = request.cookies.get(site.cookie)
    if token is None:
        return None
    at = site.clock()
    session = site.directory.sessions.of(token, at, lambda who: must_stay(site, who, at))
    if session is None:
        return None
    known = site.live.state.registry.people.get(session.person)
    if known is None:
        return None
    return Reader(
        person=session.person,
        roles=frozenset(known.roles),
        language=language_of(request, site, session.person),
        handset=session.handset,
        means=session.means,
        since=session.issued_at,
        shared=session.unit is not None,
    )


def words_of(reader: Reader, site: Site) -> Words:
    """Return what tells facts in the reader's language."""
    return Words(reader.text, site.names, site.live.state.registry, site.clock())
