"""One file played against the hub that runs from a state folder."""

import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager

from hub.configuration.recorded import recorded
from hub.journal.sqlite import open_reader
from hub.processes.ready import read_run
from hub.scenario.live import CannotPlay, Live, fits, live_checks
from hub.scenario.report import Result, judged
from hub.scenario.story import Story
from hub.secrets import Secrets
from hub.settings.whole import Settings


@contextmanager
def live(result: Result, story: Story, settings: Settings, speed: float) -> Iterator[Result]:
    """Play the story; its result can be told as long as the context lasts. CannotPlay.

    Sped up, nothing is judged: the hub's own waits stay as long as they are.
    """
    run = read_run(settings.run_path)
    if run is None:
        raise CannotPlay("scenario.live_no_hub", folder=str(settings.state_dir))
    path = settings.journal_path(run.municipality)
    with closing(open_reader(path, run.municipality)) as journal:
        now = recorded(journal)
        fits(story, now)
        one = Live(story, now, run, speed)
        played = asyncio.run(one.play(settings, Secrets(settings.state_dir)))
        yield judged(result, story, played, live_checks(story) if speed == 1 else [])
