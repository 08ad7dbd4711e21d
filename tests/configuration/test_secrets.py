"""Secrets: found in order, made once, and refused when others can read them."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hub.secrets import Secrets, SecretUnsafe


def test_a_secret_is_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    made = Secrets(tmp_path, {}).secret("broker-hub")
    assert len(made) >= 43  # 256 bits in base64
    assert Secrets(tmp_path, {}).secret("broker-hub") == made
    assert Secrets(tmp_path, {}).secret("broker-web") != made
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "secrets" / "broker-hub").stat().st_mode) == 0o600
    assert sorted(p.name for p in (tmp_path / "secrets").iterdir()) == ["broker-hub", "broker-web"]


def test_many_at_once_agree_on_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(lambda _: Secrets(tmp_path, {}).secret("client-ids"), range(64)))
    assert len(found) == 1


def test_the_environment_comes_first_then_the_named_file_then_the_folder(tmp_path: Path) -> None:
    file = tmp_path / "given"
    file.write_text("from a file\n")
    file.chmod(0o640)
    own = Secrets(tmp_path, {}).secret("digest-key")
    named = {"VARDE_SECRET_DIGEST_KEY_FILE": str(file)}
    assert Secrets(tmp_path, named).secret("digest-key") == "from a file"
    direct = {**named, "VARDE_SECRET_DIGEST_KEY": "direct"}
    assert Secrets(tmp_path, direct).secret("digest-key") == "direct"
    assert Secrets(tmp_path, {}).secret("digest-key") == own


def test_all_of_a_kind_are_found_wherever_they_are(tmp_path: Path) -> None:
    Secrets(tmp_path, {}).secret("scaip-1")
    file = tmp_path / "given"
    file.write_text("three")
    file.chmod(0o600)
    environ = {"VARDE_SECRET_SCAIP_2": "two", "VARDE_SECRET_SCAIP_3_FILE": str(file)}
    found = Secrets(tmp_path, environ).find_all("scaip-")
    assert set(found) == {"1", "2", "3"}
    assert (found["2"], found["3"]) == ("two", "three")


def test_one_bad_file_does_not_take_the_others_away(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    secrets = Secrets(tmp_path, {"VARDE_SECRET_SCAIP_EMPTY": ""})
    sound = secrets.secret("scaip-Nord_2.b")
    folder = tmp_path / "secrets"
    for name in ("scaip-1~", "scaip-1.bak", "scaip-1.swp", "scaip-1 (copy)", "scaip-Å"):
        (folder / name).write_text("left behind")
    (folder / "scaip-2").write_text("readable")
    (folder / "scaip-2").chmod(0o644)
    (folder / "scaip-3").write_bytes(b"\xff\xfe")
    (folder / "scaip-3").chmod(0o600)
    (folder / "scaip-4").mkdir(mode=0o700)
    found = secrets.find_all("scaip-")
    assert found == {"Nord_2.b": sound, "2": None, "3": None, "4": None, "empty": None}
    for name in ("scaip-1~", "scaip-1.bak", "scaip-1 (copy)", "secret scaip-2", "secret scaip-3"):
        assert name in caplog.text


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o660])
def test_a_secret_that_others_can_read_is_refused_in_words(tmp_path: Path, mode: int) -> None:
    secrets = Secrets(tmp_path, {})
    secrets.secret("broker-hub")
    (tmp_path / "secrets" / "broker-hub").chmod(mode)
    with pytest.raises(SecretUnsafe, match=r"can be read by other users .* chmod 600"):
        secrets.secret("broker-hub")


def test_an_empty_or_missing_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SecretUnsafe, match="VARDE_SECRET_X is empty"):
        Secrets(tmp_path, {"VARDE_SECRET_X": ""}).secret("x")
    with pytest.raises(SecretUnsafe, match="cannot be read"):
        Secrets(tmp_path, {"VARDE_SECRET_X_FILE": str(tmp_path / "no")}).secret("x")


@pytest.mark.parametrize("name", ["../x", "", "A", "a/b", "a b"])
def test_a_name_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no name of a secret"):
        Secrets(tmp_path, {}).secret(name)
