"""What follows from a person's command about a task, and from the end of a send about one."""

from routing import facts as alarm_facts
from routing.act import COMMAND_LIFE
from routing.chain import policy_for
from routing.duty import OpenDuty
from routing.instant import Instant
from routing.kinds import Category
from routing.locks.act import DOORS, asked_for_task, not_for_task
from routing.municipality import Role
from routing.reasons import Reason, ReasonCode, because
from routing.state import Registry, State
from routing.targets import can_handle
from routing.tasks import duty, facts, look
from routing.tasks.command import NewTask, TaskCommand
from routing.tasks.life import TaskAction, TaskKind, TaskOutcome, TaskPhase, task_verdict
from routing.tasks.make import Ids, task_id, unit_of
from routing.tasks.offer import TaskDraft, may_take, next_in_turn, next_page, offer
from routing.tasks.unheard import goes_on_elsewhere
from routing.tasks.value import Task


def act(state: State, command: TaskCommand, at: Instant, ids: Ids) -> list[alarm_facts.AnyFact]:
    """Return what the command does, and its end. A known command id gives nothing: it has ended."""
    if command.id in state.book.commands:
        return []
    making = command.action is TaskAction.MAKE
    name = task_id(ids, "hand", command.id) if making else command.task
    refused = _refusal(state, command, at)
    done = [] if refused is not None else _done(state, command, at, name, ids)
    ended = facts.TaskCommandEnded(
        command=command.id,
        task=name,
        person=command.person,
        action=command.action,
        refused=refused,
    )
    return [*done, ended]


def _refusal(state: State, command: TaskCommand, at: Instant) -> Reason | None:
    registry, person = state.registry, command.person
    if person not in registry.people:
        return because(ReasonCode.NO_SUCH_PERSON)
    if not can_handle(registry, person):
        return because(ReasonCode.ROLE_MAY_NOT)
    if at - command.made_at > COMMAND_LIFE:
        return because(ReasonCode.COMMAND_EXPIRED)
    if command.action is TaskAction.MAKE:
        return _cannot_make(state, command.new, person, at)
    task = state.book.tasks.get(command.task)
    return because(ReasonCode.NO_SUCH_TASK) if task is None else _of_task(state, task, command, at)


def _of_task(state: State, task: Task, command: TaskCommand, at: Instant) -> Reason | None:
    registry = state.registry
    too_late = duty.refusal(registry, task, command.person, command.action, at)
    wrong = too_late or _judged(registry, task, command)
    if wrong is None and command.action in DOORS:
        return not_for_task(state, task, command, at)
    if wrong is None and command.action is TaskAction.VIEW:
        return look.not_to_view(registry, task, at)
    return wrong


def _cannot_make(state: State, new: NewTask | None, person: str, at: Instant) -> Reason | None:
    if new is None or (new.kind is TaskKind.DUTY) != (new.need is not None):
        return because(ReasonCode.TASK_INCOMPLETE)
    if new.kind is TaskKind.DUTY and not _is_lead(state.registry, person):
        return because(ReasonCode.ROLE_MAY_NOT)
    if new.kind is TaskKind.DUTY and new.start < new.end:
        return duty.cannot_offer(state, _open_duty(state.registry, new), at)
    if new.end <= new.start or new.end <= at:
        return because(ReasonCode.TASK_WINDOW_WRONG)
    if new.resident is not None and new.resident not in state.registry.residents:
        return because(ReasonCode.NO_SUCH_RESIDENT)
    return None


def _open_duty(registry: Registry, new: NewTask) -> OpenDuty:
    need = registry.needs.get(new.need or "")
    return OpenDuty("" if need is None else need.team, new.need or "", new.start, new.end)


def _judged(registry: Registry, task: Task, command: TaskCommand) -> Reason | None:
    person, action = command.person, command.action
    judged = task_verdict(task.phase, action, owner=person in task.owners)
    if isinstance(judged, ReasonCode) and not _lead_may(registry, person, judged, action):
        return because(judged)
    if action is TaskAction.ACCEPT and task.duty is None and len(task.owners) >= task.people:
        return because(ReasonCode.TASK_HAS_ENOUGH)
    if action is TaskAction.ACCEPT and not may_take(registry, task, person):
        return because(ReasonCode.COMPETENCE_MISSING, competence=task.competence or "")
    if action is TaskAction.CANCEL and not _may_cancel(registry, task, person):
        return because(ReasonCode.ROLE_MAY_NOT)
    if action is TaskAction.DONE and command.outcome is None:
        return because(ReasonCode.OUTCOME_MISSING)
    return look.outcome_refused(task, command.outcome)


def _lead_may(registry: Registry, person: str, judged: ReasonCode, action: TaskAction) -> bool:
    """A lead can write down that somebody else has done it."""
    says_done = action is TaskAction.DONE and judged is ReasonCode.TASK_NOT_YOURS
    return says_done and _is_lead(registry, person)


def _is_lead(registry: Registry, person: str) -> bool:
    return Role.LEAD in registry.people[person].roles


def _may_cancel(registry: Registry, task: Task, person: str) -> bool:
    """A lead may, and whoever made it by hand."""
    return person == task.maker or _is_lead(registry, person)


def _done(
    state: State, command: TaskCommand, at: Instant, name: str, ids: Ids
) -> list[alarm_facts.AnyFact]:
    if command.action is TaskAction.MAKE and command.new is not None:
        return [_made(state.registry, command.new, command.person, at, name)]
    draft = TaskDraft(state.book.tasks[name], at)
    if command.action in DOORS:
        return [asked_for_task(state, draft.task, command, at)]
    if draft.task.duty is not None and command.action is TaskAction.ACCEPT:
        return duty.taken(state, draft, draft.task.duty, command.person)
    _do(state.registry, draft, command)
    if command.outcome is TaskOutcome.VISIT_NEEDED:
        visit = task_id(ids, "after a look", name)
        return [*draft.decided, look.visit(state.registry, draft.task, command.person, at, visit)]
    return [*draft.decided]


def _made(registry: Registry, new: NewTask, person: str, at: Instant, name: str) -> facts.TaskMade:
    if new.kind is TaskKind.DUTY:
        return duty.made(
            registry,
            _open_duty(registry, new),
            at=at,
            task=name,
            severity=new.severity,
            reason=because(ReasonCode.TASK_BY_HAND, person=person),
            maker=person,
        )
    unit = unit_of(registry, new.resident)
    return facts.TaskMade(
        task=name,
        kind=new.kind,
        resident=new.resident,
        unit=unit,
        subject=new.subject,
        maker=person,
        policy=policy_for(registry, Category.TASK, new.resident, unit, at),
        severity=new.severity,
        people=new.people,
        competence=new.competence,
        overdue=new.overdue,
        start=new.start,
        end=new.end,
        offer_at=max(at, new.start),
        reason=because(ReasonCode.TASK_BY_HAND, person=person),
    )


def _do(registry: Registry, draft: TaskDraft, command: TaskCommand) -> None:
    task, person = draft.task, command.person
    match command.action:
        case TaskAction.ACCEPT:
            enough = len(task.owners) + 1 >= task.people
            draft.add(facts.TaskAccepted(task=task.id, person=person, enough=enough))
        case TaskAction.REFUSE:
            _refuse(registry, draft, person)
        case TaskAction.GIVE_BACK:
            give_back(registry, draft, person, because(ReasonCode.TASK_RETURNED, person=person))
        case TaskAction.CANCEL:
            why = because(ReasonCode.TASK_BY_HAND, person=person)
            draft.add(facts.TaskCancelled(task=task.id, person=person, reason=why))
        case TaskAction.DONE if command.outcome is not None:
            draft.add(facts.TaskDone(task=task.id, person=person, outcome=command.outcome))
        case TaskAction.VIEW:
            resident = task.resident or ""
            draft.add(facts.TaskViewed(task=task.id, person=person, resident=resident))


def _refuse(registry: Registry, draft: TaskDraft, person: str) -> None:
    """A no; when all whom the step asks have said it, the next step comes at once."""
    if person in draft.task.refused:
        return
    draft.add(facts.TaskRefused(task=draft.task.id, person=person))
    task = draft.task
    asked = person in task.calling and task.phase is TaskPhase.OFFERED
    if not asked or not set(task.calling) <= {*task.refused, *task.owners}:
        return
    if task.waiting:
        next_in_turn(registry, draft, because(ReasonCode.ALL_REFUSED))
    else:
        offer(registry, draft, task.step + 1, because(ReasonCode.ALL_REFUSED))


def give_back(registry: Registry, draft: TaskDraft, person: str, why: Reason) -> None:
    """An owner does not have it any more: it is offered again from the first step on."""
    draft.add(facts.TaskReturned(task=draft.task.id, person=person, reason=why))
    offer(registry, draft, 0, why)


def send_ended(
    registry: Registry, task: Task, ended: alarm_facts.SendEnded, at: Instant
) -> list[alarm_facts.AnyFact]:
    """Return the outcome of a send about a task that is owed, and the next channel where it
    failed."""
    draft = TaskDraft(task, at)
    draft.add(
        facts.TaskSendEnded(
            task=ended.alarm,
            send=ended.send,
            person=ended.person,
            channel=ended.channel,
            delivered=ended.delivered,
            code=ended.code,
        )
    )
    why = because(ReasonCode.NEXT_CHANNEL, failed=ended.channel)
    known = (registry, draft.task, ended.person, ended.send)
    over = ended.delivered or goes_on_elsewhere(draft.task, ended.send)
    called = None if over else next_page(*known, why)
    if called is not None:
        due_at = draft.task.due_at
        draft.add(facts.TaskPaged(task=ended.alarm, pages=(called,), due_at=due_at, reason=why))
    return [*draft.decided]
