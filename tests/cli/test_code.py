"""`varde code` and `varde phones`: codes for people and units, and the end of a lost phone."""

import asyncio
import re
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from hub.cli.main import main
from hub.configuration.apply import Publish
from hub.directory.port import Grant, Means
from hub.directory.sqlite import SqliteDirectory
from hub.journal.port import Document
from hub.journal.sqlite import open_writer
from routing.facts import ConfigurationSet
from routing.proofs.command import ReachCommand
from routing.proofs.facts import ReachEnded
from routing.reasons import Reason, ReasonCode
from tests.web.town import CARDS, ITEMS

NOW = time.time_ns() // 1000


@pytest.fixture
def settings(tmp_path: Path) -> str:
    path = tmp_path / "settings.yaml"
    path.write_text(f"state_dir: {tmp_path}\nweb: {{public_url: 'https://varde.example/'}}\n")
    documents = [Document(s, id, msgspec.json.encode(card)) for (s, id), card in CARDS.items()]

    async def settle() -> None:
        journal = open_writer(tmp_path / "fjordby.journal.sqlite", "fjordby")
        facts = [ConfigurationSet(item=item, author="test") for item in ITEMS]
        await journal.append(facts, NOW, documents)
        journal.close()

    asyncio.run(settle())
    return str(path)


@pytest.fixture
def directory(tmp_path: Path, settings: str) -> SqliteDirectory:
    return SqliteDirectory(tmp_path / "directory.sqlite", "fjordby")


def test_a_code_stands_alone_on_standard_output(
    settings: str, directory: SqliteDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["code", "kari", "--settings", settings]) == 0
    printed = capsys.readouterr()
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}\n", printed.out)
    assert printed.err == ""
    given = directory.codes.redeem(printed.out.strip(), "10.0.0.1", NOW)
    assert given == Grant(person="kari", unit=None)


def test_a_qr_code_is_shown_beside_it_with_the_address_of_the_pages(
    settings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["code", "kari", "--qr", "--settings", settings]) == 0
    printed = capsys.readouterr()
    code = printed.out.strip()
    assert printed.err.startswith(f"https://varde.example/enrol#{code}\n")
    assert "█" in printed.err or "▄" in printed.err


def test_a_code_of_a_unit(
    settings: str, directory: SqliteDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["code", "--unit", "east", "--settings", settings]) == 0
    given = directory.codes.redeem(capsys.readouterr().out.strip(), "10.0.0.1", NOW)
    assert given == Grant(person=None, unit="east")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["code", "nobody"], "knows a person with the id 'nobody'"),
        (["code", "--unit", "nowhere"], "knows a unit with the id 'nowhere'"),
        (["code", "kari", "--municipality", "dalby"], "knows a person with the id 'kari'"),
        (["phones", "nobody"], "knows a person with the id 'nobody'"),
        (["phones", "kari", "--revoke", "x"], "kari has no phone 'x'"),
    ],
)
def test_what_is_not_there_is_told(
    settings: str, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main([*arguments, "--settings", settings]) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["code"], ["code", "kari", "--unit", "east"]])
def test_either_a_person_or_a_unit(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


def signed_in(directory: SqliteDirectory, label: str) -> tuple[str, str]:
    handset, _ = directory.phones.taken_by("kari", None, label, NOW)
    return handset.id, directory.sessions.begin("kari", handset.id, Means.CODE, NOW)


def stands(directory: SqliteDirectory, token: str) -> bool:
    return directory.sessions.of(token, NOW, lambda person: True) is not None


def test_phones_are_listed(
    settings: str, directory: SqliteDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    id, _ = signed_in(directory, "Android · Chrome")
    assert main(["phones", "kari", "--settings", settings]) == 0
    assert capsys.readouterr().out.startswith(f"{id}  Android · Chrome  last used 20")


def test_without_a_hub_a_phone_is_out_and_it_is_told_that_the_alarms_stay(
    settings: str, directory: SqliteDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    lost, kept = signed_in(directory, "lost"), signed_in(directory, "kept")
    assert main(["phones", "kari", "--revoke", lost[0], "--settings", settings]) == 1
    said = capsys.readouterr().err
    assert "the open alarms of kari are not given on: the hub does not run" in said
    assert not stands(directory, lost[1])
    assert stands(directory, kept[1])
    assert directory.entries.of("kari")[0].handset == lost[0]


def test_all_phones_end_with_codes_and_links(settings: str, directory: SqliteDirectory) -> None:
    tokens = [signed_in(directory, label)[1] for label in ("one", "other")]
    shared, _ = directory.phones.bind("east", None, "Bil 3", NOW)
    tokens.append(directory.sessions.begin("kari", shared.id, Means.PIN, NOW, unit="east"))
    assert main(["phones", "kari", "--revoke-all", "--settings", settings]) == 1
    assert [stands(directory, token) for token in tokens] == [False, False, False]
    assert [one.id for one in directory.phones.shared()] == [shared.id]


def answered(tmp_path: Path, refused: Reason | None) -> Callable[..., Publish]:
    """A router that ends each command so, without a broker between."""

    async def publish(topic: str, payload: bytes) -> None:
        asked = msgspec.json.decode(payload, type=ReachCommand)
        assert topic == "varde/v1/fjordby/command"
        assert (asked.person, asked.of, asked.action) == ("kari", "kari", "phone_lost")
        journal = open_writer(tmp_path / "fjordby.journal.sqlite", "fjordby")
        end = ReachEnded(
            command=asked.id, person=asked.person, action=asked.action, refused=refused
        )
        await journal.append([end], NOW)
        journal.close()

    return lambda settings, secrets: publish


def test_with_a_hub_the_alarms_are_given_on(
    tmp_path: Path,
    settings: str,
    directory: SqliteDirectory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("hub.cli.phones.publisher", answered(tmp_path, None))
    id, token = signed_in(directory, "lost")
    assert main(["phones", "kari", "--revoke", id, "--settings", settings]) == 0
    assert not stands(directory, token)
    assert capsys.readouterr().err == ""


def test_what_the_router_refuses_is_told(
    tmp_path: Path,
    settings: str,
    directory: SqliteDirectory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    refused = Reason(ReasonCode.ROLE_MAY_NOT, {})
    monkeypatch.setattr("hub.cli.phones.publisher", answered(tmp_path, refused))
    id, token = signed_in(directory, "lost")
    assert main(["phones", "kari", "--revoke", id, "--settings", settings]) == 1
    assert not stands(directory, token)
    assert "not given on: role_may_not" in capsys.readouterr().err
