"""The web process: `python -m hub.web.process --settings S --municipality ID ...`."""

import argparse
import asyncio
import logging
import signal
import sys
import time
from contextlib import closing
from functools import partial
from pathlib import Path

from hub.directory.port import DirectoryBroken
from hub.directory.sqlite import SqliteDirectory
from hub.directory.subscriptions import Subscriptions
from hub.explain.story import NoSuchAlarm, Story, explain
from hub.history.follow import Follower
from hub.history.sqlite import History, WrongHistory, open_history
from hub.homeassistant.wire import home_assistant
from hub.journal.port import NoJournal, WrongJournal
from hub.journal.sqlite import SqliteReader, open_reader
from hub.kept_frames.desk import Desk
from hub.mqtt import Login, Publisher, Refused
from hub.notifier.it_notice import Tell, nobody, notices
from hub.notifier.push_vapid import SECRET as VAPID
from hub.notifier.push_vapid import key_from, public_of
from hub.onward import Onward
from hub.processes.logins import client_id, login_for
from hub.processes.ready import beat, say_ready
from hub.reads.port import LogBroken
from hub.reads.sqlite import SqliteReads
from hub.rights.seal import key_of
from hub.secrets import Secrets, SecretUnsafe
from hub.settings.address import host_and_port
from hub.settings.load import load_settings
from hub.settings.whole import Settings
from hub.telling.names import Names
from hub.text import Catalogue
from hub.web import it_watch
from hub.web.app import make_app
from hub.web.gateways.process import hooks_of
from hub.web.guard import CALLBACK
from hub.web.homes.tile_source import tiles_of
from hub.web.live import Live
from hub.web.server import Server, listen, url_of
from hub.web.sign_in import run_out
from hub.web.sign_in.oidc import Provider
from hub.web.sign_in.oidc_http import Client
from hub.web.site import Site

EXIT_CANNOT_START = 2
"""Trying again will not help: the reason is on standard error."""
_CANNOT_START = (
    *(NoJournal, WrongJournal, WrongHistory),
    *(SecretUnsafe, DirectoryBroken, LogBroken, Refused, OSError),
)


def main() -> int:
    """Run until SIGTERM or SIGINT; 2 when it cannot start as it is configured."""
    args = _arguments()
    settings = load_settings(args.settings)
    logging.basicConfig(level=settings.log_level.upper(), format="web: %(message)s")
    broker = (args.broker_host, args.broker_port)
    exit_code = 0
    try:
        asyncio.run(_serve(settings, args.municipality, broker))
    except* _CANNOT_START as group:
        for error in group.exceptions:
            print(f"web: {str(error) or type(error).__doc__}", file=sys.stderr)  # noqa: T201
        exit_code = EXIT_CANNOT_START
    return exit_code


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="web")
    parser.add_argument("--settings", type=Path, required=True)
    parser.add_argument("--municipality", required=True)
    parser.add_argument("--broker-host", required=True)
    parser.add_argument("--broker-port", type=int, required=True)
    return parser.parse_args()


def _site(
    settings: Settings,
    municipality: str,
    journal: SqliteReader,
    history: History,
    publisher: Publisher,
    *,
    url: str,
    tell: Tell,
) -> Site:
    directory = SqliteDirectory(settings.state_dir / "directory.sqlite", municipality)
    live = Live(journal, left=directory.forget, history=history)
    onward = Onward(lambda: time.time_ns() // 1000, lambda: time.monotonic_ns() // 1000)
    return Site(
        municipality=municipality,
        live=live,
        names=Names(journal),
        directory=directory,
        publisher=publisher,
        clock=lambda: onward.reach(live.state.recorded_at),
        public_url=settings.web.public_url or url,
        subscriptions=Subscriptions(settings.state_dir / "directory.sqlite", municipality),
        rights_key=key_of(Secrets(settings.state_dir).secret("rights"), municipality),
        push_key=public_of(key_from(Secrets(settings.state_dir).secret(VAPID))),
        push_services=settings.web.push_services,
        reads=SqliteReads(settings.reads_path(municipality), settings.reads.keep),
        zone_secret=Secrets(settings.state_dir).secret("zone").encode(),
        tiles=tiles_of(settings),
        hooks=hooks_of(
            settings, municipality, live, public_url=settings.web.public_url or url, tell=tell
        ),
        frame_ancestors=settings.web.frame_ancestors,
        provider=_provider(settings, settings.web.public_url or url),
        accessibility_contact=settings.web.accessibility_contact,
        accessibility_statement=settings.web.accessibility_statement,
        archived=partial(_archived, settings, municipality),
        desk=Desk(
            municipality,
            lambda: open_reader(settings.journal_path(municipality), municipality),
            settings.kept_path(municipality),
            lambda: Secrets(settings.state_dir).secret("digest-key").encode(),
            publisher.publish,
        ),
    )


def _provider(settings: Settings, public_url: str) -> Provider | None:
    """Return the municipality's own login, if it has one; call on the loop."""
    if settings.oidc is None:
        return None
    secret = Secrets(settings.state_dir).find("oidc-client")
    return Provider(settings.oidc, secret, f"{public_url.rstrip('/')}{CALLBACK}", Client())


def _archived(settings: Settings, municipality: str, id: str, text: Catalogue) -> Story:
    """Tell of an alarm or task that has left memory, with connections of its own. NoSuchAlarm."""
    journal = open_reader(settings.journal_path(municipality), municipality)
    with (
        closing(journal),
        closing(open_history(settings.history_path(municipality), municipality)) as history,
    ):
        if not history.knows(id):
            raise NoSuchAlarm(id, ())
        return explain(journal, id, text, history)


async def _serve(settings: Settings, municipality: str, broker: tuple[str, int]) -> None:
    journal = open_reader(settings.journal_path(municipality), municipality)
    secrets = Secrets(settings.state_dir)
    login = login_for(settings, secrets, "web") or (None, None)
    publisher = Publisher(Login(*broker, *login), f"{client_id(secrets, municipality)}-web")
    listening = listen(*host_and_port(settings.web.bind))
    url = url_of(listening)
    history = open_history(settings.history_path(municipality), municipality, "rwc")
    told = notices(settings.it_notices, secrets.find, lambda: time.time_ns() // 1000)
    tell = nobody if told is None else told.tell
    site = _site(settings, municipality, journal, history, publisher, url=url, tell=tell)
    follower = Follower(
        open_reader(settings.journal_path(municipality), municipality),
        open_history(settings.history_path(municipality), municipality, "rwc"),
    )

    def end_streams() -> None:
        site.stop.set()
        site.live.wake()

    server = Server(
        make_app(site),
        end_streams=end_streams,
        on_ready=lambda: say_ready(url=url),
        trusted_proxies=settings.web.trusted_proxies,
    )
    shown = home_assistant(
        settings, municipality, site.live, broker, reaches_hub=lambda: publisher.connected
    )
    for wish in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(wish, server.end)
    # If following the journal or reaching the broker fails for good, the whole process ends: the
    # supervisor starts it again, and a page that shows nothing new would be a lie.
    async with asyncio.TaskGroup() as group:
        following = group.create_task(site.live.follow())
        keeping = group.create_task(follower.run())
        ticking = group.create_task(_tick(site))
        reaching = group.create_task(publisher.start())
        beating = group.create_task(beat())
        ending = group.create_task(run_out.run(site))
        showing = None if shown is None else group.create_task(shown.run())
        watching = None if told is None else group.create_task(it_watch.run(site, told))
        await server.serve(sockets=[listening])
        if showing is not None:
            showing.cancel()
        if watching is not None:
            watching.cancel()
        following.cancel()
        keeping.cancel()
        ticking.cancel()
        reaching.cancel()
        beating.cancel()
        ending.cancel()
    await publisher.stop()
    if site.tiles is not None:
        await site.tiles.close()
    if site.provider is not None:
        await site.provider.close()
    site.reads.close()
    if site.hooks is not None:
        await site.hooks.close()
    site.subscriptions.close()
    site.directory.close()
    follower.close()
    history.close()
    journal.close()


async def _tick(site: Site) -> None:
    """Read the clock often enough that it has seen the journal's time when a command is made."""
    while True:
        site.clock()
        await asyncio.sleep(1)


if __name__ == "__main__":
    sys.exit(main())
