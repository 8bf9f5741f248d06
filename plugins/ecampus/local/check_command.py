"""``make check``: is all that a night needs in place? Nothing is written."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

from ecampus.errors import EcampusError
from ecampus.local import box, services
from ecampus.words import findings

if TYPE_CHECKING:
    from ecampus.night.preflight.inspection import Inspection


def main() -> int:
    """0 when all is in place, 1 when something is to be mended, 2 when the command could not do its job."""
    services.stop_on_signals()
    try:
        return _check()
    except EcampusError as error:
        print(error, file=sys.stderr)
        return 2


def _check() -> int:
    with ExitStack() as stack:
        stack.enter_context(services.alone(services.settings(services.free_port())))
        sandbox = stack.enter_context(box.systems(partly=True))
        os.environ |= sandbox
        seen = _inspected()
    print(f"Installation vérifiée : {'le bac à sable' if sandbox else 'les systèmes réels'}\n")
    print(findings.table(seen.findings, seen.notes))
    print(f"\n{findings.verdict(seen.findings)}")
    return 0 if findings.ready(seen.findings) else 1


def _inspected() -> Inspection:
    from ecampus.local import preparation
    from ecampus.orchestration import preflight

    preparation.see_what_airflow_keeps()
    return preflight.inspected()


if __name__ == "__main__":
    sys.exit(main())
