"""``make owned``: what is ours, what merely looks so; adopts, or gives up, what the person at the keyboard names."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from datetime import UTC, datetime

from ecampus.calendar import today
from ecampus.errors import EcampusError
from ecampus.local import box, services


def main(arguments: list[str] | None = None) -> int:
    """0 when it is shown and done, 2 when it is refused."""
    options = _parser().parse_args(arguments)
    services.stop_on_signals()
    try:
        with services.alone(services.settings(services.free_port())), box.systems() as sandbox:
            os.environ |= sandbox
            _owned(options)
    except EcampusError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make owned", description="Ce qui est à ecampus, ce qui y ressemble.")
    parser.add_argument("--adopt", default="", help="« tout », ou des codes : « cours:L1CAS101 DUFLE_1 »")
    parser.add_argument("--release", default="", help="des codes, à rendre")
    parser.add_argument("--who", default=getpass.getuser(), help="qui décide")
    parser.add_argument("--why", default="", help="pourquoi")
    return parser


def _owned(options: argparse.Namespace) -> None:
    from ecampus.night import adopting
    from ecampus.orchestration import connections

    systems, store = connections.Systems(), connections.store()
    decision = adopting.Decision(options.adopt, options.release, options.who, options.why, today())
    for line in adopting.told(decision, store, systems, datetime.now(UTC)):
        print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
