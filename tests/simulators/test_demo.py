"""The demonstration's command line: what goes wrong is named, and nothing is left behind."""

import socket
import sys
from pathlib import Path

import pytest

from simulators.demo import main
from simulators.lan import NOTICE, NoNetwork, lan_address, qr_code
from tests.simulators.test_plan import FILE


@pytest.fixture
def municipality(tmp_path: Path) -> Path:
    path = tmp_path / "prove.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_a_port_that_is_taken_is_named(
    municipality: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert main(["--port", str(port), "--file", str(municipality)]) == 1
    said = capsys.readouterr().err
    assert f"port {port} on 127.0.0.1 cannot be used" in said
    assert "--port" in said


@pytest.mark.parametrize("port", ["80000", "-1", "http"])
def test_a_port_that_is_none_is_named(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([f"--port={port}"])
    assert caught.value.code == 2
    assert f"{port} is no port: give a number from 0 to 65535" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["/proc/x", "a file"])
def test_a_place_that_takes_no_state_is_named(
    place: str, municipality: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a file").touch()
    assert main(["--file", str(municipality), "--keep", str(tmp_path / place)]) == 2
    assert f"{tmp_path / place} cannot be used" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--smoke", "--file", str(tmp_path / "gone.yaml")]) == 1
    assert "gone.yaml cannot be read" in capsys.readouterr().err


def test_a_hub_that_does_not_start_is_named(
    municipality: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep = tmp_path / "kept"
    assert main(["--smoke", "--file", str(municipality), "--keep", str(keep)]) == 1
    assert "the hub ended with exit code" in capsys.readouterr().err
    assert (keep / "settings.yaml").exists()


def test_another_platform_is_named(
    municipality: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert main(["--smoke", "--file", str(municipality)]) == 1
    assert "runs on Linux and macOS; this is win32" in capsys.readouterr().err


def test_the_notice_says_what_plain_http_cannot_do() -> None:
    for word in ("read by others", "install", "push", "service worker", "fictional"):
        assert word in NOTICE


def test_a_machine_without_a_network_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_route(self: socket.socket, address: object) -> None:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr("simulators.lan.socket.socket.connect", no_route, raising=False)
    with pytest.raises(NoNetwork, match="no route"):
        lan_address()


def test_the_qr_code_is_drawn_for_a_terminal() -> None:
    drawn = qr_code("http://192.0.2.2:4000/?key=abc")
    assert len(drawn.splitlines()) > 10
