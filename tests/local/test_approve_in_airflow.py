"""A held night in a real Airflow: asked, refused to who only sees, answered, done, and the next night is quiet."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import copies

APPLY, NOTHING = 0, 1
GONE = "DELETE FROM refer_element WHERE code IN ('L1CAS101', 'L1CAS102', 'L1CAS103')"
ANSWERING = Path(__file__).with_name("answering.py")


def asked(checkout: Path, sql: str) -> list[tuple]:
    """What Moodle's own tables say."""
    with closing(sqlite3.connect(checkout / ".ecampus" / "sandbox" / "moodle.db")) as db:
        return db.execute(sql).fetchall()


def archived(checkout: Path) -> int:
    ((number,),) = asked(checkout, "SELECT COUNT(*) FROM mdl_course WHERE idnumber LIKE 'ex!_L1CAS10%' ESCAPE '!'")
    return number


def answered(checkout: Path, option: int) -> dict:
    """``ecampus_approve`` in a real Airflow, every question answered with that option."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "ECAMPUS"))}
    ended = subprocess.run(
        [sys.executable, str(ANSWERING), str(option)],
        cwd=checkout, env=clean | {"PYTHONPATH": f"{checkout / 'plugins'}:{checkout / 'include'}"},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=400,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def held(local_night, tmp_path_factory) -> Path:
    """The night after three elements left REFER: their courses are held."""
    checkout = tmp_path_factory.mktemp("held") / "checkout"
    shutil.copytree(local_night.checkout, checkout, symlinks=True)
    shutil.rmtree(checkout / ".ecampus" / "airflow")
    with closing(sqlite3.connect(checkout / ".ecampus" / "sandbox" / "refer.db")) as refer:
        refer.execute(GONE)
        refer.commit()
    night = copies.night_command(checkout)
    assert night.returncode == 0, night.stdout + night.stderr
    assert "En attente d'une décision" in night.stdout
    assert archived(checkout) == 0
    return checkout


def test_it_is_asked_in_airflow_no_changes_nothing_yes_does_it_and_the_next_night_is_quiet(held):
    shown = copies.command(held, "approve_command")
    assert shown.returncode == 1
    assert "1. Retenu depuis le" in shown.stdout
    assert "Cours à archiver : L1CAS101" in shown.stdout
    assert "Sans réponse : " in shown.stdout

    yes = answered(held, APPLY)
    offer = next(question for question in yes["questions"] if question["subject"].startswith("Offre de formation"))
    assert offer["options"] == ["Faire : 3 cours à archiver", "Ne rien faire", "Plus tard"]
    assert offer["body"].startswith("Retenu depuis le")
    assert yes["staff"] == 403
    assert yes["state"] == "success", yes
    assert {state for _, state in yes["tasks"]} == {"success"}
    assert archived(held) == 3

    quiet = copies.command(held, "approve_command")
    assert (quiet.returncode, quiet.stdout.strip().splitlines()[-1]) == (0, "Rien n'attend de décision.")


def test_a_refusal_through_the_scheduler_applies_nothing(local_night, tmp_path):
    checkout = tmp_path / "checkout"
    shutil.copytree(local_night.checkout, checkout, symlinks=True)
    shutil.rmtree(checkout / ".ecampus" / "airflow")
    with closing(sqlite3.connect(checkout / ".ecampus" / "sandbox" / "refer.db")) as refer:
        refer.execute(GONE)
        refer.commit()
    assert copies.night_command(checkout).returncode == 0
    no = answered(checkout, NOTHING)
    assert no["state"] == "success", no
    assert ("apply", "skipped") in [tuple(task) for task in no["tasks"]]
    assert archived(checkout) == 0
