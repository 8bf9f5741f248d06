"""For each bad input one clear sentence that names the object, nothing lost, nothing half done in silence."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
import requests
from campus import REFUSED_EVERY_NIGHT, Campus, night_after
from rehearsal import finish, live
from tenacity.wait import wait_none

from ecampus import intake, lock, reconcile
from ecampus.errors import (
    AlreadyRunning,
    ContractBroken,
    EcampusError,
    SourceRefused,
    SourceUnreachable,
    StoreUnusable,
    TruncatedRead,
)
from ecampus.moodle import reads
from ecampus.moodle.client import MoodleClient
from ecampus.night import PHASES
from sandbox.moodle.faults import HTTP_500, HTTP_502, LOST_IN_XML, Hang
from university import BoxSystems, play

TOMORROW = night_after(1)


@contextmanager
def nothing_written(campus: Campus, kind: type[EcampusError], *parts: str) -> Iterator[None]:
    """The block stops with one sentence that holds these parts, and changed nothing."""
    before, owned = campus.state(), campus.owned()
    campus.box.moodle.calls.clear()
    with pytest.raises(kind) as stopped:
        yield
    said(stopped.value, *parts)
    assert campus.writes() == []
    assert (campus.state(), campus.owned()) == (before, owned)


def said(error: BaseException, *parts: str) -> None:
    sentence = str(error)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    for part in parts:
        assert part in sentence


def finished_later(campus: Campus, phase: str) -> dict[str, Any]:
    """The next run, once all is mended."""
    return campus.play(phase, "reparee", TOMORROW)


# REFER


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
            "groups",
            "DELETE FROM refer_groupe",
            ["refer_groupe (include/sql/refer/groupe.sql) est vide pour l'année 2026"],
        ),
        (
            "offer",
            "INSERT INTO refer_element SELECT * FROM refer_element WHERE code = 'L1CAS101'",
            ["refer_element (include/sql/refer/element.sql) a 1 clé en double dans code", "code=L1CAS101"],
        ),
        (
            "offer",
            "UPDATE refer_categorie SET code = NULL WHERE code = 'LCAS1_1'",
            ["refer_categorie (include/sql/refer/categorie.sql) a 1 valeur fautive dans code (vide)"],
        ),
        (
            "cohorts",
            "UPDATE refer_inscription_administrative SET tele_enseignement = 'X' WHERE code_etudiant = '22900101'",
            ["refer_inscription_administrative", "tele_enseignement (ni O ni N)", "code_etudiant=22900101"],
        ),
        (
            "enrolments",
            "UPDATE refer_seance_ade SET premiere_seance = '31/12/2026' WHERE code_activite = 'ADE900404'",
            ["refer_seance_ade", "premiere_seance (n'est pas une date AAAA-MM-JJ)", "ADE900404"],
        ),
    ],
)
def test_a_view_that_breaks_its_contract_stops_the_phase(campus, phase, sql, parts):
    campus.refer(sql)
    with nothing_written(campus, ContractBroken, *parts):
        campus.play(phase, "mauvaise", TOMORROW)


def test_refer_out_of_reach(campus, monkeypatch):
    def away(_systems: BoxSystems) -> Any:
        def get_conn() -> None:
            raise sqlite3.OperationalError("unable to open database file")

        return SimpleNamespace(get_conn=get_conn)

    monkeypatch.setattr(BoxSystems, "refer_hook", away)
    with nothing_written(campus, SourceUnreachable, "REFER est injoignable", "la vue refer_categorie"):
        campus.play("offer", "mauvaise", TOMORROW)


def test_a_year_that_refer_does_not_know_stops_the_phase(campus):
    campus.site["annee"] = "2031"
    with nothing_written(campus, ContractBroken, "refer_categorie", "est vide pour l'année 2031"):
        campus.play("offer", "mauvaise", TOMORROW)


def test_categories_that_come_to_contain_each_other_are_told_and_stay_where_they_are(campus):
    before = campus.state()
    campus.refer("UPDATE refer_categorie SET code_parent = 'LCAS1_1' WHERE code = 'LCAS'")
    for phase in ("offer", "enrolments", "groups"):
        assert campus.play(phase, "boucle", TOMORROW)["counts"] == {}
    assert campus.state() == before
    told = campus.anomalies("offer").set_index("code")["sentence"]
    assert (
        "Dans refer_categorie, 1 ligne(s) citent code_parent = LCAS1_1, qui n'existe pas ou se mord la queue : elles sont"
        " ignorées ; corriger la donnée dans Apogée ou ADE." in set(told["REFERENCE_INCONNUE"])
    )
    assert any(sentence.startswith("L'élément L1CAS101 est rangé dans") for sentence in told["CATEGORIE_INCONNUE"])


NASTY = {
    'l\'"œuvre" d’art': 'l\'"œuvre" d’art',
    "<b>gras</b> & <script>x</script>": "‹b›gras‹/b› & ‹script›x‹/script›",
    "sport 🏃‍♀️⚖️ &amp; &lt;": "sport 🏃‍♀️⚖️ &amp; &lt;",
    "  tabulation\tet\r\nretour  ": "tabulation et retour",
    "son\x07nette\x00\x1b[0m": "sonnette[0m",
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
    assert campus.writes() == REFUSED_EVERY_NIGHT


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


# LDAP


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
        (people[1], f"22{people[1][2:]}", "n'a pas de nom ou de prénom dans l'annuaire : ses noms restent tels quels"),
        ("e2199901", "22199901", "n'a pas d'adresse de courriel valable dans l'annuaire : son compte n'est pas créé"),
        ("e2199902", "22199902", "n'a pas de nom ou de prénom dans l'annuaire : son compte n'est pas créé"),
    ):
        assert any(sentence.startswith(f"La personne {uid} (code {code}) {what}") for sentence in told), uid


# Moodle


@pytest.mark.parametrize(
    ("fault", "parts"),
    [
        (HTTP_500, ["répond une erreur 500"]),
        (HTTP_502, ["répond une erreur 502"]),
        (LOST_IN_XML, ["a répondu du XML au lieu de JSON"]),
        (Hang(1), ["n'a pas répondu à temps"]),
    ],
)
def test_moodle_that_does_not_answer_as_it_should(campus, monkeypatch, fault, parts):
    monkeypatch.setattr(BoxSystems, "moodle", impatient)
    campus.box.moodle.faults.push("*", fault, times=None)
    with nothing_written(campus, SourceUnreachable, f"Moodle ({campus.box.moodle.url})", *parts):
        campus.play("offer", "mauvaise", TOMORROW)


def impatient(systems: BoxSystems) -> MoodleClient:
    """A client that waits a fifth of a second."""
    there = systems.box.moodle
    return MoodleClient(requests.Session(), there.url, there.token, timeout=(1, 0.2), attempts=2, wait=wait_none())


@pytest.mark.parametrize(("kind", "words"), [("cli", "est en maintenance (503)"), ("ui", "est indisponible")])
def test_moodle_in_maintenance(campus, kind, words):
    campus.box.moodle.settings.maintenance = kind
    with nothing_written(campus, SourceUnreachable, words):
        campus.play("cohorts", "mauvaise", TOMORROW)


def test_moodle_switched_off(campus):
    url = campus.box.moodle.url
    campus.box.moodle._http.close()
    with pytest.raises(SourceUnreachable) as away:
        campus.play("cohorts", "mauvaise", TOMORROW)
    said(away.value, f"Moodle ({url}) est injoignable", "connexion « moodle »")


def test_a_token_that_moodle_does_not_know(campus, monkeypatch):
    def stranger(systems: BoxSystems) -> MoodleClient:
        return MoodleClient(requests.Session(), systems.box.moodle.url, "0" * 32, attempts=2, wait=wait_none())

    monkeypatch.setattr(BoxSystems, "moodle", stranger)
    with nothing_written(campus, SourceRefused, "refuse le jeton de la connexion « moodle »", "Gérer les jetons"):
        campus.play("offer", "mauvaise", TOMORROW)


def test_functions_missing_from_the_service_are_all_named_before_anything_is_read(campus):
    for function in ("core_course_update_courses", "core_course_delete_categories"):
        campus.box.moodle.withdraw(function)
    with nothing_written(
        campus, SourceRefused, "Fonctions absentes", "core_course_delete_categories, core_course_update_courses"
    ):
        campus.play("offer", "mauvaise", TOMORROW)


def test_a_missing_capability_is_named_and_once_given_the_next_run_ends_the_work(campus):
    campus.refer("INSERT INTO refer_element VALUES ('2026', 'NOUVEAU1', 'nouveau', 'LCAS1_1', 'N')")
    campus.refer("UPDATE refer_categorie SET libelle = 'renommée' WHERE code = 'LCAS1_1'")
    campus.box.moodle.deny("moodle/course:create")
    with pytest.raises(SourceRefused) as refused:
        campus.play("offer", "mauvaise", TOMORROW)
    said(refused.value, "refuse core_course_create_courses", "une capacité lui manque", "Create courses")
    assert campus.journal("offer", "mauvaise", TOMORROW)["verb"].tolist() == ["rename"]
    campus.box.moodle.allow("moodle/course:create")
    assert finished_later(campus, "offer")["counts"] == {"course": {"create": 1}}


def test_a_token_that_cannot_see_hidden_courses_is_told_which_capability_it_lacks(campus):
    campus.box.moodle.deny("moodle/course:viewhiddencourses")
    with nothing_written(campus, SourceRefused, "ne voit pas tous les cours", "moodle/course:viewhiddencourses"):
        campus.play("enrolments", "aveugle", TOMORROW)


@pytest.mark.parametrize("phase", ["offer", "enrolments", "groups"])
def test_a_list_that_leaves_the_hidden_courses_out_is_taken_for_a_failed_read(campus, monkeypatch, phase):
    monkeypatch.setitem(intake.WHOLE, "courses", only_shown)
    with nothing_written(campus, TruncatedRead, "La lecture ne montre pas", "cours", "cours cachés compris"):
        campus.play(phase, "aveugle", TOMORROW)


def only_shown(client: MoodleClient) -> pd.DataFrame:
    found = reads.courses(client)
    return found[found["visible"]].reset_index(drop=True)


def test_a_list_that_leaves_out_the_few_courses_still_hidden_unenrols_nobody(campus, monkeypatch):
    campus.refer("DELETE FROM refer_element WHERE code = 'L1CAS104'")
    for phase in ("offer", "enrolments"):
        campus.play(phase, "archive", TOMORROW)
    campus.moodle("UPDATE mdl_course SET visible = 1 WHERE idnumber NOT IN ('L1CAS101', 'ex_L1CAS104')")
    before, owned = campus.state(), campus.owned()
    monkeypatch.setitem(intake.WHOLE, "courses", only_shown)
    for phase in ("offer", "enrolments", "groups"):
        assert campus.play(phase, "aveugle", night_after(2))["counts"] == {}
    assert (campus.state(), campus.owned()) == (before, owned)


# The enrolment table


@pytest.mark.parametrize("phase", ["users", "offer", "enrolments"])
def test_an_enrolment_table_that_is_not_there(campus, phase):
    campus.table("ALTER TABLE enrolments RENAME TO ailleurs")
    with pytest.raises(ContractBroken) as missing:
        campus.play(phase, "mauvaise", TOMORROW)
    said(missing.value, "Dans la base des inscriptions, la table enrolments n'existe pas")
    assert campus.writes() == []


def test_an_enrolment_table_that_somebody_locks(campus):
    with closing(sqlite3.connect(campus.box.folder / "enrolments.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(SourceUnreachable) as locked:
            campus.play("enrolments", "bloquee", TOMORROW)
    said(locked.value, "la table enrolments est verrouillée par un autre traitement")
    assert campus.writes() == []


def test_an_emptied_enrolment_table_is_taken_for_a_failed_read(campus):
    campus.table("DELETE FROM enrolments")
    with nothing_written(campus, TruncatedRead, "La lecture ne montre pas", "lignes de la table des inscriptions"):
        campus.play("enrolments", "vide", TOMORROW)


# The store


@pytest.mark.parametrize(
    ("phase", "number", "words"),
    [("users", errno.ENOSPC, "No space left on device"), ("groups", errno.EROFS, "Read-only file system")],
)
def test_a_store_that_is_full_or_read_only(campus, monkeypatch, phase, number, words):
    def refuse(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        with nothing_written(campus, StoreUnusable, "Le magasin des nuits", words, "ECAMPUS_STORE"):
            campus.play(phase, "mauvaise", TOMORROW)
    finished_later(campus, phase)


@pytest.mark.parametrize(("phase", "kind"), [*((phase, "lost") for phase in PHASES), ("groups", "unreadable")])
def test_a_ledger_that_is_lost_or_unreadable_stops_every_phase(campus, phase, kind):
    campus.refer("DELETE FROM refer_element WHERE code = 'L1CAS101'")
    path, before = campus.store.root / "ledger" / "enrolment.parquet", campus.state()
    if kind == "lost":
        path.unlink()
        parts = ["Le registre de propriété « ledger/enrolment.parquet » a disparu", "restaurer depuis une sauvegarde"]
    else:
        path.write_bytes(b"PAR1 illisible")
        parts = ["Le magasin des nuits ne permet pas de lire", "ledger/enrolment.parquet"]
    campus.box.moodle.calls.clear()
    with pytest.raises(StoreUnusable) as lost:
        campus.play(phase, "mauvaise", TOMORROW)
    said(lost.value, *parts)
    assert (campus.state(), campus.writes()) == (before, [])


def test_a_store_lost_as_a_whole_destroys_and_doubles_nothing(campus):
    """As a first night on a site that has everything: all of it is somebody's."""
    before = campus.state()
    campus.refer("DELETE FROM refer_element WHERE code = 'L1CAS101'")
    (campus.folder / "store").rename(campus.folder / "perdu")
    campus.night("neuve", TOMORROW)
    assert campus.state() == before
    assert len(campus.anomalies("offer").query("code == 'CODE_PRIS'")) > 60


def test_a_store_that_belongs_to_another_moodle(campus):
    campus.moodle("UPDATE mdl_config SET value = 'https://autre.univ.fr' WHERE name = 'siteurl'")
    with nothing_written(campus, StoreUnusable, "Le magasin des nuits appartient à", "https://autre.univ.fr"):
        campus.play("offer", "mauvaise", TOMORROW)


def test_a_plan_that_was_changed_after_its_check_is_not_applied(campus):
    campus.refer("DELETE FROM refer_element WHERE code = 'L1CAS101'")
    run = campus.run("offer", "modifiee", TOMORROW)
    reconcile.extract_source(run, campus.systems)
    reconcile.extract_moodle(run, campus.systems)
    reconcile.diff(run)
    planned = run.files.read_frame("plan.parquet")
    run.files.write_frame("plan.parquet", planned.assign(key="L1CAS103"))
    with nothing_written(campus, StoreUnusable, "Le plan enregistré a été modifié depuis sa vérification"):
        reconcile.apply(run, campus.systems, live)


# Two at once


def planned_run(campus: Campus, run_id: str) -> Any:
    run = campus.run("offer", run_id, TOMORROW)
    reconcile.extract_source(run, campus.systems)
    reconcile.extract_moodle(run, campus.systems)
    reconcile.diff(run)
    return run


def test_two_runs_of_a_phase_at_once_the_second_waits_and_then_has_nothing_to_do(campus):
    campus.refer("DELETE FROM refer_element WHERE code = 'L1CAS101'")
    first, second = planned_run(campus, "une"), planned_run(campus, "deux")
    refused: list[str] = []

    def meanwhile() -> None:
        with pytest.raises(AlreadyRunning) as busy:
            reconcile.apply(second, campus.systems, live)
        refused.append(str(busy.value))

    reconcile.apply(first, campus.systems, meanwhile)
    assert refused[0].startswith(
        f"Une autre exécution écrit dans ecampus en ce moment ({TOMORROW.isoformat()}/offer/une, depuis "
    )
    state, owned = campus.state(), campus.owned()
    finish(campus, second)
    assert (campus.state(), campus.owned()) == (state, owned)


@pytest.mark.parametrize(
    ("holder", "taken_over"),
    [
        ({"host": "ailleurs", "pid": 1, "minutes": 11}, True),
        ({"host": "ailleurs", "pid": 1, "minutes": 9}, False),
        ({"host": None, "pid": 2**22 + 1, "minutes": 0}, True),
        ({"host": None, "pid": os.getppid(), "minutes": 60}, False),
    ],
)
def test_the_lock_of_a_dead_process_is_taken_over_that_of_a_living_one_is_not(campus, holder, taken_over):
    campus.refer("DELETE FROM refer_element WHERE code = 'L1CAS101'")
    run, at = planned_run(campus, "une"), datetime.now(UTC) - timedelta(minutes=holder["minutes"])
    known = {"run": "2026-11-23/users/autre", "host": holder["host"] or lock.socket.gethostname(), "pid": holder["pid"]}
    (campus.store.root / lock.NAME).write_text(json.dumps(known | {"at": at.isoformat(timespec="seconds")}))
    if taken_over:
        finish(campus, run)
        assert not (campus.store.root / lock.NAME).exists()
        return
    with nothing_written(campus, AlreadyRunning, "2026-11-23/users/autre", "attendre sa fin"):
        reconcile.apply(run, campus.systems, live)


def test_what_an_other_phase_wrote_between_the_extracts_and_the_writes_stays_in_the_ledger(campus):
    campus.refer("DELETE FROM refer_element WHERE code = 'L1CAS101'")
    campus.refer("INSERT INTO refer_etape VALUES ('2026', 'NEUVE_1', 'neuve', 'DROIT')")
    run = planned_run(campus, "une")
    play(campus.run("cohorts", "entre", TOMORROW), campus.systems)
    finish(campus, run)
    assert ("NEUVE_1", "NEUVE_1") in campus.owned()["cohort"]
