"""A read that is refused names its way out; whoever takes it has the night done."""

from __future__ import annotations

import pytest
from campus import Campus, night_after
from older import decide

from ecampus.errors import SourceRefused, TruncatedRead
from sandbox.moodle import categories
from sandbox.moodle.users import deleted

MARK = "ecampus"
NIGHT = night_after(1)


def refused(campus: Campus, phase: str, words: str) -> None:
    with pytest.raises(TruncatedRead, match=words):
        campus.play(phase, "refusee", NIGHT)


def without_names(campus: Campus) -> dict[int, str]:
    """A sixth of our accounts, that lost their last name in Moodle; what it was."""
    db = campus.box.moodle.db
    ours = sorted(int(id_) for id_ in campus.register.owned()["account"]["user_id"].unique())
    names = {id_: db.get("user", id_)["lastname"] for id_ in ours[: len(ours) // 6]}
    for id_ in names:
        db.update("user", id_, lastname="")
    return names


@pytest.mark.parametrize("by_database", [False, True])
def test_accounts_without_a_name_are_given_one_again(campus, by_database):
    campus.by_database = by_database
    owned, names = campus.owned(), without_names(campus)
    refused(campus, "users", f"ne montre pas {len(names)} de nos .* comptes : .* rendre un nom de famille")
    for id_, name in names.items():
        campus.box.moodle.db.update("user", id_, lastname=name)
    assert campus.play("users", "encore", NIGHT)["counts"] == {}
    assert campus.owned() == owned


def test_or_they_are_deleted_and_while_they_wait_to_be_made_again_no_phase_misses_them(campus):
    names, db = without_names(campus), campus.box.moodle.db
    refused(campus, "users", "supprimer sur ecampus ceux qui sont de trop")
    for id_ in names:
        db.update("user", id_, **deleted(db, db.get("user", id_)))
    assert campus.play("users", "encore", NIGHT)["held"] == len(names)
    for phase in ("cohorts", "enrolments", "groups"):
        campus.play(phase, "encore", NIGHT)


def test_cohorts_of_which_not_one_is_left_are_given_up_and_made_again(campus):
    owned = campus.owned()
    campus.moodle("DELETE FROM mdl_cohort_members")
    campus.moodle("DELETE FROM mdl_cohort WHERE idnumber <> ?", MARK)
    refused(campus, "cohorts", r"cohortes : .* les abandonner \(make owned RELEASE=…")
    decide(campus, release=" ".join(f"cohorte:{code}" for code, *_ in owned["cohort"]))
    assert campus.play("cohorts", "encore", NIGHT)["counts"]["cohort"] == {"create": len(owned["cohort"])}
    assert campus.owned() == owned


def test_courses_of_which_not_one_is_left_are_given_up_and_made_again(campus):
    owned = campus.owned()
    campus.moodle("DELETE FROM mdl_course WHERE id > 1")
    refused(campus, "offer", r"cours : .* les abandonner \(make owned RELEASE=…")
    decide(campus, release=";".join(f"cours:{number}" for number in campus.register.owned()["course"]["idnumber"]))
    assert list(campus.play("offer", "encore", NIGHT)["counts"]["course"]) == ["create"]
    assert set(campus.owned()["course"]) >= set(owned["course"])


def test_categories_that_the_token_may_see_no_more_are_seen_again_with_the_right_that_is_named(campus):
    owned, moodle = campus.owned(), campus.box.moodle
    right = "moodle/category:viewhiddencategories"
    rights = [dict(row) for row in moodle.db.all("SELECT * FROM mdl_role_capabilities WHERE capability = ?", (right,))]
    categories.hide(moodle.db, moodle.db.same("course_categories", "idnumber", "STAPS"))
    moodle.deny(right)
    with pytest.raises(SourceRefused, match=right):
        campus.play("offer", "refusee", NIGHT)
    for row in rights:
        campus.moodle(
            f"INSERT INTO mdl_role_capabilities({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", *row.values()
        )
    assert campus.play("offer", "encore", NIGHT)["counts"] == {}
    assert campus.owned() == owned
