"""A phase run by Airflow itself, its story replaced by stand-ins: states of the tasks, record, report."""

import pytest

from ecampus.calendar import today
from ecampus.errors import SourceRefused
from ecampus.night import reconcile
from ecampus.orchestration import connections, records
from ecampus.store.files import Run

pytestmark = pytest.mark.usefixtures("airflow_database")
STORY = ("extract_source", "extract_moodle", "diff", "check", "apply", "verify")


@pytest.fixture(scope="module")
def dags():
    import os

    from airflow.dag_processing.dagbag import DagBag

    return DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"]).dags


@pytest.fixture
def told(monkeypatch):
    """The steps of the story that were told, and the outcome given to the report."""
    steps: list[str | tuple[str, str | None]] = []
    for name in STORY:
        monkeypatch.setattr(reconcile, name, lambda *_, name=name: steps.append(name) or f"{name}.")
    monkeypatch.setattr(reconcile, "report", lambda run, state, reason: steps.append((state, reason)) or "Rapport.")
    return steps


def run(dag, store_url):
    """Run it; the states of its tasks, and its record."""
    done = dag.test(logical_date=None, run_conf={"night": today().isoformat()})
    phase = dag.dag_id.removeprefix("ecampus_")
    record = records.read(Run(connections.store(), phase, today(), done.run_id).files)
    return done.state, {task.task_id: task.state for task in done.get_task_instances()}, record


def test_a_good_run_tells_the_whole_story(dags, told, store_url):
    state, tasks, record = run(dags["ecampus_users"], store_url)
    assert state == "success"
    assert set(tasks.values()) == {"success"}
    assert set(told[:2]) == {"extract_source", "extract_moodle"}
    assert told[2:] == ["diff", "check", "apply", "verify", ("success", None)]
    assert (record.state, record.reason) == ("success", None)


def test_a_frozen_run_skips_its_writes_with_the_reason_and_succeeds(dags, told, store_url, monkeypatch):
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "true")
    state, tasks, record = run(dags["ecampus_users"], store_url)
    reason = "Gel sans date de fin (variable ecampus_freeze) : rien n'est écrit dans ecampus."
    assert state == "success"
    assert {name for name, state in tasks.items() if state == "skipped"} == {"apply", "verify"}
    assert "apply" not in told
    assert told[-1] == ("success", reason)
    assert (record.state, record.reason) == ("success", reason)


def test_a_freeze_lets_the_next_phase_go(dags, told, store_url, monkeypatch):
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "true")
    for phase in ("users", "cohorts"):
        state, tasks, _ = run(dags[f"ecampus_{phase}"], store_url)
        assert state == "success"
    assert tasks["wait"] == "success"


def test_a_failure_is_not_retried_is_reported_and_stops_the_next_phases(dags, told, store_url, monkeypatch):
    def refused(*_):
        raise SourceRefused("Moodle refuse le jeton.")

    monkeypatch.setattr(reconcile, "extract_moodle", refused)
    state, tasks, record = run(dags["ecampus_users"], store_url)
    assert state == "failed"
    assert (tasks["extract_moodle"], tasks["diff"], tasks["report"]) == ("failed", "upstream_failed", "failed")
    assert told[-1] == ("failed", "Moodle refuse le jeton.")
    assert (record.state, record.reason) == ("failed", "Moodle refuse le jeton.")

    for phase in ("cohorts", "offer"):
        told.clear()
        state, tasks, record = run(dags[f"ecampus_{phase}"], store_url)
        assert (state, tasks["wait"], tasks["extract_source"]) == ("failed", "failed", "upstream_failed")
        assert [step for step in told if isinstance(step, str)] == []
        assert record.reason.startswith("« Utilisateurs », nuit du ")
        assert record.reason.count("Raison : Moodle refuse le jeton.") == 1
