"""What staff read of a night that is undone, to the letter."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ecampus.changes import plan, since
from ecampus.words import undoing

NIGHT = date(2026, 11, 25)


def report(**known):
    return {"planned": {}, "counts": {}, "reason": None, "questions": [], "lost": [], "held": 0, "failed": 0} | known


def test_what_it_would_do_and_what_does_not_come_back():
    lost = "Ne revient pas : groupe supprimé : A / G (…)."
    made = {"groups": report(planned={"group": {"rename": 2}}, lost=[lost]), "offer": report()}
    assert undoing.preview(NIGHT, made) == [
        "Annuler la nuit du 25 novembre 2026 (offre de formation, groupes) :",
        "- Groupes : 2 groupes à renommer.",
        "- Offre de formation : aucun changement.",
        lost,
    ]
    assert undoing.preview(NIGHT, {"offer": report()})[-1] == "Tout ce que cette nuit a fait revient."


def test_of_much_that_does_not_come_back_twenty_are_shown():
    lines = undoing.preview(NIGHT, {"offer": report(lost=[f"Ne revient pas : {n}." for n in range(23)])})
    assert len(lines) == 2 + 20 + 1
    assert lines[-1] == "… et 3 de plus."


def test_each_change_that_does_not_come_back_says_why():
    rows = plan.typed(pd.DataFrame([{"object": "group", "verb": "delete", "key": "A / G", "name": "TD"}]))
    (told,) = undoing.lost(since.lost(rows, "DELETED"))
    assert told == (
        "Ne revient pas : groupe supprimé : A / G « TD » (ce qui est supprimé ne revient pas ; une nuit le créera de"
        " nouveau, vide, si REFER le demande)."
    )


def test_the_question():
    assert undoing.subject(NIGHT, ["groups"], 1) == "Annuler la nuit du 25 novembre 2026 (groupes) : 1 changement"
    assert undoing.body(["Annuler :", "- Groupes : 2.", "Tout revient."], "mauvais extrait") == (
        "Raison donnée : mauvais extrait\n\nAnnuler :\n\n- Groupes : 2.\n- Tout revient.\n\n"
        "Ce qui est annulé reste annulé tant que les sources ne changent pas ou que personne ne le libère. Seul un compte"
        " qui a le droit d'agir sur les DAG peut répondre."
    )
    assert undoing.asked(True, NIGHT, "camille") == "Annulation de la nuit du 25 novembre 2026 approuvée par camille."


def test_what_was_undone_and_the_way_back():
    made = {"users": report(counts={"account": {"rename": 2}}, failed=1), "groups": report(held=3)}
    assert undoing.done(NIGHT, made) == (
        "Nuit du 25 novembre 2026 annulée (utilisateurs, groupes).\n"
        "- Utilisateurs : 2 comptes renommés. En échec : 1.\n"
        "- Groupes : aucun changement. Retenus : 3.\n"
        "Ce qui est retenu attend une décision (« make approve », ou la question de « Décisions (06h15) » dans Airflow) ; puis"
        " annuler à nouveau.\n"
        "Ce qui est annulé reste annulé tant que les sources ne changent pas ou que personne ne le libère. Le libérer :"
        " « make undo RELEASE=2026-11-25 », ou « Annuler une nuit » avec « release »."
    )


def test_what_stays_undone_and_what_is_released():
    assert undoing.stays("2026-11-25", {"groups": 12, "offer": 3}) == (
        "Nuit du 25 novembre 2026 : offre de formation 3, groupes 12. Pour les refaire : « make undo RELEASE=2026-11-25 »,"
        " ou « Annuler une nuit » avec « release »."
    )
    assert undoing.released(NIGHT, 0, "camille") == (
        "Rien de la nuit du 25 novembre 2026 n'est annulé : il n'y a rien à libérer."
    )
    assert undoing.released(NIGHT, 12, "camille") == (
        "12 changements libérés par camille : la nuit prochaine les refait si les sources les demandent encore, ou tout"
        " de suite si l'on relance les traitements."
    )
