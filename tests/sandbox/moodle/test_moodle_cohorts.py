"""Moodle 4.5: cohorts."""

import pytest


def cohort(idnumber, name="Licence 1", **more):
    return {"categorytype": {"type": "system", "value": ""}, "name": name, "idnumber": idnumber, **more}


def create(site, *cohorts):
    return site.call("core_cohort_create_cohorts", cohorts=cohorts)


def add(site, *pairs):
    members = [
        {"cohorttype": {"type": "idnumber", "value": c}, "usertype": {"type": "username", "value": u}} for c, u in pairs
    ]
    return site.call("core_cohort_add_cohort_members", members=members)["warnings"]


def test_a_batch_of_cohorts_is_all_or_nothing(site):
    assert create(site, cohort("L1"), cohort("l1"))["errorcode"] == "invalidparameter"
    assert site.call("core_cohort_get_cohorts") == []


@pytest.mark.parametrize(("field", "length"), [("name", 255), ("idnumber", 101)])
def test_a_cohort_too_long_is_an_opaque_write_error(site, field, length):
    assert create(site, {**cohort("L1"), field: "x" * length})["errorcode"] == "dmlwriteexception"


def test_a_cohort_is_renamed(site):
    key = create(site, cohort("L1"))[0]["id"]
    assert site.call("core_cohort_update_cohorts", cohorts=[cohort("L1", "Master", id=key)]) is None
    assert site.call("core_cohort_get_cohorts", cohortids=[key])[0]["name"] == "Master"


def test_a_cohort_may_stand_in_a_category(site):
    category = site.category("Droit", idnumber="DROIT")
    place = {"type": "idnumber", "value": "droit"}
    key = create(site, {**cohort("L1"), "categorytype": place})[0]["id"]
    level = "SELECT instanceid FROM mdl_context WHERE id = ?"
    assert site.db.value(level, (site.row("cohort", key)["contextid"],)) == category


def test_members_are_added_one_by_one_with_warnings_2_and_3(site):
    key = create(site, cohort("L1"))[0]["id"]
    user = site.user("e1")
    assert add(site, ("L1", "e1")) == []
    warnings = add(site, ("L1", "e1"), ("L1", "nobody"), ("L9", "e1"))
    assert [one["warningcode"] for one in warnings] == ["3", "2", "2"]
    assert site.call("core_cohort_get_cohort_members", cohortids=[key]) == [{"cohortid": key, "userids": [user]}]


def test_cohorts_and_members_may_be_named_by_id(site):
    key, user = create(site, cohort("L1"))[0]["id"], site.user("e1")
    member = {"cohorttype": {"type": "id", "value": key}, "usertype": {"type": "id", "value": user}}
    assert site.call("core_cohort_add_cohort_members", members=[member]) == {"warnings": []}
    assert site.db.value("SELECT userid FROM mdl_cohort_members WHERE cohortid = ?", (key,)) == user


def test_one_unknown_cohort_fails_the_reading_of_members(site):
    key = create(site, cohort("L1"))[0]["id"]
    assert site.refused("core_cohort_get_cohort_members", cohortids=[key, 99]) == "invalidrecord"


def test_a_removal_is_all_or_nothing_and_indifferent_to_who_is_no_member(site):
    key = create(site, cohort("L1"))[0]["id"]
    one, two = site.user("e1"), site.user("e2")
    add(site, ("L1", "e1"))
    remove = "core_cohort_delete_cohort_members"
    pair = {"cohortid": key, "userid": one}
    assert site.refused(remove, members=[pair, {"cohortid": key, "userid": 999}]) == "invaliduser"
    assert site.call(remove, members=[pair, {"cohortid": key, "userid": two}]) is None
    assert site.call("core_cohort_get_cohort_members", cohortids=[key])[0]["userids"] == []


def test_a_cohort_is_deleted_with_its_members(site):
    key = create(site, cohort("L1"))[0]["id"]
    site.user("e1")
    add(site, ("L1", "e1"))
    assert site.call("core_cohort_delete_cohorts", cohortids=[key]) is None
    assert site.db.value("SELECT count(*) FROM mdl_cohort_members") == 0
