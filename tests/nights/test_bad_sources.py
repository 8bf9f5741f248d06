"""REFER and LDAP as they should not be: one sentence that names the object, nothing lost, nothing half done."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from campus import night_after
from refusals import TOMORROW, nothing_written

from ecampus.errors import ContractBroken, SourceUnreachable, TruncatedRead
from ecampus.limits import Limits, Unknown
from university import BoxSystems


@pytest.mark.parametrize(
    ("phase", "sql", "parts"),
    [
        ("offer", "DROP TABLE refer_porte", ["REFER", "la vue refer_porte n'existe pas"]),
        (
            "enrolments",
            "ALTER TABLE refer_seance_ade DROP COLUMN origine",
            ["REFER", "la vue refer_seance_ade n'a pas la colonne origine"],
        ),
        (
            "offer",
            "INSERT INTO refer_element SELECT * FROM refer_element WHERE code = 'L1CAS101'",
            ["refer_element (include/sql/refer/element.sql) a 1 clé en double dans code", "code=L1CAS101"],
        ),
        (
            "offer",
            "UPDATE refer_element SET libelle = ' ' WHERE code LIKE 'L1CAS10%'",
            [
                "refer_element (include/sql/refer/element.sql) a ",
                " lignes illisibles sur ",
                "code=L1CAS101, libelle=∅ (vide)",
            ],
        ),
    ],
)
def test_a_view_that_breaks_its_contract_stops_the_phase(campus, phase, sql, parts):
    campus.refer(sql)
    with nothing_written(campus, ContractBroken, *parts):
        campus.play(phase, "mauvaise", TOMORROW)


@pytest.mark.parametrize(
    ("phase", "sql", "told"),
    [
        (
            "offer",
            "UPDATE refer_categorie SET libelle = NULL WHERE code = 'LCAS1_1'",
            "Dans refer_categorie, la ligne code=LCAS1_1 ne peut pas être lue, libelle est vide : elle est laissée de côté et"
            " ce qu'elle désigne reste tel quel sur ecampus ; la corriger dans Apogée.",
        ),
        (
            "cohorts",
            "UPDATE refer_inscription_administrative SET tele_enseignement = 'X' WHERE code_etudiant = '22900101'",
            "Dans refer_inscription_administrative, la ligne code_etudiant=22900101, code_etape=LCAS1_1 ne peut pas être lue,"
            " tele_enseignement = « X » (ni O ni N) : elle est laissée de côté et ce qu'elle désigne reste tel quel sur"
            " ecampus ; la corriger dans Apogée.",
        ),
        (
            "enrolments",
            "UPDATE refer_seance_ade SET premiere_seance = '31/12/2026' WHERE code_activite = 'ADE900404'",
            "premiere_seance = « 31/12/2026 » (n'est pas une date AAAA-MM-JJ) : elle est laissée de côté et ce qu'elle désigne"
            " reste tel quel sur ecampus ; la corriger dans ADE.",
        ),
        (
            "groups",
            "UPDATE refer_groupe_etudiant SET code_etudiant = x'e9ff' WHERE code_groupe = 'L1CAS101-TD1'"
            " AND code_etudiant = (SELECT min(code_etudiant) FROM refer_groupe_etudiant WHERE code_groupe = 'L1CAS101-TD1')",
            None,
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_set_aside_and_the_phase_goes_on(campus, phase, sql, told):
    campus.refer(sql)
    report = campus.play(phase, "une ligne", TOMORROW)
    assert report["state"] == "success"
    found = campus.anomalies(phase).query("code == 'LIGNE_ILLISIBLE'")["sentence"].tolist()
    assert len(found) == (told is not None)
    assert all(sentence.endswith(told) for sentence in found)


def test_refer_out_of_reach(campus, monkeypatch):
    def away(_systems: BoxSystems) -> Any:
        def get_conn() -> None:
            raise sqlite3.OperationalError("unable to open database file")

        return SimpleNamespace(get_conn=get_conn)

    monkeypatch.setattr(BoxSystems, "refer_hook", away)
    with nothing_written(campus, SourceUnreachable, "REFER est injoignable", "la vue refer_categorie"):
        campus.play("offer", "mauvaise", TOMORROW)


def test_a_year_that_refer_does_not_know_takes_nothing_away_and_says_what_is_held(campus):
    campus.site["annee"], campus.limits = "2031", Limits()
    before = campus.state()
    reports = campus.night("inconnue", TOMORROW)
    assert campus.state() == before
    assert reports["offer"]["held"] > 20
    fallen = {told.partition(" a perdu")[0] for told in reports["offer"]["fallen"]}
    assert fallen == {f"La vue refer_{view}" for view in ("categorie", "element", "groupe_element", "porte")}


@pytest.mark.parametrize("phase", ["enrolments", "groups"])
def test_a_view_that_was_emptied_takes_nothing_away(campus, phase):
    campus.limits = Limits()
    before = campus.state()
    campus.refer("DELETE FROM refer_groupe")
    report = campus.play(phase, "vide", TOMORROW)
    assert campus.state() == before
    assert report["state"] == "success"
    assert report["held"] > 20
    assert "parce que la vue refer_groupe a perdu des lignes" in report["questions"][0]


def test_categories_that_come_to_contain_each_other_are_told_and_stay_where_they_are(campus):
    before = campus.state()
    campus.refer("UPDATE refer_categorie SET code_parent = 'LCAS1_1' WHERE code = 'LCAS'")
    for phase in ("offer", "enrolments", "groups"):
        assert campus.play(phase, "boucle", TOMORROW)["counts"] == {}
    assert campus.state() == before
    told = campus.anomalies("offer").set_index("code")["sentence"]
    assert (
        "Dans refer_categorie, code_parent = LCAS1_1 n'existe pas ou tourne en boucle (lignes ignorées : 1) ; corriger la donnée dans"
        " Apogée ou ADE." in set(told["REFERENCE_INCONNUE"])
    )
    assert any(sentence.startswith("L'élément L1CAS101 est rangé dans") for sentence in told["CATEGORIE_INCONNUE"])


NASTY = {
    'l\'"œuvre" d’art': 'l\'"œuvre" d’art',
    "<b>gras</b> & <script>x</script>": "‹b›gras‹/b› & ‹script›x‹/script›",
    "sport 🏃‍♀️⚖️ &amp; &lt;": "sport 🏃‍♀️⚖️ &amp; &lt;",
    "  tabulation\tet\r\nretour  ": "tabulation et retour",
    "son\x07nette\x00\x1b[0m\u202e\u200b": "sonnette[0m",
}


def test_labels_of_every_kind_arrive_clean_and_the_next_run_writes_nothing(campus):
    for number, label in enumerate((*NASTY, "très " * 400)):
        code = f"L1CAS10{number + 1}"
        campus.refer("UPDATE refer_element SET libelle = ? WHERE code = ?", label, code)
        campus.refer("UPDATE refer_groupe SET libelle = ? WHERE code = ?", label, f"{code}-TD1")
        campus.refer("UPDATE refer_categorie SET libelle = ? WHERE code = 'LCAS1_1'", label)
        campus.refer("UPDATE refer_etape SET libelle = ? WHERE code = 'LCAS1_1'", label)
    for phase in ("cohorts", "offer", "groups"):
        campus.play(phase, "sales", TOMORROW)
    for number, clean in enumerate(NASTY.values()):
        code = f"L1CAS10{number + 1}"
        assert campus.ask("SELECT fullname FROM mdl_course WHERE idnumber = ?", code) == f"{code} - {clean}"
    assert campus.ask("SELECT name FROM mdl_groups WHERE idnumber = 'L1CAS101-TD1'") == NASTY['l\'"œuvre" d’art']
    long = campus.ask("SELECT fullname FROM mdl_course WHERE idnumber = 'L1CAS106'")
    assert long.startswith("L1CAS106 - très très")
    assert long.endswith("…")
    assert len(long) <= 254 - len("ex_999_")
    for table in ("course_categories", "cohort"):
        assert campus.ask(f"SELECT name FROM mdl_{table} WHERE idnumber = 'LCAS1_1'").endswith("…")
    cut = campus.anomalies("offer").query("code == 'LIBELLE_TRONQUE'")["key"]
    assert {"de l'élément / L1CAS106", "de la catégorie / LCAS1_1"} <= set(cut)
    campus.box.moodle.calls.clear()
    for phase in ("cohorts", "offer", "groups"):
        campus.play(phase, "encore", night_after(2))
    assert campus.writes() == []


def test_codes_that_differ_by_case_or_spaces_are_one_object(campus):
    campus.refer("INSERT INTO refer_element VALUES ('2026', ' l1cas101 ', 'doublon', 'LCAS1_1', 'N')")
    campus.refer("UPDATE refer_etape SET code = 'lcas1_1 ' WHERE code = 'LCAS1_1'")
    before = campus.state()
    for phase in ("cohorts", "offer", "enrolments", "groups"):
        campus.play(phase, "casse", TOMORROW)
    renamed = [
        ("L1CAS101", *row[1:2], "L1CAS101 - doublon", *row[3:]) for row in before["courses"] if row[0] == "L1CAS101"
    ]
    others = [row for row in before["courses"] if row[0] != "L1CAS101"]
    assert campus.state() == before | {"courses": sorted(renamed + others, key=repr)}
    told = campus.anomalies("offer").set_index("key").loc["refer_element / L1CAS101", "sentence"]
    assert told == (
        "Dans refer_element, les codes «  l1cas101  », « L1CAS101 » ne diffèrent que par la casse ou les espaces : seul le"
        " premier est retenu ; supprimer le doublon dans Apogée."
    )


def test_ldap_out_of_reach(campus):
    campus.box.directory.stop()
    with nothing_written(campus, SourceUnreachable, "L'annuaire LDAP (127.0.0.1:", "injoignable", "connexion « ldap »"):
        campus.play("users", "mauvaise", TOMORROW)


def test_ldap_that_cuts_its_list(campus):
    campus.box.directory.faults.size_limit_on_page = 1
    with nothing_written(campus, TruncatedRead, "L'annuaire LDAP a coupé la liste des personnes (sizeLimitExceeded"):
        campus.play("users", "mauvaise", TOMORROW)


def test_ldap_that_hangs_up_in_the_middle_of_a_page(campus):
    campus.box.directory.faults.close_on_page = 1
    with nothing_written(campus, SourceUnreachable, "L'annuaire LDAP", "injoignable"):
        campus.play("users", "mauvaise", TOMORROW)


def test_a_directory_that_lost_most_people_suspends_nobody(campus):
    campus.people("UPDATE person SET present = 0 WHERE population = 'student' AND uid LIKE 'e21%'")
    with nothing_written(campus, TruncatedRead, "L'annuaire LDAP ne connaît que", "étudiants de REFER", "aucun compte"):
        campus.play("users", "mauvaise", TOMORROW)
    campus.limits = replace(campus.limits, unknown=Unknown(percent=100))
    assert campus.play("users", "voulue", TOMORROW)["counts"]["account"]["suspend"] > 0


def test_entries_without_mail_or_name_keep_the_account_they_have_and_make_no_new_one(campus):
    before = campus.state()
    people = [row[0] for row in before["accounts"] if row[0].startswith("e21")][:2]
    campus.people("UPDATE person SET mail = NULL WHERE uid = ?", people[0])
    campus.people("UPDATE person SET sn = NULL WHERE uid = ?", people[1])
    campus.people("INSERT INTO person VALUES ('student', '22199901', 'e2199901', 'Sans', 'Adresse', NULL, 1)")
    campus.people("INSERT INTO person VALUES ('student', '22199902', 'e2199902', NULL, NULL, 'x@univ.fr', 1)")
    assert campus.play("users", "incomplete", TOMORROW)["counts"] == {}
    assert campus.state() == before
    told = set(campus.anomalies("users")["sentence"])
    for uid, code, what in (
        (
            people[0],
            f"22{people[0][2:]}",
            "n'a pas d'adresse de courriel valable dans l'annuaire : l'adresse de son compte",
        ),
        (
            people[1],
            f"22{people[1][2:]}",
            "n'a pas de nom ou de prénom lisible dans l'annuaire : ses noms restent tels quels",
        ),
        ("e2199901", "22199901", "n'a pas d'adresse de courriel valable dans l'annuaire : son compte n'est pas créé"),
        ("e2199902", "22199902", "n'a pas de nom ou de prénom lisible dans l'annuaire : son compte n'est pas créé"),
    ):
        assert any(sentence.startswith(f"La personne {uid} (code {code}) {what}") for sentence in told), uid
