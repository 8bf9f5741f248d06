"""Nothing changed, nothing written; whatever changed, one night is enough."""

from __future__ import annotations

import json
from collections import Counter

import pandas as pd
import pytest
from campus import THEIRS, Campus, copied, night_after, opened

from ecampus.calendar import PHASES
from ecampus.changes import plan
from ecampus.kinds import KINDS
from ecampus.night import reconcile
from sandbox.moodle import enrolments, groupings, handmade


def done(reports: dict[str, dict]) -> Counter:
    """What the phases of a night did, by object and verb."""
    counts = Counter()
    for report in reports.values():
        for kind, verbs in report["counts"].items():
            counts.update({(kind, verb): number for verb, number in verbs.items()})
    return counts


def plays_without_writing(campus: Campus, run_id: str, night) -> None:
    before, owned = campus.state(), campus.owned()
    assert done(campus.night(run_id, night)) == Counter()
    assert campus.writes() == []
    assert campus.state() == before
    assert campus.owned() == owned


def test_the_first_night_makes_everything_and_the_next_run_writes_nothing(campus):
    assert campus.ask("SELECT COUNT(*) FROM mdl_course WHERE idnumber <> ''") > 60
    plays_without_writing(campus, "encore", night_after(0))


def test_two_days_of_changes_show_every_verb_leave_what_is_not_ours_and_the_run_after_them_writes_nothing(
    rehearsed, tmp_path, cron
):
    with opened(copied(rehearsed["groups"].after, tmp_path / "campus"), cron) as campus:
        nights = [("deuxieme", night_after(1)), ("tuee", night_after(2))]
        reports = [
            {phase: campus.run(phase, run_id, night).files.read_json("report.json") for phase in PHASES}
            for run_id, night in nights
        ]
        unasked = {kind.verb for kind in KINDS.values() if not kind.question}
        assert {verb for _, verb in sum(map(done, reports), Counter())} == unasked
        plays_without_writing(campus, "apres", night_after(3))
        assert handmade.snapshot(campus.box.moodle.db) == json.loads((campus.folder / "by_hand.json").read_text())
        assert set(campus.rows()) >= THEIRS
        assert not THEIRS & set(campus.owned()["enrolment"])


@pytest.mark.parametrize("phase", [phase for phase in PHASES if phase != "users"])
def test_whatever_changes_the_composante_is_known_even_of_what_refer_dropped(rehearsed, phase):
    folder = rehearsed["groups"].after / "store"
    plans = [plan.typed(pd.read_parquet(path)) for path in folder.glob(f"*/{phase}/*/plan.parquet")]
    changes = pd.concat([found for found in plans if len(found)])
    unknown = changes[changes["scope"].isna() & ~changes["foreign"]]
    assert unknown["key"].tolist() == []
    assert changes["unit"].notna().all()


TEACHERS_OWN = "visible = 1, visibleold = 1, summary = 'Bienvenue', format = 'weeks', startdate = 1"


def test_drift_by_hand_in_managed_fields_is_healed_and_left_in_the_teachers_own(campus):
    before, course = campus.state(), campus.ask("SELECT id FROM mdl_course WHERE idnumber = 'L1CAS101'")
    campus.moodle(f"UPDATE mdl_course SET fullname = 'x', shortname = 'y', {TEACHERS_OWN} WHERE id = ?", course)
    campus.moodle("UPDATE mdl_course SET idnumber = 'z' WHERE idnumber = 'L1CAS103'")
    campus.moodle("UPDATE mdl_course SET category = 1 WHERE idnumber = 'L1CAS104'")
    campus.moodle("UPDATE mdl_course_categories SET name = 'x' WHERE idnumber = 'LCAS1_1'")
    campus.moodle("UPDATE mdl_course_categories SET idnumber = 'y' WHERE idnumber = 'MCAS1_1'")
    campus.moodle("UPDATE mdl_cohort SET name = 'x' WHERE idnumber = 'LCAS1_1'")
    campus.moodle("UPDATE mdl_cohort SET idnumber = 'y' WHERE idnumber = 'MCAS1_1'")
    campus.moodle("DELETE FROM mdl_cohort_members WHERE id = (SELECT MAX(id) FROM mdl_cohort_members)")
    campus.moodle("UPDATE mdl_groups SET name = 'x' WHERE idnumber = 'L1CAS101-TD1'")
    campus.moodle("UPDATE mdl_groups SET idnumber = 'y' WHERE idnumber = 'L1CAS103-TD1'")
    campus.moodle("DELETE FROM mdl_groups_members WHERE id = (SELECT MAX(id) FROM mdl_groups_members)")
    campus.moodle("UPDATE mdl_user SET firstname = 'x', email = 'y@univ.example' WHERE username = 'e2900101'")
    campus.table("DELETE FROM enrolments WHERE course_idnumber = 'L1CAS101'")
    campus.night("derive", night_after(1))
    healed, own = campus.state(), "SELECT visible, summary, format, startdate FROM mdl_course WHERE id = ?"
    assert tuple(campus.box.moodle.db.one(own, (course,))) == (1, "Bienvenue", "weeks", 1)
    campus.moodle(
        "UPDATE mdl_course SET visible = 0, visibleold = 0, summary = '', format = 'topics' WHERE id = ?", course
    )
    assert campus.state() == before | {"courses": campus.state()["courses"]}
    assert campus.state()["courses"] == before["courses"]
    assert healed["rows"] == before["rows"]


def test_members_and_rows_put_in_by_hand_beside_ours_stay(campus):
    db = campus.box.moodle.db
    user = db.same("user", "username", "tuteur.ext")
    course = db.same("course", "idnumber", "L1CAS101")
    role = db.value("SELECT id FROM mdl_role WHERE shortname = 'student'")
    enrolments.enrol(db, course, "manual", user, role)
    group = campus.ask("SELECT id FROM mdl_groups WHERE courseid = ? AND idnumber = 'L1CAS101-TD1'", course)
    db.insert("groups_members", groupid=group, userid=user)
    db.insert("cohort_members", cohortid=db.same("cohort", "idnumber", "LCAS1_1"), userid=user)
    before = campus.state()
    for phase in ("cohorts", "enrolments", "groups"):
        campus.play(phase, "apres", night_after(1))
    assert campus.state() == before
    campus.refer("DELETE FROM refer_groupe_element WHERE code_groupe = 'L1CAS101-TD1'")
    report = campus.play("groups", "sans_groupe", night_after(2))
    assert report["counts"] == {"group": {"archive": 1}, "group_member": {"remove": 1}}
    assert campus.ask("SELECT COUNT(*) FROM mdl_groups_members WHERE groupid = ? AND userid = ?", group, user) == 1
    assert campus.ask("SELECT idnumber FROM mdl_groups WHERE id = ?", group) == "ex_L1CAS101-TD1"
    assert campus.play("groups", "encore", night_after(3))["counts"] == {}


def test_a_group_that_a_teacher_put_in_a_grouping_is_archived_then_restored(campus):
    db = campus.box.moodle.db
    course = db.same("course", "idnumber", "L1CAS103")
    group = campus.ask("SELECT id FROM mdl_groups WHERE courseid = ?", course)
    groupings.assign(db, groupings.create_grouping(db, course, "Projets"), group)
    before = campus.state()
    campus.refer("DELETE FROM refer_groupe_element WHERE code_groupe = 'L1CAS103-TD1'")
    report = campus.play("groups", "sans_groupe", night_after(1))
    assert report["counts"] == {"group": {"archive": 1}, "group_member": {"remove": 1}}
    campus.refer("INSERT INTO refer_groupe_element VALUES ('2026', 'L1CAS103-TD1', 'L1CAS103')")
    report = campus.play("groups", "de_retour", night_after(2))
    assert report["counts"] == {"group": {"restore": 1}, "group_member": {"add": 1}}
    assert campus.state() == before
    assert campus.ask("SELECT COUNT(*) FROM mdl_groupings_groups WHERE groupid = ?", group) == 1


def test_a_group_put_in_a_grouping_after_the_plan_was_made_is_not_deleted(campus):
    db = campus.box.moodle.db
    course = db.same("course", "idnumber", "L1CAS103")
    group = campus.ask("SELECT id FROM mdl_groups WHERE courseid = ?", course)
    campus.refer("DELETE FROM refer_groupe_element WHERE code_groupe = 'L1CAS103-TD1'")
    run = campus.prepared("groups", "sans_groupe", night_after(1))
    groupings.assign(db, groupings.create_grouping(db, course, "Projets"), group)
    reconcile.apply(run, campus.systems, lambda: None)
    entries = campus.journal("groups", "sans_groupe", night_after(1))
    assert entries[entries["object"] == "group"][["verb", "outcome", "message"]].to_numpy().tolist() == [
        ["delete", "put_off", "il a été mis dans un groupement"]
    ]
    campus.play("groups", "encore", night_after(2))
    assert campus.ask("SELECT idnumber FROM mdl_groups WHERE id = ?", group) == "ex_L1CAS103-TD1"
