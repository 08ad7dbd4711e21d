"""Every kind of channel is there; what is pushed and what is lost reaches where it should."""

from pathlib import Path

import pytest

from hub.directory.subscriptions import Subscription, Subscriptions
from hub.notifier.channel import Attempt, Result
from hub.notifier.push_vapid import key_from, public_of
from hub.router.channels import channels
from hub.router.work import Work
from hub.secrets import Secrets, SecretUnsafe
from hub.settings.load import SettingsWrong, parse_settings
from hub.settings.pages import WebSettings
from hub.settings.whole import Settings
from routing.proofs.command import ReachAction, ReachCommand
from tests.notifier.browser import Browser
from tests.notifier.push_stub import push_service
from tests.notifier.sends import NOW, send_of


def subscribe(folder: Path, endpoint: str) -> Browser:
    browser = Browser()
    kept = Subscriptions(folder / "directory.sqlite", "fjordby")
    kept.put(
        Subscription(
            handset="h1",
            person="kari",
            endpoint=endpoint,
            p256dh=browser.point,
            auth=browser.auth,
            vapid=public_of(key_from(Secrets(folder, {}).secret("vapid"))),
            made_at=NOW,
        )
    )
    kept.close()
    return browser


async def test_every_kind_is_there_although_nothing_is_set_up(tmp_path: Path) -> None:
    async with channels("fjordby", Settings(state_dir=tmp_path), Secrets(tmp_path, {})) as compose:
        made = compose(lambda work: None)
        assert made.keys() >= {"push", "webhook", "dc09", "sms", "voice", "ntfy"}
        for kind in ("push", "sms", "voice", "ntfy"):
            assert (await made[kind].attempt(send_of())).result is Result.FAILED


async def test_a_push_goes_out_with_the_secrets_of_the_state_folder(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path, web=WebSettings(push_contact="it@fjordby.example"))
    async with push_service() as service:
        browser = subscribe(tmp_path, service.endpoint("h1"))
        async with channels("fjordby", settings, Secrets(tmp_path, {})) as compose:
            attempt = await compose(lambda work: None)["push"].attempt(send_of())
        assert attempt.result is Result.TAKEN
        read = browser.read(service.got[0].body)
    assert read["notification"]["navigate"] == "/alarms/fjordby-a1"


async def test_what_is_lost_becomes_a_command_of_its_person(tmp_path: Path) -> None:
    taken: list[Work] = []
    async with push_service() as service:
        service.answer("h1", 410)
        subscribe(tmp_path, service.endpoint("h1"))
        settings = Settings(state_dir=tmp_path)
        async with channels("fjordby", settings, Secrets(tmp_path, {})) as compose:
            await compose(taken.append)["push"].attempt(send_of())
    (work,) = taken
    command = work.task
    assert isinstance(command, ReachCommand)
    assert (command.person, command.action, command.channel, command.code) == (
        *("kari", ReachAction.LOST, "push-1", "http-410"),
    )


async def test_a_hub_that_is_reached_by_https_posts_to_nothing_on_its_own_machine(
    tmp_path: Path,
) -> None:
    web = WebSettings(public_url="https://varde.fjordby.example")
    async with push_service() as service:
        subscribe(tmp_path, service.endpoint("h1"))
        settings = Settings(state_dir=tmp_path, web=web)
        async with channels("fjordby", settings, Secrets(tmp_path, {})) as compose:
            attempt = await compose(lambda work: None)["push"].attempt(send_of())
        assert attempt == Attempt(Result.FAILED, "endpoint-refused")
        assert service.got == []


async def test_a_vapid_key_that_is_none_is_said_at_the_start(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, {"VARDE_SECRET_VAPID": "a word"})
    with pytest.raises(SecretUnsafe, match="no VAPID key"):
        async with channels("fjordby", Settings(state_dir=tmp_path), secrets):
            pass


@pytest.mark.parametrize(
    "line",
    [
        "push_contact: it",
        "push_contact: mailto:it@fjordby",
        "push_services: [https://push.apple.com]",
        "push_services: [Push.Apple.com]",
        "push_services: [localhost]",
    ],
)
def test_a_contact_or_a_host_that_is_none_is_refused(line: str) -> None:
    with pytest.raises(SettingsWrong):
        parse_settings(f"web:\n  {line}\n")
