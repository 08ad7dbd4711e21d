"""Recording a difference: straight, through a router, and what is refused beforehand."""

import asyncio

import msgspec
import pytest

from hub.configuration.apply import StillNeeded, Unconfirmed, into_journal, through_router
from hub.configuration.at_start import DoesNotFit, Unmanaged, apply_at_start
from hub.configuration.check import check
from hub.configuration.compile import compile
from hub.configuration.difference import Difference
from hub.configuration.model import MunicipalityFile
from hub.configuration.recorded import recorded
from hub.journal.memory import MemoryJournal, MemoryStore, open_writer
from hub.router.parse import ConfigureMessage
from hub.router.parse import configure as parse_configure
from routing import facts
from routing.kinds import Category, Kind, Severity
from routing.lifecycle import OutcomeCode
from routing.reasons import ReasonCode, because
from tests.configuration.test_check import SOUND

KEY = b"a key of the test"


def sound(source: str = SOUND) -> MunicipalityFile:
    file = check(source).file
    assert file is not None
    return file


@pytest.fixture
def journal() -> MemoryJournal:
    return open_writer(MemoryStore("testby"))


async def apply(journal: MemoryJournal, file: MunicipalityFile) -> None:
    now = recorded(journal)
    await into_journal(journal, now, now.difference(compile(file), KEY), 1)


OLA = next(line for line in SOUND.splitlines(keepends=True) if "id: ola," in line)
ASTRID = next(line for line in SOUND.splitlines(keepends=True) if "id: astrid," in line)
PENDANT = next(line for line in SOUND.splitlines(keepends=True) if "id: pendant," in line)
WITHOUT_OLA = (
    SOUND.replace(OLA, "")
    .replace("people: [kari, ola]", "people: [kari]")
    .replace("{person: ola}", "{person: kari}")
)


def raised(resident: str | None = None) -> facts.AlarmRaised:
    return facts.AlarmRaised(
        alarm="a1",
        event="e1",
        kind=Kind.HELP_PRESSED,
        category=Category.HELP,
        severity=Severity.HIGH,
        subject="scaip:1",
        resident=resident,
        policy="p",
        received_at=1,
        reason=because(ReasonCode.KIND_RAISES),
    )


async def test_an_owner_of_an_open_alarm_is_not_removed(journal: MemoryJournal) -> None:
    await apply(journal, sound())
    await journal.append([raised(), facts.AlarmAccepted(alarm="a1", person="ola", due_at=9)], 2)
    before = journal.head()
    with pytest.raises(StillNeeded) as caught:
        await apply(journal, sound(WITHOUT_OLA))
    assert caught.value.needed == [("person", "ola")]
    assert journal.head() == before


async def test_a_resident_with_an_open_alarm_is_not_removed(journal: MemoryJournal) -> None:
    """Whoever accepts must be told where to go; when it is closed they may be removed."""
    await apply(journal, sound())
    await journal.append([raised("astrid")], 1)
    gone = sound(
        SOUND.replace(ASTRID, "").replace("residents:", "residents: []").replace(PENDANT, "")
    )
    with pytest.raises(StillNeeded) as caught:
        await apply(journal, gone)
    assert caught.value.needed == [("resident", "astrid")]
    closed = facts.AlarmClosed(alarm="a1", person="ola", outcome=OutcomeCode.CARE)
    await journal.append([closed], 1)
    await apply(journal, gone)
    assert recorded(journal).described().residents == ()


async def test_a_router_is_asked_and_the_journal_confirms(journal: MemoryJournal) -> None:
    asked: list[str] = []

    async def router(topic: str, payload: bytes) -> None:
        asked.append(topic)
        message = msgspec.json.decode(payload, type=ConfigureMessage)
        await journal.append(message.changes, 1, parse_configure(payload).documents)

    wanted = compile(sound())
    found = await through_router(recorded(journal), wanted, KEY, router, wait_s=5)
    assert asked == ["varde/v1/testby/configure"]
    assert len(found.changes) == 11
    assert not recorded(journal).difference(wanted, KEY)
    assert not await through_router(recorded(journal), wanted, KEY, router, wait_s=5)
    assert len(asked) == 1


async def test_without_the_journals_word_nothing_is_confirmed(journal: MemoryJournal) -> None:
    async def nobody(topic: str, payload: bytes) -> None:
        await asyncio.sleep(0)

    with pytest.raises(Unconfirmed):
        await through_router(recorded(journal), compile(sound()), KEY, nobody, wait_s=0.05)


async def start(journal: MemoryJournal, source: str) -> Difference | Unmanaged:
    return await apply_at_start(journal, sound(source), KEY, 1)


async def test_only_an_empty_journal_takes_the_whole_file_at_the_start(
    journal: MemoryJournal,
) -> None:
    first = await start(journal, SOUND)
    assert isinstance(first, Difference)
    assert len(first.changes) == 11
    assert await start(journal, SOUND) is Unmanaged.SAME
    head = journal.head()
    assert await start(journal, WITHOUT_OLA) is Unmanaged.DIFFERENT
    assert journal.head() == head


async def test_a_managed_section_is_applied_at_every_start_and_no_other(
    journal: MemoryJournal,
) -> None:
    await start(journal, SOUND)
    managed = SOUND.replace("name: Pendant", "name: New pendant").replace("90 s", "91 s")
    found = await start(journal, managed + "managed_by: {devices: file}\n")
    assert isinstance(found, Difference)
    assert [line[:3] for line in found.lines()] == [
        ("changed", "municipality", "testby"),
        ("changed", "device", "pendant"),
    ]


async def test_managed_sections_that_contradict_the_rest_are_refused(
    journal: MemoryJournal,
) -> None:
    await start(journal, SOUND)
    head = journal.head()
    with pytest.raises(DoesNotFit) as caught:
        await start(journal, WITHOUT_OLA + "managed_by: {people: file}\n")
    codes = {(problem.code, problem.params["id"]) for problem in caught.value.problems}
    assert codes == {("dangling", "ola")}
    assert journal.head() == head
