"""How a run ended, and the record that it leaves in every case."""

import pytest
from airflow_standin import RUN_ID, TaskInstance, context

from ecampus.calendar import today
from ecampus.orchestration import connections, records
from ecampus.orchestration.ending import Failed
from ecampus.orchestration.outcome import Outcome, conclude, outcome_of, record_crash
from ecampus.orchestration.step import Step
from ecampus.store.files import Run

DONE = dict.fromkeys(("open_night", "wait", "extract_source", "extract_moodle", "diff", "check"), "success")


class TestTheOutcome:
    def test_is_success_when_every_task_succeeded(self):
        states = DONE | {"apply": "success", "verify": "success"}
        assert outcome_of(states, lambda task: None) == Outcome("success", None)

    def test_of_a_frozen_night_is_success_and_tells_why_nothing_was_written(self):
        states = DONE | {"apply": "skipped", "verify": "skipped"}
        assert outcome_of(states, {"apply": "Gel."}.get) == Outcome("success", "Gel.")

    def test_is_that_of_the_first_task_that_failed(self):
        states = DONE | {"check": "failed", "apply": "upstream_failed", "verify": "upstream_failed"}
        assert outcome_of(states, {"check": "Plan refusé."}.get) == Outcome("failed", "Plan refusé.")

    def test_is_passed_on_when_the_phase_before_failed(self):
        states = {"open_night": "success", "wait": "failed", "diff": "upstream_failed"}
        assert outcome_of(states, {"wait": "« Cohortes » : en échec."}.get) == Outcome(
            "failed", "« Cohortes » : en échec.", passed_on=True
        )

    def test_of_a_freeze_that_began_on_the_way_is_neither(self):
        states = DONE | {"apply": "success", "verify": "success"}
        stopped = "Gelé après 2 changements."
        assert outcome_of(states, lambda task: None, stopped) == Outcome("stopped", stopped)
        failed = outcome_of(states | {"verify": "failed"}, {"verify": "Moodle ne répond pas."}.get, stopped)
        assert failed == Outcome("failed", "Moodle ne répond pas.")

    def test_names_a_task_that_died_without_a_word(self):
        states = DONE | {"apply": "failed", "verify": "upstream_failed"}
        assert outcome_of(states, lambda task: None) == Outcome(
            "failed", "La tâche « Écrire dans ecampus » s'est arrêtée sans donner de raison : voir son journal."
        )


class TestTheRecord:
    @pytest.fixture
    def run(self, store_url):
        return Run(connections.store(), "offer", today(), RUN_ID)

    def at(self, states, **reasons):
        ti = TaskInstance("report", states)
        ti.pushed = reasons
        return Step("offer", context(ti=ti))

    def test_says_success_once_the_report_is_done(self, run):
        records.begin(run)
        with conclude(self.at(DONE | {"apply": "success", "verify": "success"})):
            assert records.read(run.files).state == "running"
        assert records.read(run.files).state == "success"

    def test_says_why_a_run_failed(self, run):
        with pytest.raises(Failed), conclude(self.at(DONE | {"apply": "failed"}, apply="Refus.")):
            raise Failed("Refus.")
        assert (records.read(run.files).state, records.read(run.files).reason) == ("failed", "Refus.")

    def test_says_failed_when_the_report_itself_cannot_be_made(self, run):
        with pytest.raises(OSError, match="plein"), conclude(self.at(DONE)):
            raise OSError("disque plein")
        assert (records.read(run.files).state, records.read(run.files).reason) == ("failed", "disque plein")

    def test_says_failed_after_a_crash(self, run):
        records.begin(run)
        record_crash(context())
        record = records.read(run.files)
        assert (record.state, record.reason) == (
            "failed",
            "L'exécution a été interrompue : voir les journaux de ses tâches dans Airflow.",
        )

    def test_keeps_the_reason_it_already_has_after_a_failure(self, run):
        records.finish(run, "failed", "Moodle refuse le jeton.")
        record_crash(context())
        assert records.read(run.files).reason == "Moodle refuse le jeton."

    def test_is_at_work_again_when_the_run_is_cleared(self, run):
        records.finish(run, "failed", "x.")
        records.begin(run)
        assert records.read(run.files).state == "running"

    @pytest.mark.parametrize("failing", [False, True])
    def test_is_not_made_by_a_backfill_which_wrote_nothing_and_lets_nobody_go(self, run, failing):
        ti = TaskInstance("report", DONE)
        at = Step("offer", context(run_type="backfill", ti=ti))
        if failing:
            with pytest.raises(OSError, match="plein"), conclude(at):
                raise OSError("disque plein")
            record_crash(context(run_type="backfill"))
        else:
            with conclude(at):
                pass
        assert records.read(run.files) is None
        assert records.judge(connections.store(), "offer", today()).state == "wait"

    def test_is_not_made_by_a_replay_either_nor_by_its_crash(self, store_url):
        record_crash(context("2026-01-15"))
        at = Step("offer", context("2026-01-15", ti=TaskInstance("report", DONE | {"diff": "failed"})))
        with conclude(at) as outcome:
            assert outcome.state == "failed"
        assert connections.store().names("") == []
