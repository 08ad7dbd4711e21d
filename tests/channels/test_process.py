"""What the web process makes of the settings."""

import stat
from pathlib import Path

from hub.notifier.it_notice import nobody
from hub.settings.load import parse_settings
from hub.web.gateways.process import hooks_of
from tests.web.town import Town

GATEWAYS = 'gateways: {main: {kind: sms, url: "https://gw.example/", json: {to: "{to}"}}}\n'


async def test_without_gateways_nobody_is_heard(town: Town, tmp_path: Path) -> None:
    settings = parse_settings(f"state_dir: {tmp_path}")
    assert hooks_of(settings, "fjordby", town.live, public_url="http://x", tell=nobody) is None
    assert list(tmp_path.glob("*.replies.sqlite")) == []


async def test_the_secrets_of_callbacks_are_made_and_each_is_its_own(
    town: Town, tmp_path: Path
) -> None:
    two = GATEWAYS.replace(
        "main:", "one: {kind: voice, url: 'https://gw.example', json: {}}, main:"
    )
    settings = parse_settings(f"state_dir: {tmp_path}\n{two}")
    hooks = hooks_of(settings, "fjordby", town.live, public_url="http://x", tell=nobody)
    assert hooks is not None
    made = {id: hooks.secret(f"hook-{id}") for id in ("main", "one")}
    assert all(secret is not None and len(secret) == 43 for secret in made.values())
    assert len(set(made.values())) == 2
    kept = tmp_path / "secrets" / "hook-main"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert (tmp_path / "fjordby.replies.sqlite").exists()
    await hooks.close()
