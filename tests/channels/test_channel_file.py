"""Channels in the municipality file: order, waits, numbers; and what shares one cause."""

from pathlib import Path

import pytest

from hub.cli.main import main
from hub.configuration.check import check
from hub.configuration.compile import compile
from hub.configuration.describe import describe
from routing.municipality import Person
from routing.plans import Waits
from routing.registry_fold import put_item
from routing.state import Registry

FILE = """
municipality: {{id: fjordvik, name: Fjordvik, default_policy: home, language: {language}}}
people:
  - id: kari
    name: Kari Eksempel
    roles: [{role}]
    channels: {channels}
  - {{id: ola, name: Ola Eksempel, roles: [lead]}}
policies:
  - {{id: home, steps: [{{call: [{{person: ola}}], wait: 60 s}}]}}
"""
ALL = (
    '[{push: {}}, {sms: {number: "+47 900 00 000"}, receipt_s: 20, seen_s: 30}, '
    '{voice: {number: "+4790000000"}}, {ntfy: {topic: Varde_0f1e2d}}, '
    '{webhook: {url: "https://phone.example/{person}"}, seen_s: 45}]'
)


def file(channels: str, role: str = "relative", language: str = "en") -> str:
    return FILE.format(channels=channels, role=role, language=language)


def problems(channels: str, role: str = "relative") -> list[tuple[str, bool]]:
    found = check(file(channels, role)).problems
    return [(p.code, p.warning) for p in found if p.path[:2] == ("people", 0)]


def test_the_order_of_the_file_is_the_order_of_use() -> None:
    sound = check(file(ALL)).file
    assert sound is not None
    made = compile(sound)
    kari = made.items["person", "kari"]
    assert isinstance(kari, Person)
    assert kari.channels == ("push-1", "sms-2", "voice-3", "ntfy-4", "webhook-5")
    assert kari.waits == {
        "sms-2": Waits(receipt_s=20, seen_s=30),
        "webhook-5": Waits(receipt_s=None, seen_s=45),
    }
    assert b'"sms-2":{"number":"+4790000000"}' in made.documents["person", "kari"]


def test_what_is_exported_is_what_was_applied() -> None:
    sound = check(file(ALL)).file
    assert sound is not None
    made = compile(sound)
    registry = Registry()
    for item in made.items.values():
        put_item(registry, item)
    again = describe(registry, lambda kind, id: made.documents.get((kind, id)))
    assert again.people[0].channels == sound.people[0].channels


@pytest.mark.parametrize(
    ("channels", "code"),
    [
        ("[{}]", "bad_channel"),
        ("[{receipt_s: 5}]", "bad_channel"),
        ('[{push: {}, sms: {number: "+4790000000"}}]', "bad_channel"),
        ("[{sms: {}}]", "missing"),
        ('[{sms: {number: "90000000"}}]', "bad_number"),
        ('[{sms: {number: "004790000000"}}]', "bad_number"),
        ('[{sms: {number: "+0790000000"}}]', "bad_number"),
        ('[{sms: {number: "+4790000000000000"}}]', "bad_number"),
        ('[{voice: {number: "+47 9000 abc"}}]', "bad_number"),
        ('[{sms: {number: "+47"}}]', "bad_number"),
        ("[{ntfy: {topic: ''}}]", "bad_topic_name"),
        ("[{ntfy: {topic: a/b}}]", "bad_topic_name"),
        (f"[{{ntfy: {{topic: {'x' * 65}}}}}]", "bad_topic_name"),
        ("[{push: {number: 1}}]", "unknown_key"),
        ("[{push: {}, receipt_s: 0}]", "invalid"),
        ("[{push: {}, seen_s: 3601}]", "invalid"),
        ("[{push: {}, seen_s: soon}]", "invalid"),
        ("[{push: {}}, {push: {}}]", "push_twice"),
    ],
)
def test_what_is_wrong_is_told(channels: str, code: str) -> None:
    assert (code, False) in problems(channels)


@pytest.mark.parametrize(
    ("channels", "code"),
    [
        ("[]", "channel_none"),
        ("[{push: {}}]", "channel_alone"),
        ("[{ntfy: {topic: a}}]", "channel_alone"),
        ("[{push: {}}, {ntfy: {topic: a}}]", "channels_need_data"),
        (
            '[{sms: {number: "+4790000000"}}, {voice: {number: "+47 900 00 000"}}]',
            "channels_one_phone",
        ),
    ],
)
def test_ways_that_share_a_cause_are_warned_of(channels: str, code: str) -> None:
    assert problems(channels, "staff") == [("never_called", True), (code, True)]
    assert problems(channels) == [], "a relative owns nothing that others could not take"


@pytest.mark.parametrize(
    "channels",
    [
        '[{push: {}}, {sms: {number: "+4790000000"}}]',
        '[{sms: {number: "+4790000000"}}, {voice: {number: "+4722000000"}}]',
        '[{webhook: {url: "https://phone.example/"}}]',
    ],
)
def test_ways_of_their_own_are_not(channels: str) -> None:
    assert problems(channels, "staff") == [("never_called", True)]


def test_the_warning_is_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "fjordvik.yaml"
    path.write_text(file("[{push: {}}, {ntfy: {topic: a}}]", "staff", "nb"), "utf-8")
    assert main(["check", str(path)]) == 0
    told = capsys.readouterr().err
    assert "`kari` blir bare nådd gjennom push, ntfy. Alle trenger data på telefonen" in told


def test_a_channel_that_no_setting_serves_is_warned_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, settings = tmp_path / "fjordvik.yaml", tmp_path / "settings.yaml"
    path.write_text(file(ALL), "utf-8")
    settings.write_text(
        'gateways: {a: {kind: voice, url: "https://gw.example/", json: {to: "{to}"}}}', "utf-8"
    )
    assert main(["check", str(path), "--settings", str(settings)]) == 0
    told = capsys.readouterr().err
    assert "`kari` has `sms`, but the settings have no gateway of that kind" in told
    assert "`kari` has `ntfy`, but the settings have no `ntfy` server" in told
    assert "`kari` has `voice`" not in told


@pytest.mark.parametrize(
    ("web", "told"),
    [
        ("public_url: http://varde.fjordvik.example", True),
        ("bind: 0.0.0.0:8080", True),
        ("bind: 10.0.0.7:8080", True),
        ("public_url: https://varde.fjordvik.example", False),
        ("{public_url: https://varde.fjordvik.example, bind: 0.0.0.0:8080}", False),
        ("public_url: http://localhost:8080", False),
        ("bind: 127.0.0.1:8080", False),
        ("public_url: http://localhost.evil.example", True),
    ],
)
def test_push_without_https_is_warned_of_once_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], web: str, told: bool
) -> None:
    path, settings = tmp_path / "fjordvik.yaml", tmp_path / "settings.yaml"
    two = file("[{push: {}}]").replace("roles: [lead]", "roles: [lead], channels: [{push: {}}]")
    path.write_text(two, "utf-8")
    settings.write_text(f"web: {web}" if web.startswith("{") else f"web:\n  {web}\n", "utf-8")
    assert main(["check", str(path), "--settings", str(settings)]) == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if "take no push" in line]
    assert len(lines) == (1 if told else 0)
    if told:
        assert lines[0].startswith(f"{path}:7: `push` is a channel of 2 here, but browsers")
        assert "write it as `web.public_url`" in lines[0]


def test_without_push_nothing_is_said_of_https(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, settings = tmp_path / "fjordvik.yaml", tmp_path / "settings.yaml"
    path.write_text(file('[{sms: {number: "+4790000000"}}]'), "utf-8")
    settings.write_text("web:\n  bind: 0.0.0.0:8080\n", "utf-8")
    assert main(["check", str(path), "--settings", str(settings)]) == 0
    assert "take no push" not in capsys.readouterr().err
