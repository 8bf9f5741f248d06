"""What went wrong elsewhere, replayed here: each of these cost somewhere a university its enrolments or its accounts.

Two are replayed beside what they are about: CEU's course code that changed in test_recoded, Moodle's last unenrolment,
which takes groups and grades, in test_moodle_database.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from campus import Campus, night_after
from refusals import TOMORROW

from ecampus.errors import EcampusError, TruncatedRead
from ecampus.limits import Limits
from ecampus.night import approving

ACTIVE = "SELECT COUNT(*) FROM mdl_user WHERE NOT suspended AND NOT deleted AND username LIKE 'e%'"
ENROLLED = (
    "SELECT COUNT(*) FROM mdl_user_enrolments n JOIN mdl_enrol e ON e.id = n.enrolid"
    " WHERE e.enrol = 'database' AND n.status = 0"
)

BY_PERSON = (
    "SELECT u.username, COUNT(*) FROM mdl_user_enrolments n JOIN mdl_user u ON u.id = n.userid"
    " WHERE n.status = 0 GROUP BY u.username"
)


@pytest.fixture
def site(campus) -> Campus:
    """A university after a good night, with the limits of a site."""
    campus.limits = Limits()
    campus.box.moodle.sync()
    campus.box.moodle.calls.clear()
    return campus


def enrolments(campus: Campus) -> dict[str, int]:
    """How many each person has."""
    return {row[0]: row[1] for row in campus.box.moodle.db.all(BY_PERSON)}


def refer(campus: Campus, sql: str) -> list[str]:
    """The first column."""
    with closing(sqlite3.connect(campus.box.folder / "refer.db")) as db:
        return [row[0] for row in db.execute(sql)]


def test_boise_state_2008_a_truncated_list_of_people_suspends_nobody(site):
    """A truncated file passed the check for an empty one: 56 % of the accounts were disabled for 12 hours."""
    before = site.ask(ACTIVE)
    site.people("DELETE FROM person WHERE rowid % 3 = 0 AND population = 'student'")
    with pytest.raises(TruncatedRead, match=r"L'annuaire LDAP ne connaît que \d+ des \d+ étudiants de REFER"):
        site.play("users", "nuit", TOMORROW)
    assert site.ask(ACTIVE) == before
    assert site.writes() == []


def test_george_mason_2019_a_view_that_is_being_rebuilt_unenrols_nobody_and_the_next_good_night_has_nothing_to_mend(
    site,
):
    """Every fall enrolment was disabled while a feed was being fixed."""
    before, rows = site.ask(ENROLLED), site.rows()
    assert before > 100
    site.refer("CREATE TABLE ailleurs AS SELECT * FROM refer_groupe_etudiant")
    site.refer("DELETE FROM refer_groupe_etudiant")
    site.play("enrolments", "vide", TOMORROW)
    site.box.moodle.sync()
    assert (site.ask(ENROLLED), site.rows()) == (before, rows)
    site.refer("INSERT INTO refer_groupe_etudiant SELECT * FROM ailleurs")
    assert site.play("enrolments", "pleine", night_after(2))["counts"] == {}
    assert approving.questions(site.register, site.store) == []


def test_argo_cd_a_read_that_fails_is_not_a_read_that_found_nothing(site):
    """A failed read was taken for «zero applications», then all were deleted."""
    before, rows = site.ask(ENROLLED), site.rows()
    site.refer("ALTER TABLE refer_inscription_pedagogique RENAME TO ailleurs")
    with pytest.raises(EcampusError):
        site.play("enrolments", "nuit", TOMORROW)
    site.box.moodle.sync()
    assert (site.ask(ENROLLED), site.rows()) == (before, rows)


def test_moodle_a_person_who_logs_in_while_the_table_changes_keeps_every_enrolment(site):
    """Moodle unenrols at the login whoever has no row at that moment; the last unenrolment deletes the grades."""
    site.refer("UPDATE refer_element SET libelle = libelle || ' (bis)'")
    site.refer("DELETE FROM refer_groupe_etudiant WHERE rowid % 40 = 0")
    wanted = "SELECT DISTINCT username FROM enrolments WHERE role = 'student' ORDER BY username"
    people = [row[0] for row in site.table_of(wanted)]
    lost: list[str] = []

    def everybody_logs_in() -> None:
        before = enrolments(site)
        for username in people[:10]:
            site.box.moodle.login(username)
        after = enrolments(site)
        due = {row[0] for row in site.table_of("SELECT DISTINCT username FROM enrolments")}
        lost.extend(name for name in people[:10] if name in due and after.get(name, 0) < before.get(name, 0))

    site.play("offer", "nuit", TOMORROW, live=everybody_logs_in)
    site.play("enrolments", "nuit", TOMORROW, live=everybody_logs_in)
    assert lost == []


def test_wisconsin_a_student_who_drops_the_only_course_keeps_the_account(site):
    """The account was deleted overnight."""
    (student,) = refer(site, "SELECT MIN(code_etudiant) FROM refer_groupe_etudiant")
    for table in ("refer_groupe_etudiant", "refer_inscription_pedagogique"):
        site.refer(f"DELETE FROM {table} WHERE code_etudiant = ?", student)
    account = "SELECT suspended + deleted FROM mdl_user WHERE idnumber = ?"
    assert site.ask(account, student) == 0
    for phase in ("users", "enrolments"):
        site.play(phase, "nuit", TOMORROW)
    assert site.ask(account, student) == 0


def test_entra_a_guard_lets_this_change_through_and_not_the_next(site):
    """Guards that could not approve one change were switched off for ever."""
    gone = "DELETE FROM refer_element WHERE code IN ({})"
    archived = "SELECT COUNT(*) FROM mdl_course WHERE idnumber LIKE 'ex!_%' ESCAPE '!'"
    site.refer(gone.format("'L1CAS101', 'L1CAS102', 'L1CAS103'"))
    site.play("offer", "un", TOMORROW)
    (question,) = approving.questions(site.register, site.store)
    approving.answer(site.register, question, True, TOMORROW, "camille", "")
    site.refer(gone.format("'L1CAS104', 'L1CAS105', 'L1CAS107'"))
    report = site.play("offer", "deux", night_after(2))
    assert site.ask(archived) == 3
    assert report["held"] >= 3


def test_small_sets_are_not_left_out_of_the_guard(site):
    """A guard that exempted small sets let sources of 27 rows be emptied."""
    where = "SELECT code FROM refer_categorie WHERE code_composante = 'DROIT'"
    site.refer(f"DELETE FROM refer_element WHERE code_categorie IN ({where})")
    assert site.play("offer", "nuit", TOMORROW)["held"] > 0
    assert site.ask("SELECT COUNT(*) FROM mdl_course WHERE idnumber LIKE 'ex!_%' ESCAPE '!'") == 0


def test_adobe_what_trips_a_breaker_is_not_done_all_the_same(site):
    """A breaker wrote «critical» into its log and went on."""
    before = site.state()["courses"]
    site.refer("DELETE FROM refer_element WHERE code IN ('L1CAS101', 'L1CAS102', 'L1CAS103')")
    site.box.moodle.calls.clear()
    report = site.play("offer", "nuit", TOMORROW)
    assert report["counts"] == {}
    assert not [name for name in site.writes() if name.startswith("core_course")]
    assert site.state()["courses"] == before
