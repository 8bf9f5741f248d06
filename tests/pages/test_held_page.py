"""«Retenus»: what a night held back, why, since when, all of it; and who decided what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from campus import night_after
from visits import visit

from ecampus.limits import Limits
from ecampus.night import approving
from ecampus.orchestration.approval import asked
from ecampus.pages.asking import Asking, Task
from ecampus.store.files import Store

LEFT = ["L1CAS101", "L1CAS102", "L1CAS103"]


def held(campus):
    """A night after which three elements of one composante have left REFER: two courses a composante may go, no more."""
    campus = replace(campus, limits=Limits())
    campus.refer("DELETE FROM refer_element WHERE code IN ('L1CAS101', 'L1CAS102', 'L1CAS103')")
    campus.play("offer", "suivante", night_after(1))
    return campus


def test_nothing_waits_where_there_is_no_register(tmp_path):
    assert visit(Store(tmp_path)).reads("retenus") == ["Retenus", "Rien n'attend de décision."]


def test_a_question_says_why_since_when_and_the_list(campus):
    campus = held(campus)
    clerk = visit(campus.store, lambda: campus.register)
    words = clerk.reads("retenus")
    assert words[0] == "1 question attend une réponse."
    assert words[2] == "Offre de formation : 3 cours à archiver (composante SCIENCES)"
    assert words[3].startswith("Retenu depuis le 24 novembre 2026 : 3 cours à archiver (composante SCIENCES)")
    assert "depuis la nuit du 24 novembre 2026" in words
    lines = words[words.index("La liste") + 1 :]
    assert [line.partition(" - ")[0] for line in lines if " - " in line] == [
        f"Cours à archiver : {code}" for code in LEFT
    ]
    assert "Retenus 3" in clerk.reads("retenus", "nav")
    tonight = clerk.reads("nuit")
    assert "À décider" in tonight
    assert words[3] in tonight


def test_who_may_not_answer_is_told_whom_to_ask_and_is_led_nowhere(campus):
    campus = held(campus)
    clerk = visit(campus.store, lambda: campus.register)
    assert "Votre compte ne permet pas de répondre : le demander à qui le peut (pôle plateforme)." in clerk.reads(
        "retenus"
    )
    assert 'class="button' not in clerk.get("retenus").text


def test_who_may_answer_is_led_to_the_very_question_that_airflow_asks(campus):
    campus = held(campus)
    (question,) = approving.questions(campus.register, campus.store)
    task = Task("manual__2026-11-24T06:15:00+00:00", "ask", 0, "awaiting_input", asked(question)["body"], False)
    engineer = visit(campus.store, lambda: campus.register, asking=Asking(True, [task]), may_answer=True)
    there = "/dags/ecampus_approve/runs/manual__2026-11-24T06%3A15%3A00%2B00%3A00/tasks/ask/mapped/0/required_actions"
    assert f'href="{there}" data-outside>Décider' in engineer.get("retenus").text


def test_who_decided_what_stays(campus):
    campus = held(campus)
    (asked,) = approving.questions(campus.register, campus.store)
    approving.answer(campus.register, asked, True, date(2026, 11, 24), "camille", "départ connu")
    words = visit(campus.store, lambda: campus.register).reads("retenus")
    assert words[0] == "Rien n'attend de décision."
    assert words[-4:] == [
        "Approuvé",
        f"Offre de formation : 3 changements ({asked.name})",
        "camille",
        "départ connu",
    ]
