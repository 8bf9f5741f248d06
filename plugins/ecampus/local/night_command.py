"""``make night``: one whole night through a real Airflow, from an empty machine to one summary in French."""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import ExitStack
from datetime import UTC, date, datetime
from typing import Any

from ecampus.calendar import PHASES, in_french, is_past, night_of, today, why_read_only
from ecampus.errors import EcampusError
from ecampus.local import box, services
from ecampus.local.local_airflow import LocalAirflow
from ecampus.local.place import CommandImpossible
from ecampus.local.summary import succeeded, summary
from ecampus.words.states import state_of


def main(arguments: list[str] | None = None) -> int:
    """0 when the five phases succeeded, 1 when one failed, 2 when the command could not do its job."""
    options = _parser().parse_args(arguments)
    services.stop_on_signals()
    try:
        return _night(_wanted(options.date), options)
    except EcampusError as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make night", description="Une nuit entière, par Airflow.")
    parser.add_argument("--date", help="rejoue cette nuit passée, par exemple 2026-11-20")
    parser.add_argument("--changes", action="store_true", help="joue d'abord une journée de changements")
    parser.add_argument("--size", type=int, help="taille du bac à sable, la première fois")
    parser.add_argument("--moodle", help="version de Moodle que joue le bac à sable, la première fois")
    return parser


def _wanted(text: str | None) -> date:
    night = night_of(text, None, datetime.now(UTC))
    why_read_only(night, today(), "manual")
    return night


def _night(night: date, options: argparse.Namespace) -> int:
    environment = services.settings(services.free_port()) | services.AS_TOLD
    with ExitStack() as stack:
        stack.enter_context(services.alone(environment))
        _require_archive(night)
        print("Préparation…", flush=True)
        sandbox = stack.enter_context(box.systems(options.size, options.moodle))
        if options.changes and not sandbox:
            raise CommandImpossible("CHANGES=1 ne vaut qu'avec le bac à sable : aucune connexion ne doit être définie.")
        more = _play_changes() if options.changes else False
        airflow = stack.enter_context(LocalAirflow(environment | sandbox))
        for name in PHASES:
            _close_interrupted(airflow, name, night)
        reports = _phases(airflow, night)
        if more and succeeded(reports):
            print("\nCe qui est parti peut maintenant revenir.", flush=True)
            _play_changes()
            reports = _phases(airflow, night)
    return 0 if succeeded(reports) else 1


def _require_archive(night: date) -> None:
    """A past night without an archive is refused before anything starts."""
    from ecampus.orchestration.step import run_of
    from ecampus.store import replay

    if is_past(night, today()):
        replay.archived(run_of(next(iter(PHASES)), night, "make night"))


def _play_changes() -> bool:
    """Play a day; whether something can only come back a day later, once a night has seen it gone."""
    played = box.play_changes()
    print(f"Une journée de changements\n{played}", flush=True)
    return box.POSTPONED in played


def _phases(airflow: LocalAirflow, night: date) -> dict[str, dict[str, Any]]:
    """The five phases in order, then the summary; the report of each."""
    reports = {name: found for name in PHASES if (found := _phase(airflow, name, night))}
    print(f"\n{summary(night, reports, _traps())}", flush=True)
    return reports


def _close_interrupted(airflow: LocalAirflow, name: str, night: date) -> None:
    """Before the first phase, or Airflow would finish what a killed command had begun beside the new night."""
    from ecampus.orchestration import records
    from ecampus.orchestration.step import run_of

    airflow.wait_for_dag(f"ecampus_{name}")
    for run_id in airflow.end_unfinished_runs(f"ecampus_{name}"):
        print(f"  Exécution interrompue, close : {PHASES[name]}, {run_id}", flush=True)
        run = run_of(name, night, run_id)
        if records.read(run.files):
            records.finish(run, "failed", "L'exécution a été interrompue.")


def _phase(airflow: LocalAirflow, name: str, night: date) -> dict[str, Any] | None:
    """Run one phase; its report, None when it left none."""
    dag_id, began = f"ecampus_{name}", time.monotonic()
    print(f"  {PHASES[name]} ({in_french(night)})…", end=" ", flush=True)
    run_id = airflow.trigger(dag_id, {"night": night.isoformat()})
    airflow.wait_for_run(dag_id, run_id)
    report = _report(name, night, run_id)
    print(f"{state_of(report)} en {time.monotonic() - began:.0f} s", flush=True)
    return report


def _report(name: str, night: date, run_id: str) -> dict[str, Any] | None:
    from ecampus.orchestration.step import run_of

    files = run_of(name, night, run_id).files
    return dict(files.read_json("report.json")) if files.exists("report.json") else None


def _traps() -> dict[str, tuple[int, ...]]:
    from ecampus.words.anomalies import CATALOGUE

    return {code: anomaly.traps for code, anomaly in CATALOGUE.items()}


if __name__ == "__main__":
    sys.exit(main())
