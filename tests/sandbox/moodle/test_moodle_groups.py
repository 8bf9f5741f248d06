"""Moodle 4.5: groups and their members."""

import pytest


def add(site, *pairs):
    members = [{"groupid": group, "userid": user} for group, user in pairs]
    return site.call("core_group_add_group_members", members=members)


def update(site, **sent):
    return site.call("core_group_update_groups", groups=[sent])


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"name": "td1"}, "invalidparameter"),
        ({"name": " "}, "invalidparameter"),
        ({"name": "<i>TD2</i>"}, "invalidparameter"),
        ({"name": "x" * 255}, "dmlwriteexception"),
        ({"name": "TD2", "idnumber": "x" * 101}, "dmlwriteexception"),
        ({"name": "TD2", "courseid": 99}, "errorcoursecontextnotvalid"),
        ({"name": "TD2", "idnumber": "007"}, "idnumbertaken"),
        ({"name": "TD2", "idnumber": "7.0"}, "idnumbertaken"),
    ],
)
def test_one_bad_group_loses_the_whole_batch(site, bad, code):
    course = site.course("C1")
    site.group(course, "TD1", idnumber="7")
    group = {"courseid": course, "description": ""}
    groups = [{**group, "name": "TD3"}, {**group, **bad}]
    assert site.refused("core_group_create_groups", groups=groups) == code
    assert len(site.call("core_group_get_course_groups", courseid=course)) == 1


def test_names_and_idnumbers_are_trimmed(site):
    key = site.group(site.course("C1"), " TD1 ", idnumber=" G1 ")
    assert (site.row("groups", key)["name"], site.row("groups", key)["idnumber"]) == ("TD1", "G1")


def test_a_bare_less_than_sign_is_accepted_in_a_name(site):
    assert site.group(site.course("C1"), "moyenne < 10")


def test_the_same_name_and_idnumber_may_serve_in_another_course(site):
    assert site.group(site.course("C1"), "TD1", idnumber="G1")
    assert site.group(site.course("C2"), "TD1", idnumber="G1")


def test_idnumbers_that_are_no_numbers_are_compared_exactly(site):
    course = site.course("C1")
    assert site.group(course, "TD1", idnumber="G1")
    assert site.group(course, "TD2", idnumber="g1")


def test_an_update_must_send_the_name_and_is_all_or_nothing(site):
    course = site.course("C1")
    one, two = site.group(course, "TD1"), site.group(course, "TD2")
    assert update(site, id=one, idnumber="G1")["errorcode"] == "invalidparameter"
    groups = [{"id": one, "name": "TD3"}, {"id": two, "name": "td3"}]
    assert site.refused("core_group_update_groups", groups=groups) == "invalidparameter"
    assert site.row("groups", one)["name"] == "TD1"
    assert update(site, id=one, name="TD3", idnumber="G1") is None
    assert site.row("groups", one)["name"] == "TD3"


def test_a_group_may_not_even_change_the_case_of_its_name(site):
    """The real one looks for the new name in the course and finds the group itself."""
    group = site.group(site.course("C1"), "td1")
    assert update(site, id=group, name="TD1")["errorcode"] == "invalidparameter"


def test_an_update_keeps_its_own_idnumber(site):
    group = site.group(site.course("C1"), "TD1", idnumber="G1")
    assert update(site, id=group, name="TD1", idnumber="G1") is None


def test_the_deletion_of_unknown_groups_is_silently_ignored(site):
    group = site.group(site.course("C1"), "TD1")
    assert site.call("core_group_delete_groups", groupids=[99, group]) is None
    assert site.db.find("groups", group) is None


def test_who_is_not_enrolled_loses_the_whole_batch(site):
    course, inside, outside = site.course("C1"), site.user("e1"), site.user("e2")
    group = site.group(course, "TD1")
    site.enrol(course, inside)
    assert add(site, (group, inside), (group, outside))["errorcode"] == "invalidparameter"
    assert site.members(group) == []


def test_a_suspended_enrolment_is_enough_and_a_member_is_no_error(site):
    course, user = site.course("C1"), site.user("e1")
    group = site.group(course, "TD1")
    site.enrol(course, user, suspend=1)
    assert add(site, (group, user)) is None
    assert add(site, (group, user)) is None
    assert site.members(group) == [user]


@pytest.mark.parametrize(("group", "user", "code"), [(99, 2, "invalidrecord"), (1, 99, "invaliduser")])
def test_an_unknown_group_or_user_is_a_missing_record(site, group, user, code):
    site.group(site.course("C1"), "TD1")
    assert add(site, (group, user))["errorcode"] == code


def test_a_removal_is_all_or_nothing_and_indifferent_to_who_is_no_member(site):
    course, user = site.course("C1"), site.user("e1")
    group = site.group(course, "TD1")
    site.enrol(course, user)
    add(site, (group, user))
    remove, pair = "core_group_delete_group_members", {"groupid": group, "userid": user}
    assert site.refused(remove, members=[pair, {"groupid": 99, "userid": user}]) == "invalidrecord"
    assert site.members(group) == [user]
    assert site.call(remove, members=[pair]) is None
    assert site.call(remove, members=[pair]) is None
    assert site.members(group) == []


@pytest.mark.parametrize("function", ["core_group_get_group_members", "core_group_get_groups"])
def test_one_unknown_group_fails_the_whole_reading(site, function):
    group = site.group(site.course("C1"), "TD1")
    assert site.refused(function, groupids=[group, 99]) == "invalidrecord"


def test_without_the_capability_groups_are_closed(site):
    course = site.course("C1")
    site.server.deny("moodle/course:managegroups")
    assert site.refused("core_group_get_course_groups", courseid=course) == "nopermissions"
