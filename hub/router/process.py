"""The router process: `python -m hub.router.process --settings S --municipality ID ...`.

Composition root of intake, engine, journal and notifier. It is the journal's only writer. It says
that it is ready when both sessions are subscribed; a failed commit ends it, and the supervisor
starts it again from the journal. A second one on the same journal stands by and takes over.
"""

import argparse
import asyncio
import gc
import logging
import os
import random
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import uvloop

from hub.history.position import position
from hub.journal.port import Journal, JournalBroken, WrongJournal
from hub.kept_frames.part import Frames
from hub.mqtt import Arrived, Login, ManualAckSession, Publisher
from hub.notifier.notifier import Notifier
from hub.onward import Onward
from hub.processes.logins import client_id, login_for
from hub.processes.ready import beat, say_ready
from hub.router import boot, clock
from hub.router.addresses import Addresses
from hub.router.channels import Compose, channels
from hub.router.cutter import Cutter
from hub.router.down import Down
from hub.router.engine import Engine
from hub.router.failpoint import Failpoint
from hub.router.intake import Intake
from hub.router.keeper import Keeper
from hub.router.numbers import Numbers
from hub.router.runner import Runner
from hub.router.standby import Holder, open_journal
from hub.router.work import Batch, Work
from hub.secrets import Secrets, SecretUnsafe
from hub.settings.load import load_settings
from hub.settings.whole import Settings
from routing.instant import DAY
from routing.kinds import Lane
from routing.locks.told import told_at_boot
from routing.owed import owed

log = logging.getLogger(__name__)

EXIT_BROKEN, EXIT_CANNOT_START = 1, 2
SWITCH_INTERVAL_S = 0.0005
"""How long a busy thread keeps the interpreter: the journal's writer must not wait 5 ms for it."""
PRESENCE_EVERY_S = 30.0


def main() -> int:
    """Run until SIGTERM or SIGINT; 1 when the journal broke, 2 when it cannot start."""
    args = _arguments()
    settings = load_settings(args.settings)
    logging.basicConfig(level=settings.log_level.upper(), format="router: %(message)s")
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    secrets = Secrets(settings.state_dir)
    try:
        login = login_for(settings, secrets, "hub")
        broker = Login(args.broker_host, args.broker_port, *(login or ()))
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_run(args.municipality, broker, secrets, settings))
    except JournalBroken as error:
        log.critical("the journal could not take it: %s", error)
        return EXIT_BROKEN
    except (WrongJournal, SecretUnsafe) as error:
        log.critical("%s", error)
        return EXIT_CANNOT_START
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="router")
    parser.add_argument("--settings", type=Path, required=True)
    parser.add_argument("--municipality", required=True)
    parser.add_argument("--broker-host", required=True)
    parser.add_argument("--broker-port", type=int, required=True)
    return parser.parse_args()


async def _run(municipality: str, broker: Login, secrets: Secrets, settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    name = client_id(secrets, municipality)
    journal = await open_journal(settings.journal_path(municipality), municipality, stop)
    if journal is None:
        return
    history = partial(position, settings.history_path(municipality), municipality)
    try:
        async with channels(municipality, settings, secrets) as compose:
            keep = settings.journal.keep_days * DAY
            cutter = Cutter(journal, keep, {"history": history}, clock.now)
            frames = partial(Frames, settings.kept_path(municipality), settings.kept.limits)
            await Router(
                municipality, broker, name, journal, compose, cutter=cutter, frames=frames
            ).run(stop)
    finally:
        journal.close()


class Router:
    """Everything of one municipality that runs in this process."""

    def __init__(
        self,
        municipality: str,
        broker: Login,
        client_id: str,
        journal: Journal,
        compose: Compose,
        *,
        cutter: Cutter,
        frames: Callable[..., Frames],
    ) -> None:
        self._municipality, self._broker, self._journal = municipality, broker, journal
        self._client_id = client_id
        self._holder = Holder(journal, clock.steady)
        state, replayed = boot.load_state(journal)
        log.info("state is at fact %d, %d of them replayed", state.seq, replayed)
        self._keeper, self._cutter = Keeper(journal, state, clock.now), cutter
        if replayed > boot.LONG_REPLAY:
            self._keeper.keep_at_once()
        onward = Onward(clock.now, clock.steady)
        self._now = onward.now
        at = onward.reach(state.recorded_at)
        presence = boot.load_presence(journal, state, at)
        boot.keep_presence(journal, state, presence, at)
        self._engine = Engine(state, presence, lambda event: f"{municipality}-{event[:20]}")
        self._notifier = Notifier(
            {kind: self._holder.guard(channel) for kind, channel in compose(self._take).items()},
            Addresses(journal, state).describe,
            lambda ended: self._take(Work(ended, Lane.HELP)),
            random.SystemRandom().random,
        )
        self._numbers = Numbers(journal, state)
        tell = Publisher(broker, f"{client_id}-tell")
        self._down = Down(tell, municipality, self._now, self._holder.holds)
        failpoint = Failpoint(os.environ)
        self._runner = Runner(
            self._engine, journal, self._now, self._committed, failpoint.committed
        )
        self._frames = frames(journal=journal, state=state, take=self._runner.take, now=clock.now)

    async def run(self, stop: asyncio.Event) -> None:
        """Take up what is owed, listen, and run until `stop`; then keep the state for a quick
        start."""
        self._take_up_owed()
        sessions = [self._session(lane) for lane in Lane]
        besides = [
            asyncio.ensure_future(self._holder.run()),
            asyncio.ensure_future(self._listen(sessions)),
            asyncio.ensure_future(clock.watch(self._runner.take)),
            asyncio.ensure_future(self._keep_presence()),
            asyncio.ensure_future(self._keeper.run()),
            asyncio.ensure_future(self._cutter.run()),
            asyncio.ensure_future(self._frames.run()),
            asyncio.ensure_future(self._down.run()),
        ]
        try:
            await self._run_with(besides, stop)
        finally:
            for one in besides:
                one.cancel()
            await asyncio.gather(*besides, return_exceptions=True)
            await asyncio.gather(*(session.stop() for session in sessions))
            await self._notifier.close()
        self._keep()

    async def _run_with(
        self, besides: "Sequence[asyncio.Future[None]]", stop: asyncio.Event
    ) -> None:
        """Run; a mistake in what runs beside it ends it too."""
        running = asyncio.ensure_future(self._runner.run(stop))
        await asyncio.wait((running, *besides), return_when=asyncio.FIRST_COMPLETED)
        for one in besides:
            if one.done():
                running.cancel()
                one.result()
        await running

    async def _listen(self, sessions: Sequence[ManualAckSession]) -> None:
        """Subscribe, and then beat for ever.

        The runner turns already: what has queued at the broker comes before the answer to the
        subscription, and a backlog larger than the session's window must be worked off first.
        """
        for session in sessions:
            await session.start()
        gc.collect()
        gc.freeze()
        say_ready()
        await beat()

    def _take_up_owed(self) -> None:
        """Every send whose outcome is unknown, and what adapters are told, goes out again."""
        for one in owed(self._engine.state):
            self._notifier.settle(one.alarm, owed(self._engine.state, (one.alarm,)))
        self._down.take(told_at_boot(self._engine.state, self._now()))

    def _session(self, lane: Lane) -> ManualAckSession:
        heard = partial(Intake, keep=self._frames.keep, replay=self._frames.replay)
        speak = self._numbers.find
        intake = heard(self._municipality, lane, self._runner.take, clock.now, speak=speak)

        def arrived(messages: Sequence[Arrived]) -> None:
            for message in messages:
                intake.hear(session, message)

        def link(up: bool, reason: str) -> None:
            log.info("%s session: %s", lane, "live" if up else reason)

        name = f"{self._client_id}-{lane}"
        session = ManualAckSession(
            self._broker, name, intake.filters(), on_messages=arrived, on_link=link
        )
        return session

    def _committed(self, batch: Batch) -> None:
        for alarm, sends in batch.owed.items():
            self._notifier.settle(alarm, sends)
        self._down.take(batch.told)

    def _take(self, work: Work) -> None:
        self._runner.take(work)

    async def _keep_presence(self) -> None:
        while True:
            await asyncio.sleep(PRESENCE_EVERY_S)
            boot.keep_presence(
                self._journal, self._engine.state, self._engine.presence, self._now()
            )

    def _keep(self) -> None:
        """Keep checkpoints; `close` of the journal commits them."""
        state = self._engine.state
        boot.keep_presence(self._journal, state, self._engine.presence, self._now())
        if self._runner.settled():
            self._keeper.keep_at_once()


if __name__ == "__main__":
    sys.exit(main())
