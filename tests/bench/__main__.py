"""`python -m tests.bench [NAME...]`: measures, as ratios in one run. See docs/benchmarks.md."""

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hub.brokers.choose import Choice
from tests.bench import (
    core,
    cut,
    decision,
    decode,
    journal,
    lateness,
    per_fact,
    phones,
    push,
    storm,
    sustained,
    webhook,
)

NAMES = (
    *("webhook", "sustained", "per-fact", "core", "journal"),
    *("lateness", "storm", "decision", "decode", "phones", "push"),
)


def main() -> None:
    args = _arguments()
    names = args.names or NAMES
    brokers = (Choice.NATS, Choice.MOSQUITTO) if args.broker == "both" else (Choice(args.broker),)
    with tempfile.TemporaryDirectory(prefix="varde-bench-") as name:
        folder = Path(name)
        for broker in brokers:
            _through_a_broker(names, broker, folder / broker, args)
        if "per-fact" in names:
            per_fact.measure(args.runs)
        if "core" in names:
            core.measure(args.runs)
        if "journal" in names:
            asyncio.run(journal.measure(folder, args.runs))
            asyncio.run(cut.measure(folder, args.facts))
        if "lateness" in names:
            place = _new(folder / "lateness")
            asyncio.run(lateness.measure(brokers[0], place, args.lateness_seconds))
        if "decision" in names:
            decision.measure()
        if "decode" in names:
            decode.measure(args.runs)
        if "push" in names:
            asyncio.run(push.measure(args.runs))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], metavar="NAME", help=str(NAMES))
    parser.add_argument("--broker", choices=("nats", "mosquitto", "both"), default="both")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--phones", type=int, nargs="+", default=[1, 100, 500], help="connected phones, in turn"
    )
    parser.add_argument("--facts", type=int, default=1_000_000, help="in the journal to come up")
    parser.add_argument("--seconds", type=int, default=20, help="how long each rate is held")
    parser.add_argument(
        "--lateness-seconds", type=int, default=60, help="how long steps fall due; 600 is all of it"
    )
    return parser.parse_args()


def _through_a_broker(
    names: Sequence[str], broker: Choice, folder: Path, args: argparse.Namespace
) -> None:
    if "webhook" in names:
        asyncio.run(webhook.measure(broker, _new(folder / "webhook"), args.runs))
    if "sustained" in names:
        for webhooks in (False, True):
            place = _new(folder / f"sustained-{webhooks}")
            asyncio.run(sustained.measure(broker, place, args.seconds, webhooks=webhooks))
    if "phones" in names:
        asyncio.run(phones.measure(broker, _new(folder / "phones"), args.phones))
    if "storm" in names:
        asyncio.run(storm.measure(broker, _new(folder / "storm"), min(args.runs, 3)))


def _new(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    main()
