"""``make watch``: one sentence and how serious it is, outside the Airflow that it watches."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

import copies
from ecampus.calendar import PHASES, in_french, today
from ecampus.local import watch_command
from ecampus.orchestration import connections, records
from ecampus.register import tables
from ecampus.register.register import Register
from ecampus.store.files import Run
from ecampus.store.opening import Opening, keep
from ecampus.words import watching
from registers import sqlite_hook

NIGHT = today()
SEVEN = datetime.combine(NIGHT, datetime.min.time(), UTC) + timedelta(hours=8)
NOTHING = ": regarder si l'ordonnanceur d'Airflow tourne, et si les cinq DAG ne sont pas en pause."


@pytest.fixture(autouse=True)
def site(monkeypatch, tmp_path, store_url, airflow_database) -> Register:
    """An empty store, and a register that was never made."""
    monkeypatch.setenv("_AIRFLOW_PROCESS_CONTEXT", "")
    monkeypatch.setattr(watch_command, "SANDBOX", tmp_path / "none.db")
    there = {"conn_type": "sqlite", "host": str(tmp_path / "enrolments.db")}
    monkeypatch.setenv("AIRFLOW_CONN_ENROLMENT_DB", json.dumps(there))
    return Register(sqlite_hook(tmp_path))


def run(phase: str) -> Run:
    return Run(connections.store(), phase, NIGHT, "scheduled__1")


def played(freeze: str = "", reason: str | None = None) -> None:
    """A night that ended."""
    for phase in PHASES:
        keep(run(phase), Opening(NIGHT, "frozen" if reason else "live", reason, freeze))
        records.finish(run(phase), "success", reason)


def test_a_good_night_is_0():
    played()
    code, sentence = watch_command.told(SEVEN)
    assert (code, sentence.partition(" à ")[0]) == (0, f"La nuit du {in_french(NIGHT)} s'est bien terminée")


def test_when_nothing_ran_it_says_so_and_needs_no_register(monkeypatch):
    monkeypatch.delenv("AIRFLOW_CONN_ENROLMENT_DB")
    assert watch_command.told(SEVEN) == (2, f"Rien n'a commencé la nuit du {in_french(NIGHT)} {NOTHING}")


def test_a_freeze_is_0_and_one_that_nobody_can_read_is_2():
    played("true", "Gel sans date de fin (variable ecampus_freeze) : rien n'est écrit dans ecampus.")
    assert watch_command.told(SEVEN)[0] == 0
    played("oui", "Gel par précaution.")
    code, sentence = watch_command.told(SEVEN)
    assert code == 2
    assert sentence.startswith("Gel par précaution : la variable ecampus_freeze vaut « oui »")


def test_a_phase_that_failed_is_2():
    played()
    records.finish(run("groups"), "failed", "Moodle ne répond pas.")
    code, sentence = watch_command.told(SEVEN)
    assert code == 2
    assert sentence.endswith(" : Moodle ne répond pas. Pas à jour : Groupes.")


def test_what_waits_for_people_is_1_with_its_nights(site):
    played()
    site.prepare()
    since = (NIGHT - timedelta(days=2)).isoformat()
    unit = {
        "phase": "offer",
        "unit": "course/1",
        "digest": "d",
        "question": "archive_course/SCI",
        "state": "asked",
        "night": since,
    }
    with site.lease("essai") as lease:
        lease.hold(
            pd.DataFrame([unit, unit | {"unit": "course/2"}])
            .reindex(columns=list(tables.DECISIONS))
            .astype(tables.DECISIONS),
            "offer",
        )
    code, sentence = watch_command.told(SEVEN)
    assert code == 1
    assert sentence.endswith(
        " 1 question attend une réponse depuis 3 nuits : « make approve », ou la question de « Décisions (06h15) » dans Airflow."
    )


def test_a_register_that_cannot_be_found_is_2_in_one_sentence(monkeypatch):
    played()
    monkeypatch.delenv("AIRFLOW_CONN_ENROLMENT_DB")
    code, sentence = watch_command.told(SEVEN)
    assert code == 2
    assert sentence.startswith("La connexion Airflow « enrolment_db » n'est pas définie : ")


def test_the_command_prints_one_line_writes_nothing_and_asks_for_no_other_to_end(tmp_path):
    checkout = copies.copy(tmp_path / "checkout")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "ECAMPUS"))}
    command = [sys.executable, "-m", "ecampus.local.watch_command"]
    done = subprocess.run(
        command, cwd=checkout, env=clean | {"PYTHONPATH": "plugins:include"}, capture_output=True, text=True, check=False, timeout=200
    )  # fmt: skip
    night = in_french(watching.night_of(datetime.now(UTC)))
    assert (done.returncode, done.stdout) == (2, f"Rien n'a commencé la nuit du {night} {NOTHING}\n"), done.stderr
    assert not (checkout / ".ecampus" / "store").exists()
