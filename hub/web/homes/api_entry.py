"""What one needs to get to a resident and in: given by a tap that is written down first.

Only who has the alarm, as its owner or a helper, and only while it is open. A protected address
leaves the hub by this road alone.
"""

from http import HTTPStatus

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from hub.reads.port import What
from hub.web.access import SignedIn
from hub.web.alarms.view import goes_there, may_locate
from hub.web.answer import as_json
from hub.web.commands import CommandId
from hub.web.homes import looks
from hub.web.refusal import Refusal, not_found
from hub.web.session import Reader
from hub.web.site import AskedSite, Site
from routing.alarm import Alarm
from routing.event import derive_id

router = APIRouter()


class Tap(BaseModel):
    """The body of a tap."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: CommandId


@router.post("/api/alarms/{alarm_id}/entry")
async def entry(alarm_id: str, body: Tap, reader: SignedIn, site: AskedSite) -> Response:
    """Tell how one gets in: 200, or 409 for who does not have the alarm."""
    alarm = _alarm(site, alarm_id)
    if not goes_there(reader, alarm) or alarm.resident is None:
        raise Refusal(HTTPStatus.CONFLICT, "entry_not_yours")
    tap = derive_id("entry", reader.person, alarm_id, body.id)
    await looks.at_alarm(site, reader, alarm, What.ENTRY, tap)
    home = site.names.home(alarm.resident)
    return as_json(
        {
            "address": home.address,
            "protected": home.protected,
            "entry_note": home.entry_note,
            "important_note": home.care_note,
        }
    )


@router.get("/api/alarms/{alarm_id}/position")
async def position(alarm_id: str, reader: SignedIn, site: AskedSite) -> Response:
    """Tell where the resident's device has last said that it is, and how the map is drawn."""
    alarm = _alarm(site, alarm_id)
    home = site.names.card("resident", alarm.resident)
    found = site.names.place(alarm.id) if may_locate(reader, alarm, home) else None
    if found is None:
        raise not_found()
    await looks.at_alarm(site, reader, alarm, What.POSITION)
    return as_json({"place": found, "map": _drawn(site, reader)})


def _drawn(site: Site, reader: Reader) -> object:
    return None if site.tiles is None or not reader.may_act else site.tiles.drawn


def _alarm(site: Site, alarm_id: str) -> Alarm:
    found = site.live.state.alarms.get(alarm_id)
    if found is None:
        raise not_found()
    return found
