"""Waiting for the phase before: what the sensor and its trigger do with the records of the night."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest
from airflow.sdk.exceptions import TaskDeferred
from airflow_standin import context, opened

from ecampus.calendar import in_french, today
from ecampus.orchestration import connections, records
from ecampus.orchestration.ending import Failed
from ecampus.orchestration.sensor import PhaseEnded, PreviousPhase
from ecampus.orchestration.step import Step
from ecampus.store.files import Run

NIGHT = today()
SUBJECT = f"« Cohortes », nuit du {in_french(NIGHT)}"


@pytest.fixture
def cohorts(store_url):
    return Run(connections.store(), "cohorts", NIGHT, "scheduled__1")


@pytest.fixture
def sensor():
    return PreviousPhase(task_id="wait", phase="offer")


def trigger(store_url, until=timedelta(minutes=1)) -> PhaseEnded:
    return PhaseEnded(store_url, "cohorts", NIGHT.isoformat(), (datetime.now(UTC) + until).isoformat(), 0.01)


def fired(waiting: PhaseEnded):
    async def first():
        async with asyncio.timeout(10):
            return await anext(waiting.run())

    return asyncio.run(first()).payload


class TestTheSensor:
    def test_passes_at_once_when_the_phase_before_succeeded(self, sensor, cohorts, caplog):
        records.finish(cohorts, "success", None)
        with caplog.at_level("INFO"):
            sensor.execute(opened(phase="offer"))
        assert caplog.messages[-1].startswith(f"{SUBJECT} : terminé à ")

    def test_fails_at_once_with_the_reason_of_the_phase_before(self, sensor, cohorts):
        records.finish(cohorts, "failed", "Moodle refuse le jeton.")
        with pytest.raises(Failed) as failed:
            sensor.execute(opened(phase="offer"))
        assert str(failed.value).startswith(f"{SUBJECT} : en échec à ")
        assert "Raison : Moodle refuse le jeton. Corriger" in str(failed.value)

    def test_leaves_the_wait_to_the_triggerer_and_says_what_it_waits_for(self, sensor, store_url, caplog):
        with caplog.at_level("INFO"), pytest.raises(TaskDeferred) as deferred:
            sensor.execute(opened(phase="offer"))
        assert caplog.messages == [f"En attente de {SUBJECT} : aucune exécution n'a commencé."]
        path, kwargs = deferred.value.trigger.serialize()
        assert path == "ecampus.orchestration.sensor.PhaseEnded"
        assert (kwargs["awaited"], kwargs["night"]) == ("cohorts", NIGHT.isoformat())

    def test_does_not_wait_for_a_past_night(self, sensor, store_url, caplog):
        with caplog.at_level("INFO"):
            sensor.execute(opened("2026-01-15", phase="offer"))
        assert caplog.messages == ["Rien à attendre : la nuit est passée, elle est rejouée."]

    def test_does_not_take_another_night_for_its_own(self, sensor, store_url):
        yesterday = Run(connections.store(), "cohorts", NIGHT - timedelta(days=1), "scheduled__0")
        records.finish(yesterday, "success", None)
        with pytest.raises(TaskDeferred):
            sensor.execute(opened(phase="offer"))

    def test_resumes_with_what_the_trigger_saw(self, sensor, store_url):
        sensor.resume(context(), {"state": "pass", "sentence": "terminé."})
        with pytest.raises(Failed, match=r"^en échec\.$"):
            sensor.resume(context(), {"state": "fail", "sentence": "en échec."})

    def test_writes_down_when_the_phase_before_let_it_go_on(self, sensor, cohorts):
        known = opened(phase="offer")
        run = Step("offer", known).run
        records.begin(run)
        with pytest.raises(Failed):
            sensor.resume(known, {"state": "fail", "sentence": "en échec."})
        assert records.read(run.files).waited_until is None
        sensor.resume(known, {"state": "pass", "sentence": "terminé."})
        woken = records.read(run.files)
        assert woken.waited_until > woken.started_at
        records.finish(run, "success", None)
        assert records.read(run.files).waited_until == woken.waited_until
        records.begin(run)
        assert records.read(run.files).waited_until is None


class TestTheTrigger:
    def test_says_what_it_waits_for_and_fires_when_the_phase_succeeds(self, cohorts, store_url, monkeypatch):
        records.begin(cohorts)
        waiting, said = trigger(store_url), []
        monkeypatch.setattr(waiting.log, "info", lambda form, *words: said.append(form % words))

        async def night():
            async with asyncio.timeout(10):
                event = asyncio.ensure_future(anext(waiting.run()))
                while not said:
                    await asyncio.sleep(0.01)
                records.finish(cohorts, "success", None)
                return (await event).payload

        assert asyncio.run(night())["state"] == "pass"
        assert len(said) == 1
        assert said[0].startswith(f"En attente de {SUBJECT} : en cours depuis ")

    def test_fires_when_the_phase_failed(self, cohorts, store_url):
        records.finish(cohorts, "failed", "REFER est injoignable.")
        event = fired(trigger(store_url))
        assert event["state"] == "fail"
        assert "Raison : REFER est injoignable. Corriger" in event["sentence"]

    def test_gives_up_in_words_when_nothing_comes(self, store_url):
        assert fired(trigger(store_url, until=timedelta(0))) == {
            "state": "fail",
            "sentence": f"Délai d'attente dépassé. En attente de {SUBJECT} : aucune exécution n'a commencé.",
        }

    def test_a_mended_phase_passes_after_a_failure(self, cohorts, store_url):
        records.finish(cohorts, "failed", "x.")
        records.begin(cohorts)
        records.finish(cohorts, "success", None)
        assert fired(trigger(store_url))["state"] == "pass"

    def test_reads_the_store_outside_the_triggerers_loop(self, cohorts, store_url, monkeypatch):
        records.finish(cohorts, "success", None)
        judge, threads = records.judge, []

        def seen(*args):
            threads.append(threading.current_thread())
            return judge(*args)

        monkeypatch.setattr(records, "judge", seen)
        fired(trigger(store_url))
        assert threads
        assert threading.main_thread() not in threads
