"""``make rehearsal``: what the next night would do, through a real Airflow; nothing is written in ecampus."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from typing import Any

from ecampus.errors import EcampusError
from ecampus.local import box, services
from ecampus.local.local_airflow import LocalAirflow

DAG_ID = "ecampus_rehearsal"


def main(arguments: list[str] | None = None) -> int:
    """0 when the next night would go through, 1 when it would be refused, 2 when the command could not do its job."""
    options = _parser().parse_args(arguments)
    services.stop_on_signals()
    try:
        return _rehearsal(options)
    except EcampusError as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make rehearsal", description="Ce que la nuit prochaine ferait, par Airflow.")
    parser.add_argument("--size", type=int, help="taille du bac à sable, la première fois")
    parser.add_argument("--moodle", help="version de Moodle que joue le bac à sable, la première fois")
    return parser


def _rehearsal(options: argparse.Namespace) -> int:
    environment = services.settings(services.free_port()) | {"AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False"}
    with ExitStack() as stack:
        stack.enter_context(services.alone(environment))
        print("Préparation…", flush=True)
        sandbox = stack.enter_context(box.systems(options.size, options.moodle))
        airflow = stack.enter_context(LocalAirflow(environment | sandbox))
        airflow.wait_for_dag(DAG_ID)
        airflow.end_unfinished_runs(DAG_ID)
        print("Répétition…", flush=True)
        run_id = airflow.trigger(DAG_ID, {})
        airflow.wait_for_run(DAG_ID, run_id)
        made = _report(run_id)
    if made is None:
        print(f"La répétition n'a laissé aucun rapport : voir les journaux de {DAG_ID} dans Airflow.", file=sys.stderr)
        return 2
    print(f"\n{_summary(made)}", flush=True)
    return 1 if made["state"] == "failed" else 0


def _report(run_id: str) -> dict[str, Any] | None:
    from ecampus.night import rehearsal
    from ecampus.orchestration import connections

    own = rehearsal.store_of(connections.store(), run_id)
    return dict(own.read_json("report.json")) if own.exists("report.json") else None


def _summary(made: dict[str, Any]) -> str:
    from ecampus.words import rehearsing

    return rehearsing.summary(made)


if __name__ == "__main__":
    sys.exit(main())
