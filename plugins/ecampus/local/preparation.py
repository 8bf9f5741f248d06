"""Before a local Airflow starts: its database, who else uses it, which connections it knows.

The environment must be complete before this module is imported: Airflow reads it at its own import.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from airflow.configuration import write_default_airflow_configuration_if_needed
from airflow.exceptions import AirflowNotFoundException
from airflow.jobs.job import most_recent_job
from airflow.jobs.scheduler_job_runner import SchedulerJobRunner
from airflow.models.connection import Connection
from airflow.models.dag import DagModel
from airflow.models.variable import Variable
from airflow.utils import db
from airflow.utils.session import create_session
from sqlalchemy import update

from ecampus.local.place import CommandImpossible


def prepare_database() -> None:
    """Write Airflow's configuration (it holds the secrets that its processes share) and its database, if needed.

    Refuses a database that a running scheduler already serves.
    """
    write_default_airflow_configuration_if_needed()
    db.initdb()
    scheduler = most_recent_job(SchedulerJobRunner.job_type)
    if scheduler and scheduler.is_alive():
        raise CommandImpossible(
            "Un ordonnanceur Airflow travaille déjà sur cette base (AIRFLOW_HOME) : l'arrêter, ou lancer les DAG"
            " depuis son interface. Arrêté brutalement, il compte encore pour vivant pendant 30 secondes."
        )


def pause(dags: Iterable[str]) -> None:
    """Pause these DAGs, those that Airflow knows already: on the sandbox, or by a command, they were not."""
    with create_session() as session:
        session.execute(update(DagModel).where(DagModel.dag_id.in_(dags)).values(is_paused=True))


def see_what_airflow_keeps() -> None:
    """Let this process find the connections and Variables of Airflow's own database, as Airflow's commands do."""
    os.environ["_AIRFLOW_PROCESS_CONTEXT"] = "server"


def known_connections(names: Iterable[str]) -> list[str]:
    """Those that Airflow can find: environment, secrets backend or its own database."""
    return [name for name in names if _known(name)]


def known_year() -> bool:
    """Whether the Variable ``ecampus_annee`` is set."""
    return Variable.get("ecampus_annee", default_var=None) is not None


def _known(name: str) -> bool:
    try:
        Connection.get_connection_from_secrets(name)
    except AirflowNotFoundException:
        return False
    return True
