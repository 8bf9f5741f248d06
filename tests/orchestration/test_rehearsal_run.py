"""``ecampus_rehearsal`` run by Airflow itself, the rehearsal replaced by a stand-in: how it ends, what it is told."""

import logging
import os
from datetime import timedelta

import pytest

from ecampus.calendar import in_french, today
from ecampus.night import rehearsal
from ecampus.orchestration import connections, records
from ecampus.words import rehearsing

pytestmark = pytest.mark.usefixtures("airflow_database")
REFUSED = {"state": "failed", "reason": "La vue refer_groupe est vide.", "planned": None, "fallen": [], "questions": []}
TOMORROW = today() + timedelta(days=1)


@pytest.fixture(scope="module")
def dag():
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"]).dags["ecampus_rehearsal"]


@pytest.fixture
def asked(monkeypatch):
    """What was asked of the rehearsal; ``reports``: what it finds."""
    found: dict[str, object] = {"reports": {}}

    def rehearse(store, systems, night, name, now, frozen):
        found.update(night=night, name=name, frozen=frozen)
        return rehearsing.document(night, now, frozen, None, found["reports"], "report.html")

    monkeypatch.setattr(rehearsal, "rehearse", rehearse)
    return found


def test_it_is_of_the_next_night_under_the_name_of_the_run_and_no_phase_takes_it_for_one(dag, asked, store_url, caplog):
    caplog.set_level(logging.INFO, "ecampus")
    done = dag.test(logical_date=None)
    assert done.state == "success"
    assert (asked["night"], asked["name"], asked["frozen"]) == (TOMORROW, done.run_id, None)
    assert f"Voilà ce que la nuit du {in_french(TOMORROW)} ferait" in caplog.text
    assert records.judge(connections.store(), "users", TOMORROW).state == "wait"


def test_a_freeze_of_the_next_night_is_told(dag, asked, store_url, monkeypatch):
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", f"{TOMORROW}/")
    assert dag.test(logical_date=None).state == "success"
    assert asked["frozen"].startswith(f"Gel à partir du {in_french(TOMORROW)}")


def test_a_night_that_would_be_refused_makes_it_fail_at_once(dag, asked, store_url):
    asked["reports"] = {"users": REFUSED | {"anomalies": None, "waiting": None}}
    done = dag.test(logical_date=None)
    assert (done.state, [task.try_number for task in done.get_task_instances()]) == ("failed", [1])
