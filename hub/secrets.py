"""Secrets: from the environment, from a file, or made at first start. No password has a default.

`secret("broker-hub")` is looked up in this order:
1. the environment variable VARDE_SECRET_BROKER_HUB
2. the file that VARDE_SECRET_BROKER_HUB_FILE names
3. <state_dir>/secrets/broker-hub, made with 256 random bits when it is not there

Names in use: broker-hub, broker-adapters, broker-web, broker-tap, broker-devices, digest-key,
client-ids, rights, vapid, zone, webhook-out, webhook-<listener>, osmand-<listener>,
mqtt-<listener>, generic-http-<listener>, oidc-client, scaip-<controller id>, sia-dc09-<account>,
arc-<person>, gateway-<id>, hook-<id>, ntfy, it-notice-<name>. A controller id may also hold
capitals, dots and underscores; in a variable's name they become capitals and underscores too.
"""

import logging
import os
import re
import secrets
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

log = logging.getLogger(__name__)

_NAME = re.compile(r"[a-z0-9][A-Za-z0-9._-]{0,100}")
_LEFT_BEHIND = re.compile(r".*(~|\.(bak|old|orig|save|sw[a-z]|tmp))")
"""What editors and hurried hands leave beside a file: never a device of its own."""
_ENCODING = "utf-8"


class SecretUnsafe(Exception):
    """A secret cannot be used as it is; the message says which, why and what to do."""


class Secrets:
    """The secrets of one state folder."""

    def __init__(self, state_dir: Path, environ: Mapping[str, str] | None = None) -> None:
        self._folder = state_dir / "secrets"
        self._environ = os.environ if environ is None else environ

    def secret(self, name: str) -> str:
        """Return the secret, made now if there is none. SecretUnsafe when others could know it."""
        found = self.find(name)
        return self._make(name) if found is None else found

    def find_all(self, prefix: str) -> dict[str, str | None]:
        """Return every secret set or made whose name starts so, by the rest of its name.

        None where it is there and cannot be used (the log says why): one bad file must not take
        the others away, and must not open what it was to close either.
        """
        start = "VARDE_SECRET_" + prefix.upper().replace("-", "_")
        given = [v.removesuffix("_FILE") for v in self._environ if v.startswith(start)]
        names = {v.removeprefix("VARDE_SECRET_").lower().replace("_", "-") for v in given}
        names = {name for name in names if _NAME.fullmatch(name)}
        names |= set(self._names_in_folder(prefix))
        return {name.removeprefix(prefix): self._usable(name) for name in sorted(names)}

    def _names_in_folder(self, prefix: str) -> Iterator[str]:
        for path in sorted(self._folder.glob(f"{prefix}*")):
            if _NAME.fullmatch(path.name) and not _LEFT_BEHIND.fullmatch(path.name):
                yield path.name
            else:
                log.warning("%s is no name of a secret: the file is passed over", path)

    def _usable(self, name: str) -> str | None:
        try:
            return self.find(name)
        except SecretUnsafe as error:
            log.error("%s. Until then nobody can prove to be this one", error)
            return None

    def find(self, name: str) -> str | None:
        """Return the secret if somebody has set or made it. SecretUnsafe as above."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a secret: letters, digits, . _ - only")
        variable = "VARDE_SECRET_" + re.sub(r"[.-]", "_", name.upper())
        if variable in self._environ:
            return _not_empty(self._environ[variable], f"the environment variable {variable}")
        named = self._environ.get(f"{variable}_FILE")
        if named is not None:
            return _read(Path(named), f"{variable}_FILE", forbidden=stat.S_IRWXO)
        own = self._folder / name
        if not own.exists():
            return None
        return _read(own, name, forbidden=stat.S_IRWXO | stat.S_IRWXG)

    def _make(self, name: str) -> str:
        """Make the secret. Two processes may try at once: the first file to be linked wins."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._folder / f".{name}.{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding=_ENCODING) as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, self._folder / name)
        except FileExistsError:
            pass  # another process was first: its secret is the secret
        finally:
            draft.unlink()
        return self.secret(name)


def _read(path: Path, name: str, forbidden: int) -> str:
    try:
        mode = path.stat().st_mode
        content = path.read_text(_ENCODING)
    except OSError as error:
        raise SecretUnsafe(f"secret {name}: {path} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise SecretUnsafe(f"secret {name}: {path} is not UTF-8 text: write it anew") from error
    if mode & forbidden:
        raise SecretUnsafe(
            f"secret {name}: {path} can be read by other users of this machine "
            f"(mode {stat.S_IMODE(mode):04o}). Make a new secret, and: chmod 600 {path}"
        )
    return _not_empty(content.strip("\r\n"), str(path))


def _not_empty(value: str, where: str) -> str:
    if not value:
        raise SecretUnsafe(f"{where} is empty: an empty secret protects nothing")
    return value
