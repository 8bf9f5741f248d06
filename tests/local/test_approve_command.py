"""``make approve``: what it shows, what the answers given or typed become, how it ends."""

from __future__ import annotations

import io
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from ecampus.calendar import in_french, today
from ecampus.errors import AnswerRefused
from ecampus.local import approve_command
from ecampus.night import approving
from ecampus.orchestration import connections
from ecampus.register.register import Register
from ecampus.store.files import Store
from registers import hold, said, sqlite_hook

SHOWN = (
    "\n1. Offre de formation : 2 changements retenus (archive_course) ; le magasin des nuits ne les montre plus.\n"
    "    A\n    B\n",
    "\n2. Offre de formation : 1 changement retenu (rename_course) ; le magasin des nuits ne les montre plus.\n    C\n",
)
NOBODY = ("asked", None, None)


def noted() -> str:
    return (
        f"\nNoté le {in_french(today())}. Ce qui est approuvé se fera la nuit prochaine, ou tout de suite si l'on relance le"
        " traitement (« make night », ou dans Airflow avec « approved »).\n"
    )


def unanswered(number: int) -> str:
    return f'Sans réponse : {number}. Répondre par make approve ANSWER="1=oui 2=non" WHY="…".\n'


@pytest.fixture
def register(monkeypatch, tmp_path) -> Register:
    """No Airflow, no sandbox, nobody at the keyboard: a register in which a night held two questions."""
    hook = sqlite_hook(tmp_path)
    register = Register(hook)
    register.prepare()
    hold(register, archive_course=["A", "B"], rename_course=["C"])
    monkeypatch.setattr(approve_command.services, "alone", lambda _: nullcontext())
    monkeypatch.setattr(approve_command.services, "settings", lambda _: {})
    monkeypatch.setattr(approve_command.services, "stop_on_signals", lambda: None)
    monkeypatch.setattr(approve_command.box, "systems", lambda: nullcontext({}))
    monkeypatch.setattr(approve_command.getpass, "getuser", lambda: "camille")
    monkeypatch.setattr(connections, "store", lambda: Store(tmp_path / "store"))
    monkeypatch.setattr(connections, "Systems", lambda: SimpleNamespace(enrolment_hook=lambda: hook))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return register


def at_the_keyboard(monkeypatch, *typed: str) -> list[str]:
    """Somebody types these; what was asked."""
    answers, prompts = iter(typed), []
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("builtins.input", lambda prompt: prompts.append(prompt) or next(answers))
    return prompts


def test_without_an_answer_it_shows_and_writes_nothing(register, capsys):
    assert approve_command.main([]) == 1
    assert capsys.readouterr().out == f"{SHOWN[0]}{SHOWN[1]}\n{unanswered(2)}"
    assert said(register) == dict.fromkeys("ABC", NOBODY)


def test_each_answer_is_about_the_question_of_that_number_with_who_and_why(register, capsys):
    assert approve_command.main(["--answer", "2=non 1=OUI", "--who", "dsi", "--why", "fin de la maquette"]) == 0
    assert capsys.readouterr().out == (f"{SHOWN[0]}  Approuvé par dsi : 2.\n{SHOWN[1]}  Refusé par dsi : 1.\n{noted()}")
    refused, approved = ((state, "dsi", "fin de la maquette") for state in ("refused", "approved"))
    assert said(register) == {"A": approved, "B": approved, "C": refused}
    assert approve_command.main([]) == 0
    assert capsys.readouterr().out == "Rien n'attend de décision.\n"


def test_what_is_not_answered_still_waits(register, capsys):
    assert approve_command.main(["--answer", "1=oui"]) == 1
    assert capsys.readouterr().out.endswith(f"{SHOWN[1]}{noted()}{unanswered(1)}")
    assert said(register) == {"A": ("approved", "camille", ""), "B": ("approved", "camille", ""), "C": NOBODY}


@pytest.mark.parametrize("word", ["3=oui", "0=oui", "1=peut-être", "oui", "1:oui", "1="])
def test_what_is_no_answer_is_refused_before_anything_is_written(register, capsys, word):
    assert approve_command.main(["--answer", f"1=oui {word}"]) == 2
    assert capsys.readouterr().err == (
        f"« {word} » n'est pas une réponse : écrire le numéro d'une question, de 1 à 2, et oui ou non, par exemple make"
        ' approve ANSWER="1=oui 2=non".\n'
    )
    assert said(register) == dict.fromkeys("ABC", NOBODY)


def test_at_the_keyboard_each_question_is_asked_and_an_empty_line_is_later(register, monkeypatch):
    prompts = at_the_keyboard(monkeypatch, "", " Oui ")
    assert approve_command.main([]) == 1
    assert prompts == ["  Appliquer ces changements ? (oui / non / plus tard) "] * 2
    assert said(register) == {"A": NOBODY, "B": NOBODY, "C": ("approved", "camille", "")}


def test_what_is_answered_on_the_command_line_is_not_asked_at_the_keyboard(register, monkeypatch):
    prompts = at_the_keyboard(monkeypatch)
    assert approve_command.main(["--answer", "1=non"]) == 1
    assert prompts == []


def test_a_change_of_code_says_what_each_answer_means(register, monkeypatch, capsys):
    hold(register, **{"recode_course/A/N": ["A"]})
    prompts = at_the_keyboard(monkeypatch, "non")
    assert approve_command.main([]) == 0
    assert prompts == ["  Est-ce le même cours ? (oui / non / plus tard) "]
    assert "    oui : C'est le même cours ; non : Ce sont deux cours\n" in capsys.readouterr().out
    assert said(register) == {"A": ("refused", "camille", "")}


def test_what_is_no_longer_what_was_shown_is_one_sentence_and_two(register, monkeypatch, capsys):
    def refuse(*_) -> int:
        raise AnswerRefused("Refusé.")

    monkeypatch.setattr(approving, "answer", refuse)
    assert approve_command.main(["--answer", "1=oui"]) == 2
    assert capsys.readouterr().err == "Refusé.\n"
