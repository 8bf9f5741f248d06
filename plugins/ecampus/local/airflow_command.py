"""``make airflow``: a local Airflow with its pages and its scheduler, the DAGs on their schedules.

On real systems the nights are paused at each start: who looks at the pages must not become who writes at midnight.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import ExitStack

from ecampus.calendar import PHASES
from ecampus.errors import EcampusError
from ecampus.local import box, services
from ecampus.local.local_airflow import LocalAirflow

NIGHTS = tuple(f"ecampus_{name}" for name in PHASES)
BASE = "AIRFLOW__API__BASE_URL"
"""Where the mails find the pages."""
PAUSED = (
    "Les cinq DAG de la nuit sont en pause, car les systèmes sont réels : rien n'y est écrit depuis ce poste tant que"
    " personne ne les active, dans les pages d'Airflow."
)
ACCOUNTS = {"admin": "ingénieur, tous les droits", "staff": "personnel, en lecture"}


def main() -> int:
    """Until Ctrl-C; 2 when the command cannot do its job."""
    services.stop_on_signals()
    try:
        _serve(services.chosen_port())
    except EcampusError as error:
        print(error, file=sys.stderr)
    return 2


def _serve(port: int) -> None:
    environment = services.settings(port) | {BASE: os.environ.get(BASE) or f"http://127.0.0.1:{port}"}
    with ExitStack() as stack:
        stack.enter_context(services.alone(environment))
        print("Préparation…", flush=True)
        sandbox = stack.enter_context(box.systems(None))
        if not sandbox:
            _pause_nights()
        airflow = stack.enter_context(LocalAirflow(environment | sandbox))
        for dag in NIGHTS:
            airflow.wait_for_dag(dag)
        print(_welcome(airflow, sandbox=bool(sandbox)), *([] if sandbox else [PAUSED]), sep="\n", flush=True)
        while True:
            signal.pause()


def _pause_nights() -> None:
    from ecampus.local import preparation

    preparation.pause(NIGHTS)


def _welcome(airflow: LocalAirflow, sandbox: bool) -> str:
    passwords = airflow.passwords()
    accounts = [f"  {name} / {passwords[name]} ({role})" for name, role in ACCOUNTS.items() if name in passwords]
    pages = f"Les pages : {airflow.url}/plugin/ecampus ; voir « Cette nuit », puis « Anomalies »."
    if sandbox:
        pages += (
            " Avec le compte « staff », chercher « 22900101 L1CAS101 » : la page dit pourquoi cet étudiant n'est pas"
            " dans ce cours, et que faire."
        )
    return "\n".join([f"Airflow est prêt : {airflow.url} ; Ctrl-C l'arrête.", *accounts, pages])


if __name__ == "__main__":
    sys.exit(main())
