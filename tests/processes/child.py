"""A child process for the supervisor's tests: says it is ready, and ends as its argument says."""

import json
import os
import signal
import sys
import threading
from pathlib import Path


def main(behaviour: str, folder: Path) -> None:
    name = sys.argv[3] if len(sys.argv) > 3 else behaviour
    with (folder / "story").open("a") as story:
        story.write(f"start {name}\n")
    if behaviour == "fails":
        sys.exit(2)
    ended = threading.Event()
    if behaviour != "deaf":
        signal.signal(signal.SIGTERM, lambda *_: ended.set())
    else:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("a line that is not the ready line", flush=True)
    print(json.dumps({"ready": True, "url": f"http://{os.getpid()}"}), flush=True)
    ended.wait(60)
    with (folder / "story").open("a") as story:
        story.write(f"end {name}\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
