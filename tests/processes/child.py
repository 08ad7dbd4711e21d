"""A child process for the supervisor's tests: ready, beating, and ending as its argument says.

`hangs` neither beats nor ends; `deaf` beats and does not end when asked to.
"""

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
    if behaviour == "fails" or (behaviour == "mends" and not (folder / "mended").exists()):
        sys.exit(2)
    ended = threading.Event()
    if behaviour != "deaf":
        signal.signal(signal.SIGTERM, lambda *_: ended.set())
    else:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("a line that is not the ready line", flush=True)
    print(json.dumps({"ready": True, "url": f"http://{os.getpid()}"}), flush=True)
    while behaviour == "hangs" or not ended.wait(0.1):
        if behaviour != "hangs":
            print("beat", flush=True)
    with (folder / "story").open("a") as story:
        story.write(f"end {name}\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
