"""What the sandbox plays besides what the contract states: nothing in the project calls or needs it."""

import pytest

from rest import cohort
from sandbox.moodle import categories


def test_hiding_a_category_hides_what_is_below_and_all_their_courses(site):
    top = site.category("A")
    low = site.category("B", parent=top)
    course = site.course("C1", categoryid=low, visible=1)
    categories.hide(site.db, top)
    assert [site.row("course_categories", key)["visible"] for key in (top, low)] == [0, 0]
    assert site.row("course", course)["visible"] == 0


def test_a_category_counts_its_courses(site):
    site.course("C1")
    assert site.call("core_course_get_categories")[0]["coursecount"] == 1


def test_a_cohort_may_stand_in_a_category_named_by_its_idnumber(site):
    category = site.category("Droit", idnumber="DROIT")
    key = site.cohort("L1", categorytype={"type": "idnumber", "value": "droit"})
    level = "SELECT instanceid FROM mdl_context WHERE id = ?"
    assert site.db.value(level, (site.row("cohort", key)["contextid"],)) == category


def test_cohorts_and_members_may_be_named_by_idnumber_and_username(site):
    key, user = site.cohort("L1"), site.user("e1")
    member = {"cohorttype": {"type": "idnumber", "value": "l1"}, "usertype": {"type": "username", "value": "e1"}}
    assert site.call("core_cohort_add_cohort_members", members=[member]) == {"warnings": []}
    assert site.db.value("SELECT userid FROM mdl_cohort_members WHERE cohortid = ?", (key,)) == user


@pytest.mark.parametrize("place", [{"type": "course", "value": 1}, {"type": "id", "value": 99}])
def test_a_cohort_has_no_other_place(site, place):
    created = site.refused("core_cohort_create_cohorts", cohorts=[cohort("L1", categorytype=place)])
    assert created == "invalidparameter"


def test_a_cohort_is_deleted_with_its_members(site):
    key, user = site.cohort("L1"), site.user("e1")
    member = {"cohorttype": {"type": "id", "value": key}, "usertype": {"type": "id", "value": user}}
    site.call("core_cohort_add_cohort_members", members=[member])
    assert site.call("core_cohort_delete_cohorts", cohortids=[key]) is None
    assert site.db.value("SELECT count(*) FROM mdl_cohort_members") == 0


def test_a_deleted_course_takes_its_groups_and_enrolments_with_it(site):
    def counted():
        tables = ("groups", "groups_members", "user_enrolments", "role_assignments")
        return {table: site.db.value(f"SELECT count(*) FROM mdl_{table}") for table in tables}

    before, key, user = counted(), site.course("C1"), site.user("e1")
    site.enrol(key, user)
    site.join(site.group(key, "TD1"), user)
    site.call("core_course_delete_courses", courseids=[key])
    assert counted() == before == {"groups": 0, "groups_members": 0, "user_enrolments": 0, "role_assignments": 1}


def test_the_site_itself_cannot_be_deleted(site):
    warnings = site.call("core_course_delete_courses", courseids=[1])["warnings"]
    assert [one["warningcode"] for one in warnings] == ["cannotdeletecategorycourse"]


@pytest.mark.parametrize(("field", "value"), [("shortname", "c1"), ("idnumber", "c1"), ("category", "1"), ("id", "2")])
def test_a_course_is_found_by_field(site, field, value):
    key = site.course("C1")
    found = site.call("core_course_get_courses_by_field", field=field, value=value)["courses"]
    assert [(one["id"], one["categoryname"]) for one in found] == [(key, "Divers")]


def test_one_unknown_group_fails_the_reading_of_groups(site):
    group = site.group(site.course("C1"), "TD1")
    assert site.refused("core_group_get_groups", groupids=[group, 99]) == "invalidrecord"


@pytest.mark.parametrize(("function", "words"), [("update", "usernotupdatedadmin"), ("delete", "useradminodelete")])
def test_an_administrator_can_be_neither_updated_nor_deleted(site, function, words):
    if function == "update":
        (warning,) = site.call("core_user_update_users", users=[{"id": 2, "lastname": "Blanc"}])["warnings"]
        assert warning["warningcode"] == words
    else:
        assert site.refused("core_user_delete_users", userids=[2]) == words


def test_the_guest_cannot_be_enrolled_by_hand(site):
    sent = {"roleid": 5, "userid": 1, "courseid": site.course("C1")}
    assert site.refused("enrol_manual_enrol_users", enrolments=[sent]) == "guestsarenotallowed"
