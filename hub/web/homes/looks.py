"""Writes down who reads what about whom, before they read it."""

import asyncio
import logging
from collections.abc import Iterable
from http import HTTPStatus

from hub.reads.port import LogBroken, Look, What
from hub.web.refusal import Refusal
from hub.web.session import Reader
from hub.web.site import Site
from routing.alarm import Alarm
from routing.instant import Instant

log = logging.getLogger(__name__)


Seen = Iterable[tuple[str | None, str]]
"""Residents, each with the id of what they are read about for."""


async def note(
    site: Site,
    reader: Reader,
    residents: Iterable[str | None],
    what: What,
    why: str = "",
    *,
    kind: str = "",
    tap: str = "",
    ago: Instant = 0,
) -> None:
    """Write down that the reader reads this of the residents, or did `ago`. Refusal `not_logged`,
    and so no answer, where that cannot be: nobody reads in secret."""
    seen = ((resident, why) for resident in residents)
    await note_each(site, reader, seen, what, kind=kind, tap=tap, ago=ago)


async def note_each(
    site: Site,
    reader: Reader,
    seen: Seen,
    what: What,
    *,
    kind: str = "",
    tap: str = "",
    ago: Instant = 0,
) -> None:
    """Write down the same where each resident is read about for a reason of their own."""
    if not reader.may_read_residents:
        return
    looks = [
        Look(
            person=reader.person,
            name=site.names.name("person", reader.person),
            roles=" ".join(sorted(reader.roles)),
            handset=reader.handset,
            resident=resident,
            what=what,
            why=why,
            kind=kind,
            tap=tap,
        )
        for resident, why in dict.fromkeys(seen)
        if resident is not None
    ]
    if not looks:
        return
    try:
        await asyncio.to_thread(site.reads.append, looks, site.clock() - ago)
    except LogBroken as error:
        log.error("the access log cannot be written: %s", error)
        raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "not_logged") from error


async def at_alarm(site: Site, reader: Reader, alarm: Alarm, what: What, tap: str = "") -> None:
    """Write down a look at what is known because of an alarm."""
    about = (alarm.resident, alarm.concerns)
    await note(site, reader, about, what, alarm.id, kind=alarm.kind, tap=tap)
