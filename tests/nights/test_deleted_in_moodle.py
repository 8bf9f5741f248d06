"""What somebody deletes in Moodle is made again if REFER wants it, else forgotten; what was not asked is neither."""

from __future__ import annotations

import pytest
from campus import Campus, night_after

from ecampus.errors import EcampusError, SourceUnreachable
from ecampus.night import approving, reconcile
from rehearsal import KILLED, NIGHT, live
from sandbox.moodle.faults import Cut

OURS = "SELECT id FROM mdl_groups WHERE idnumber <> '' ORDER BY id LIMIT ?"


def delete_groups(campus: Campus, number: int) -> None:
    for row in campus.box.moodle.db.all(OURS, (number,)):
        campus.moodle("DELETE FROM mdl_groups_members WHERE groupid = ?", row["id"])
        campus.moodle("DELETE FROM mdl_groups WHERE id = ?", row["id"])


@pytest.mark.parametrize(("by_database", "days"), [(False, 5), (True, 2)])
def test_groups_that_teachers_delete_day_after_day_are_made_again_each_night(campus, by_database, days):
    campus.by_database = by_database
    before, owned = campus.state(), campus.owned()
    for day in range(1, days + 1):
        delete_groups(campus, 3)
        assert campus.play("groups", "nuit", night_after(day))["counts"]["group"] == {"create": 3}
        assert campus.state() == before
        assert campus.owned() == owned


@pytest.mark.parametrize("by_database", [False, True])
def test_cohorts_of_etapes_that_left_may_be_deleted_as_the_anomaly_advises(campus, by_database):
    campus.by_database = by_database
    ours = [code for code, *_ in campus.owned()["cohort"]]
    left = ours[: len(ours) // 2]
    assert len(left) >= 3
    for code in left:
        campus.refer("DELETE FROM refer_etape WHERE code = ?", code)
    campus.play("cohorts", "nuit", night_after(1))
    assert [code for code, *_ in campus.owned()["cohort"]] == ours
    for code in left:
        cohort = campus.ask("SELECT id FROM mdl_cohort WHERE idnumber = ?", code)
        campus.moodle("DELETE FROM mdl_cohort_members WHERE cohortid = ?", cohort)
        campus.moodle("DELETE FROM mdl_cohort WHERE id = ?", cohort)
    for night in (2, 3):
        assert campus.play("cohorts", "nuit", night_after(night))["counts"] == {}
        assert [code for code, *_ in campus.owned()["cohort"]] == ours[len(left) :]


@pytest.mark.parametrize("by_database", [False, True])
def test_categories_deleted_day_after_day_are_made_again_each_night_with_what_was_in_them(campus, by_database):
    campus.by_database = by_database
    before, owned = campus.state(), campus.owned()
    for day in (1, 2):
        for code in ("STAPS", "LMATH1_1"):
            row = campus.box.moodle.db.same("course_categories", "idnumber", code)
            campus.systems.moodle().call("core_course_delete_categories", categories=[{"id": row}])
        counts = campus.play("offer", "nuit", night_after(day))["counts"]
        assert counts["category"] == {"create": 2}
        assert campus.state() == before
        assert campus.owned() == owned


def delete_courses(campus: Campus) -> list[dict]:
    """A quarter of ours; what they were."""
    db = campus.box.moodle.db
    ours = sorted(id_ for id_ in campus.register.owned()["course"]["id"] if db.same("course", "id", id_))
    gone = [dict(db.get("course", id_)) for id_ in ours[: len(ours) // 4]]
    for row in gone:
        campus.moodle("DELETE FROM mdl_course WHERE id = ?", row["id"])
    return gone


def put_back(campus: Campus, kept: list[dict]) -> None:
    for row in kept:
        names = ", ".join(row)
        campus.moodle(f"INSERT INTO mdl_course({names}) VALUES ({', '.join('?' * len(row))})", *row.values())


def test_a_tenth_of_the_courses_deleted_at_once_wait_to_be_made_again_and_restored_they_are_ours(campus):
    owned, kept = campus.owned(), delete_courses(campus)
    report = campus.play("offer", "nuit", night_after(1))
    assert (report["counts"], report["held"]) == ({}, len(kept))
    (told,) = report["questions"]
    assert (
        f" : {len(kept)} cours à créer (composante SCIENCES), que Moodle dit ne plus avoir et qui reviendraient vides"
        in told
    )
    for phase in ("enrolments", "groups"):
        assert campus.play(phase, "nuit", night_after(1))["counts"] == {}
    put_back(campus, kept)
    assert campus.play("offer", "encore", night_after(1))["counts"] == {}
    assert campus.owned() == owned


def test_once_somebody_decides_they_are_made_again(campus):
    kept = delete_courses(campus)
    campus.play("offer", "nuit", night_after(1))
    (question,) = approving.questions(campus.register, campus.store)
    approving.answer(campus.register, question, True, night_after(1), "camille", "")
    assert campus.play("offer", "encore", night_after(2))["counts"] == {"course": {"create": len(kept)}}
    assert campus.play("offer", "apres", night_after(3))["counts"] == {}


def test_those_deleted_between_a_kill_and_the_next_attempt_are_not_forgotten_unseen(before):
    campus = before("offer")
    run = campus.run("offer", KILLED, NIGHT)
    campus.box.moodle.faults.push("core_course_create_courses", Cut(), after=True)
    with pytest.raises(SourceUnreachable):
        reconcile.apply(run, campus.systems, live)
    gone = {row["idnumber"] for row in delete_courses(campus)}
    ours = set(campus.register.owned()["course"]["id"])
    reconcile.apply(run, campus.systems, live)
    assert set(campus.register.owned()["course"]["id"]) >= ours
    assert not gone & {row["idnumber"] for row in campus.box.moodle.db.all("SELECT idnumber FROM mdl_course")}


@pytest.mark.parametrize(
    ("phase", "capability"),
    [("offer", "moodle/course:viewhiddencourses"), ("groups", "moodle/course:managegroups")],
)
def test_a_right_that_was_lost_disowns_nothing(campus, phase, capability):
    owned = campus.owned()
    campus.box.moodle.deny(capability)
    with pytest.raises(EcampusError):
        campus.play(phase, "nuit", night_after(1))
    assert campus.owned() == owned
