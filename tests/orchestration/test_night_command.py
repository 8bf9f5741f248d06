"""``make night`` itself: a real Airflow of four processes, the sandbox, the five DAGs in order, one summary."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, "-m", "ecampus.orchestration.night_command"]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """A copy of the project, so that the data of this one are left alone."""
    here = tmp_path_factory.mktemp("checkout")
    for folder in ("dags", "plugins", "include"):
        shutil.copytree(ROOT / folder, here / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return here


def command(checkout: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "ECAMPUS"))}
    environment = clean | {"PYTHONPATH": "plugins:include"} | more
    return subprocess.run(
        [*PROGRAM, *arguments], cwd=checkout, env=environment, capture_output=True, text=True, check=False, timeout=400
    )


def processes_of(checkout: Path) -> list[str]:
    """Processes that run in the checkout."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve() == checkout:
                found.append((process / "cmdline").read_text())
        except OSError:
            continue
    return found


def test_some_connections_but_not_all_are_refused_in_one_line(checkout):
    refused = command(checkout, AIRFLOW_CONN_REFER='{"conn_type": "sqlite", "host": "/refer.db"}')
    assert refused.returncode == 2
    assert refused.stderr.strip().splitlines()[-1].startswith("Connexions manquantes : « ldap »")


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ("hier", "La nuit demandée, « hier », n'est pas une date : l'écrire comme 2026-11-20."),
        ("2999-01-01", "La nuit du 1er janvier 2999 n'est pas encore venue"),
    ],
)
def test_a_date_that_cannot_be_played_is_refused_in_one_line(checkout, wanted, sentence):
    refused = command(checkout, "--date", wanted)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith(sentence)
    assert len(refused.stderr.splitlines()) == 1


def test_a_whole_night_plays_through_airflow_and_leaves_no_process(checkout):
    night = command(checkout, "--size", "3")
    assert night.returncode == 0, night.stdout + night.stderr
    assert "les cinq traitements ont réussi." in night.stdout
    assert "Piège 5 (ecampus, cours caché)" in night.stdout
    logs = checkout / ".ecampus" / "airflow" / "logs"
    assert len(list(logs.glob("dag_id=ecampus_groups/*/task_id=wait/attempt=1.log"))) == 1
    assert processes_of(checkout) == []
