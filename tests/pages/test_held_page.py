"""«Retenus»: what a night held back, why, since when, all of it; and who decided what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from campus import night_after
from visits import visit

from ecampus.limits import Limits
from ecampus.night import approving
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


def test_a_question_says_why_since_when_the_list_and_leads_to_airflows(campus):
    campus = held(campus)
    clerk = visit(campus.store, lambda: campus.register)
    words, text = clerk.reads("retenus"), clerk.get("retenus").text
    assert words[0] == "1 question attend une réponse."
    assert words[2] == "Offre de formation : 3 cours à archiver (composante SCIENCES)"
    assert words[3].startswith("Retenu depuis le 24 novembre 2026 : 3 cours à archiver (composante SCIENCES)")
    assert "depuis la nuit du 24 novembre 2026" in words
    lines = words[words.index("La liste") + 1 :]
    assert [line.partition(" - ")[0] for line in lines if " - " in line] == [
        f"Cours à archiver : {code}" for code in LEFT
    ]
    assert 'href="/required_actions?response_received=false" data-outside' in text
    assert "Retenus 3" in clerk.reads("retenus", "nav")
    tonight = clerk.reads("nuit")
    assert "À décider" in tonight
    assert words[3] in tonight


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
