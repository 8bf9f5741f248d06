"""``make history``: the history of all nights made anew from their folders."""

from __future__ import annotations

import argparse
import os
import sys

from ecampus.errors import EcampusError
from ecampus.local import quiet, services
from ecampus.local.place import CommandImpossible
from ecampus.words import history as words


def main(arguments: list[str] | None = None) -> int:
    """0 when it is done, 2 when it is refused."""
    argparse.ArgumentParser(prog="make history", description="L'historique, refait.").parse_args(arguments)
    services.stop_on_signals()
    try:
        with services.alone(services.settings(services.free_port())):
            print(_made_anew())
    except EcampusError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _made_anew() -> str:
    os.environ["_AIRFLOW_PROCESS_CONTEXT"] = "server"  # as Airflow's own commands: connections of its database too
    from ecampus.history import keeping
    from ecampus.orchestration import connections

    store = connections.store()
    if working := quiet.at_work(store):
        raise CommandImpossible(words.at_work(*working))
    return words.made_anew(keeping.rebuild(store))


if __name__ == "__main__":
    sys.exit(main())
