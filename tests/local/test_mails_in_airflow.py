"""Mails of a real Airflow, as a mail server receives them: once a night, and at once from each of its processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ecampus.calendar import in_french, today

RUN = Path(__file__).with_name("mailing_run.py")
TONIGHT = f"nuit du {in_french(today())}"
PAGES = "https://airflow.univ.example/plugin/ecampus"


@pytest.fixture(scope="module")
def told(local_night, tmp_path_factory) -> dict[str, Any]:
    """After a good night: what was mailed by ``ecampus_mail``, and by a run of the groups that went wrong."""
    there = tmp_path_factory.mktemp("mails") / "checkout"
    shutil.copytree(local_night.checkout, there, symlinks=True)
    shutil.rmtree(there / ".ecampus" / "airflow")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "ECAMPUS"))}
    path = f"{there / 'plugins'}:{there / 'include'}:{RUN.parents[1]}"
    ended = subprocess.run(
        [sys.executable, str(RUN)], cwd=there, env=clean | {"PYTHONPATH": path},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=400,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


def test_once_a_night_the_platform_has_its_line_and_a_composante_what_it_can_mend(told):
    line, sciences = told["once"]
    assert (line["to"], line["subject"]) == (["exploitation@univ.example"], f"[ecampus] N{TONIGHT[1:]} : bien terminée")
    assert f'<p><a href="{PAGES}/nuit">Voir</a></p>' in line["html"]
    assert sciences["to"] == ["sciences@univ.example"]
    assert sciences["subject"].startswith("[ecampus] SCIENCES : ")
    why = f'{PAGES}/pourquoi?q=22900101+L1CAS101">Pourquoi ?</a></li>'
    assert "<li>L'étudiant 22900101 a une inscription pédagogique à L1CAS101 mais n'est dans aucun de ses groupes" in sciences["html"]  # fmt: skip
    assert why in sciences["html"]
    assert f'{PAGES}/anomalies?composante=SCIENCES">Les voir toutes</a>' in sciences["html"]


def test_at_once_a_worker_the_triggerer_and_the_dag_processor_tell_the_platform(told):
    assert told["states"] == ["success", "failed"]
    mails = {mail["subject"].removeprefix("[ecampus] "): mail["html"] for mail in told["at_once"]}
    assert set(mails) == {
        f"Gel illisible, {TONIGHT}",
        f"Pas finie à 06h00 : {TONIGHT}",
        f"En échec : Groupes, {TONIGHT}",
    }
    assert "Dans REFER, la vue refer_groupe n'existe pas" in mails[f"En échec : Groupes, {TONIGHT}"]
    assert {mail["to"][0] for mail in told["at_once"]} == {"exploitation@univ.example"}
