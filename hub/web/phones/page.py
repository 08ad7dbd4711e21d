"""The phones page: everybody's own, and for leads and IT other people's and the units' shared
ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from hub.directory.entries import Entry
from hub.directory.port import STRONG, Handset
from hub.telling.words import Words
from hub.web.access import SignedIn
from hub.web.pages import head_of, render
from hub.web.phones.managing import manages, want_person
from hub.web.session import Reader, words_of
from hub.web.sign_in.passkeys import place_of
from hub.web.sign_in.strong import FRESH
from hub.web.site import AskedSite, Site
from routing.instant import DAY, Instant
from routing.municipality import Role

router = APIRouter()
ENDED_SHOWN: Instant = 30 * DAY
"""How long a phone that was ended stays on the page."""


@dataclass(frozen=True)
class Phone:
    """A handset as the page shows it."""

    id: str
    label: str
    here: bool
    last: str
    unit: str | None
    users: Sequence[str]
    """Names of who is signed in on a shared one."""


@dataclass(frozen=True)
class Line:
    """Something that happened, in words."""

    when: str
    text: str


@router.get("/phones")
async def mine(request: Request, reader: SignedIn, site: AskedSite) -> Response:
    """Show one's own phones, passkeys and PIN; to leads and IT, whom else they look after."""
    return _page(request, reader, site, reader.person)


@router.get("/people/{person_id}/phones")
async def theirs(person_id: str, request: Request, reader: SignedIn, site: AskedSite) -> Response:
    """Show a person's phones to who looks after them."""
    want_person(site, reader, person_id)
    return _page(request, reader, site, person_id)


def _page(request: Request, reader: Reader, site: Site, person: str) -> Response:
    directory, at, words = site.directory, site.clock(), words_of(reader, site)
    own = person == reader.person
    phones = [_phone(site, words, reader, one) for one in directory.handsets(person)]
    return render(
        request,
        site,
        "phones.html",
        reader=reader,
        **head_of(site, reader, "phones"),
        own=own,
        of=person,
        of_name=site.names.name("person", person),
        phones=sorted(phones, key=lambda one: not one.here),
        on_shared=own and reader.shared,
        passkeys=[
            (one.id, one.name, _day(words, one.made_at), _day(words, one.used_at))
            for one in directory.passkeys.of(person)
        ],
        can_passkey=own and place_of(request, site) is not None,
        pin_since=_day(words, directory.pins.set_at(person)),
        fresh=reader.means in STRONG and at - reader.since <= FRESH,
        strong=reader.means in STRONG,
        ended=[
            _phone(site, words, reader, one)
            for one in directory.phones.ended(person, at - ENDED_SHOWN)
        ],
        reads=Role.LEAD in reader.roles,
        entries=[_line(site, words, one, named=False) for one in directory.entries.of(person)],
        looks_after=manages(reader) and own,
        manages=manages(reader),
        **(_others(site, words, reader) if manages(reader) and own else {}),
    )


def _others(site: Site, words: Words, reader: Reader) -> dict[str, Any]:
    """Return what leads and IT see beside their own."""
    registry, directory = site.live.state.registry, site.directory
    people = [(site.names.name("person", id), id) for id in registry.people]
    units = [(site.names.name("unit", id), id) for id in registry.units]
    return {
        "people": sorted(people, key=lambda one: one[0].casefold()),
        "units": sorted(units, key=lambda one: one[0].casefold()),
        "shared": [_phone(site, words, reader, one) for one in directory.phones.shared()],
        "news": [_line(site, words, one, named=True) for one in directory.entries.all()],
    }


def _phone(site: Site, words: Words, reader: Reader, one: Handset) -> Phone:
    sessions = site.directory.sessions
    users = sessions.people_on(one.id) if one.unit else set()
    return Phone(
        id=one.id,
        label=one.label,
        here=one.id == reader.handset,
        last=words.day_clock(max(one.last_seen_at, sessions.last_use(one.id))),
        unit=None if one.unit is None else site.names.name("unit", one.unit),
        users=sorted(site.names.name("person", person) for person in users),
    )


def _day(words: Words, at: Instant | None) -> str | None:
    return None if at is None else words.day_clock(at)


def _line(site: Site, words: Words, one: Entry, *, named: bool) -> Line:
    whom = site.names.name("person", one.person) if named and one.person else ""
    by = site.names.name("person", one.by) if one.by and one.by != one.person else ""
    text = words.text(f"signin.entry.{one.what}")
    parts = [whom, text, words.text("signin.entry.by", name=by) if by else ""]
    return Line(words.day_clock(one.at), " · ".join(part for part in parts if part))
