"""``ecampus_undo``, task after task on a real register: no, yes, no answer, released; the undoing itself stands in."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from airflow.sdk.exceptions import AirflowSkipException
from airflow_standin import RUN_ID, TaskInstance

from ecampus.night import undoing
from ecampus.night.undoing import Preview
from ecampus.orchestration import undoing as tasks
from ecampus.orchestration.approval import register_of
from ecampus.orchestration.ending import Failed
from ecampus.register import tables
from ecampus.safety import decisions

NIGHT = "2026-11-20"
REPORT = {"planned": {"group": {"rename": 3}}, "questions": [], "lost": [], "counts": {}, "held": 0, "failed": {}}
NOT_APPROVED = "Personne n'a approuvé l'annulation de la nuit du 20 novembre 2026 telle qu'elle est : rien n'est fait."


@pytest.fixture
def undone(store_url, tmp_path, monkeypatch) -> list[tuple[date, str, str]]:
    """What was undone: night, phase, name of the runs. That night is shown as three changes of the groups."""
    done: list[tuple[date, str, str]] = []

    def undo(store, systems, asked, phase, today, live):
        live()
        done.append((asked.night, phase, asked.name))
        return REPORT | {"counts": REPORT["planned"]}

    def preview(store, systems, asked, today):
        nothing = {phase: undoing.undone.done_in(store, asked.night, (phase,)) for phase in asked.phases}
        return Preview(dict.fromkeys(asked.phases, REPORT), 3, undoing.digest(nothing))

    monkeypatch.setattr(undoing, "undo", undo)
    monkeypatch.setattr(undoing, "preview", preview)
    monkeypatch.setenv(
        "AIRFLOW_CONN_ENROLMENT_DB", json.dumps({"conn_type": "sqlite", "host": f"{tmp_path / 'enrolments.db'}"})
    )
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "")
    return done


@pytest.fixture
def triggered(undone, monkeypatch):
    """``triggered(**params)``: the context of a run that camille triggered."""

    def trigger(**params: str) -> dict[str, Any]:
        run = SimpleNamespace(run_id=RUN_ID, triggering_user_name="camille")
        given = dict.fromkeys(["night", "phases", "reason", "release"]) | params
        context = {"ti": TaskInstance("undo"), "params": given, "dag_run": run}
        monkeypatch.setattr(tasks, "get_current_context", lambda: context)
        return context

    return trigger


def answered(context: dict[str, Any], question: dict[str, Any], option: str | None) -> str:
    """What ``ask`` says once Airflow has this answer; without one, once its time is over."""
    ask = tasks.AskUndo(task_id="ask", question=question)
    if option is None:
        return ask.execute_complete(context, {"error": "trop tard", "error_type": "timeout"})
    who = {"id": "7", "name": "dominique"}
    event = {"chosen_options": [option], "params_input": {"why": "vu"}, "responded_by_user": who}
    return ask.execute_complete(context, event | {"responded_at": datetime.now(UTC)})


def requests() -> list[tuple[str, ...]]:
    """Who asked the register for what, and why."""
    known = register_of().memory()["decisions"]
    return [*known[["phase", "question", "state", "who", "why"]].itertuples(index=False, name=None)]


def test_yes_undoes_the_phases_that_were_shown_and_no_other(triggered, undone):
    context = triggered(night=NIGHT, phases="groups", reason="mauvais extrait")
    question = tasks.preview.function()
    assert question["subject"] == "Annuler la nuit du 20 novembre 2026 (groupes) : 3 changements"
    assert question["options"] == ["Annuler cette nuit", "Ne rien faire"]
    assert question["body"].startswith("Raison donnée : mauvais extrait\n\n")
    told = answered(context, question, "Annuler cette nuit")
    assert told == "Annulation de la nuit du 20 novembre 2026 approuvée par dominique."
    assert requests() == [("undo", f"undo/{NIGHT}", "approved", "dominique", "vu")]
    assert tasks.undo.function("offer") == "« offer » n'est pas à annuler."
    assert tasks.undo.function("groups").startswith("Nuit du 20 novembre 2026 annulée (groupes).\n")
    assert undone == [(date(2026, 11, 20), "groups", f"annulation__{RUN_ID}")]


@pytest.mark.parametrize("option", ["Ne rien faire", None], ids=["no", "no answer"])
def test_without_a_yes_each_phase_is_skipped_and_nothing_is_undone(triggered, undone, option):
    context = triggered(night=NIGHT)
    answered(context, tasks.preview.function(), option)
    assert [row[2] for row in requests()] == (["refused"] if option else [])
    for phase in ("users", "groups"):
        with pytest.raises(AirflowSkipException) as skipped:
            tasks.undo.function(phase)
        assert str(skipped.value) == NOT_APPROVED
    assert undone == []


def test_a_yes_for_something_else_than_what_that_night_did_undoes_nothing(triggered, undone):
    context = triggered(night=NIGHT)
    answered(context, tasks.preview.function() | {"digest": "autre"}, "Annuler cette nuit")
    with pytest.raises(AirflowSkipException, match="telle qu'elle est"):
        tasks.undo.function("groups")
    assert undone == []


def test_a_freeze_that_began_since_the_yes_is_kept(triggered, undone, monkeypatch):
    context = triggered(night=NIGHT)
    answered(context, tasks.preview.function(), "Annuler cette nuit")
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "true")
    with pytest.raises(AirflowSkipException):
        tasks.undo.function("groups")
    assert undone == []
    with pytest.raises(AirflowSkipException):
        tasks.preview.function()


def test_with_nothing_asked_nothing_is_done(triggered, undone):
    triggered()
    for task, told in (
        (tasks.preview, "Rien à annuler : le paramètre « night » est vide."),
        (tasks.release, "Rien à libérer : le paramètre « release » est vide."),
    ):
        with pytest.raises(AirflowSkipException) as skipped:
            task.function()
        assert str(skipped.value) == told
    assert requests() == []


def test_a_night_released_is_free_by_whoever_triggered_it_and_another_stays_undone(triggered, caplog):
    stays = [
        {"phase": "groups", "unit": unit, "digest": "0", "question": f"{decisions.OF_UNDONE}{night}", "state": "undone",
         "night": NIGHT, "decided": NIGHT}
        for unit, night in (("group|rename|A", NIGHT), ("group|rename|B", "2026-11-21"))
    ]  # fmt: skip
    with register_of().lease("essai") as lease:
        lease.hold(pd.DataFrame(stays).reindex(columns=list(tables.DECISIONS)).astype(tables.DECISIONS), "groups")
    triggered(release=NIGHT, reason="corrigé")
    with caplog.at_level("INFO", "ecampus"):
        tasks.release.function()
    assert caplog.messages[-1].startswith("1 changement libéré par camille : la nuit prochaine le refait")
    known = register_of().memory()["decisions"].set_index("unit")
    assert known.loc["group|rename|A", ["state", "who", "why"]].tolist() == ["approved", "camille", "corrigé"]
    assert known.loc["group|rename|B", "state"] == "undone"


def test_a_night_that_is_none_is_said_so_and_not_tried_again(triggered):
    triggered(night="hier")
    with pytest.raises(Failed, match="« hier » n'est pas une nuit"):
        tasks.preview.function()
