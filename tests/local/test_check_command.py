"""``make check``: the sandbox for a newcomer, real systems where one connection is there; how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from copies import copy
from ecampus.errors import SettingUnreadable
from ecampus.local import box, check_command, preparation
from ecampus.local.place import CommandImpossible
from ecampus.night.preflight.inspection import Inspection
from ecampus.orchestration.connections import Systems
from ecampus.words.findings import BAD, GOOD, WARNING, Finding


def command(checkout: Path) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "ECAMPUS"))}
    program = [sys.executable, "-m", "ecampus.local.check_command"]
    environment = clean | {"PYTHONPATH": "plugins:include"}
    return subprocess.run(
        program, cwd=checkout, env=environment, capture_output=True, text=True, check=False, timeout=200
    )


def test_a_newcomer_sees_a_table_of_good_signs(tmp_path):
    checkout = copy(tmp_path / "checkout")
    done = command(checkout)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Installation vérifiée : le bac à sable\n\nRéglages\n  ✓ ecampus_annee ")
    assert done.stdout.endswith("\n\nTout est en place : 42 points vérifiés.\n")
    assert not [line for line in done.stdout.splitlines() if line.startswith(("  ✗", "  !", "  –"))]
    assert not (checkout / ".ecampus" / "store").exists()


@pytest.mark.usefixtures("airflow_database")
def test_the_connections_and_variables_that_airflow_keeps_are_found(monkeypatch):
    from airflow.models.connection import Connection
    from airflow.utils.session import create_session

    with create_session() as session:
        session.add(Connection(conn_id="refer", conn_type="sqlite", host="/gardée/refer.db"))
    monkeypatch.setenv("_AIRFLOW_PROCESS_CONTEXT", "")
    try:
        with pytest.raises(SettingUnreadable):
            Systems().refer_hook()
        preparation.see_what_airflow_keeps()
        assert Systems().refer_hook().get_connection("refer").host == "/gardée/refer.db"
    finally:
        with create_session() as session:
            session.query(Connection).filter_by(conn_id="refer").delete()


@pytest.fixture
def found(monkeypatch, tmp_path):
    """``found(signs, sandbox)``: what the command would find."""
    monkeypatch.setattr(check_command.services, "stop_on_signals", lambda: None)
    monkeypatch.setattr(check_command.services, "alone", lambda _environment: nullcontext())

    def finds(*signs: str, sandbox: bool = True) -> None:
        @contextmanager
        def systems(partly: bool) -> Iterator[dict[str, str]]:
            assert partly
            yield {"ECAMPUS_TRIED": "oui"} if sandbox else {}

        monkeypatch.setenv("ECAMPUS_TRIED", "")
        monkeypatch.setattr(check_command.box, "systems", systems)
        seen = Inspection([Finding("REFER", f"vue {n}", sign, "…") for n, sign in enumerate(signs)], ["une note"])
        monkeypatch.setattr(check_command, "_inspected", lambda: seen)

    return finds


@pytest.mark.parametrize(
    ("signs", "code", "last"),
    [
        ([GOOD], 0, "Tout est en place : 1 point vérifié."),
        ([GOOD, WARNING], 0, "Rien n'empêche la nuit : 1 point vérifié, 1 avertissement."),
        ([GOOD, BAD], 1, "1 point à corriger avant la nuit : REFER, vue 1."),
    ],
)
def test_it_ends_with_1_when_something_is_to_be_mended(found, capsys, signs, code, last):
    found(*signs, sandbox=False)
    assert check_command.main() == code
    said = capsys.readouterr()
    assert said.out.splitlines()[0] == "Installation vérifiée : les systèmes réels"
    assert said.out.splitlines()[-4:] == ["À savoir", "  une note", "", last]


def test_it_ends_with_2_and_one_line_when_it_cannot_do_its_job(monkeypatch, capsys, found):
    found(GOOD)

    def busy(_environment):
        raise CommandImpossible("Une autre commande utilise déjà .ecampus : attendre sa fin, ou l'arrêter.")

    monkeypatch.setattr(check_command.services, "alone", busy)
    assert check_command.main() == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "Une autre commande utilise déjà .ecampus : attendre sa fin, ou l'arrêter.\n")


@pytest.mark.parametrize(("known", "partly", "used"), [([], True, "sandbox"), (["refer"], True, "real"), (["refer"], False, None)])  # fmt: skip
def test_some_connections_are_enough_for_who_writes_nothing(monkeypatch, known, partly, used):
    monkeypatch.setattr(preparation, "prepare_database", lambda: None)
    monkeypatch.setattr(preparation, "known_connections", lambda _: known)
    monkeypatch.setattr(preparation, "known_year", lambda: True)
    monkeypatch.setattr(box, "sandbox", lambda *_: nullcontext({"SANDBOX": "oui"}))
    if used is None:
        with pytest.raises(CommandImpossible), box.systems(partly=partly):
            pass
        return
    with box.systems(partly=partly) as found:
        assert found == ({"SANDBOX": "oui", box.AWAKE: "False"} if used == "sandbox" else {})
