"""Phones: what they are called, and their end. A lost phone is out within two seconds, and what its
person owned is given to others."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.directory.entries import Happened
from hub.directory.port import Handset
from hub.web import commands
from hub.web.access import SignedIn
from hub.web.answer import as_json, ended_as, not_confirmed
from hub.web.phones.managing import manages, want_person
from hub.web.refusal import not_found
from hub.web.session import Reader, words_of
from hub.web.site import AskedSite, Site
from routing.event import derive_id
from routing.proofs.command import ReachAction, ReachCommand

router = APIRouter()


class Named(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: Annotated[str, Field(max_length=64)] = ""
    name: Annotated[str, Field(min_length=1, max_length=60)]


class Ended(BaseModel):
    """The body of an end."""

    model_config = ConfigDict(extra="forbid")
    id: commands.CommandId
    kept: bool = False
    """One's own other phone that is not lost: nothing is given to others."""


@router.post("/api/phones/{handset_id}/name")
async def rename(handset_id: str, body: Named, reader: SignedIn, site: AskedSite) -> Response:
    """Call a phone something else."""
    _mine_or_managed(site, reader, handset_id)
    site.directory.phones.rename(handset_id, body.name.strip() or "?")
    return as_json({"state": "done"})


@router.post("/api/phones/{handset_id}/revoke")
async def revoke(handset_id: str, body: Ended, reader: SignedIn, site: AskedSite) -> Response:
    """End a phone: its sessions, streams, subscription and passkeys; then give on what its people
    own. Asked again with the same id, what is not confirmed yet is tried again."""
    handset, at = _mine_or_managed(site, reader, handset_id), site.clock()
    own_other = handset.person == reader.person and handset.id != reader.handset
    kept = body.kept and own_other
    if handset.revoked_at is None:
        signed_in = site.directory.sessions.people_on(handset.id)
        site.directory.revoke_handset(handset.id, at, lost=not kept)
        for person in {handset.person, *signed_in}:
            site.directory.entries.add(
                Happened.PHONE_REVOKED, at, person=person, by=reader.person, handset=handset.id
            )
    lost = set() if kept else site.directory.entries.lost(handset.id)
    return await _give_on(site, reader, lost, body.id)


@router.post("/api/people/{person_id}/phones/revoke")
async def revoke_all(person_id: str, body: Ended, reader: SignedIn, site: AskedSite) -> Response:
    """End all phones, passkeys, sessions and unused codes of a person."""
    want_person(site, reader, person_id)
    at = site.clock()
    site.directory.end_all_of(person_id, at)
    site.directory.entries.add(Happened.PHONES_REVOKED, at, person=person_id, by=reader.person)
    return await _give_on(site, reader, {person_id}, body.id)


def _mine_or_managed(site: Site, reader: Reader, handset_id: str) -> Handset:
    handset = site.directory.phones.get(handset_id)
    if handset is None or (handset.person != reader.person and not manages(reader)):
        raise not_found()
    return handset


async def _give_on(site: Site, reader: Reader, people: set[str], id: str) -> Response:
    """Tell the core that the people's phone is lost; it reopens what they own."""
    words = words_of(reader, site)
    for person in sorted(people & site.live.state.registry.people.keys()):
        command = ReachCommand(
            id=derive_id("phone_lost", id, person),
            person=reader.person,
            action=ReachAction.PHONE_LOST,
            of=person,
            made_at=site.clock(),
        )
        ended = await commands.send(site, command)
        if ended is None:
            return not_confirmed(reader)
        if ended.refused is not None:
            return ended_as(ended, words)
    return as_json({"state": "done"})
