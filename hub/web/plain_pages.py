"""Pages that the server writes: tasks, incidents, the printed visit list, and coverage."""

from itertools import groupby

from fastapi import APIRouter, Request, Response

from hub.web.access import SignedIn
from hub.web.alarms.api_lists import incident_of
from hub.web.alarms.incidents import Incidents
from hub.web.duty.ahead import DAYS, FarView, SpotView, ahead
from hub.web.pages import head_of, render
from hub.web.session import words_of
from hub.web.site import AskedSite
from hub.web.tasks.api import note_tasks, shows, tasks_of
from routing.instant import HOUR
from routing.municipality import Role
from routing.roster import local_time
from routing.tasks.life import TaskKind, TaskOutcome

router = APIRouter()


@router.get("/tasks")
async def tasks(request: Request, reader: SignedIn, site: AskedSite) -> Response:
    """Show the tasks: overdue, mine, my team's, others', and what is over."""
    found = tasks_of(site, reader).listed()
    await note_tasks(site, reader, found.tasks)
    live = [task for task in found.tasks if shows("open", task)]
    parts = {
        "mine": [task for task in live if task.mine],
        "overdue": [task for task in live if task.overdue and not task.mine],
        "team": [t for t in live if t.my_team and not t.mine and not t.overdue],
        "others": [t for t in live if not t.my_team and not t.mine and not t.overdue],
        "ended": [task for task in found.tasks if shows("ended", task)][:20],
    }
    values = {**head_of(site, reader, "tasks"), "parts": parts, "more": found.more}
    outcomes = [str(outcome) for outcome in TaskOutcome]
    return render(request, site, "tasks.html", reader=reader, outcomes=outcomes, **values)


@router.get("/tasks/new")
async def new_task(request: Request, reader: SignedIn, site: AskedSite) -> Response:
    """Show the form of a task made by hand."""
    registry, now = site.live.state.registry, site.clock()
    start = local_time(registry, now)
    residents = [(id, site.names.name("resident", id)) for id in registry.residents]
    competences = {c for person in registry.people.values() for c in person.competences}
    values = {
        **head_of(site, reader, "tasks"),
        "kinds": [str(kind) for kind in TaskKind if kind is not TaskKind.DUTY],
        "residents": sorted(residents, key=lambda one: one[1]),
        "competences": sorted(competences),
        "start": start.strftime("%Y-%m-%dT%H:%M"),
        "end": local_time(registry, now + 24 * HOUR).strftime("%Y-%m-%dT%H:%M"),
    }
    return render(request, site, "task_new.html", reader=reader, **values)


@router.get("/incidents")
async def incidents(request: Request, reader: SignedIn, site: AskedSite) -> Response:
    """Show the incidents."""
    found = Incidents(site.live, reader, words_of(reader, site)).listed()
    values = {**head_of(site, reader, "incidents"), "incidents": found}
    return render(request, site, "incidents.html", reader=reader, **values)


@router.get("/incidents/{incident_id}")
async def incident(
    incident_id: str, request: Request, reader: SignedIn, site: AskedSite
) -> Response:
    """Show one incident with its devices and homes."""
    found = await incident_of(site, reader, incident_id)
    values = {**head_of(site, reader, "incidents"), "one": found}
    return render(request, site, "incident.html", reader=reader, **values)


@router.get("/incidents/{incident_id}/visits")
async def visits(incident_id: str, request: Request, reader: SignedIn, site: AskedSite) -> Response:
    """Show the homes of an incident as a list to print and take along."""
    found = await incident_of(site, reader, incident_id)
    homes = sorted(
        (member for member in found.members if member.resident is not None),
        key=lambda m: (m.unit_name or "", m.address or "", m.resident or ""),
    )
    by_home = {home: list(devices) for home, devices in groupby(homes, lambda m: m.resident)}
    printed = local_time(site.live.state.registry, site.clock()).strftime("%d.%m.%Y %H:%M")
    values = {
        **head_of(site, reader, "incidents"),
        "one": found,
        "homes": by_home,
        "printed": printed,
    }
    return render(request, site, "visits.html", reader=reader, **values)


@router.get("/coverage")
async def coverage(request: Request, reader: SignedIn, site: AskedSite) -> Response:
    """Show what is lacking in the days to come, day by day."""
    found = ahead(site.live.state, site.clock(), DAYS, words_of(reader, site))
    lacking: list[SpotView | FarView] = sorted(
        (*found.spots, *found.far), key=lambda one: one.from_at
    )
    days = {day: list(part) for day, part in groupby(lacking, lambda one: one.day)}
    values = {**head_of(site, reader, "coverage"), "found": found, "days": days, "ahead": DAYS}
    values["may_offer"] = Role.LEAD in reader.roles
    return render(request, site, "coverage.html", reader=reader, **values)
