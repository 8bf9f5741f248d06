"""Held nights in a real Airflow: asked, refused to who only sees, answered, done, and the next night is quiet."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import copies

WAY_OUT = "Décider : « make approve », ou la question de « Décisions (06h15) » dans Airflow."
ANSWERING = Path(__file__).with_name("answering.py")
STEPS = [
    ("refer", "DELETE FROM refer_element WHERE code IN ('L1CAS101', 'L1CAS102', 'L1CAS103')"),
    ("refer", "UPDATE refer_element SET libelle = 'autre nom' WHERE code LIKE 'LMA%' OR code LIKE 'L2%' OR code LIKE 'L3%'"),
    ("phase", "offer"),
    ("approve", ""),
    ("morning", ""),
    ("enrolments", "UPDATE ecampus_decision SET state = 'asked', decided = NULL, who = NULL, why = NULL"),
    ("morning", "à renommer"),
    ("phase", "offer"),
    ("moodle", "UPDATE mdl_config SET value = 'https://moodle.univ.fr' WHERE name = 'siteurl'"),
    ("enrolments", "UPDATE ecampus_site SET setting = 'ailleurs' WHERE name = 'refer'"),
    ("refer", "DELETE FROM refer_element WHERE code IN ('L1CAS104', 'L1CAS105')"),
    ("phase", "offer"),
    ("morning", "à refuser"),
    ("phase", "offer"),
]  # fmt: skip
"""Three elements leave REFER, many take another name: no to all, then as if nobody had answered yes to what leaves; then
it is no sandbox and REFER is elsewhere, and two elements more leave."""


@pytest.fixture(scope="module")
def checkout(local_night, tmp_path_factory) -> Path:
    """After a good night."""
    there = tmp_path_factory.mktemp("held") / "checkout"
    shutil.copytree(local_night.checkout, there, symlinks=True)
    shutil.rmtree(there / ".ecampus" / "airflow")
    return there


@pytest.fixture(scope="module")
def told(checkout) -> dict[str, list[Any]]:
    """What the phases and the mornings gave, played in a real Airflow."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "ECAMPUS"))}
    ended = subprocess.run(
        [sys.executable, str(ANSWERING), json.dumps(STEPS)],
        cwd=checkout, env=clean | {"PYTHONPATH": f"{checkout / 'plugins'}:{checkout / 'include'}"},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=800,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    given = list(zip(STEPS, json.loads(ended.stdout.splitlines()[-1]), strict=True))
    return {kind: [found for (what, _), found in given if what == kind] for kind in ("phase", "approve", "morning")}


def changed(step: dict[str, Any]) -> tuple[int, int]:
    """How many courses were archived, and had another name, once the step was played."""
    return step["archived"], step["renamed"]


def test_what_is_too_much_is_held_and_asked_once_the_night_is_over(told):
    held, (no, yes, _) = told["phase"][0], told["morning"]
    assert (held["state"], changed(held), len(held["questions"])) == ("success", (0, 0), 2)
    assert len(no["questions"]) == 2
    assert yes["questions"] == no["questions"]
    offer = next(question for question in yes["questions"] if "à archiver" in question["subject"])
    assert offer["subject"].startswith(
        "Offre de formation : 3 cours à archiver (composante SCIENCES) (depuis la nuit du "
    )
    assert offer["options"] == ["Faire : 3 cours à archiver (composante SCIENCES)", "Ne rien faire", "Plus tard"]
    assert offer["body"].startswith("Retenu depuis le")


def test_make_night_ends_with_what_is_held_and_make_approve_shows_it(told):
    held, (shown,) = told["phase"][0]["told"].splitlines(), told["approve"]
    offer = next(line for line in held if "Offre de formation" in line)
    assert "aucune écriture (prévu : renommés 13, archivés 3, " in offer
    assert "  réussi, 20 retenus    lus " in offer
    assert offer.endswith(", en échec 0")
    waiting = held[held.index("En attente d'une décision") + 1 :]
    assert [line.endswith(WAY_OUT) for line in waiting[:3]] == [True, True, False]
    lines = shown["shown"].splitlines()
    assert [line[:2] for line in lines if line[:2] in ("1.", "2.", "3.")] == ["1.", "2."]
    assert lines[2].startswith("    Cours à archiver : L1CAS101 - ")
    assert lines[-1] == 'Sans réponse : 2. Répondre par make approve ANSWER="1=oui 2=non" WHY="…".'
    assert (shown["left"], *changed(shown)) == (1, 0, 0)


def test_no_changes_nothing(told):
    no, _, _ = told["morning"]
    assert (no["state"], *changed(no)) == ("success", 0, 0)
    assert no["tasks"] == [
        ["apply", "skipped"],
        *([name, "success"] for name in ("approved", "ask", "ask", "questions")),
    ]


def test_yes_does_it_and_the_next_night_is_quiet(told):
    yes, quiet = told["morning"][1], told["phase"][1]
    assert (yes["state"], *changed(yes)) == ("success", 3, 0)
    assert {state for _, state in yes["tasks"]} == {"success"}
    assert (quiet["state"], quiet["counts"], *changed(quiet)) == ("success", {}, 3, 0)


def test_who_only_sees_answers_nothing(told):
    assert [morning["staff"] for morning in told["morning"]] == [403, 403, 403]


def test_a_night_on_other_systems_writes_nothing_before_airflows_question_is_answered(told, checkout):
    (*_, waits, done), (*_, yes) = told["phase"], told["morning"]
    assert waits["reason"].startswith("Première nuit avec d'autres systèmes (")
    assert changed(waits) == (3, 0)
    whole = next(question for question in yes["questions"] if question["subject"].startswith("Première nuit"))
    assert whole["subject"].startswith("Première nuit avec d'autres systèmes")
    assert whole["options"] == ["Ouvrir la nuit suivante", "Ne rien écrire", "Plus tard"]
    assert (yes["state"], *changed(yes)) == ("success", 3, 0)
    assert ["apply", "skipped"] in yes["tasks"]
    assert (done["state"], done["counts"]["course"], *changed(done)) == ("success", {"archive": 2}, 5, 0)
    quiet = copies.command(checkout, "approve_command")
    assert (quiet.returncode, quiet.stdout.strip().splitlines()[-1]) == (0, "Rien n'attend de décision.")
