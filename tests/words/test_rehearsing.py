"""What staff read of a rehearsal, by exact string."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from ecampus.calendar import PHASES
from ecampus.changes import plan
from ecampus.words import rehearsing

FOUR = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
NIGHT = date(2026, 11, 24)
PLACE = "/nuits/rehearsals/une/report.html"


def report(**other: Any) -> dict[str, Any]:
    made = {"state": "success", "reason": rehearsing.NOTHING, "unchanged": 1640, "waiting": 0, "anomalies": {}}
    return made | {"planned": {}, "held": 0, "fallen": [], "questions": []} | other


def document(frozen: str | None = None, waits: str | None = None, **reports: dict[str, Any]) -> dict[str, Any]:
    return rehearsing.document(NIGHT, FOUR, frozen, waits, reports, PLACE)


def test_a_rehearsal_is_told_phase_by_phase_with_what_does_not_change():
    made = document(
        users=report(planned={"account": {"create": 3}}, anomalies={"COMPTE_AMBIGU": 2}),
        cohorts=report(),
        offer=report(planned={"course": {"create": 1, "archive": 12}}),
        enrolments=report(anomalies={"TELE_SANS_CEMU": 1, "COMPTE_AMBIGU": 1}),
        groups=report(planned={"group_member": {"add": 1}}, waiting=2),
    )
    assert rehearsing.summary(made).replace("\u00a0", "~").splitlines() == [
        "Voilà ce que la nuit du 24 novembre 2026 ferait avec les données du 23 novembre 2026 à 16h00.",
        "Utilisateurs : 3 comptes à créer. Inchangés : 1~640.",
        "Cohortes : aucun changement. Inchangés : 1~640.",
        "Offre de formation : 1 cours à créer, 12 cours à archiver. Inchangés : 1~640.",
        "Inscriptions : aucun changement. Inchangés : 1~640.",
        "Groupes : 1 membre de groupe à ajouter. Inchangés : 1~640. En attente d'inscription : 2.",
        "Anomalies : COMPTE_AMBIGU 3, TELE_SANS_CEMU 1.",
        "Rien n'est écrit dans ecampus.",
        f"Rapport complet : {PLACE}",
    ]


FELL = "La vue refer_element a perdu 12 de ses 64 lignes : ce qui en dépend est retenu, le reste continue."
HELD = "Serait retenu : 12 cours à archiver (composante UFR3) : 12 en sept nuits sur 64 cours, la limite est de 2 % et de 40."


def test_what_would_be_held_is_not_told_as_done_and_each_question_follows_its_phase():
    offer = report(planned={"course": {"create": 1, "archive": 12}}, held=12, fallen=[FELL], questions=[HELD])
    made = document(users=report(), cohorts=report(), offer=offer, enrolments=report(), groups=report())
    assert rehearsing.summary(made).replace("\u00a0", "~").splitlines()[2:7] == [
        "Cohortes : aucun changement. Inchangés : 1~640.",
        "Offre de formation : 1 cours à créer, 12 cours à archiver, dont 12 changements retenus. Inchangés : 1~640.",
        FELL,
        HELD,
        "Inscriptions : aucun changement. Inchangés : 1~640.",
    ]
    rows = pd.DataFrame({"key": ["L1", "L2"]})
    archived = plan.changes("course", "archive", rows, key="key", name="key", after={"idnumber": "key"})
    archived["held"] = pd.Series(["archive_course/UFR3", None], dtype="str")
    pages = {phase: f"2026-11-24/{phase}/une/report.html" for phase in PHASES}
    page = rehearsing.page(made, dict.fromkeys(PHASES, plan.empty()) | {"offer": archived}, pages)
    assert f'<p class="failed">{HELD}</p>' in page
    assert "<li>Cours à archiver : L1 (devient L1) <em>(retenu)</em></li>" in page
    assert "<li>Cours à archiver : L2 (devient L2)</li>" in page


def test_a_phase_that_would_be_refused_ends_it_and_says_why():
    reason = "La vue refer_groupe est vide."
    refused = report(state="failed", reason=reason, planned=None, unchanged=None, waiting=None, anomalies=None)
    made = document(users=report(), cohorts=report(), offer=refused)
    assert (made["state"], made["reason"]) == ("failed", f"La nuit s'arrêterait à « Offre de formation ». {reason}")
    assert rehearsing.summary(made).splitlines()[1:7] == [
        "La nuit s'arrêterait à « Offre de formation ». La vue refer_groupe est vide.",
        "Utilisateurs : aucun changement. Inchangés : 1\u00a0640.",
        "Cohortes : aucun changement. Inchangés : 1\u00a0640.",
        "Offre de formation : non calculé.",
        "Inscriptions : pas atteint.",
        "Groupes : pas atteint.",
    ]


def test_a_night_that_will_be_frozen_is_told_as_what_the_thaw_would_do():
    frozen = "Gel jusqu'au 1er décembre 2026 inclus : rien n'est écrit dans ecampus avant le 2 décembre 2026."
    assert rehearsing.title(document(frozen)) == (
        "Voilà ce que le dégel ferait avec les données du 23 novembre 2026 à 16h00 ; la nuit du 24 novembre 2026"
        " n'écrirait rien. Gel jusqu'au 1er décembre 2026 inclus : rien n'est écrit dans ecampus avant le"
        " 2 décembre 2026."
    )


def test_the_page_lists_the_changes_and_leads_to_the_report_of_each_phase():
    rows = pd.DataFrame({"key": ["L1<1>"]})
    created = plan.changes("course", "create", rows, key="key", name="key", after={"category_code": "key"})
    made = document(users=report(), offer=report(planned={"course": {"create": 1}}))
    plans = {"users": plan.empty(), "offer": created}
    page = rehearsing.page(made, plans, {phase: f"2026-11-24/{phase}/une/report.html" for phase in PHASES})
    assert "<li>Cours à créer : L1&lt;1&gt; (catégorie L1&lt;1&gt;)</li>" in page
    assert '<a href="2026-11-24/offer/une/report.html">Anomalies et détail</a>' in page
    assert "<h2>Groupes</h2>" not in page
    assert "Rien n'est écrit dans ecampus." in page.replace("&#39;", "'")


def test_a_night_that_waits_to_be_approved_as_a_whole_says_so():
    assert rehearsing.title(document(waits="Première nuit sur ce Moodle : rien n'est écrit.")) == (
        "Voilà ce que la nuit du 24 novembre 2026 ferait avec les données du 23 novembre 2026 à 16h00, une fois"
        " approuvée. Première nuit sur ce Moodle : rien n'est écrit."
    )


def test_a_forecast_is_what_the_other_phases_would_hold_then_what_would_stop_the_night():
    offer, own = report(held=12, fallen=[FELL], questions=[HELD]), report(held=1, questions=["Serait retenu : moi."])
    refused = report(state="failed", reason="ADE ne répond pas.", planned=None)
    waits = "Sortie du gel : rien n'est écrit."
    made = document(waits=waits, users=own, cohorts=report(), offer=offer, enrolments=refused)
    assert rehearsing.forecast(made, "users") == [
        f"Prévision, offre de formation. {FELL}",
        f"Prévision, offre de formation. {HELD}",
        "Prévision. Sortie du gel : rien n'est écrit.",
        "Prévision. La nuit s'arrêterait à « Inscriptions ». ADE ne répond pas.",
    ]
    assert rehearsing.forecast(document(users=own, cohorts=report()), "users") == []
    assert rehearsing.unforeseen("ADE ne répond pas.") == (
        "La nuit n'a pas pu être prévue, elle se fait sans prévision. ADE ne répond pas."
    )
