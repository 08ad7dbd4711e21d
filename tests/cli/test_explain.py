"""`varde explain`: an alarm's story from a journal on disk, in three languages."""

import asyncio
import json
from contextlib import closing
from enum import StrEnum
from pathlib import Path

import pytest

from hub.cli.files import EXIT_CANNOT
from hub.cli.main import main
from hub.explain.lines import story_lines
from hub.explain.story import NoSuchAlarm, explain
from hub.history.follow import Follower
from hub.history.sqlite import open_history
from hub.journal.memory import MemoryStore, open_reader
from hub.journal.port import Checkpoint, Document
from hub.journal.sqlite import open_reader as open_reader_of
from hub.journal.sqlite import open_writer
from hub.text import catalogue
from routing.facts import AlarmArchived
from routing.instant import HOUR
from routing.lifecycle import Action, OutcomeCode
from routing.tasks.command import NewTask
from routing.tasks.life import TaskAction, TaskKind, TaskOutcome, TaskPhase
from tests.routing.story import START, Story
from tests.routing.story_tasks import TaskStory

NAMES = {"anna": "Anna Eksempel", "berit": "Berit Eksempel", "carl": "Carl Eksempel"}


def lived() -> Story:
    """A press; one channel fails; nobody takes step 1; Carl does, Berit is late, he closes it."""
    story = Story()
    story.press()
    story.wait(5)
    story.unsent("anna")
    story.sent("berit")
    story.wait(55)
    story.wait(10)
    story.accept("carl")
    story.wait(1)
    story.accept("berit")
    story.wait(60)
    story.do("carl", Action.CLOSE, outcome=OutcomeCode.TALK)
    return story


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Process settings of a hub whose journal holds the story."""
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    path = tmp_path / "settings.yaml"
    path.write_text(f"state_dir: {folder}\n")
    asyncio.run(_write(folder / "simby.journal.sqlite", lived()))
    return path


async def _write(path: Path, story: Story) -> None:
    journal = open_writer(path, "simby")
    documents = [
        Document("person", id, json.dumps({"name": name}).encode()) for id, name in NAMES.items()
    ]
    for record in story.journal:
        await journal.append([record.fact], record.recorded_at, documents)
    journal.close()


TOLD = """\
Alarm {alarm}: Help button pressed, High, at rolf
Now: Closed, Carl Eksempel
Policy: plain, the default, as nothing nearer says otherwise
2026-11-23 09:00:00  Alarm: Help button pressed ("Help button pressed" always raises an alarm)
2026-11-23 09:00:00  Called: Anna Eksempel, Berit Eksempel (The alarm is new)
                     - Anna Eksempel by webhook-1: On duty in home – did not get through 09:00:05 \
(http-410)
                     - Berit Eksempel by webhook-1: On duty in home – delivered 09:00:05
                     waits until 09:01:00
2026-11-23 09:00:05  Also called: Anna Eksempel (Another channel (Own alerting system) did \
not get through)
                     - Anna Eksempel by webhook-2: Another channel (Own alerting system) did not \
get through – no answer from the channel
2026-11-23 09:01:00  Called: Carl Eksempel (Nobody accepted step 1 in time)
                     - Carl Eksempel by webhook-1: Belongs to centre – no answer from the channel
                     waits until 09:02:30
2026-11-23 09:01:10  Carl Eksempel accepted
                     waits until 09:31:10
2026-11-23 09:01:11  Berit Eksempel wanted "Accept"; that was not done (Already taken by Carl \
Eksempel 09:01)
2026-11-23 09:02:11  Carl Eksempel closed the alarm: Talk
"""


def test_the_story_is_told_with_reasons_channels_and_outcomes(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alarm = lived().alarm
    assert main(["explain", alarm, "--settings", str(settings)]) == 0
    assert capsys.readouterr().out == TOLD.format(alarm=alarm)


def test_as_json_it_holds_the_same(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alarm = lived().alarm
    assert main(["explain", alarm, "--settings", str(settings), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["id"], told["phase"], told["resident"]) == (alarm, "closed", "rolf")
    assert told["chosen"]["by"] == "default"
    first = next(step for step in told["steps"] if step["calls"])
    assert [(c["person"], c["outcome"], c["outcome_at"]) for c in first["calls"]] == [
        ("anna", "failed", "2026-11-23T08:00:05Z"),
        ("berit", "delivered", "2026-11-23T08:00:05Z"),
    ]


def test_it_is_told_in_all_three_languages(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {}
    for language in ("nb", "nn", "en"):
        alarm = lived().alarm
        main(["explain", alarm, "--settings", str(settings), "--language", language])
        said[language] = capsys.readouterr().out.splitlines()
    assert len({len(lines) for lines in said.values()}) == 1
    assert said["nb"][2].startswith("Varslingsplan: plain, standardplanen, siden ingenting")
    assert said["nn"][2].startswith("Varslingsplan: plain, standardplanen, sidan ingenting")


def test_an_alarm_that_is_not_there_is_told_with_those_that_are(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "simby-none", "--settings", str(settings)]) == 1
    said = capsys.readouterr().err
    assert said == f"There is no alarm or task simby-none. The latest alarms are: {lived().alarm}\n"


def test_without_a_journal_it_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text(f"state_dir: {tmp_path / 'empty'}\n")
    assert main(["explain", "a1", "--settings", str(path)]) == 1
    assert capsys.readouterr().err.startswith("There is no journal in ")


def test_an_archived_alarm_still_has_its_story() -> None:
    story = lived()
    alarm = story.alarm
    story.wait(86_401)
    assert story.state.alarms == {}
    store = MemoryStore("simby")
    asyncio.run(_fill(store, story))
    told = explain(open_reader(store), alarm, catalogue("en"))
    assert told.phase == "closed"
    assert [step.code for step in told.steps][-1] == "alarm.closed"
    with pytest.raises(NoSuchAlarm) as caught:
        explain(open_reader(store), "simby-none", catalogue("en"))
    assert caught.value.latest == (alarm,)


async def _fill(store: MemoryStore, story: Story) -> None:
    from hub.journal.memory import open_writer as open_memory

    journal = open_memory(store)
    for record in story.journal:
        await journal.append([record.fact], record.recorded_at)
    journal.close()


TASK_TOLD = """\
Task {task}: Visit, Medium, at rolf
Now: Done, Berit Eksempel
Policy: plain, the default, as nothing nearer says otherwise
2026-11-23 09:00:00  Task: Visit, 09:00 to 10:00 (By lea)
2026-11-23 09:00:00  Asked: Anna Eksempel, Berit Eksempel (Offered by the plan plain)
                     - Anna Eksempel by webhook-1: On duty in home – no answer from the channel
                     - Berit Eksempel by webhook-1: On duty in home – delivered 09:00:00
                     waits until 09:01:00
2026-11-23 09:00:00  Berit Eksempel takes it
2026-11-23 09:00:00  Anna Eksempel wanted "Take it"; that was not done (Others have taken the task)
2026-11-23 09:00:00  Berit Eksempel: nobody at home
"""


async def test_a_task_has_its_story_too() -> None:
    story = TaskStory()
    hour = NewTask(kind=TaskKind.VISIT, resident="rolf", start=START, end=START + HOUR)
    story.make(hour)
    story.time()
    story.sent("berit")
    story.task_do("berit", TaskAction.ACCEPT)
    story.task_do("anna", TaskAction.ACCEPT)
    story.task_do("berit", TaskAction.DONE, outcome=TaskOutcome.NOT_HOME)
    store = MemoryStore("simby")
    await _fill(store, story)
    for id, name in NAMES.items():
        store.documents["person", id] = json.dumps({"name": name}).encode()
    told = explain(open_reader(store), story.task.id, catalogue("en"))
    lines = "\n".join(story_lines(told, catalogue("en")))
    assert lines + "\n" == TASK_TOLD.format(task=story.task.id)


@pytest.mark.parametrize(
    ("prefix", "codes"),
    [
        ("task.kind", TaskKind),
        ("task.phase", TaskPhase),
        ("task.action", TaskAction),
        ("task.outcome", TaskOutcome),
    ],
)
def test_every_code_of_tasks_has_its_words(prefix: str, codes: type[StrEnum]) -> None:
    entries = {msgid for msgid in catalogue("en").texts if msgid.startswith(f"{prefix}.")}
    assert entries == {f"{prefix}.{code.value}" for code in codes}


@pytest.mark.parametrize("id", ["other", "../simby"])
def test_a_municipality_that_is_not_there_is_told(
    settings: Path, id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "x", "--municipality", id, "--settings", str(settings)]) == 1
    told = capsys.readouterr().err
    assert f"no municipality `{id}`" in told
    assert "simby" in told


async def test_an_alarm_whose_facts_have_been_cut_is_told_from_history(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story, folder = lived(), settings.parent / "state"
    journal = open_writer(folder / "simby.journal.sqlite", "simby")
    await journal.append([AlarmArchived(alarm=story.alarm)], story.at)
    with closing(open_history(folder / "simby.history.sqlite", "simby", "rwc")) as history:
        Follower(open_reader_of(folder / "simby.journal.sqlite", "simby"), history).step()
    for name in ("state", "state.before"):
        await journal.save_checkpoint(Checkpoint(name, journal.head(), b""))
    await journal.remove(journal.head() - 1, limit=1000)
    journal.close()
    assert await asyncio.to_thread(main, ["explain", story.alarm, "--settings", str(settings)]) == 0
    assert capsys.readouterr().out == TOLD.format(alarm=story.alarm)
    assert await asyncio.to_thread(main, ["explain", "none", "--settings", str(settings)]) == 1
    assert capsys.readouterr().err.endswith(f"The latest alarms are: {story.alarm}\n")
    (folder / "simby.history.sqlite").unlink()
    told = await asyncio.to_thread(main, ["explain", story.alarm, "--settings", str(settings)])
    assert told == EXIT_CANNOT
    assert "have been removed" in capsys.readouterr().err
