"""Reading a municipality file, and the settings that are made for it."""

import json
from pathlib import Path

import pytest

from simulators.hub_settings import install_secrets, write_settings
from simulators.plan import Installed, PlanProblem, Worker, read_flat, read_plan

FILE = """
municipality: {id: prove, name: Prøve kommune}
people:
  - {id: nora, name: Nora Nattevakt}
  - {id: dag, name: Dag Dagvakt}
  - {id: leif, name: Leif Leder}
residents:
  - {id: oline, name: Oline Oppdiktet}
devices:
  - {id: lager, name: Uten hjem, subject: "scaip:1"}
  - {id: trygghet, name: Alarm, subject: "scaip:100001", resident: oline}
  - {id: dor, name: Ytterdør, subject: "zigbee2mqtt:oline/ytterdor", resident: oline}
  - {id: medisin, name: Dispenser, subject: "webhook:dispenser-7", resident: oline}
  - {id: gps, name: GPS, subject: "ev07b:863921039983476", resident: oline}
shifts:
  - {id: dag, people: [dag]}
  - {id: natt, people: [nora, dag]}
adapters:
  - {id: scaip, protocol: scaip}
  - {id: gps, protocol: ev07b}
  - {id: zigbee, protocol: zigbee2mqtt}
  - {id: medication, protocol: webhook}
"""


def _written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "prove.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_devices_listeners_and_people_are_read(tmp_path: Path) -> None:
    plan = read_plan(_written(tmp_path, FILE))
    assert plan.municipality == "Prøve kommune"
    assert plan.devices["pendant"] == Installed(
        "100001", "Alarm", "Oline Oppdiktet", "pendant", "scaip"
    )
    assert plan.devices["door"].identity == "oline/ytterdor"
    assert plan.listeners["webhook"] == "medication"
    assert plan.workers == (Worker("dag", "Dag Dagvakt"), Worker("nora", "Nora Nattevakt"))


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ("ev07b:863921039983476", "no device at a resident with a subject ev07b:"),
        ("protocol: webhook", "no listener for webhook"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, gone: str, said: str) -> None:
    path = _written(tmp_path, FILE.replace(gone, gone.replace("ev07b", "h02").replace("web", "x")))
    with pytest.raises(PlanProblem, match=said):
        read_plan(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlanProblem, match=r"gone\.yaml cannot be read"):
        read_plan(tmp_path / "gone.yaml")
    with pytest.raises(PlanProblem, match=r"prove\.yaml cannot be read"):
        read_plan(_written(tmp_path, "a: [b"))


def test_only_the_pages_leave_this_machine(tmp_path: Path) -> None:
    plan = read_plan(_written(tmp_path, FILE))
    path = write_settings(
        tmp_path, plan, web_host="127.0.0.2", panel_origin="http://127.0.0.2:4000"
    )
    settings = json.loads(path.read_text())
    assert settings["web"].pop("bind").startswith("127.0.0.2:")
    assert settings["web"].pop("public_url").startswith("http://127.0.0.2:")
    assert settings == {
        "state_dir": str(tmp_path),
        "broker": {"embedded": "auto"},
        "web": {
            "frame_ancestors": ["http://127.0.0.2:4000"],
            "push_contact": "it@fjordvik.example",
        },
        "listeners": {
            "scaip": {"udp": "127.0.0.1:0", "tcp": "127.0.0.1:0"},
            "gps": {"tcp": "127.0.0.1:0"},
        },
        "http": {"bind": "127.0.0.1:0"},
    }


def test_the_pendant_gets_one_password_that_only_we_can_read(tmp_path: Path) -> None:
    plan = read_plan(_written(tmp_path, FILE))
    install_secrets(tmp_path, plan)
    path = tmp_path / "secrets" / "scaip-100001"
    first = path.read_text()
    install_secrets(tmp_path, plan)
    assert path.read_text() == first
    assert len(first) == 32
    assert path.stat().st_mode & 0o777 == 0o600


FLAT = """
municipality: {id: prove, name: Prøve kommune}
people:
  - {id: nora, name: Nora Nattevakt}
devices:
  - {id: pendant-flat, name: Smykke, subject: "scaip:9", unit: flat, place: Stuen, exercise: true}
  - {id: annet-flat, name: Annet, subject: "scaip:8", unit: flat, exercise: true}
  - {id: door-flat, name: Dør, subject: "ev07b:1", unit: flat, exercise: true}
shifts:
  - {id: alle, people: [nora]}
adapters:
  - {id: scaip, protocol: scaip}
"""
SPEAKS = {"pendant": "scaip", "door": "zigbee2mqtt"}


def test_a_flat_has_every_device_that_can_be_simulated(tmp_path: Path) -> None:
    plan = read_flat(_written(tmp_path, FLAT), SPEAKS)
    assert plan.training
    assert plan.devices == {
        "pendant-flat": Installed("9", "Smykke", "", "pendant", "scaip", "Stuen")
    }


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        (", exercise: true", "", "pendant-flat is in a training flat without `exercise`"),
        ("pendant-flat", "smykke-flat", "no device whose id begins with pendant, door"),
        ("protocol: scaip", "protocol: h02", "no listener for scaip"),
    ],
)
def test_a_flat_that_is_none_is_named(tmp_path: Path, was: str, becomes: str, said: str) -> None:
    with pytest.raises(PlanProblem, match=said):
        read_flat(_written(tmp_path, FLAT.replace(was, becomes)), SPEAKS)
