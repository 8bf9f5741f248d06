"""``make export`` and ``make erase``: whom they take, what they ask and refuse, and a real one after a night."""

from __future__ import annotations

import io
import json
import shutil
from contextlib import contextmanager
from types import SimpleNamespace

import pandas as pd
import pytest

import copies
from ecampus.calendar import today
from ecampus.local import person_command
from ecampus.orchestration import records
from ecampus.register.register import Register
from ecampus.store.files import Run, Store
from registers import sqlite_hook

PEOPLE = pd.DataFrame({"id": [42, 43], "username": ["e1", "e2"], "idnumber": ["S1", "S2"], "email": ["a@b", "c@d"]})
FRAME = "2026-11-01/users/r1/existing/users.parquet"


@pytest.fixture
def store(tmp_path, monkeypatch) -> Store:
    """A store that keeps two people, of whom the register knows the first; the command works on it."""
    hook, store = sqlite_hook(tmp_path), Store(tmp_path / "store")
    store.write_frame(FRAME, PEOPLE)
    register = Register(hook)
    register.prepare()
    with register.lease("nuit") as lease:
        lease.own("account", pd.DataFrame({"user_id": [42], "population": ["student"], "code": ["S1"]}))

    @contextmanager
    def systems():
        yield store, SimpleNamespace(enrolment_hook=lambda: hook)

    monkeypatch.setattr(person_command, "_systems", systems)
    monkeypatch.setattr(person_command, "EXPORTS", tmp_path / "exports")
    monkeypatch.setattr(person_command.services, "stop_on_signals", lambda: None)
    return store


def usernames(store: Store) -> list[str]:
    return store.read_frame(FRAME)["username"].tolist()


def test_the_export_is_a_file_for_its_owner_alone(store, tmp_path, capsys):
    assert person_command.main(["export", "S1"]) == 0
    path = tmp_path / "exports" / "S1.json"
    document = json.loads(path.read_text())
    assert document["magasin"] == {FRAME: [{"id": 42, "username": "e1", "idnumber": "S1", "email": "a@b"}]}
    assert [row["code"] for row in document["registre"]["account"]] == ["S1"]
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert capsys.readouterr().out.startswith(f"S1 (e1) : tout ce qui est gardé est dans {path}")


def test_a_name_that_leads_elsewhere_is_a_name(store, tmp_path):
    store.write_frame(FRAME, PEOPLE.assign(username=["../../x", "e2"]))
    assert person_command.main(["export", "../../x"]) == 0
    assert [path.name for path in (tmp_path / "exports").iterdir()] == ["_.._x.json"]


@pytest.mark.parametrize("answer", ["", "non", "n", "o ui"])
def test_without_a_yes_nothing_is_erased(store, monkeypatch, capsys, answer):
    asked = []
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or answer)
    assert person_command.main(["erase", "S1"]) == 2
    assert asked == ["Effacer S1 (e1) du magasin et du registre, sans retour ? [oui/non] "]
    assert capsys.readouterr().out == "Rien n'est effacé.\n"
    assert usernames(store) == ["e1", "e2"]


def test_where_nobody_can_answer_nothing_is_erased_and_it_is_said(store, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert person_command.main(["erase", "S1"]) == 2
    assert capsys.readouterr().err == (
        "\nPersonne n'est là pour répondre : lancer la commande dans un terminal, ou confirmer par CONFIRM=1.\n"
    )
    assert usernames(store) == ["e1", "e2"]


@pytest.mark.parametrize("how", [["--confirmed"], []])
def test_with_one_somebody_is(store, monkeypatch, capsys, how):
    monkeypatch.setattr("builtins.input", lambda _: "Oui")
    assert person_command.main(["erase", "e1", *how]) == 0
    assert usernames(store) == ["e2"]
    assert capsys.readouterr().out.startswith("Effacé : S1 (e1).\n")
    assert person_command.main(["erase", "e1", *how]) == 2
    assert capsys.readouterr().err == "Rien n'est gardé sur « e1 » : ni dans le magasin, ni dans le registre.\n"


def test_an_erasure_that_was_killed_is_ended_whoever_is_asked_for(store, monkeypatch, capsys):
    with monkeypatch.context() as patch:
        patch.setattr(Store, "remove", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            person_command.main(["erase", "S1", "--confirmed"])
    assert person_command.main(["erase", "S2", "--confirmed"]) == 0
    assert capsys.readouterr().out.startswith("Effacé : S1 (e1).\n")
    assert store.everything() == [FRAME]
    assert usernames(store) == ["e2"]


def test_while_a_phase_is_at_work_nothing_is_erased(store, capsys):
    run = Run(store, "offer", today(), "manual__1")
    records.begin(run)
    assert person_command.main(["erase", "S1", "--confirmed"]) == 2
    assert capsys.readouterr().err.startswith("Rien n'est effacé : « Offre de formation » est en cours (exécution man")
    records.finish(run, "success", None)
    assert person_command.main(["erase", "S1", "--confirmed"]) == 0


@pytest.mark.parametrize("act", ["export", "erase"])
def test_nobody_in_particular_is_refused(store, capsys, act):
    assert person_command.main([act, " "]) == 2
    assert capsys.readouterr().err == "Dire de qui : PERSON=22100123, son code ou son identifiant.\n"


def test_after_a_night_of_the_sandbox_a_student_is_exported_and_not_erased(local_night, tmp_path):
    data = copies.copy(tmp_path) / ".ecampus"
    shutil.copytree(local_night.checkout / ".ecampus", data, ignore=shutil.ignore_patterns("ports.json", "logs"))
    exported = copies.command(tmp_path, "person_command", "export", "22100123")
    assert exported.returncode == 0, exported.stdout + exported.stderr
    document = json.loads((data / "exports" / "22100123.json").read_text())
    assert document["personne"]["logins"] == ["e2100123"]
    assert {"account", "enrolment", "group_member"} <= document["registre"].keys()
    assert {name.split("/")[1] for name in document["magasin"]} >= {"users", "cohorts", "enrolments", "groups"}
    refused = copies.command(tmp_path, "person_command", "erase", "22100123", "--confirmed")
    assert refused.returncode == 2
    assert "Rien n'est effacé : ecampus inscrit encore cette personne" in refused.stderr
