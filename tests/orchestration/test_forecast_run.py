"""The forecast as Airflow runs it, before the accounts: no night fails by it."""

import os

import pytest

from ecampus.calendar import today
from ecampus.errors import SourceUnreachable
from ecampus.night import passage, reconcile, rehearsal
from ecampus.night.reports import FORECAST
from ecampus.orchestration.step import run_of
from ecampus.words import rehearsing

pytestmark = pytest.mark.usefixtures("airflow_database")


def reported(run, state, reason):
    """Stands in for the report of a run."""
    run.files.write_json("report.json", {"state": state, "reason": reason, "replay": run.replay, "held": 0})
    return "report."


@pytest.fixture
def played(monkeypatch, store_url):
    """``played(rehearse)``: what that leaves of the night: the states of the run and of its tasks, what was told."""
    from airflow.dag_processing.dagbag import DagBag

    monkeypatch.setenv("AIRFLOW_CONN_MOODLE", '{"conn_type": "http", "host": "https://moodle.univ.fr", "extra": {}}')
    monkeypatch.setenv("AIRFLOW_CONN_LDAP", '{"conn_type": "ldap", "host": "ldap.univ.fr", "extra": {}}')
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_ANNEE", "2026")
    for name in ("extract_source", "extract_moodle", "diff", "check", "apply", "verify"):
        monkeypatch.setattr(reconcile, name, lambda *_, name=name: f"{name}.")
    monkeypatch.setattr(reconcile, "report", reported)
    monkeypatch.setattr(passage, "opened", lambda known, *_: known)
    dag = DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"]).dags["ecampus_users"]

    def play(rehearse):
        monkeypatch.setattr(rehearsal, "rehearse", rehearse)
        done = dag.test(logical_date=None)
        states = {task.task_id: task.state for task in done.get_task_instances()}
        return done.state, states, run_of("users", today(), done.run_id).files.read_json(FORECAST)

    return play


def unreachable(*_):
    raise SourceUnreachable("ADE ne répond pas.")


def broken(*_):
    raise MemoryError


def test_a_forecast_that_cannot_be_made_is_one_sentence_and_the_accounts_are_written(played, caplog):
    state, tasks, told = played(unreachable)
    assert (state, set(tasks.values())) == ("success", {"success"})
    assert told == ["La nuit n'a pas pu être prévue, elle se fait sans prévision. ADE ne répond pas."]
    assert [record.levelname for record in caplog.records if record.message == told[0]] == ["WARNING"]


def test_a_forecast_that_dies_is_red_told_in_the_report_and_the_accounts_are_written(played):
    state, tasks, told = played(broken)
    assert (state, tasks.pop("forecast"), set(tasks.values())) == ("success", "failed", {"success"})
    assert told == [rehearsing.INTERRUPTED]
