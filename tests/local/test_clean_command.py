"""``make clean`` deletes what is the sandbox's, and never what is not."""

import fcntl
import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ecampus.local import clean_command
from ecampus.local.place import CommandImpossible
from ecampus.store.files import REHEARSALS
from sandbox.moodle.install import SITE_URL

BY_HAND = "rien n'est effacé ; le déplacer hors de .ecampus, ou l'effacer à la main."
PORT = 40123


@pytest.fixture
def data(tmp_path) -> Path:
    """What the commands leave: a sandbox, a local Airflow, and the nights of the sandbox."""
    data = tmp_path / ".ecampus"
    write(data / "sandbox" / "ports.json", {"moodle": PORT, "directory": 1})
    write(data / "airflow" / "airflow.cfg", "")
    write(data / "store" / "site.json", {"siteurl": SITE_URL})
    night(data / "store", f"http://127.0.0.1:{PORT}")
    return data


def write(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def night(store: Path, moodle: str | None, run: str = "manual__1") -> None:
    write(store / "2026-11-23" / "users" / run / "run.json", {"moodle": moodle})


def rehearsal(store: Path, moodle: str | None) -> None:
    """What ``make rehearsal``, or the preview of an undo, leaves beside the nights."""
    night(store / REHEARSALS / "manual__1", moodle, "repetition")


def refused(data: Path) -> str:
    """Why nothing is deleted, which is looked at too."""
    before = sorted(data.rglob("*"))
    with pytest.raises(CommandImpossible) as refusal:
        clean_command.clear(data)
    assert sorted(data.rglob("*")) == before
    return str(refusal.value)


def test_the_sandbox_its_airflow_and_its_nights_go(data):
    assert clean_command.clear(data) == []
    assert not data.exists()


def test_nothing_there_is_nothing_to_do(tmp_path):
    assert clean_command.clear(tmp_path / ".ecampus") == []


def test_the_name_of_the_sandbox_is_the_one_it_gives_itself():
    assert clean_command.SANDBOX == SITE_URL


def test_a_store_that_names_a_real_moodle_is_refused(data):
    write(data / "store" / "site.json", {"siteurl": "https://ecampus.univ.fr"})
    assert refused(data) == (
        f"Le magasin « .ecampus/store » est celui de https://ecampus.univ.fr, pas du bac à sable : {BY_HAND}"
    )


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '"x"', "3"])
def test_a_store_whose_name_nobody_can_read_is_refused(data, content):
    write(data / "store" / "site.json", content)
    assert refused(data) == (
        f"Le fichier « .ecampus/store/site.json », qui dit à quel Moodle est ce magasin, est illisible : {BY_HAND}"
    )


@pytest.mark.parametrize("named", [True, False])
def test_nights_of_a_real_moodle_in_the_store_are_refused(data, named):
    if not named:
        (data / "store" / "site.json").unlink()
    night(data / "store", "https://ecampus.univ.fr", "manual__2")
    assert refused(data) == (
        f"Le magasin « .ecampus/store » a des nuits de https://ecampus.univ.fr, pas du bac à sable : {BY_HAND}"
    )


def test_a_first_night_that_was_killed_before_the_store_had_a_name_is_the_sandboxs(data):
    (data / "store" / "site.json").unlink()
    assert clean_command.clear(data) == []


def test_a_moodle_of_this_machine_that_is_not_the_sandbox_is_refused(data):
    (data / "store" / "site.json").unlink()
    night(data / "store", "http://localhost:8080", "manual__2")
    assert "a des nuits de http://localhost:8080, pas du bac à sable" in refused(data)


def test_rehearsals_are_in_the_folder_that_is_judged_with_its_nights():
    assert clean_command.REHEARSALS == REHEARSALS


@pytest.mark.parametrize("moodle", [f"http://127.0.0.1:{PORT}", None], ids=["now", "an older version"])
def test_a_rehearsal_of_the_sandbox_goes_with_its_nights(data, moodle):
    rehearsal(data / "store", moodle)
    assert clean_command.clear(data) == []


def test_a_rehearsal_before_any_night_says_itself_whose_it_is(data):
    shutil.rmtree(data / "store")
    rehearsal(data / "store", f"http://127.0.0.1:{PORT}")
    assert clean_command.clear(data) == []


@pytest.mark.parametrize("place", ["store", "sandbox/nuits"])
def test_a_rehearsal_on_a_real_moodle_is_refused_beside_nights_of_the_sandbox(data, place):
    rehearsal(data / place, "https://ecampus.univ.fr")
    assert refused(data) == (
        f"Le magasin « .ecampus/{place} » a des nuits de https://ecampus.univ.fr, pas du bac à sable : {BY_HAND}"
    )


def test_a_rehearsal_alone_that_does_not_say_it_is_refused(data):
    shutil.rmtree(data / "store")
    rehearsal(data / "store", None)
    assert refused(data) == f"Rien ne dit que le magasin « .ecampus/store » est du bac à sable : {BY_HAND}"


def test_a_sandbox_that_had_to_take_another_port_is_still_the_sandbox(data):
    night(data / "store", "http://127.0.0.1:40999", "manual__2")
    assert clean_command.clear(data) == []


def test_a_store_of_which_nothing_says_whose_it_is_is_refused(data):
    shutil.rmtree(data / "store")
    write(data / "store" / "owned" / "course.parquet", "")
    assert refused(data) == f"Rien ne dit que le magasin « .ecampus/store » est du bac à sable : {BY_HAND}"


@pytest.mark.parametrize("place", ["airflow/ecampus", "sandbox/nuits", "store/ancien"])
def test_a_real_store_that_somebody_put_inside_is_refused(data, place):
    write(data / place / "site.json", {"siteurl": "https://ecampus.univ.fr"})
    assert refused(data).startswith(f"Le magasin « .ecampus/{place} » est celui de https://ecampus.univ.fr")


def test_a_store_that_the_environment_puts_inside_is_judged_too(data, monkeypatch):
    monkeypatch.setenv("ECAMPUS_STORE", f"file://{data / 'sandbox' / 'nuits'}")
    write(data / "sandbox" / "nuits" / "owned" / "course.parquet", "")
    assert "Rien ne dit que le magasin « .ecampus/sandbox/nuits »" in refused(data)


def test_what_lies_beside_is_left_and_told(data, monkeypatch, capsys):
    kept = write(data / "ancien" / "site.json", {"siteurl": "https://ecampus.univ.fr"})
    monkeypatch.setattr(clean_command, "DATA", data)
    assert clean_command.main() == 0
    assert [path.name for path in data.iterdir()] == ["ancien"]
    assert kept.exists()
    assert capsys.readouterr().out == "Laissé dans .ecampus, car ce n'est pas au bac à sable : ancien.\n"


@pytest.mark.parametrize("name", ["store", "airflow", "sandbox"])
def test_a_link_is_refused_and_what_it_leads_to_is_left(data, tmp_path, name):
    (data / name).rename(tmp_path / "ailleurs")
    (data / name).symlink_to(tmp_path / "ailleurs")
    assert refused(data) == f"« .ecampus/{name} » est un lien vers {tmp_path / 'ailleurs'} : {BY_HAND}"


def test_a_link_in_place_of_the_whole_is_refused(data, tmp_path):
    data.rename(tmp_path / "ailleurs")
    data.symlink_to(tmp_path / "ailleurs")
    assert refused(data).startswith("« .ecampus » est un lien vers ")


def test_links_inside_are_deleted_and_not_followed(data, tmp_path):
    real = write(tmp_path / "reel" / "site.json", {"siteurl": "https://ecampus.univ.fr"})
    (data / "airflow" / "ecampus").symlink_to(real.parent)
    assert clean_command.clear(data) == []
    assert real.exists()


def airflow_keeping(data: Path, *names: str) -> None:
    with closing(sqlite3.connect(data / "airflow" / "airflow.db")) as db, db:
        db.execute("CREATE TABLE connection (conn_id TEXT)")
        db.executemany("INSERT INTO connection VALUES (?)", [(name,) for name in names])


def test_a_local_airflow_that_keeps_real_connections_is_refused(data):
    airflow_keeping(data, "moodle", "refer", "autre")
    assert refused(data) == (
        "L'Airflow local garde de vraies connexions (« refer », « moodle ») : rien n'est effacé ; les supprimer dans"
        " Airflow (Admin › Connexions), ou effacer .ecampus à la main."
    )


@pytest.mark.parametrize("content", [None, "", "illisible"])
def test_a_local_airflow_without_connections_goes(data, content):
    if content is None:
        airflow_keeping(data, "autre")
    else:
        write(data / "airflow" / "airflow.db", content)
    assert clean_command.clear(data) == []


def test_while_a_command_works_nothing_is_deleted(data):
    with write(data / "airflow" / "command.lock", "").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert refused(data) == (
            "Une autre commande utilise .ecampus : rien n'est effacé ; attendre sa fin, ou l'arrêter."
        )


@pytest.fixture
def project(data) -> Path:
    """A clone without an environment."""
    root = Path(__file__).parents[2]
    shutil.copy(root / "Makefile", data.parent)
    shutil.copytree(root / "plugins", data.parent / "plugins", ignore=shutil.ignore_patterns("__pycache__"))
    (data.parent / ".ruff_cache").mkdir()
    return data.parent


def make(project: Path, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    command = ["make", "--no-print-directory", "clean", f"PYTHON={python}"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False, timeout=60)


def test_make_clean_works_without_an_environment(project):
    done = make(project)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [path.name for path in project.iterdir() if path.name.startswith(".")] == []


def test_make_clean_that_is_refused_deletes_nothing_at_all(project):
    write(project / ".ecampus" / "store" / "site.json", {"siteurl": "https://ecampus.univ.fr"})
    done = make(project)
    assert done.returncode == 2
    assert done.stderr.startswith("Le magasin « .ecampus/store » est celui de https://ecampus.univ.fr")
    assert (project / ".ecampus" / "store").exists()
    assert (project / ".ruff_cache").exists()


def test_make_clean_without_python_says_so_and_deletes_nothing(project):
    done = make(project, "python-absent")
    assert done.returncode == 2
    assert done.stderr.startswith("Il manque Python 3.11 ou plus : rien n'est effacé.")
    assert (project / ".ecampus").exists()
