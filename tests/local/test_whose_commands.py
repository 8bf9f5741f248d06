"""``make owned`` and ``make recover``: what is asked of them, what they print, how they end."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest

from ecampus.calendar import today
from ecampus.errors import AdoptionRefused, RecoveryRefused
from ecampus.local import owned_command, recover_command
from ecampus.night import adopting, recovering
from ecampus.orchestration import connections


@pytest.fixture(autouse=True)
def nothing_around(monkeypatch):
    """No Airflow, no sandbox: the commands alone."""
    for command in (owned_command, recover_command):
        monkeypatch.setattr(command.services, "alone", lambda _: nullcontext())
        monkeypatch.setattr(command.services, "settings", lambda _: {})
        monkeypatch.setattr(command.services, "stop_on_signals", lambda: None)
        monkeypatch.setattr(command.box, "systems", lambda: nullcontext({}))
        monkeypatch.setattr(command.getpass, "getuser", lambda: "camille")
    monkeypatch.setattr(connections, "store", lambda: "store")
    monkeypatch.setattr(connections, "freeze_text", lambda: "")
    monkeypatch.setattr(connections, "Systems", lambda: "systems")


@pytest.mark.parametrize(
    ("arguments", "decision"),
    [
        ([], adopting.Decision("", "", "camille", "", today())),
        (
            ["--adopt", "tout", "--release", "B", "--who", "dsi", "--why", "ancien script"],
            adopting.Decision("tout", "B", "dsi", "ancien script", today()),
        ),
    ],
)
def test_owned_shows_and_does_what_is_named(monkeypatch, capsys, arguments, decision):
    asked: list[Any] = []
    monkeypatch.setattr(adopting, "told", lambda *given: asked.append(given[:3]) or ["À ecampus :", "Rien d'autre."])
    assert owned_command.main(arguments) == 0
    assert asked == [(decision, "store", "systems")]
    assert capsys.readouterr().out == "À ecampus :\nRien d'autre.\n"


@pytest.mark.parametrize(
    ("arguments", "left", "code"), [([], True, 1), (["--confirmed", "--why", "x"], False, 0), ([], False, 0)]
)
def test_recover_ends_with_one_while_it_waits_for_a_confirmation(monkeypatch, capsys, arguments, left, code):
    asked: list[Any] = []
    monkeypatch.setattr(recovering, "told", lambda *given: asked.append(given[0]) or (["Dit."], left))
    assert recover_command.main(arguments) == code
    assert [(one.confirmed, one.who) for one in asked] == [("--confirmed" in arguments, "camille")]
    assert capsys.readouterr().out == "Dit.\n"


@pytest.mark.parametrize(
    ("command", "module", "error"),
    [(owned_command, adopting, AdoptionRefused), (recover_command, recovering, RecoveryRefused)],
)
def test_what_is_refused_is_one_sentence_and_two(monkeypatch, capsys, command, module, error):
    def refuse(*_: Any) -> None:
        raise error("Refusé.")

    monkeypatch.setattr(module, "told", refuse)
    assert command.main([]) == 2
    assert capsys.readouterr().err == "Refusé.\n"
