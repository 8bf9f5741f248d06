"""A held night in a real Airflow: asked, refused to who only sees, answered, done, and the next night is quiet."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest
from answering import CHANGED

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


def changed(checkout: Path) -> tuple[int, int]:
    """How many courses are archived, and have another name."""
    ((archived,),), ((renamed,),) = (asked(checkout, sql) for sql in CHANGED.values())
    return archived, renamed


def answered(checkout: Path, phases: Iterable[str], *mornings: str) -> tuple[list[dict], dict[str, dict]]:
    """``ecampus_approve`` in a real Airflow, once a word: the questions that speak of it are refused; then a night."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "ECAMPUS"))}
    ended = subprocess.run(
        [sys.executable, str(ANSWERING), " ".join(phases), *mornings],
        cwd=checkout, env=clean | {"PYTHONPATH": f"{checkout / 'plugins'}:{checkout / 'include'}"},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=500,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    found = json.loads(ended.stdout.splitlines()[-1])
    return found["mornings"], found["night"]


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
    assert changed(checkout) == (0, 0)
    return checkout


def test_it_is_asked_in_airflow_no_changes_nothing_yes_does_it_and_the_next_night_is_quiet(held):
    shown = copies.command(held, "approve_command")
    assert shown.returncode == 1
    assert "1. Retenu depuis le" in shown.stdout
    assert "2. Retenu depuis le" in shown.stdout
    assert "Cours à archiver : L1CAS101" in shown.stdout
    assert "Sans réponse : " in shown.stdout

    (no, yes), night = answered(held, ["offer"], "", "à renommer")
    assert (no["staff"], no["state"], no["archived"], no["renamed"]) == (403, "success", 0, 0)
    assert len(no["questions"]) == 2
    assert no["tasks"] == [
        ["apply", "skipped"],
        *([name, "success"] for name in ("approved", "ask", "ask", "questions")),
    ]

    assert yes["questions"] == no["questions"]
    offer = next(question for question in yes["questions"] if "à archiver" in question["subject"])
    assert offer["subject"].startswith(
        "Offre de formation : 3 cours à archiver (composante SCIENCES) (depuis la nuit du "
    )
    assert offer["options"] == ["Faire : 3 cours à archiver (composante SCIENCES)", "Ne rien faire", "Plus tard"]
    assert offer["body"].startswith("Retenu depuis le")
    assert (yes["staff"], yes["state"], yes["archived"], yes["renamed"]) == (403, "success", 3, 0)
    assert {state for _, state in yes["tasks"]} == {"success"}

    assert night == {"offer": {"state": "success", "counts": {}}}
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
    assert changed(checkout) == (0, 0)

    (yes,), night = answered(checkout, ["offer"], "à refuser")
    (whole,) = yes["questions"]
    assert whole["subject"].startswith("Première nuit avec d'autres systèmes")
    assert whole["options"] == ["Ouvrir la nuit suivante", "Ne rien écrire", "Plus tard"]
    assert (yes["staff"], yes["state"], yes["archived"]) == (403, "success", 0)
    assert ["apply", "skipped"] in yes["tasks"]

    assert (night["offer"]["state"], night["offer"]["counts"]["course"]) == ("success", {"archive": 3})
    assert changed(checkout) == (3, 0)
