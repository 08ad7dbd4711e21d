"""The API of incidents, and of what is lacking in the days to come."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from hub.reads.port import What
from hub.web.access import SignedIn
from hub.web.alarms.incidents import IncidentDetail, Incidents
from hub.web.answer import as_json
from hub.web.duty.ahead import DAYS, ahead
from hub.web.homes import looks
from hub.web.refusal import not_found
from hub.web.session import Reader, words_of
from hub.web.site import AskedSite, Site

router = APIRouter()
Days = Annotated[int, Query(ge=1, le=DAYS)]


async def incident_of(site: Site, reader: Reader, id: str) -> IncidentDetail:
    """Return the incident with its list, once it is written down that the reader reads the homes;
    not found when there is none."""
    state = site.live.state
    if id not in state.memory.incidents or id not in state.alarms:
        raise not_found()
    found = Incidents(site.live, reader, words_of(reader, site)).detail(state.alarms[id])
    homes = (member.resident for member in found.members)
    await looks.note(site, reader, homes, What.INCIDENT, id, kind=found.kind)
    return found


@router.get("/api/incidents")
async def incidents(reader: SignedIn, site: AskedSite) -> Response:
    """Return the incidents, open ones first."""
    found = Incidents(site.live, reader, words_of(reader, site)).listed()
    return as_json({"incidents": found})


@router.get("/api/incidents/{incident_id}")
async def incident(incident_id: str, reader: SignedIn, site: AskedSite) -> Response:
    """Return one incident with its devices and homes."""
    return as_json(await incident_of(site, reader, incident_id))


@router.get("/api/coverage")
async def coverage(reader: SignedIn, site: AskedSite, days: Days = DAYS) -> Response:
    """Return gaps and thin spots of the days to come."""
    words = words_of(reader, site)
    return as_json(ahead(site.live.state, site.clock(), days, words))
