"""``make night`` itself: a real Airflow of four processes, the sandbox, the five DAGs in order, one summary."""

import configparser
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from copies import night_command as command
from ecampus.calendar import PHASES
from ecampus.local import box, night_command
from sandbox.directory import PASSWORD
from secrets_left import files_that_tell, found_in


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


def test_a_whole_night_plays_through_airflow_and_leaves_no_process(local_night):
    command, checkout = local_night.command, local_night.checkout
    assert command.returncode == 0, command.stdout + command.stderr
    assert "les cinq traitements ont réussi." in command.stdout
    assert "Piège 5 (ecampus, cours caché)" in command.stdout
    logs = checkout / ".ecampus" / "airflow" / "logs"
    assert len(list(logs.glob("dag_id=ecampus_groups/*/task_id=wait/attempt=1.log"))) == 1
    assert processes_of(checkout) == []


@pytest.fixture(scope="module")
def secrets(local_night) -> dict[str, str]:
    """Those of the sandbox's systems, and those that Airflow made for itself."""
    data = local_night.checkout / ".ecampus"
    with closing(sqlite3.connect(data / "sandbox" / "moodle.db")) as db:
        ((token,),) = db.execute("SELECT value FROM mdl_config WHERE name = 'token'")
    made = configparser.ConfigParser(interpolation=None)
    made.read(data / "airflow" / "airflow.cfg")
    airflow = {"fernet_key": "core", "secret_key": "api", "jwt_secret": "api_auth"}
    passwords = json.loads((data / "airflow" / "passwords.json").read_text())
    found = {option: made.get(section, option) for option, section in airflow.items()}
    return {"token": token, "ldap": PASSWORD} | passwords | {name: secret for name, secret in found.items() if secret}


def test_no_secret_is_left_in_any_file_nor_was_in_the_list_of_processes(local_night, secrets):
    data, seen = local_night.checkout / ".ecampus", local_night.seen
    theirs = ("sandbox/", "airflow/airflow.cfg", "airflow/passwords.json")
    assert {"token", "ldap", "admin", "staff"} < secrets.keys()
    assert files_that_tell(data, secrets, theirs) == {}
    assert found_in("\n".join(seen.commands).encode(), secrets) == set()
    assert found_in((local_night.command.stdout + local_night.command.stderr).encode(), secrets) == set()
    assert any("api-server" in command for command in seen.commands)


def test_everything_listens_on_loopback_and_files_are_for_their_owner_alone(local_night):
    assert local_night.seen.listening == {"0100007F"}
    modes = {oct(path.stat().st_mode & 0o077) for path in (local_night.checkout / ".ecampus").rglob("*")}
    assert modes == {"0o0"}


@pytest.fixture
def started(monkeypatch, store_url) -> list[str]:
    """What the command would start or play, in its order; nothing starts."""
    begun: list[str] = []

    @contextmanager
    def starts(name: str, given: Any) -> Iterator[Any]:
        begun.append(name)
        yield given

    monkeypatch.setattr(night_command, "today", lambda: date(2026, 11, 23))
    monkeypatch.setattr("ecampus.calendar.today", lambda: date(2026, 11, 23))
    monkeypatch.setattr(night_command.services, "stop_on_signals", lambda: None)
    monkeypatch.setattr(night_command.services, "alone", lambda _environment: nullcontext())
    monkeypatch.setattr(night_command.box, "systems", lambda *_: starts("sandbox", {"SANDBOX": "oui"}))
    monkeypatch.setattr(night_command, "LocalAirflow", lambda _environment: starts("airflow", None))
    monkeypatch.setattr(night_command, "_close_interrupted", lambda *_: None)
    return begun


@pytest.mark.parametrize(("wanted", "named"), [("2026-11-20", "20 novembre 2026"), ("2026-11-22", "22 novembre 2026")])
def test_a_past_night_without_an_archive_is_refused_before_anything_starts(started, capsys, wanted, named):
    assert night_command.main(["--date", wanted]) == 2
    said = capsys.readouterr()
    assert (said.out, started) == ("", [])
    assert said.err == (
        f"La nuit du {named} ne peut pas être rejouée : le magasin n'a pas d'archive de cette nuit pour cette phase ;"
        " choisir une nuit archivée, ou laisser la date vide pour cette nuit.\n"
    )


DONE = {phase: {"state": "success"} for phase in PHASES}


@pytest.mark.parametrize(
    ("played", "reports", "expected"),
    [
        ("un cours part", DONE, ["changes", "night"]),
        (f"un cours part\n{box.POSTPONED} un cours revient", DONE, ["changes", "night", "changes", "night"]),
        (f"{box.POSTPONED} un cours revient", DONE | {"groups": {"state": "failed"}}, ["changes", "night"]),
    ],
    ids=["nothing postponed", "postponed", "failed night"],
)
def test_a_second_day_is_played_only_when_something_was_postponed(started, monkeypatch, played, reports, expected):
    def happen(name: str, answer: Any) -> Any:
        started.append(name)
        return answer

    monkeypatch.setattr(night_command.box, "play_changes", lambda: happen("changes", played))
    monkeypatch.setattr(night_command, "_phases", lambda _airflow, _night: happen("night", reports))
    assert night_command.main(["--changes", "--date", "2026-11-23"]) == (0 if reports == DONE else 1)
    assert [name for name in started if name in ("changes", "night")] == expected
