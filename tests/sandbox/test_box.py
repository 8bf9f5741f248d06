"""The sandbox as a whole, from Python and from the command line."""

import json
import os
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import ldap3
import pytest

import sandbox
from sandbox.__main__ import main
from sandbox.box import open_box
from sandbox.university.cases.accounts import UID_TAKEN

INCLUDE = Path(str(sandbox.__file__)).parents[1]
VARIABLES = ["AIRFLOW_CONN_REFER", "AIRFLOW_CONN_LDAP", "AIRFLOW_CONN_MOODLE", "AIRFLOW_CONN_ENROLMENT_DB"]


def serve(data: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "sandbox", "serve", "--data", str(data), "--size", "1"]
    environment = os.environ | {"PYTHONPATH": str(INCLUDE)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def connections(process: "subprocess.Popen[str]") -> dict[str, str]:
    assert process.stdout
    return dict(shlex.split(process.stdout.readline())[0].split("=", 1) for _ in VARIABLES)


def test_a_box_gives_four_connections_that_answer(tmp_path: Path) -> None:
    with open_box(tmp_path, size=1, today=date(2026, 11, 23)) as box:
        assert list(box.connections) == VARIABLES
        refer, directory, moodle, enrolments = (json.loads(value) for value in box.connections.values())
        with closing(sqlite3.connect(refer["host"])) as db:
            assert db.execute("SELECT COUNT(*) FROM refer_element").fetchone()[0] > 40
        with closing(sqlite3.connect(enrolments["host"])) as db:
            assert db.execute("SELECT course_idnumber, username, role FROM enrolments").fetchall() == []
        there = ldap3.Server(directory["host"], port=directory["port"])
        assert ldap3.Connection(there, directory["login"], directory["password"]).bind()
        assert moodle == {
            "conn_type": "http",
            "host": box.moodle.url,
            "password": box.moodle.token,
            "extra": {},
        }


def test_what_people_made_by_hand_is_there_once(tmp_path: Path) -> None:
    for _ in range(2):
        with open_box(tmp_path, size=0, today=date(2026, 11, 23)) as box:
            taken = box.moodle.db.all("SELECT auth FROM mdl_user WHERE username = ?", (UID_TAKEN,))
            assert [row["auth"] for row in taken] == ["manual"]


def test_a_box_opened_again_keeps_its_data_and_its_connections(tmp_path: Path) -> None:
    with open_box(tmp_path, size=0, today=date(2026, 11, 23)) as box:
        before = box.connections
    refer = (tmp_path / "refer.db").read_bytes()
    with open_box(tmp_path, size=5, today=date(2026, 11, 24)) as box:
        assert box.connections == before
    assert (tmp_path / "refer.db").read_bytes() == refer


def test_a_box_made_for_other_tables_is_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_box(tmp_path, size=1) as box:
        box.moodle.db.run("UPDATE mdl_config SET value = 'ancien' WHERE name = 'sandbox_schema'")
    assert main(["serve", "--data", str(tmp_path)]) == 1
    assert capsys.readouterr().err == (
        f"Le bac à sable de {tmp_path} date d'une autre version d'ecampus : l'effacer par « make clean », puis"
        " relancer, qui en refait un.\n"
    )


def test_a_box_keeps_the_moodle_that_it_was_made_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_box(tmp_path, size=0, today=date(2026, 11, 23), release="5.1"):
        pass
    with open_box(tmp_path) as box:
        assert box.moodle.db.release.branch == "5.1"
    assert main(["serve", "--data", str(tmp_path), "--moodle", "4.5"]) == 1
    assert capsys.readouterr().err == (
        f"Le bac à sable de {tmp_path} est un Moodle 5.1, pas 4.5 : relancer avec MOODLE=5.1 pour le garder, ou"
        " l'effacer par « make clean », puis relancer, qui en refait un.\n"
    )


def test_a_moodle_that_the_box_cannot_play_is_refused_before_it_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--data", str(tmp_path), "--moodle", "6.0"]) == 1
    assert capsys.readouterr().err == "Le bac à sable sait jouer Moodle 4.5 et 5.1, pas 6.0.\n"
    assert not (tmp_path / "moodle.db").exists()


def test_a_port_that_is_taken_is_replaced_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        (tmp_path / "ports.json").write_text(json.dumps({"directory": taken}))
        with open_box(tmp_path, size=0, today=date(2026, 11, 23)) as box:
            assert box.directory.port != taken
    assert f"Le port {taken} (directory) est pris" in caplog.text
    assert json.loads((tmp_path / "ports.json").read_text())["directory"] == box.directory.port


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_prints_its_connections_and_stops_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    process = serve(tmp_path)
    try:
        assert list(connections(process)) == VARIABLES
        process.send_signal(number)
        _, said = process.communicate(timeout=10)
    finally:
        process.kill()
    assert process.returncode == 0
    assert said.endswith("Bac à sable arrêté ; ses données restent.\n")


def test_a_day_of_changes_is_told_in_french(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_box(tmp_path, size=20, today=date(2026, 11, 23)):
        assert main(["changes", "--data", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "- Un nouvel enseignant, " in told
    assert "- pas encore : une personne qui revient dans LDAP (compte réactivé)" in told


def test_changes_without_a_university_are_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["changes", "--data", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"Pas d'université dans {tmp_path} : lancez d'abord « make sandbox ».\n"
