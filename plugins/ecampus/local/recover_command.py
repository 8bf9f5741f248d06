"""``make recover``: what the register and Moodle lost, and once confirmed, the register mended."""

from __future__ import annotations

import argparse
import getpass
import os
import sys

from ecampus.calendar import today
from ecampus.errors import EcampusError
from ecampus.local import box, services


def main(arguments: list[str] | None = None) -> int:
    """0 when nothing is left to mend, 1 when it waits for a confirmation, 2 when it is refused."""
    parser = argparse.ArgumentParser(prog="make recover", description="Registre et Moodle restaurés, perdus, échangés.")
    parser.add_argument("--confirmed", action="store_true", help="le fait, au lieu de le dire seulement")
    parser.add_argument("--who", default=getpass.getuser(), help="qui décide")
    parser.add_argument("--why", default="", help="pourquoi")
    options = parser.parse_args(arguments)
    services.stop_on_signals()
    try:
        with services.alone(services.settings(services.free_port())), box.systems() as sandbox:
            os.environ |= sandbox
            return _recover(options)
    except EcampusError as error:
        print(error, file=sys.stderr)
        return 2


def _recover(options: argparse.Namespace) -> int:
    from ecampus.night import recovering
    from ecampus.orchestration import connections

    decision = recovering.Decision(
        options.confirmed, options.who, options.why, today(), connections.freeze().reason(today())
    )
    lines, left = recovering.told(decision, connections.store(), connections.Systems())
    for line in lines:
        print(line, flush=True)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
