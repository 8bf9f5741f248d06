"""A phase run by Airflow itself, its story replaced by stand-ins: states of the tasks, record, report."""

from datetime import date

import pandas as pd
import pytest

from ecampus.calendar import Frozen, today
from ecampus.changes import plan
from ecampus.errors import NightRefused, SourceRefused, StoreUnusable
from ecampus.night import forecast, passage, reconcile
from ecampus.orchestration import records
from ecampus.orchestration.step import run_of

pytestmark = pytest.mark.usefixtures("airflow_database")
STORY = ("extract_source", "extract_moodle", "diff", "check", "apply", "verify")


@pytest.fixture(scope="module")
def dags():
    import os

    from airflow.dag_processing.dagbag import DagBag

    return DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"]).dags


@pytest.fixture
def told(monkeypatch):
    """The site's connections and year; the steps of the story that were told, and the outcome given to the report."""
    monkeypatch.setenv("AIRFLOW_CONN_MOODLE", '{"conn_type": "http", "host": "https://moodle.univ.fr", "extra": {}}')
    monkeypatch.setenv("AIRFLOW_CONN_LDAP", '{"conn_type": "ldap", "host": "ldap.univ.fr", "extra": {}}')
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_ANNEE", "2026")
    steps: list[str | tuple[str, str | None]] = []
    for name in STORY:
        monkeypatch.setattr(reconcile, name, lambda *_, name=name: steps.append(name) or f"{name}.")

    def report(run, state, reason):
        steps.append((state, reason))
        run.files.write_json("report.json", {"state": state, "reason": reason, "replay": run.replay, "held": 0})
        return "Rapport."

    monkeypatch.setattr(reconcile, "report", report)
    monkeypatch.setattr(forecast, "make", lambda *_: "Prévision.")
    monkeypatch.setattr(passage, "opened", lambda known, *_: known)
    monkeypatch.setattr(passage, "show", lambda *_: steps.append("show"))
    return steps


def run(dag, store_url, night=None, **conf):
    """Run it; the states of its tasks, and its record."""
    night = night or today()
    done = dag.test(logical_date=None, run_conf={"night": night.isoformat()} | conf)
    phase = dag.dag_id.removeprefix("ecampus_")
    record = records.read(run_of(phase, night, done.run_id).files)
    return done.state, {task.task_id: task.state for task in done.get_task_instances()}, record


def test_a_good_run_tells_the_whole_story(dags, told, store_url):
    state, tasks, record = run(dags["ecampus_users"], store_url)
    assert state == "success"
    assert set(tasks.values()) == {"success"}
    assert set(told[:2]) == {"extract_source", "extract_moodle"}
    assert told[2:] == ["diff", "check", "apply", "verify", ("success", None)]
    assert (record.state, record.reason) == ("success", None)


def test_a_run_that_does_only_what_was_approved_is_no_record_of_the_night_and_fails_red(
    dags, told, store_url, monkeypatch
):
    state, _, record = run(dags["ecampus_users"], store_url, approved=True)
    assert (state, record) == ("success", None)
    assert told[-1] == ("success", None)

    def refused(*_):
        raise SourceRefused("LDAP refuse.")

    monkeypatch.setattr(reconcile, "extract_source", refused)
    state, _, record = run(dags["ecampus_users"], store_url, approved=True)
    assert (state, record) == ("failed", None)


def test_a_frozen_run_skips_its_writes_with_the_reason_and_succeeds(dags, told, store_url, monkeypatch):
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "true")
    state, tasks, record = run(dags["ecampus_users"], store_url)
    reason = "Gel sans date de fin (variable ecampus_freeze) : rien n'est écrit dans ecampus."
    assert state == "success"
    assert {name for name, state in tasks.items() if state == "skipped"} == {"forecast", "apply", "verify"}
    assert ("apply" in told, "show" in told) == (False, True)
    assert told[-1] == ("success", reason)
    assert (record.state, record.reason) == ("success", reason)


@pytest.mark.parametrize(("freeze", "said"), [("", "réussi"), ("true", "gelé")])
def test_the_list_of_tasks_says_how_a_green_run_ended(dags, told, store_url, monkeypatch, freeze, said):
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", freeze)
    done = dags["ecampus_users"].test(logical_date=None, run_conf={"night": today().isoformat()})
    (report,) = [task for task in done.get_task_instances() if task.task_id == "report"]
    assert (done.state, report.rendered_map_index) == ("success", said)
    assert report.xcom_pull(task_ids="report") == said


def test_what_a_person_can_mend_is_a_sentence_of_the_log_and_a_defect_keeps_its_traceback(
    dags, told, store_url, monkeypatch, capfd
):
    monkeypatch.setattr(dags["ecampus_users"].get_task("extract_moodle"), "retries", 0)  # a defect is tried again

    def output(error):
        monkeypatch.setattr(reconcile, "extract_moodle", lambda *_: (_ for _ in ()).throw(error))
        capfd.readouterr()
        run(dags["ecampus_users"], store_url)
        return "".join(capfd.readouterr())

    mended = output(SourceRefused("Moodle refuse le jeton."))
    assert "Task exited" in mended
    assert "Traceback" not in mended
    assert "Traceback" in output(KeyError("code"))


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


def test_a_freeze_that_begins_on_the_way_ends_as_frozen_after_so_many_changes(dags, told, store_url, monkeypatch):
    made = plan.changes("course", "create", pd.DataFrame({"key": ["A", "B", "C"]}), key="key")

    def apply(run, _systems, live):
        run.files.write_frame("plan.parquet", made)
        run.files.write_frame("journal/000000.parquet", made.head(2).assign(outcome="done", message="", at=""))
        monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "true")
        live()

    monkeypatch.setattr(reconcile, "apply", apply)
    state, tasks, record = run(dags["ecampus_users"], store_url)
    reason = (
        "Gelé après 2 changements. Gel sans date de fin (variable ecampus_freeze) : plus rien n'est écrit dans ecampus."
    )
    assert state == "success"
    assert set(tasks.values()) == {"success"}
    assert told[-2:] == ["verify", ("stopped", reason)]
    assert (record.state, record.reason) == ("success", reason)


def test_a_freeze_met_after_everything_was_written_changes_nothing_to_what_was_said(dags, told, store_url, monkeypatch):
    made = plan.changes("course", "create", pd.DataFrame({"key": ["A"]}), key="key")

    def apply(run, *_):
        run.files.write_frame("plan.parquet", made)
        run.files.write_frame("journal/000000.parquet", made.assign(outcome="done", message="", at=""))
        raise Frozen("Gel.")

    monkeypatch.setattr(reconcile, "apply", apply)
    _, tasks, _ = run(dags["ecampus_users"], store_url)
    assert (tasks["apply"], told[-1]) == ("skipped", ("success", "Gel."))


def test_a_replay_that_fails_is_red_on_its_task_and_not_in_the_list_of_dags(dags, told, store_url, monkeypatch):
    def refused(*_):
        raise NightRefused("Pas d'archive.")

    monkeypatch.setattr(reconcile, "extract_source", refused)
    state, tasks, record = run(dags["ecampus_users"], store_url, date(2026, 1, 15))
    assert (state, tasks["extract_source"], tasks["report"]) == ("success", "failed", "success")
    assert told[-1] == ("failed", "Pas d'archive.")
    assert record is None


def test_a_replay_whose_report_cannot_be_made_does_not_redden_the_list_either(dags, told, store_url, monkeypatch):
    def refused(*_):
        raise StoreUnusable("Le magasin est plein.")

    monkeypatch.setattr(reconcile, "report", refused)
    state, tasks, _ = run(dags["ecampus_users"], store_url, date(2026, 1, 15))
    assert (state, tasks["report"]) == ("success", "success")


def test_a_night_to_come_is_refused_and_is_red(dags, told, store_url):
    state, tasks, _ = run(dags["ecampus_users"], store_url, date(2999, 1, 1))
    assert (state, tasks["open_night"], tasks["report"]) == ("failed", "failed", "failed")
    assert told[-1][0] == "failed"
    assert told[-1][1].startswith("La nuit du 1er janvier 2999 n'est pas encore venue")
