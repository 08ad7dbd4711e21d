"""What is recorded about a person, told whatever has been cut: for the person who asks for it."""

import asyncio
import re
from contextlib import closing
from pathlib import Path

import pytest

from hub.cli.files import EXIT_CANNOT, EXIT_WRONG
from hub.cli.main import main
from hub.explain.person import NothingRecorded, explain_person, person_lines
from hub.history.follow import Follower
from hub.history.past import about
from hub.history.sqlite import History, open_history
from hub.history.subject import person
from hub.journal.memory import MemoryStore, open_reader
from hub.journal.port import Checkpoint, Document
from hub.journal.rows import to_row
from hub.journal.sqlite import open_reader as open_reader_of
from hub.journal.sqlite import open_writer
from hub.text import catalogue
from routing.instant import SECOND
from routing.municipality import Person, Role
from tests.routing.story import Story, town
from tests.routing.story_proofs import reach

OF_ANNA = """\
Recorded about anna: tests of channels, duty by word, phones that were lost
2026-11-23 09:00:00  Test alarm to Anna Eksempel (...)
2026-11-23 09:00:04  Anna Eksempel answered the test alarm (...) after 4.0 s
2026-11-23 09:00:04  Anna Eksempel is there
2026-11-23 09:01:04  Anna Eksempel went off duty
2026-11-23 09:01:04  Anna Eksempel's phone is reported lost
"""


def lived() -> Story:
    """Anna's channel is tested and answered; she comes and goes, and her phone is lost. Berit's is
    tested beside it. An alarm is pressed between."""
    story = Story()
    reach(story, "anna", "test", channel="webhook-1")
    test = next(one.id for one in story.state.proofs.tests.values())
    reach(story, "berit", "test", channel="webhook-1")
    story.wait(4)
    reach(story, "anna", "answer", test=test)
    reach(story, "anna", "begin")
    story.press()
    story.wait(60)
    reach(story, "anna", "end")
    reach(story, "lea", "phone_lost", of="anna")
    return story


def journal_of(story: Story) -> MemoryStore:
    store = MemoryStore("simby")
    store.rows = [to_row(one.seq, one.recorded_at, one.fact) for one in story.journal]
    store.documents["person", "anna"] = b'{"name": "Anna Eksempel"}'
    return store


def cut(store: MemoryStore, history: History, before: int) -> None:
    """Let history follow, and the journal be cut behind it."""
    with closing(Follower(open_reader(store), history)) as follower:
        while follower.step():
            pass
    store.rows = store.rows[before:]
    store.removed = before


def told(store: MemoryStore, history: History | None) -> str:
    steps = explain_person(open_reader(store), "anna", catalogue("en"), history)
    return unnamed("\n".join(person_lines("anna", steps, catalogue("en"))) + "\n")


def unnamed(text: str) -> str:
    """Leave out what channels are called, which is told elsewhere."""
    return re.sub(r"\([^)]*\)", "(...)", text)


def test_it_is_told_from_the_journal_alone() -> None:
    assert told(journal_of(lived()), None) == OF_ANNA


def test_it_is_told_the_same_wherever_the_journal_is_cut(tmp_path: Path) -> None:
    story = lived()
    for before in range(0, len(story.journal), 3):
        path, store = tmp_path / f"h{before}", journal_of(story)
        open_history(path, "simby", "rwc").close()
        cut(store, open_history(path, "simby", "rwc"), before)
        with closing(open_history(path, "simby")) as history:
            assert told(store, history) == OF_ANNA, before


def test_everything_of_a_person_is_there_and_nothing_of_another(tmp_path: Path) -> None:
    story = lived()
    store = journal_of(story)
    cut(store, open_history(tmp_path / "h", "simby", "rwc"), len(story.journal))
    with closing(open_history(tmp_path / "h", "simby")) as history:
        found = list(about(open_reader(store), history, person("anna")))
    tags = {"channel", "duty", "phone", "reach"}
    wanted = [
        one
        for one in story.journal
        if str(one.fact.__struct_config__.tag).partition(".")[0] in tags
        and getattr(one.fact, "person", "") == "anna"
    ]
    assert len(wanted) > 8
    told = [one for one in found if getattr(one.fact, "person", None) is not None]
    assert told == wanted


def test_a_history_of_an_earlier_version_is_completed_from_what_the_journal_still_holds(
    tmp_path: Path,
) -> None:
    story = lived()
    store = journal_of(story)
    with closing(open_history(tmp_path / "h", "simby", "rwc")) as history:
        Follower(open_reader(store), history).step()
        history._db.execute("DELETE FROM facts WHERE about LIKE 'person:%'")
        history._db.execute("DELETE FROM meta WHERE name = 'filed'")
    with closing(open_history(tmp_path / "h", "simby", "rwc")) as again:
        assert Follower(open_reader(store), again).step() == len(story.journal)
        assert (again.position, again.gaps()) == (len(story.journal), [])
        assert Follower(open_reader(store), again).step() == 0
        assert told(store, again) == OF_ANNA


def test_who_has_left_the_municipality_is_still_told_of(tmp_path: Path) -> None:
    story = lived()
    story.configure(*town(Person(id="anna", roles=(Role.STAFF,))), remove=[("person", "anna")])
    store = journal_of(story)
    del store.documents["person", "anna"]
    assert "anna's phone is reported lost" in told(store, None)


def test_of_nobody_nothing_is_told() -> None:
    with pytest.raises(NothingRecorded):
        explain_person(open_reader(journal_of(lived())), "nobody", catalogue("en"))


def test_the_command_tells_it_after_the_cut(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, settings = tmp_path / "state", tmp_path / "settings.yaml"
    folder.mkdir(mode=0o700)
    settings.write_text(f"state_dir: {folder}\n")
    asyncio.run(_on_disk(folder, lived()))
    asked = ["explain", "--settings", str(settings)]
    assert main([*asked, "--person", "anna"]) == 0
    assert unnamed(capsys.readouterr().out) == OF_ANNA
    assert main([*asked, "--person", "nobody"]) == EXIT_WRONG
    assert "Nothing is recorded about nobody" in capsys.readouterr().err
    assert main(asked) == EXIT_CANNOT
    assert "Name an ALARM" in capsys.readouterr().err


async def _on_disk(folder: Path, story: Story) -> None:
    path = folder / "simby.journal.sqlite"
    journal = open_writer(path, "simby")
    anna = Document("person", "anna", b'{"name": "Anna Eksempel"}')
    for record in story.journal:
        await journal.append([record.fact], record.recorded_at, [anna])
    # Something comes last, which a cut journal keeps.
    last = story.journal[-1]
    await journal.append([last.fact], last.recorded_at + SECOND)
    with closing(open_history(folder / "simby.history.sqlite", "simby", "rwc")) as history:
        Follower(open_reader_of(path, "simby"), history).step()
    for name in ("state", "state.before"):
        await journal.save_checkpoint(Checkpoint(name, journal.head(), b""))
    await journal.remove(journal.head() - 1, limit=1000)
    journal.close()
