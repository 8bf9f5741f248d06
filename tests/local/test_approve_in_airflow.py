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

GONE = "DELETE FROM refer_element WHERE code IN ('L1CAS101', 'L1CAS102', 'L1CAS103')"
RENAMED = "UPDATE refer_element SET libelle = 'autre nom' WHERE code LIKE 'LMA%' OR code LIKE 'L2%' OR code LIKE 'L3%'"
ANSWERING = Path(__file__).with_name("answering.py")


def asked(checkout: Path, sql: str) -> list[tuple]:
    """What Moodle's own tables say."""
    with closing(sqlite3.connect(checkout / ".ecampus" / "sandbox" / "moodle.db")) as db:
        return db.execute(sql).fetchall()


def change(checkout: Path, base: str, sql: str) -> None:
    """One statement, in one database of the sandbox."""
    with closing(sqlite3.connect(checkout / ".ecampus" / "sandbox" / f"{base}.db")) as db:
        db.execute(sql)
        db.commit()


def archived(checkout: Path) -> int:
    ((number,),) = asked(checkout, "SELECT COUNT(*) FROM mdl_course WHERE idnumber LIKE 'ex!_L1CAS10%' ESCAPE '!'")
    return number


def renamed(checkout: Path) -> int:
    ((number,),) = asked(checkout, "SELECT COUNT(*) FROM mdl_course WHERE fullname LIKE '%autre nom%'")
    return number


def answered(checkout: Path, refused: str = "") -> dict:
    """``ecampus_approve`` in a real Airflow, every question approved but for those that speak of ``refused``."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "ECAMPUS"))}
    ended = subprocess.run(
        [sys.executable, str(ANSWERING), refused],
        cwd=checkout, env=clean | {"PYTHONPATH": f"{checkout / 'plugins'}:{checkout / 'include'}"},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=400,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def held(local_night, tmp_path_factory) -> Path:
    """The night after three elements left REFER and many took another name: their courses are held."""
    checkout = tmp_path_factory.mktemp("held") / "checkout"
    shutil.copytree(local_night.checkout, checkout, symlinks=True)
    shutil.rmtree(checkout / ".ecampus" / "airflow")
    change(checkout, "refer", GONE)
    change(checkout, "refer", RENAMED)
    night = copies.night_command(checkout)
    assert night.returncode == 0, night.stdout + night.stderr
    assert "En attente d'une décision" in night.stdout
    assert (archived(checkout), renamed(checkout)) == (0, 0)
    return checkout


def test_it_is_asked_in_airflow_no_changes_nothing_yes_does_it_and_the_next_night_is_quiet(held):
    shown = copies.command(held, "approve_command")
    assert shown.returncode == 1
    assert "1. Retenu depuis le" in shown.stdout
    assert "2. Retenu depuis le" in shown.stdout
    assert "Cours à archiver : L1CAS101" in shown.stdout
    assert "Sans réponse : " in shown.stdout

    yes = answered(held, refused="à renommer")
    offer = next(question for question in yes["questions"] if "à archiver" in question["subject"])
    assert offer["subject"].startswith("Offre de formation")
    assert offer["options"] == [
        "Faire : 3 cours à archiver (composante SCIENCES)", "Ne rien faire", "Plus tard",
    ]  # fmt: skip
    assert offer["body"].startswith("Retenu depuis le")
    assert yes["staff"] == 403
    assert yes["state"] == "success", yes
    assert {state for _, state in yes["tasks"]} == {"success"}
    assert (archived(held), renamed(held)) == (3, 0)

    quiet = copies.command(held, "approve_command")
    assert (quiet.returncode, quiet.stdout.strip().splitlines()[-1]) == (0, "Rien n'attend de décision.")


def test_a_night_on_other_systems_writes_nothing_before_airflows_question_is_answered(local_night, tmp_path):
    checkout = tmp_path / "checkout"
    shutil.copytree(local_night.checkout, checkout, symlinks=True)
    shutil.rmtree(checkout / ".ecampus" / "airflow")
    change(checkout, "moodle", "UPDATE mdl_config SET value = 'https://moodle.univ.fr' WHERE name = 'siteurl'")
    change(checkout, "refer", GONE)
    waits = copies.night_command(checkout)
    assert waits.returncode == 0, waits.stdout + waits.stderr
    assert "Première nuit avec d'autres systèmes (REFER : " in waits.stdout
    assert "aucune écriture (prévu : archivés 3" in waits.stdout
    assert archived(checkout) == 0

    yes = answered(checkout)
    (whole,) = yes["questions"]
    assert whole["subject"].startswith("Première nuit avec d'autres systèmes")
    assert whole["options"] == ["Ouvrir la nuit suivante", "Ne rien écrire", "Plus tard"]
    assert (yes["staff"], yes["state"]) == (403, "success")
    assert ["apply", "skipped"] in yes["tasks"]
    assert archived(checkout) == 0

    night = copies.night_command(checkout)
    assert night.returncode == 0, night.stdout + night.stderr
    assert archived(checkout) == 3
