"""What was read on one phone: the access report of a phone that is lost."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from hub.reads.lines import Told, rows
from hub.reads.port import Sought
from hub.web.access import SignedIn
from hub.web.pages import head_of, render
from hub.web.refusal import not_found
from hub.web.site import AskedSite
from routing.instant import DAY
from routing.roster import where

router = APIRouter()
SPANS_DAYS = (1, 3, 14)
"""How far back may be asked for; the first is shown unless another is."""
COLUMNS = ("from", "to", "name", "resident", "what", "why")


@router.get("/phones/{handset_id}/reads")
async def reads(
    handset_id: str,
    request: Request,
    reader: SignedIn,
    site: AskedSite,
    days: Annotated[int, Query(ge=1, le=366)] = SPANS_DAYS[0],
) -> Response:
    """Show who was looked up on the phone in the days before it ended, or before now."""
    handset = site.directory.phones.get(handset_id)
    if handset is None or days not in SPANS_DAYS:
        raise not_found()
    until = handset.revoked_at or site.clock()
    found = site.reads.find(Sought(handset=handset.id, from_at=until - days * DAY))
    registry = site.live.state.registry
    told = Told(reader.text, site.names, site.municipality, where(registry))
    return render(
        request,
        site,
        "phone_reads.html",
        reader=reader,
        **head_of(site, reader, "phones"),
        label=handset.label,
        handset=handset.id,
        whose=handset.person,
        days=days,
        spans=SPANS_DAYS,
        columns={name: reader.text(f"reads.column.{name}") for name in COLUMNS},
        rows=[{name: row[name] for name in COLUMNS} for row in rows(found, told)],
    )
