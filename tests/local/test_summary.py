"""The summary of ``make night``, to the letter."""

from datetime import date

import pytest

from ecampus.calendar import PHASES, Freeze, why_read_only
from ecampus.local.summary import succeeded, summary

NIGHT = date(2026, 11, 23)
TRAPS = {"IP_SANS_GROUPE": (1,), "DISTANCE_PORTE_SEUL": (2, 3), "COURS_CACHE": (5,), "CODE_PRIS": ()}


def text(sentence: str) -> str:
    """Figures are written with no-break spaces."""
    return sentence.replace("~", "\u00a0")


def report(
    phase,
    read=0,
    unchanged=0,
    counts=None,
    planned=None,
    anomalies=None,
    state="success",
    reason=None,
    failed=0,
    left=None,
    held=0,
    questions=(),
    replay=False,
):
    return {
        "phase": phase, "night": "2026-11-23", "state": state, "reason": reason, "read": read,
        "unchanged": unchanged, "failed": failed, "counts": counts or {}, "planned": planned or {},
        "left": left or {}, "held": held, "replay": replay, "questions": list(questions), "fallen": [], "anomalies": anomalies or {},
        "report": f"/nuits/{phase}/report.html",
    }  # fmt: skip


def test_a_good_night():
    reports = {
        "users": report("users", 12345, 12000, {"account": {"create": 300, "suspend": 40, "rename": 5}}),
        "cohorts": report("cohorts", 20, 20),
        "offer": report(
            "offer", 90, 80,
            {"category": {"create": 1, "move": 1}, "course": {"archive": 2, "restore": 1, "create": 5}},
            anomalies={"IP_SANS_GROUPE": 3, "COURS_CACHE": 2, "CODE_PRIS": 1},
        ),
        "enrolments": report("enrolments", 500, 480, {"enrolment": {"enrol": 15, "unenrol": 5}}, failed=1),
        "groups": report("groups", 60, 60, anomalies={"DISTANCE_PORTE_SEUL": 1, "IP_SANS_GROUPE": 1000}),
    }  # fmt: skip
    assert succeeded(reports)
    assert summary(NIGHT, reports, TRAPS) == text(
        """\
Nuit du 23 novembre 2026 : les cinq traitements ont réussi.

  Utilisateurs        réussi    lus 12~345, inchangés 12~000, créés 300, renommés 5, suspendus 40, en échec 0
  Cohortes            réussi    lus 20, inchangés 20, aucune écriture, en échec 0
  Offre de formation  réussi    lus 90, inchangés 80, créés 6, déplacés 1, archivés 2, restaurés 1, en échec 0
  Inscriptions        réussi    lus 500, inchangés 480, inscrits 15, désinscrits 5, en échec 1
  Groupes             réussi    lus 60, inchangés 60, aucune écriture, en échec 0

Anomalies
  Piège 1 (Apogée, groupe) : IP_SANS_GROUPE 1~003
  Piège 2 (Apogée, statut à distance) : DISTANCE_PORTE_SEUL 1
  Piège 3 (Apogée, porteur / porté) : aucune
  Piège 4 (ADE) : aucune
  Piège 5 (ecampus, cours caché) : COURS_CACHE 2
  Autres : CODE_PRIS 1

Rapports complets
  Utilisateurs        /nuits/users/report.html
  Cohortes            /nuits/cohorts/report.html
  Offre de formation  /nuits/offer/report.html
  Inscriptions        /nuits/enrolments/report.html
  Groupes             /nuits/groups/report.html"""
    )


def test_a_phase_that_failed_and_one_that_left_no_report():
    reports = {name: report(name, 1, 1) for name in ("users", "cohorts", "offer", "enrolments")}
    reports["enrolments"] = report("enrolments", state="failed", reason="La table est verrouillée.")
    assert not succeeded(reports)
    told = summary(NIGHT, reports, TRAPS).splitlines()
    assert told[0] == "Nuit du 23 novembre 2026 : en échec : « Inscriptions », « Groupes »."
    assert told[5:8] == [
        "  Inscriptions        échec          lus 0, inchangés 0, aucune écriture, en échec 0",
        "                      La table est verrouillée.",
        "  Groupes             non calculé    aucun rapport : voir les journaux de « 5. Groupes (05h00) » dans Airflow",
    ]


def test_a_frozen_night_shows_what_would_change():
    frozen = report("offer", 90, 80, planned={"course": {"create": 10}}, reason="Gel sans date de fin.")
    told = summary(NIGHT, {name: report(name, 1, 1) for name in PHASES} | {"offer": frozen}, TRAPS).splitlines()
    assert told[0] == "Nuit du 23 novembre 2026 : aucun échec ; gelé : « Offre de formation »."
    assert told[4:6] == [
        "  Offre de formation  gelé      lus 90, inchangés 80, aucune écriture (prévu : créés 10), en échec 0",
        "                      Gel sans date de fin.",
    ]


def test_what_was_not_computed_is_said_so_and_is_never_none():
    reports = {name: report(name, 1, 1) for name in ("users", "cohorts", "offer")}
    reports["offer"]["anomalies"] = {"CODE_PRIS": 2}
    lost = report("enrolments", state="failed", reason="Moodle répond une erreur 500.")
    reports["enrolments"] = lost | {"read": None, "unchanged": None, "planned": None, "anomalies": None}
    told = summary(NIGHT, reports, TRAPS).splitlines()
    assert told[5:7] == [
        "  Inscriptions        échec          lus non calculés, inchangés non calculés, aucune écriture, en échec 0",
        "                      Moodle répond une erreur 500.",
    ]
    assert told[9:17] == [
        "Anomalies",
        "  Piège 1 (Apogée, groupe) : aucune connue",
        "  Piège 2 (Apogée, statut à distance) : aucune connue",
        "  Piège 3 (Apogée, porteur / porté) : aucune connue",
        "  Piège 4 (ADE) : aucune connue",
        "  Piège 5 (ecampus, cours caché) : aucune connue",
        "  Autres : CODE_PRIS 2",
        "  Non calculées : « Inscriptions », « Groupes »",
    ]


def test_a_night_of_which_nothing_was_computed_has_no_anomalies_to_count():
    told = summary(NIGHT, {}, TRAPS).splitlines()
    assert "  Piège 4 (ADE) : non calculées" in told
    assert not any("aucune" in line for line in told[9:16])


def test_a_freeze_that_began_on_the_way_is_neither_a_success_nor_a_failure():
    reports = {name: report(name, 1, 1) for name in ("users", "cohorts", "offer", "enrolments", "groups")}
    reports["offer"] = report(
        "offer", 90, 80, {"course": {"rename": 50}}, {"course": {"rename": 62}}, state="stopped",
        reason="Gelé après 50 changements.", left={"course": {"rename": 12}},
    )  # fmt: skip
    told = summary(NIGHT, reports, TRAPS).splitlines()
    assert succeeded(reports)
    assert told[0] == ("Nuit du 23 novembre 2026 : aucun échec ; gelé en route : « Offre de formation ».")
    assert told[4:6] == [
        "  Offre de formation  gelé en route    lus 90, inchangés 80, renommés 50, en échec 0, reste à faire : renommés 12",
        "                      Gelé après 50 changements.",
    ]


def test_what_waits_for_a_decision_is_told_before_the_anomalies():
    told = "Retenu depuis le 23 novembre 2026 : 12 cours à archiver. Décider : « make approve »."
    held = report("offer", 90, 80, planned={"course": {"archive": 12}}, held=12, questions=[told])
    shown = summary(date(2026, 11, 23), {"offer": held}, {}).splitlines()
    line = "réussi, 12 retenus    lus 90, inchangés 80, aucune écriture (prévu : archivés 12), en échec 0"
    assert shown[4] == f"  Offre de formation  {line}"
    assert shown[shown.index("En attente d'une décision") + 1] == f"  {told}"


@pytest.mark.parametrize(
    ("reason", "replay", "told"),
    [
        (Freeze.parse("true").reason(NIGHT), False, "gelé, pour les cinq traitements."),
        (why_read_only(NIGHT, date(2026, 11, 24), "manual"), True, "rejoué, pour les cinq traitements."),
    ],
)
def test_a_night_that_wrote_nothing_is_not_said_to_have_succeeded(reason, replay, told):
    reports = {name: report(name, 1, 1, reason=reason, replay=replay) for name in PHASES}
    assert succeeded(reports)
    assert summary(NIGHT, reports, TRAPS).splitlines()[0] == f"Nuit du 23 novembre 2026 : {told}"
