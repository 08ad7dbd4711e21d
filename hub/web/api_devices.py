"""The API of devices that nobody has registered: list, assign, replay."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.configuration.apply import StillNeeded, Unconfirmed
from hub.configuration.problem import words
from hub.kept_frames.desk import AlreadyAssigned, Desk, ManagedByFile, NewDevice, NotAssigned
from hub.kept_frames.model import HeardOf
from hub.kept_frames.wish import ReplayWish
from hub.mqtt import NotConfirmed
from hub.web.access import SignedIn
from hub.web.answer import as_json, not_confirmed
from hub.web.commands import CommandId, ItemId
from hub.web.refusal import Refusal, not_found
from hub.web.site import AskedSite, Site
from routing.instant import Instant, to_rfc3339

router = APIRouter()
Subject = Annotated[str, Field(min_length=1, max_length=200)]


class AssignAsked(BaseModel):
    """The body of an assignment."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    subject: Subject
    id: ItemId
    resident: ItemId | None = None
    unit: ItemId | None = None
    name: Annotated[str, Field(max_length=200)] | None = None
    exercise: bool = False


class ReplayAsked(BaseModel):
    """The body of a request to replay; instants are UTC microseconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: CommandId
    who: Subject
    """A device's subject, or the id of one frame."""
    from_at: Instant | None = None
    to_at: Instant | None = None


@router.get("/api/devices/unknown")
def unknown(reader: SignedIn, site: AskedSite) -> Response:
    """Return the devices that were heard and are not registered, the latest first."""
    return as_json({"devices": [_shown(one) for one in _desk(site).unknown()]})


@router.post("/api/devices/assign")
async def assign(body: AssignAsked, reader: SignedIn, site: AskedSite) -> Response:
    """Register a device: 200 when it is recorded, 409 when it is another's, 202 not confirmed."""
    try:
        await _desk(site).assign(NewDevice(**body.model_dump()), reader.person)
    except AlreadyAssigned as error:
        raise Refusal(HTTPStatus.CONFLICT, "device_assigned", device=error.device) from None
    except (ManagedByFile, StillNeeded):
        raise Refusal(HTTPStatus.CONFLICT, "devices_by_file") from None
    except NotAssigned as error:
        what = " ".join(words(problem, reader.language) for problem in error.problems)
        raise Refusal(HTTPStatus.BAD_REQUEST, "device_not_sound", what=what) from None
    except (Unconfirmed, NotConfirmed):
        return not_confirmed(reader)
    return as_json({"state": "done"})


@router.post("/api/devices/replay")
async def replay(body: ReplayAsked, reader: SignedIn, site: AskedSite) -> Response:
    """Have kept frames treated again: 200 with what came of it, 202 not confirmed."""
    wish = ReplayWish(author=reader.person, **body.model_dump())
    try:
        told = await _desk(site).replay(wish, wait_s=site.confirm_within_s)
    except (Unconfirmed, NotConfirmed):
        return not_confirmed(reader)
    counts = {"frames": told.frames, "events": told.events, "unreadable": told.unreadable}
    return as_json({"state": "done", **counts})


def _desk(site: Site) -> Desk:
    if site.desk is None:
        raise not_found()
    return site.desk


def _shown(one: HeardOf) -> dict[str, object]:
    return {
        "subject": one.subject,
        "protocol": one.subject.partition(":")[0],
        "listener": one.listener,
        "first_at": to_rfc3339(one.first_at),
        "last_at": to_rfc3339(one.last_at),
        "count": one.count,
        "kinds": list(one.kinds),
        "kept": one.kept,
    }
