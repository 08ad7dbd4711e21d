"""Devices are set up from a plan, a running hub and the secrets beside it."""

from pathlib import Path

import pytest

from simulators.devicelog import DeviceLog
from simulators.fleet import Fleet
from simulators.hub_process import Running
from simulators.plan import Plan, PlanProblem, read_plan
from tests.simulators.test_plan import FILE

RUNNING = Running(
    "http://127.0.0.1:1",
    ("127.0.0.1", 1883),
    {
        "scaip": {"udp": ["127.0.0.1", 5060], "tcp": ["127.0.0.1", 5061]},
        "gps": {"tcp": ["127.0.0.1", 7700]},
        "medication": {"http": "http://127.0.0.1:2/webhook/medication"},
    },
)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    path = tmp_path / "prove.yaml"
    path.write_text(FILE, encoding="utf-8")
    return read_plan(path)


def _secrets(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).write_text("a secret of thirty-two characters\n")
    return folder


def test_each_family_is_known_by_its_subject_and_can_act(plan: Plan, tmp_path: Path) -> None:
    secrets = _secrets(tmp_path, "webhook-medication", "broker-devices")
    fleet = Fleet(plan, RUNNING, secrets, log=DeviceLog())
    assert fleet.names == {
        "scaip:100001": "pendant",
        "webhook:dispenser-7": "dispenser",
        "zigbee2mqtt:oline/ytterdor": "door",
        "ev07b:863921039983476": "gps",
    }
    assert {(family, "battery_low" in acts) for family, acts in fleet.actions.items()} == {
        ("pendant", True),
        ("door", True),
        ("dispenser", True),
        ("gps", True),
    }


def test_a_secret_that_is_not_there_is_named(plan: Plan, tmp_path: Path) -> None:
    secrets = _secrets(tmp_path, "webhook-medication")
    with pytest.raises(PlanProblem, match="broker-devices"):
        Fleet(plan, RUNNING, secrets, log=DeviceLog())


def test_a_device_that_has_no_network_of_its_own_cannot_lose_it(plan: Plan, tmp_path: Path) -> None:
    secrets = _secrets(tmp_path, "webhook-medication", "broker-devices")
    fleet = Fleet(plan, RUNNING, secrets, log=DeviceLog())
    assert "no_network" in fleet.faults_of("gps")
    assert "no_network" not in fleet.faults_of("pendant")
    assert "clock" not in fleet.faults_of("pendant")
    assert fleet.faults_of("teapot") == ()


async def test_a_fault_is_of_one_device_and_can_be_mended(plan: Plan, tmp_path: Path) -> None:
    secrets = _secrets(tmp_path, "webhook-medication", "broker-devices")
    fleet = Fleet(plan, RUNNING, secrets, log=DeviceLog())
    await fleet.set_fault("gps", "duplicate", on=True)
    await fleet.set_fault("gps", "clock", on=True)
    assert fleet.wrong == {
        "pendant": [],
        "dispenser": [],
        "door": [],
        "gps": ["clock", "duplicate"],
    }
    await fleet.set_fault("gps", "duplicate", on=False)
    assert fleet.wrong["gps"] == ["clock"]


def test_only_what_a_device_can_do_is_an_act(plan: Plan, tmp_path: Path) -> None:
    secrets = _secrets(tmp_path, "webhook-medication", "broker-devices")
    fleet = Fleet(plan, RUNNING, secrets, log=DeviceLog())
    assert fleet.act("gps", "report") is not None
    assert fleet.act("gps", "stop") is None
    assert fleet.act("teapot", "press") is None
