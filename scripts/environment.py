"""Make or renew `.venv` from a lock: `python -m scripts.environment run|dev`.

Standard library only: this runs before anything is installed. Nothing is done when the environment
already stands for this lock and this Python. Every failure names its cause in words.
"""

import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from scripts.causes import explain

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "made-from"
LOCKS = {"run": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}

NO_VENV = """This Python cannot make environments: its venv module is incomplete.
  Debian and Ubuntu: apt-get install python3-venv"""


class SetupFailed(Exception):
    """The environment could not be made; the message says why and what to do."""


def wanted(kind: str) -> str:
    """Return what the environment of the kind is made from, as one line of text."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = json.dumps([settings["build-system"], settings["project"]])
    digest = hashlib.sha256(LOCKS[kind].read_bytes() + project.encode()).hexdigest()
    return f"{kind} {sys.version_info[0]}.{sys.version_info[1]} {ROOT} {digest}"


def stands(kind: str) -> bool:
    """Say whether `.venv` is up to date; one for development also serves for running."""
    if not (STAMP.is_file() and PYTHON.exists()):
        return False
    return STAMP.read_text().strip() in {wanted(kind), wanted("dev")}


def create() -> None:
    """Make an empty environment in place of what was there."""
    if importlib.util.find_spec("ensurepip") is None:
        raise SetupFailed(NO_VENV)
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        raise SetupFailed(explain(made.stdout + made.stderr))


def pip(*arguments: str) -> None:
    """Run pip in the environment; SetupFailed carries the cause in words."""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode != 0:
        raise SetupFailed(explain(done.stdout + done.stderr))


def make(kind: str) -> None:
    """Make the environment from nothing: no leftover of an older lock stays behind."""
    print(f"making .venv ({kind}); once, and it may take some minutes ...", flush=True)
    create()
    # Wheels only: no compiler is asked for, and a platform without a wheel is named as such.
    pip("install", "--only-binary=:all:", "--require-hashes", "-r", str(LOCKS[kind]))
    pip("install", "--no-deps", "--no-build-isolation", "--no-index", "-e", ".")
    STAMP.write_text(wanted(kind) + "\n")


def main() -> int:
    kind = sys.argv[1]
    if stands(kind):
        return 0
    try:
        make(kind)
    except SetupFailed as failure:
        print(f"\nThe environment could not be made.\n{failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
