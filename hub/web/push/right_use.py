"""What a right becomes: the command of its person, about what its send was about."""

from hub.notifier.asks import Ask, by_where
from hub.rights.seal import Right, Use
from hub.web.live import Ended
from routing.alarm import Alarm
from routing.inputs import Command
from routing.instant import Instant
from routing.lifecycle import Action, Phase
from routing.owed import about
from routing.proofs.book import ChannelTest
from routing.proofs.command import ReachAction, ReachCommand
from routing.state import State
from routing.tasks.command import TaskCommand
from routing.tasks.life import TaskAction

Acting = Command | TaskCommand | ReachCommand
_ALARM: dict[Use, Action] = {
    "accept": Action.ACCEPT,
    "refuse": Action.REFUSE,
    "seen": Action.SEE,
}
_ASIDE: dict[Ask, dict[Use, Action]] = {
    Ask.TAKE_OVER: {"accept": Action.TAKE_OVER, "refuse": Action.DECLINE},
    Ask.JOIN: {"accept": Action.JOIN, "refuse": Action.DECLINE},
}
"""What an answer means where the alarm has an owner who asks."""
_TASK: dict[Use, TaskAction] = {"accept": TaskAction.ACCEPT, "refuse": TaskAction.REFUSE}


def ended_before(state: State, command: str) -> Ended | None:
    """Return how the command ended, if it has: a right is used once, and answers the same again."""
    found: Ended | None = state.commands.get(command) or state.book.commands.get(command)
    return found or state.proofs.commands.get(command)


def command_of(state: State, right: Right, id: str, at: Instant) -> Acting | None:
    """Return the command; None when what the send was about has left, or cannot be answered so."""
    one = about(state, right.send.split(":", 1)[0])
    if one is None:
        return None
    if isinstance(one, Alarm):
        return _about_alarm(one, right, id, at)
    if isinstance(one, ChannelTest):
        return _about_test(one, right, id, at)
    action = _TASK.get(right.use)
    if action is None:
        return None
    return TaskCommand(id=id, person=right.person, action=action, made_at=at, task=one.id)


def _about_alarm(alarm: Alarm, right: Right, id: str, at: Instant) -> Command | None:
    aside = _ASIDE.get(by_where(right.send), {})
    action = aside.get(right.use) or _ALARM.get(right.use)
    if action is None:
        return None
    # What the notification showed was an alarm that looks for somebody; an answer to it says so
    # whatever has become of it since, and is refused in words when somebody else has it.
    seen = Phase.LOOKING if action in {Action.ACCEPT, Action.REFUSE} else alarm.phase
    return Command(
        id=id, alarm=alarm.id, person=right.person, action=action, seen_phase=seen, made_at=at
    )


def _about_test(test: ChannelTest, right: Right, id: str, at: Instant) -> ReachCommand | None:
    if right.use != "answer":
        return None
    return ReachCommand(
        id=id, person=right.person, action=ReachAction.ANSWER, made_at=at, test=test.id
    )
