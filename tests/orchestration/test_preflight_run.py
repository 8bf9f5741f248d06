"""``ecampus_check`` run by Airflow itself, on the sandbox: its log is the table, one ✗ turns it red."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator

import pytest

from sandbox.box import Box, open_box
from university import NIGHT

IN_CLEAR = "L'annuaire LDAP"
"""What is told of a directory without TLS, as the sandbox's."""
pytestmark = pytest.mark.usefixtures("airflow_database")


@pytest.fixture(scope="module")
def box(tmp_path_factory) -> Iterator[Box]:
    with open_box(tmp_path_factory.mktemp("box"), size=2, today=NIGHT, sync_every=None) as box:
        yield box


@pytest.fixture(scope="module")
def dag():
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"]).dags["ecampus_check"]


@pytest.fixture
def run(box, dag, store_url, monkeypatch, caplog):
    """The state of a run, and the lines of its log by level."""
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_ANNEE", "2026")
    for name, connection in box.connections.items():
        monkeypatch.setenv(name, connection)
    caplog.set_level("INFO", "ecampus")

    def go():
        caplog.clear()
        done = dag.test(logical_date=None)
        lines = [(one.levelno, one.getMessage()) for one in caplog.records if one.name == "ecampus"]
        return done.state, lines

    return go


def test_a_sandbox_that_is_ready_is_green_and_says_so(run, box):
    state, lines = run()
    assert state == "success"
    assert lines[-1] == (logging.INFO, "Tout est en place : 42 points vérifiés.")
    assert {level for level, line in lines if not line.startswith(IN_CLEAR)} == {logging.INFO}
    assert not [line for _, line in lines if box.moodle.token in line or box.directory.password in line]


def test_what_is_to_be_mended_is_an_error_of_the_log_and_turns_it_red(run, box, monkeypatch):
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_KEEP_EXTRACTS", "6")
    box.moodle.withdraw("core_group_create_groups")
    state, lines = run()
    box.moodle.offer("core_group_create_groups")
    assert state == "failed"
    errors = [line for level, line in lines if level == logging.ERROR]
    assert [line.split()[:2] for line in errors[:2]] == [["✗", "ecampus_keep_*"], ["✗", "core_group_create_groups"]]
    assert errors[-1] == (
        "2 points à corriger avant la nuit : Réglages, ecampus_keep_* ; Moodle, core_group_create_groups."
    )


def test_a_freeze_is_a_warning_of_the_log_and_stays_green(run, monkeypatch):
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_FREEZE", "true")
    state, lines = run()
    assert state == "success"
    told = [line for level, line in lines if level == logging.WARNING and not line.startswith(IN_CLEAR)]
    assert [line.split()[:2] for line in told] == [["!", "ecampus_freeze"]]
    assert lines[-1][1] == "Rien n'empêche la nuit : 41 points vérifiés, 1 avertissement."


def test_a_file_of_sqlite_that_is_not_there_is_told_and_not_made(run, monkeypatch, tmp_path):
    for name in ("refer", "enrolment_db"):
        where = json.dumps({"conn_type": "sqlite", "host": str(tmp_path / f"{name}.db")})
        monkeypatch.setenv(f"AIRFLOW_CONN_{name.upper()}", where)
    state, lines = run()
    assert state == "failed"
    for name in ("refer", "enrolment_db"):
        path = tmp_path / f"{name}.db"
        told = f"« {name} » nomme le fichier {path}, qui n'existe pas : corriger la connexion, ou faire ce fichier."
        assert [line for _, line in lines if line.endswith(told)]
        assert not path.exists()
