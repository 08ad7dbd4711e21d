"""`python -m tests.vectors`: every known payload by `varde decode`; protocol, right, wrong, why."""

import sys

from adapters.protocols import PROTOCOLS
from tests.bench.figures import show
from tests.vectors.judge import wrong
from tests.vectors.known import known


def main() -> int:
    """Print the table; 1 when anything is read wrongly."""
    rows, wrongs = [], []
    for protocol in PROTOCOLS:
        verdicts = [(row.name, wrong(row)) for row in known(protocol)]
        bad = [f"{protocol}: {name}: {why}" for name, why in verdicts if why is not None]
        rows.append((protocol, len(verdicts) - len(bad), len(bad)))
        wrongs += bad if verdicts else [f"{protocol}: no known payloads"]
    show("known payloads by varde decode", ("protocol", "right", "wrong"), rows)
    print("\n" + "\n".join(wrongs) if wrongs else "\nwrong: none")
    return int(bool(wrongs))


if __name__ == "__main__":
    sys.exit(main())
