"""Retention run by Airflow itself: the store and the register of the connections, the durations of the Variables."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from ecampus.calendar import today
from ecampus.errors import AlreadyRunning
from ecampus.night import keeping
from ecampus.orchestration import connections
from ecampus.register.register import Register
from ecampus.store.retention import Keeping
from registers import sqlite_hook

pytestmark = pytest.mark.usefixtures("airflow_database")


@pytest.fixture
def dag():
    import os

    from airflow.dag_processing.dagbag import DagBag

    return DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"]).dags["ecampus_retention"]


@pytest.fixture
def kept(store_url, tmp_path, monkeypatch):
    """A store with runs of tonight and of ten nights ago, and an enrolment database."""
    hook = sqlite_hook(tmp_path)
    monkeypatch.setenv("AIRFLOW_CONN_ENROLMENT_DB", json.dumps({"conn_type": "sqlite", "host": str(hook.path)}))
    store = connections.store()
    for days in (0, 10):
        night = (today() - timedelta(days=days)).isoformat()
        store.write(f"{night}/users/r1/source.json", b"{}")
        store.write(f"{night}/users/r1/report.json", b"{}")
    return store, hook


def ended(dag) -> tuple[str, str]:
    """How it ended; what the task said, or why it failed."""
    done = dag.test(logical_date=None)
    (task,) = done.get_task_instances()
    told = task.xcom_pull(task_ids="prune", key="return_value") or task.xcom_pull(task_ids="prune", key="reason")
    return str(done.state), str(told)


def test_it_prunes_by_the_variables_though_all_is_frozen(dag, kept, monkeypatch):
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "true")
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_KEEP_EXTRACTS", "7")
    store, _ = kept
    state, told = ended(dag)
    assert (state, told[:52]) == ("success", "Rétention : 1 fichier effacé du magasin. Sont gardés")
    assert [name.rpartition("/")[2] for name in store.everything()] == ["report.json", "report.json", "source.json"]


def test_a_duration_that_nobody_can_read_erases_nothing_and_says_so(dag, kept, monkeypatch):
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_KEEP_REPORTS", "toujours")
    store, _ = kept
    state, told = ended(dag)
    assert state == "failed"
    assert told.startswith("La variable Airflow ecampus_keep_reports vaut « toujours » : y mettre un nombre de nuits")
    assert len(store.everything()) == 4


def test_while_a_phase_writes_the_files_go_and_the_task_is_to_be_tried_again(kept):
    store, hook = kept
    register = Register(hook)
    register.prepare()
    with register.lease("2026-11-23/groups/r1"), pytest.raises(AlreadyRunning):
        keeping.prune(store, connections.Systems(), today(), Keeping(extracts=7))
    assert len(store.everything()) == 3
