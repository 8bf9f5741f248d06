"""``make history`` says what it made, and waits for the runs that are at work."""

from __future__ import annotations

import shutil

import pytest

import copies
from chronicle import content, kept, reported
from ecampus.calendar import today
from ecampus.local import history_command
from ecampus.orchestration import connections, records
from ecampus.store.files import Run, Store


@pytest.fixture
def store(tmp_path, monkeypatch) -> Store:
    found = Store(tmp_path / "store")
    monkeypatch.setattr(connections, "store", lambda: found)
    monkeypatch.setattr(history_command.services, "stop_on_signals", lambda: None)
    monkeypatch.setattr(history_command.services, "settings", lambda port: {"AIRFLOW_HOME": str(tmp_path / "airflow")})
    return found


def test_without_any_run_there_is_nothing_to_make(store, capsys):
    assert history_command.main([]) == 0
    assert capsys.readouterr().out == "Historique refait : le magasin n'a aucune exécution terminée.\n"


def test_it_is_made_anew_from_the_folders_of_the_nights(store, capsys):
    kept(store)
    before = content(store)
    shutil.rmtree(store.root / "history")
    reported(store, run_id="autre", only_approved=True)
    assert history_command.main([]) == 0
    assert capsys.readouterr().out == "Historique refait : 2 exécutions.\n"
    assert set(before["runs"]) < set(content(store)["runs"])


def test_while_a_phase_is_at_work_it_waits(store, capsys):
    records.begin(Run(store, "offer", today(), "manual__1"))
    assert history_command.main([]) == 2
    assert capsys.readouterr().err == (
        "L'historique n'est pas refait : « Offre de formation » est en cours (exécution manual__1) ; attendre sa fin, puis"
        " relancer.\n"
    )


def test_after_a_night_of_the_sandbox_it_is_what_the_night_wrote(local_night, tmp_path):
    data = copies.copy(tmp_path) / ".ecampus"
    shutil.copytree(local_night.checkout / ".ecampus", data, ignore=shutil.ignore_patterns("ports.json", "logs"))
    before = content(Store(data / "store"))
    made = copies.command(tmp_path, "history_command")
    assert made.stdout == f"Historique refait : {len(before['runs'])} exécutions.\n", made.stdout + made.stderr
    assert content(Store(data / "store")) == before
