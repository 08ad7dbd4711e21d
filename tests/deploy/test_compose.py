"""docker-compose.yml and the image, proven without an engine: every file and command exists."""

import fnmatch
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ruamel.yaml import YAML

from hub.cli.main import build_parser
from hub.configuration.check import check
from hub.settings.address import host_and_port
from hub.settings.load import load_settings
from simulators import devices
from simulators.plan import read_plan

SERVICES = ("broker", "hub", "simulators")
Service = dict[str, Any]


@pytest.fixture(scope="module")
def compose(root: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(root / "docker-compose.yml")
    return loaded


def service(compose: dict[str, Any], name: str) -> Service:
    found: Service = compose["services"][name]
    return found


def mounts(compose: dict[str, Any]) -> list[tuple[str, str]]:
    """Return (source, target) of every volume of every service."""
    return [
        (volume.split(":")[0], volume.split(":")[1])
        for name in SERVICES
        for volume in service(compose, name).get("volumes", [])
    ]


def test_broker_hub_and_simulators_run_from_the_start(compose: dict[str, Any]) -> None:
    assert tuple(compose["services"]) == SERVICES
    assert [name for name in SERVICES if "profiles" in service(compose, name)] == []


def test_ports_are_published_on_loopback_only(compose: dict[str, Any]) -> None:
    ports = [port for name in SERVICES for port in service(compose, name).get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_every_mounted_file_is_in_the_project(compose: dict[str, Any], root: Path) -> None:
    sources = [source for source, _ in mounts(compose) if source.startswith(".")]
    assert sources
    assert [source for source in sources if not (root / source).exists()] == []


def test_every_named_volume_is_declared(compose: dict[str, Any]) -> None:
    named = {source for source, _ in mounts(compose) if not source.startswith(".")}
    assert named == set(compose["volumes"])


def test_no_service_is_given_a_password(compose: dict[str, Any]) -> None:
    assert [name for name in SERVICES if "environment" in service(compose, name)] == []


def test_the_hub_command_is_one_that_varde_understands(compose: dict[str, Any]) -> None:
    program, *arguments = service(compose, "hub")["command"]
    assert program == "varde"
    assert build_parser(arguments).parse_args(arguments).command == "run"


def test_the_hub_is_given_the_files_it_is_told_to_read(compose: dict[str, Any]) -> None:
    named = {word for word in service(compose, "hub")["command"] if word.startswith("/")}
    targets = {target for _, target in mounts(compose)}
    assert len(named) == 2
    assert named - targets == set()


def test_the_simulators_command_is_one_that_they_understand(compose: dict[str, Any]) -> None:
    *program, file, settings, state, host = service(compose, "simulators")["command"]
    assert program == ["python", "-m", "simulators.devices"]
    options = devices.build_parser().parse_args([file, settings, state, host])
    targets = {volume.split(":")[1] for volume in service(compose, "simulators")["volumes"]}
    assert {str(options.file), str(options.settings), str(options.state)} <= targets
    panel = urlsplit(options.url)
    # They live in the hub's network, so it is the hub that publishes the panel.
    assert service(compose, "simulators")["network_mode"] == "service:hub"
    assert f"{panel.hostname}:{panel.port}:{panel.port}" in service(compose, "hub")["ports"]


def test_the_municipality_file_can_be_played(root: Path) -> None:
    plan = read_plan(root / "deploy" / "municipality.yaml")
    assert set(plan.devices) == {"pendant", "dispenser", "door", "gps"}
    assert [worker.id for worker in plan.workers] == ["kari", "ola"]


def test_the_broker_command_is_in_the_mounted_folder(compose: dict[str, Any], root: Path) -> None:
    shell, script = service(compose, "broker")["command"]
    folder = {target: source for source, target in mounts(compose)}["/mosquitto/config"]
    assert shell == "sh"
    assert (root / folder / Path(script).name).is_file()


def test_what_the_image_copies_exists_and_is_let_in(root: Path) -> None:
    lines = (root / "deploy" / "Dockerfile").read_text().splitlines()
    copied = [word for line in lines if line.startswith("COPY ") for word in line.split()[1:-1]]
    allowed = [
        line[1:] for line in (root / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    ]
    assert copied
    assert [name for name in copied if not (root / name).exists()] == []
    assert [name for name in copied if not any(fnmatch.fnmatch(name, a) for a in allowed)] == []


def test_the_image_is_made_from_the_lock_and_is_not_root(root: Path) -> None:
    text = (root / "deploy" / "Dockerfile").read_text()
    assert "--require-hashes -r requirements.lock" in text
    assert re.search(r"^USER varde$", text, re.MULTILINE)


def test_the_user_that_owns_the_secrets_is_the_hubs(root: Path) -> None:
    image = re.search(r"useradd --uid (\d+)", (root / "deploy" / "Dockerfile").read_text())
    script = re.search(r"^hub=(\d+)", (root / "deploy/broker/start.sh").read_text(), re.MULTILINE)
    assert image is not None
    assert script is not None
    assert image[1] == script[1]


def test_the_municipality_file_is_sound(root: Path) -> None:
    name = "deploy/municipality.yaml"
    checked = check((root / name).read_text(encoding="utf-8"))
    assert checked.lines(name, "en") == []


def test_the_settings_fit_the_services(compose: dict[str, Any], root: Path) -> None:
    settings = load_settings(root / "deploy" / "settings.yaml")
    volumes = dict(reversed(volume.split(":")[:2]) for volume in service(compose, "hub")["volumes"])
    broker = dict(volume.split(":")[:2] for volume in service(compose, "broker")["volumes"])
    assert settings.broker.host_and_port == ("broker", 1883)
    assert volumes[str(settings.state_dir)] == "hub-state"
    # The folder in which the broker's start script makes the secrets is the hub's own.
    assert volumes[f"{settings.state_dir}/secrets"] == "secrets"
    assert broker["secrets"] == "/secrets"
    assert str(settings.broker.password_file) == f"{settings.state_dir}/secrets/broker-hub"
    assert host_and_port(settings.web.bind)[1] == 8080
