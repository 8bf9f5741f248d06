"""Whole nights with Moodle's own database (``moodle_db``): the same as by the web services, and what those hide."""

from __future__ import annotations

import pytest
from campus import Campus, copied, night_after, opened
from refusals import TOMORROW, Unreachable, nothing_written

from ecampus.calendar import PHASES
from ecampus.errors import ResidueLeft, SettingUnreadable, SourceRefused, SourceUnreachable
from ecampus.moodle.database import MoodleDatabase
from ecampus.moodle.functions import SITE, needed
from rehearsal import NIGHT, ended
from sandbox.moodle import enrolments
from university import BoxSystems, SqliteHook, play

COURSE = "L1CAS101"
GROUP = f"{COURSE}-TD1"
ETAPE = "LCAS1_1"


@pytest.fixture
def by_database(campus: Campus) -> Campus:
    """After the first night; from then on Moodle is read in its own database."""
    campus.by_database = True
    return campus


def told(reports: dict[str, dict]) -> dict[str, tuple]:
    """What each phase says it did and met."""
    return {phase: (found["counts"], found["planned"], found["anomalies"]) for phase, found in reports.items()}


def test_the_night_of_every_verb_ends_as_by_the_web_services_and_the_next_one_writes_nothing(
    rehearsed, second_night, tmp_path, cron
):
    by_rest = Campus(rehearsed["groups"].after, box=None, cron=None)
    expected = {phase: by_rest.run(phase, "tuee", NIGHT).files.read_json("report.json") for phase in PHASES}
    with opened(copied(second_night, tmp_path / "campus"), cron) as campus:
        campus.by_database = True
        assert told(campus.night("par_sa_base", NIGHT)) == told(expected)
        assert ended(campus) == (rehearsed["groups"].state, rehearsed["groups"].owned)
        before, owned = campus.state(), campus.owned()
        campus.night("encore", night_after(3))
        assert campus.writes() == []
        assert (campus.state(), campus.owned()) == (before, owned)
        for phase in PHASES:
            replay = campus.run(phase, "rejeu", NIGHT, replay=True)
            play(replay, Unreachable())
            planned = campus.run(phase, "par_sa_base", NIGHT).files.read_json("plan.json")
            assert replay.files.read_json("plan.json") == planned


def test_no_web_service_is_read_but_for_the_last_look_before_a_destruction(by_database):
    asked, still = ({name for phase in PHASES for name in needed(phase, reading)} for reading in (True, False))
    assert sorted(name.removeprefix("core_") for name in asked - still) == [
        "cohort_get_cohort_members", "enrol_get_enrolled_users", "group_get_course_groups", "group_get_groups",
        "user_get_users",
    ]  # fmt: skip
    for function in asked - still:
        by_database.box.moodle.withdraw(function)
    by_database.night("par_sa_base", TOMORROW)
    assert {name for name in by_database.box.moodle.calls if "_get_" in name} == {*SITE, "core_cohort_get_cohorts"}


def leave(campus: Campus, username: str, group: str = GROUP) -> None:
    code = campus.ask("SELECT idnumber FROM mdl_user WHERE username = ?", username)
    campus.refer("DELETE FROM refer_groupe_etudiant WHERE code_groupe = ? AND code_etudiant = ?", group, code)


def somebody(campus: Campus) -> str:
    return next(username for course, username, _ in campus.rows() if course == COURSE)


def test_a_removal_beside_a_manual_enrolment_is_verified(by_database, caplog):
    username, db = somebody(by_database), by_database.box.moodle.db
    role = db.value("SELECT id FROM mdl_role WHERE shortname = 'student'")
    course, user = db.same("course", "idnumber", COURSE), db.same("user", "username", username)
    enrolments.enrol(db, course, "manual", user, role)
    leave(by_database, username)
    caplog.set_level("INFO", "ecampus")
    by_database.play("enrolments", "retrait", TOMORROW)
    assert "Inscriptions prises par ecampus : 0." in caplog.text
    assert "ecampus est lu dans sa propre base." in caplog.text


def test_removals_that_moodle_does_not_make_fail_the_phase_and_are_told_until_it_does(by_database):
    username = somebody(by_database)
    leave(by_database, username)
    by_database.cron.task = int
    with pytest.raises(ResidueLeft) as nothing:
        by_database.play("enrolments", "sans_cron", TOMORROW)
    assert str(nothing.value) == (
        "ecampus n'a fait aucun des 1 retraits publiés cette nuit : vérifier que la tâche planifiée « Synchroniser les"
        " inscriptions externes » (enrol_database) est activée, que son action de désinscription retire les rôles et que"
        " le cron de Moodle tourne ; ils seront revérifiés."
    )
    by_database.play("enrolments", "lendemain", night_after(2))
    found = by_database.anomalies("enrolments")
    assert found.loc[found["code"] == "RETRAIT_NON_FAIT", "sentence"].tolist() == [
        f"Le retrait de {username} du cours {COURSE} (student) est publié mais ecampus ne l'a pas encore fait ; il sera"
        " revérifié la nuit prochaine."
    ]
    by_database.box.moodle.sync()
    by_database.play("enrolments", "surlendemain", night_after(3))
    assert "RETRAIT_NON_FAIT" not in set(by_database.anomalies("enrolments")["code"])


MEMBERSHIP = (
    "FROM mdl_groups_members WHERE groupid = (SELECT id FROM mdl_groups WHERE idnumber = ?)"
    " AND userid = (SELECT id FROM mdl_user WHERE username = ?)"
)


def test_a_membership_that_a_plugin_took_over_is_not_removed_and_is_no_longer_ours(by_database):
    username = somebody(by_database)
    assert (f"{COURSE} / {GROUP}", username) in by_database.owned()["group_member"]
    held = by_database.ask(f"SELECT id {MEMBERSHIP}", GROUP, username)
    by_database.moodle("UPDATE mdl_groups_members SET component = 'enrol_cohort' WHERE id = ?", held)
    leave(by_database, username)
    by_database.play("enrolments", "retrait", TOMORROW)
    assert by_database.play("groups", "retrait", TOMORROW)["counts"] == {}
    assert by_database.ask(f"SELECT id {MEMBERSHIP}", GROUP, username) == held
    assert (f"{COURSE} / {GROUP}", username) not in by_database.owned()["group_member"]
    play(replay := by_database.run("groups", "rejeu", TOMORROW, replay=True), Unreachable())
    planned = by_database.run("groups", "retrait", TOMORROW).files.read_json("plan.json")
    assert replay.files.read_json("plan.json") == planned


def test_a_group_that_refer_dropped_and_in_which_a_plugin_holds_a_member_is_archived_with_that_member(by_database):
    username = somebody(by_database)
    held = by_database.ask(f"SELECT id {MEMBERSHIP}", GROUP, username)
    by_database.moodle("UPDATE mdl_groups_members SET component = 'enrol_cohort' WHERE id = ?", held)
    by_database.refer("DELETE FROM refer_groupe_element WHERE code_groupe = ?", GROUP)
    assert by_database.play("groups", "sans_groupe", TOMORROW)["counts"]["group"] == {"archive": 1}
    assert by_database.ask(f"SELECT id {MEMBERSHIP}", f"ex_{GROUP}", username) == held


@pytest.mark.parametrize("how", ["moved into a category", "held by a plugin"])
def test_a_cohort_of_somebody_else_is_left_alone_and_told_as_long_as_it_is_so(by_database, how):
    db = by_database.box.moodle.db
    cohort, system = db.same("cohort", "idnumber", ETAPE), db.context(10, 0)
    taken = {"contextid": db.context(40, 1)} if how == "moved into a category" else {"component": "tool_dynamic"}
    db.update("cohort", cohort, name="Reprise", **taken)
    assert by_database.play("cohorts", "reprise", TOMORROW)["anomalies"]["CODE_PRIS"] == 1
    assert by_database.ask("SELECT name FROM mdl_cohort WHERE id = ?", cohort) == "Reprise"
    found = by_database.anomalies("cohorts")
    assert found.loc[found["code"] == "CODE_PRIS", "sentence"].tolist() == [
        f"La cohorte {ETAPE} ne peut pas prendre ce code : il est déjà porté sur ecampus par un objet fait à la main ;"
        " libérer le code sur ecampus ou demander l'adoption de cet objet."
    ]
    db.update("cohort", cohort, contextid=system, component="")
    assert by_database.play("cohorts", "rendue", night_after(2))["counts"] == {"cohort": {"rename": 1}}


def test_a_site_administrator_is_neither_updated_nor_suspended(by_database):
    accounts = by_database.box.moodle.db.all(
        "SELECT id, username FROM mdl_user WHERE username LIKE 'e21%' ORDER BY id LIMIT 4"
    )
    gone, admin_gone, changed, admin_changed = accounts
    admins = f"2,{admin_gone['id']},{admin_changed['id']}"
    by_database.moodle("UPDATE mdl_config SET value = ? WHERE name = 'siteadmins'", admins)
    for row in (gone, admin_gone):
        by_database.people("UPDATE person SET present = 0 WHERE uid = ?", row["username"])
    for row in (changed, admin_changed):
        by_database.people("UPDATE person SET mail = 'neuve-' || uid || '@univ.fr' WHERE uid = ?", row["username"])
    assert by_database.play("users", "partis", TOMORROW)["counts"] == {"account": {"update": 1, "suspend": 1}}
    touched = by_database.journal("users", "partis", TOMORROW)["key"]
    assert set(touched) == {gone["username"], changed["username"]}


@pytest.mark.parametrize("phase", ["users", "offer", "enrolments"])
def test_moodle_an_unenrolment_that_would_take_groups_and_grades_is_not_even_begun(by_database, phase):
    """With «unenrol» for its removal action, the last unenrolment of somebody takes groups and every grade there."""
    by_database.box.moodle.db.set_plugin("enrol_database", unenrolaction=0, defaultrole=5)
    with pytest.raises(SourceRefused, match="enrol_database : l'action de désinscription est « désinscrire »") as told:
        by_database.play(phase, "refusée", TOMORROW)
    assert str(told.value).endswith("Rien n'est écrit d'ici là.")
    assert by_database.writes() == []


def test_it_stops_no_phase_that_removes_none_nor_where_the_account_may_not_see_it(by_database, caplog):
    db = by_database.box.moodle.db
    db.set_plugin("enrol_database", unenrolaction=0)
    by_database.play("cohorts", "sans_ligne", TOMORROW)
    db.run("ALTER TABLE mdl_config_plugins RENAME TO cachée")
    by_database.play("offer", "sans_droit", TOMORROW)
    db.run("ALTER TABLE cachée RENAME TO mdl_config_plugins")
    db.set_plugin("enrol_database", unenrolaction=3, defaultrole=5)
    by_database.play("offer", "rôle", night_after(2))
    assert "enrol_database : un rôle par défaut est choisi" in caplog.text


def test_the_database_of_another_moodle_is_refused(by_database):
    site = {"userid": 3, "username": "ws_autre", "siteurl": "https://ecampus.univ.fr"}
    with pytest.raises(SettingUnreadable) as other:
        by_database.systems.moodle_database().require_same_site(site)
    assert str(other.value) == (
        "La base de la connexion « moodle_db » n'est pas celle de https://ecampus.univ.fr : son compte n° 3 n'est pas"
        " ws_autre ; corriger la connexion « moodle_db », ou « table_prefix » dans la connexion « moodle »."
    )


def test_a_database_that_is_away_stops_the_phase_and_the_next_run_does_the_work(by_database, monkeypatch):
    by_database.refer("UPDATE refer_categorie SET libelle = 'renommée' WHERE code = ?", ETAPE)
    away = MoodleDatabase(SqliteHook(by_database.folder / "nulle part" / "moodle.db"))
    sentence = "La base de Moodle est injoignable (pour ses tables) : unable to open database file."
    with monkeypatch.context() as patch:
        patch.setattr(BoxSystems, "moodle_database", lambda systems: away)
        with nothing_written(by_database, SourceUnreachable, sentence):
            by_database.play("offer", "absente", TOMORROW)
    assert by_database.play("offer", "revenue", TOMORROW)["counts"] == {"category": {"rename": 1}}
