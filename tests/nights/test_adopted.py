"""Adoption: of all, of one, of none, on a site that an older script kept. Nothing doubled, nothing of others touched."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from campus import THEIRS, Campus, by_hand, copied, night_after, opened
from older import adopt_all, decide, look, made_by_an_older_script
from test_convergence import done, plays_without_writing

from ecampus.errors import AdoptionRefused, RegisterUnusable
from ecampus.moodle import mark
from sandbox.moodle import handmade
from sandbox.university.cases.codes import CODE_TAKEN


@pytest.fixture(scope="session")
def first_look(played, cron, first_night):
    """Such a site, with things made by hand in it, after a first live night of ours; Moodle as it was, beside it."""

    def play(folder):
        with opened(copied(first_night, folder / "campus"), cron) as campus:
            by_hand(campus)
            campus.box.moodle.sync()
            made_by_an_older_script(campus)
            (campus.folder / "before.json").write_text(json.dumps(campus.state()))
            campus.night("premiere", night_after(1))

    return played(play) / "campus"


@pytest.fixture
def older(tmp_path, cron, first_look):
    with opened(copied(first_look, tmp_path / "campus"), cron) as campus:
        yield campus


def before(campus: Campus) -> dict[str, list]:
    """Moodle and the table as the older script left them."""
    known = json.loads((campus.folder / "before.json").read_text())
    return {name: [tuple(row) for row in rows] for name, rows in known.items()}


def untouched(campus: Campus) -> None:
    """What people made by hand is as it was."""
    assert handmade.snapshot(campus.box.moodle.db) == json.loads((campus.folder / "by_hand.json").read_text())
    assert set(campus.rows()) >= THEIRS
    assert not THEIRS & set(campus.owned()["enrolment"])


def without_mark(state: dict[str, list]) -> dict[str, list]:
    return state | {"cohorts": [row for row in state["cohorts"] if row[0] != "ecampus"]}


def test_without_any_adoption_a_night_doubles_nothing_and_touches_nothing(older):
    assert without_mark(older.state()) == before(older)
    assert {kind: rows for kind, rows in older.owned().items() if rows}.keys() == {"account"}
    older.night("encore", night_after(2))
    assert without_mark(older.state()) == before(older)
    untouched(older)


def test_once_all_is_adopted_the_night_writes_nothing_and_ours_is_what_a_first_night_would_own(
    older, first_night, tmp_path, cron
):
    assert set(look(older).listed["object"]) == {"category", "cohort", "course"}
    moodle = older.state()
    adopt_all(older)
    assert look(older).listed["place"].tolist() == [CODE_TAKEN]
    assert older.state() == moodle
    plays_without_writing(older, "apres", night_after(2))
    untouched(older)
    with opened(copied(first_night, tmp_path / "twin"), cron) as twin:
        assert older.owned() == twin.owned()


def test_after_a_day_of_changes_it_ends_as_a_site_that_was_ours_from_the_beginning(older, first_night, tmp_path, cron):
    with opened(copied(first_night, tmp_path / "twin"), cron) as twin:
        by_hand(twin)
        twin.change_a_day()
        twin.night("deuxieme", night_after(2))
        state, owned = without_mark(twin.state()), twin.owned()
    cron.task = older.box.moodle.sync
    adopt_all(older)
    older.change_a_day()
    older.night("apres", night_after(2))
    assert without_mark(older.state()) == state
    assert older.owned() == owned


def test_one_course_adopted_is_ours_with_its_rows_and_then_its_groups_and_the_others_stay_others(older):
    decide(older, "cours:L1CAS101")
    owned = older.owned()
    assert [row[0] for row in owned["course"]] == ["L1CAS101"]
    assert {row[0] for row in owned["enrolment"]} == {"L1CAS101"}
    assert ("L1CAS101", "tuteur.ext", "student") not in owned["enrolment"]
    moodle = older.state()
    older.night("apres", night_after(2))
    assert older.state() == moodle
    assert set(look(older).listed.query("object == 'group'")["key"]) >= {"L1CAS101 / L1CAS101-TD1"}
    untouched(older)


def test_who_is_no_longer_wanted_in_what_was_adopted_leaves_and_who_was_put_in_by_hand_stays(older):
    adopt_all(older)
    (group, student), *_ = older.box.moodle.db.all(
        "SELECT g.idnumber, u.idnumber FROM mdl_groups_members m JOIN mdl_groups g ON g.id = m.groupid"
        " JOIN mdl_user u ON u.id = m.userid WHERE g.idnumber = 'L1CAS101-TD1' AND u.idnumber <> ''"
    )
    older.refer("DELETE FROM refer_groupe_etudiant WHERE code_groupe = ? AND code_etudiant = ?", group, student)
    counts = done(older.night("apres", night_after(2)))
    assert set(counts) == {("enrolment", "unenrol"), ("group_member", "remove")}
    untouched(older)


def test_each_decision_is_in_the_register_with_who_and_why(older):
    decide(older, "cours:L1CAS101 cohorte:DUFLE_1")
    decide(older, release="cours:L1CAS101")
    rows = older.table_of("SELECT phase, question, state, night, units, who, why FROM ecampus_answer")
    told = ["2026-11-24", 1, "camille", "ancien script"]
    assert sorted(map(list, rows)) == [
        ["cohorts", "adopt_cohort", "adopted", *told],
        ["offer", "adopt_course", "adopted", *told],
        ["offer", "release_course", "released", *told],
    ]
    owned = older.owned()
    assert (owned["course"], owned["enrolment"], owned["group"]) == ([], [], [])
    assert [row[0] for row in owned["cohort"]] == ["DUFLE_1"]


def test_a_course_given_up_is_touched_no_more_with_what_is_in_it(campus):
    decide(campus, release="L1CAS101")
    before, owned = campus.state(), campus.owned()
    assert not [row for row in owned["group"] if str(row[0]).startswith("L1CAS101 /")]
    assert not [row for row in owned["enrolment"] if row[0] == "L1CAS101"]
    campus.refer("DELETE FROM refer_element WHERE code = 'L1CAS101'")
    campus.night("apres", night_after(1))
    kept = {name: [row for row in rows if "L1CAS101" in map(str, row)] for name, rows in before.items()}
    now = {name: [row for row in rows if "L1CAS101" in map(str, row)] for name, rows in campus.state().items()}
    assert now == kept


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("ABSENT", "« ABSENT » n'est pas dans la liste : rien n'est fait ; make owned la montre."),
        ("cohorte:L1CAS101", "« cohorte:L1CAS101 » n'est pas dans la liste : rien n'est fait ; make owned la montre."),
    ],
)
def test_what_is_not_clear_adopts_nothing_at_all(older, asked, sentence):
    owned = older.owned()
    with pytest.raises(AdoptionRefused) as refused:
        decide(older, f"cours:L1CAS101 {asked}")
    assert str(refused.value) == sentence
    assert older.owned() == owned


def test_two_courses_for_one_code_are_shown_and_neither_is_adopted(older):
    older.moodle("UPDATE mdl_course SET shortname = 'ancien' WHERE idnumber = 'L1CAS101'")
    older.moodle("UPDATE mdl_course SET shortname = 'L1CAS101' WHERE idnumber = '' AND id > 1 AND shortname <> 'L1CAS101'"
                 " AND id = (SELECT MIN(id) FROM mdl_course WHERE idnumber = '' AND id > 1)")  # fmt: skip
    found = look(older).listed.query("place == 'L1CAS101' and object == 'course'")
    assert found["doubt"].tolist() == ["several", "several"]
    with pytest.raises(AdoptionRefused, match="Ne peut pas être adopté : L1CAS101"):
        decide(older, "L1CAS101")
    decide(older, "tout")
    assert "L1CAS101" not in [row[0] for row in older.owned()["course"]]


def test_nothing_is_adopted_from_a_moodle_that_another_register_keeps(older):
    mark.create(older.systems.moodle(), "un-autre", 3)
    with pytest.raises(RegisterUnusable):
        decide(older, "tout")
    assert Counter(kind for kind, rows in older.owned().items() if rows) == {"account": 1}
