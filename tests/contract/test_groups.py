"""Groups and their members: core_group_*."""

import pytest
from corner import UNKNOWN

CREATE, UPDATE, DELETE, ADD, REMOVE, MEMBERS, READ = (
    f"core_group_{name}"
    for name in (
        "create_groups", "update_groups", "delete_groups", "add_group_members", "delete_group_members",
        "get_group_members", "get_course_groups",
    )
)  # fmt: skip


def sent(course, name, idnumber="", **more):
    return {"courseid": course, "name": name, "idnumber": idnumber, "description": "", **more}


def update(moodle, **group):
    return moodle.call(UPDATE, groups=[group])


def add(moodle, *pairs):
    return moodle.call(ADD, members=[{"groupid": group, "userid": user} for group, user in pairs])


def read(moodle, course):
    """Idnumbers by name."""
    return {one["name"]: one["idnumber"] for one in moodle.call(READ, courseid=course)}


@pytest.fixture
def enrolled(moodle, course, user):
    moodle.enrol(course, user)
    return user


def test_groups_created_come_back_in_order_with_their_ids(moodle, course):
    created = moodle.call(CREATE, groups=[sent(course, "TD2", "G2"), sent(course, "TD1", "G1")])
    assert [(one["name"], one["idnumber"], one["courseid"]) for one in created] == [
        ("TD2", "G2", course),
        ("TD1", "G1", course),
    ]
    listed = {one["id"]: one["name"] for one in moodle.call(READ, courseid=course)}
    assert listed == {created[0]["id"]: "TD2", created[1]["id"]: "TD1"}


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ({"name": "td1"}, "invalidparameter"),
        ({"name": " "}, "invalidparameter"),
        ({"name": "<i>TD2</i>"}, "invalidparameter"),
        ({"name": "x" * 255}, "dmlwriteexception"),
        ({"idnumber": "x" * 101}, "dmlwriteexception"),
        ({"courseid": UNKNOWN}, "errorcoursecontextnotvalid"),
        ({"idnumber": "G1"}, "idnumbertaken"),
    ],
    ids=["name taken", "no name", "tags", "name too long", "idnumber too long", "unknown course", "idnumber taken"],
)
def test_one_bad_group_loses_the_whole_batch(moodle, course, bad, error):
    moodle.group(course, "TD1", idnumber="G1")
    created = moodle.call(CREATE, groups=[sent(course, "TD3", "G3"), sent(course, "TD2", "G2") | bad])
    assert created["errorcode"] == error
    moodle.group(course, "fresh")
    assert read(moodle, course) == {"TD1": "G1", "fresh": ""}


@pytest.mark.parametrize("idnumber", ["007", "7.0", "+7", "7e0"])
def test_group_idnumbers_7_and_007_collide(moodle, course, idnumber):
    moodle.group(course, "TD1", idnumber="7")
    assert moodle.refused(CREATE, groups=[sent(course, "TD2", idnumber)]) == "idnumbertaken"


def test_idnumbers_that_are_no_numbers_are_compared_exactly(moodle, course):
    groups = [
        sent(course, f"TD{number}", idnumber)
        for number, idnumber in enumerate(["G1", "g1", "7a", "7A", "", "", "0", "0"])
    ]
    assert len(moodle.call(CREATE, groups=groups)) == 8


def test_the_idnumber_of_a_group_may_look_like_a_power_of_ten(moodle, course):
    moodle.group(course, "TD1", idnumber="1E2")
    assert moodle.refused(CREATE, groups=[sent(course, "TD2", "100")]) == "idnumbertaken"


def test_a_batch_refused_for_an_idnumber_leaves_ghosts_of_its_groups_until_another_is_written(moodle, course):
    """Moodle's cache keeps what was rolled back: it is listed, its idnumber is taken, it has no members."""
    moodle.group(course, "TD1", idnumber="G1")
    batch = [sent(course, "TD2", "G2"), sent(course, "TD3", "G1")]
    assert moodle.refused(CREATE, groups=batch) == "idnumbertaken"
    assert moodle.groups(course) == ["TD1", "TD2"]
    assert moodle.refused(CREATE, groups=batch[:1]) == "idnumbertaken"
    ghost = next(one["id"] for one in moodle.call(READ, courseid=course) if one["name"] == "TD2")
    assert moodle.refused(MEMBERS, groupids=[ghost]) == moodle.release.error("invalidrecord")
    assert moodle.call(DELETE, groupids=[ghost]) is None
    assert moodle.groups(course) == ["TD1", "TD2"]
    moodle.group(course, "TD4", idnumber="G4")
    assert moodle.groups(course) == ["TD1", "TD4"]
    assert moodle.group(course, "TD2", idnumber="G2") != ghost


def test_a_write_error_leaves_the_same_ghosts(moodle, course):
    batch = [sent(course, "TD2", "G2"), sent(course, "x" * 255, "G3")]
    assert moodle.refused(CREATE, groups=batch) == "dmlwriteexception"
    assert moodle.groups(course) == ["TD2"]
    assert moodle.refused(CREATE, groups=batch[:1]) == "idnumbertaken"


def test_a_group_alone_in_its_course_and_its_call_leaves_none(moodle, code):
    courses = [moodle.course(f"{code}{letter}") for letter in "ab"]
    batch = [sent(courses[0], "TD1", "G1"), sent(courses[1], "x" * 255, "G1")]
    assert moodle.refused(CREATE, groups=batch) == "dmlwriteexception"
    assert [moodle.groups(course) for course in courses] == [[], []]
    assert moodle.group(courses[0], "TD1", idnumber="G1")


def test_names_and_idnumbers_are_trimmed(moodle, course):
    moodle.group(course, " TD1 ", idnumber=" G1 ")
    assert read(moodle, course) == {"TD1": "G1"}
    assert moodle.refused(CREATE, groups=[sent(course, "TD2", "G1 ")]) == "idnumbertaken"


def test_a_space_in_front_passes_the_check_of_names_and_makes_a_second_group_of_that_name(moodle, course):
    moodle.group(course, "TD1")
    moodle.group(course, " TD1")
    assert moodle.groups(course) == ["TD1", "TD1"]


@pytest.mark.parametrize("name", ["moyenne < 10", "TD & TP", "x" * 254])
def test_a_name_is_kept_as_it_is_sent(moodle, course, name):
    moodle.group(course, name, idnumber="y" * 100)
    assert read(moodle, course) == {name: "y" * 100}


def test_the_same_name_and_idnumber_may_serve_in_another_course(moodle, course, code):
    assert moodle.group(course, "TD1", idnumber="G1")
    assert moodle.group(moodle.course(f"{code}b"), "TD1", idnumber="G1")


def test_an_update_must_send_the_name_and_is_all_or_nothing(moodle, course):
    one, two = moodle.group(course, "TD1", idnumber="G1"), moodle.group(course, "TD2")
    assert update(moodle, id=one, idnumber="G9")["errorcode"] == "invalidparameter"
    assert (
        moodle.refused(UPDATE, groups=[{"id": two, "name": "TD3"}, {"id": UNKNOWN, "name": "x"}]) == "invalidparameter"
    )
    assert moodle.refused(UPDATE, groups=[{"id": two, "name": "TD3"}, {"id": one, "name": "td3"}]) == "invalidparameter"
    assert read(moodle, course) == {"TD1": "G1", "TD2": ""}
    assert update(moodle, id=two, name=" TD3 ", idnumber=" G3 ") is None
    assert read(moodle, course) == {"TD1": "G1", "TD3": "G3"}


@pytest.mark.parametrize(
    ("bad", "error"),
    [({"name": "x" * 255}, "dmlwriteexception"), ({"idnumber": "G1"}, "idnumbertaken"), ({"name": " "}, "invalidparameter")],
)  # fmt: skip
def test_an_update_refuses_what_a_creation_does(moodle, course, bad, error):
    moodle.group(course, "TD1", idnumber="G1")
    two = moodle.group(course, "TD2")
    assert update(moodle, **{"id": two, "name": "TD2"} | bad)["errorcode"] == error


def test_an_update_keeps_its_own_name_and_idnumber(moodle, course):
    group = moodle.group(course, "TD1", idnumber="G1")
    assert update(moodle, id=group, name="TD1", idnumber="G1") is None
    assert update(moodle, id=group, name="TD1", idnumber="") is None
    assert read(moodle, course) == {"TD1": ""}


def test_a_group_may_not_even_change_the_case_of_its_name_but_by_a_detour(moodle, course):
    group = moodle.group(course, "td1")
    assert update(moodle, id=group, name="TD1")["errorcode"] == "invalidparameter"
    detour = [{"id": group, "name": "td1 (G1)"}, {"id": group, "name": "TD1"}]
    assert moodle.call(UPDATE, groups=detour) is None
    assert moodle.groups(course) == ["TD1"]


def test_a_new_name_equal_to_the_old_as_a_number_is_not_looked_for_in_the_course(moodle, course):
    one = moodle.group(course, "7")
    moodle.group(course, "007")
    assert update(moodle, id=one, name="007") is None
    assert moodle.groups(course) == ["007", "007"]


def test_a_name_freed_in_a_call_serves_in_the_same_call(moodle, course):
    one, two = moodle.group(course, "TD1"), moodle.group(course, "TD2")
    renames = [{"id": one, "name": "TD3"}, {"id": two, "name": "TD1"}]
    assert moodle.call(UPDATE, groups=renames) is None
    assert moodle.groups(course) == ["TD1", "TD3"]


def test_delete_groups_ignores_unknown_ids(moodle, course):
    group = moodle.group(course, "TD1")
    assert moodle.call(DELETE, groupids=[UNKNOWN, group]) is None
    assert moodle.groups(course) == []


def test_a_deleted_group_loses_its_members_and_frees_its_name(moodle, course, enrolled):
    group = moodle.group(course, "TD1", idnumber="G1")
    add(moodle, (group, enrolled))
    moodle.call(DELETE, groupids=[group])
    assert moodle.members(moodle.group(course, "TD1", idnumber="G1")) == []


def test_add_group_members_refuses_the_batch_when_one_is_not_enrolled(moodle, course, code, enrolled):
    group, outside = moodle.group(course, "TD1"), moodle.user(f"{code}out")
    assert add(moodle, (group, enrolled), (group, outside))["errorcode"] == "invalidparameter"
    assert moodle.members(group) == []


@pytest.mark.parametrize(
    ("bad", "error"), [({"groupid": UNKNOWN}, "invalidrecord"), ({"userid": UNKNOWN}, "invaliduser")]
)
@pytest.mark.parametrize("function", [ADD, REMOVE])
def test_an_unknown_group_or_user_loses_the_batch(moodle, course, enrolled, function, bad, error):
    one, two = moodle.group(course, "TD1"), moodle.group(course, "TD2")
    add(moodle, (one, enrolled))
    good = {"groupid": two if function == ADD else one, "userid": enrolled}
    assert moodle.refused(function, members=[good, good | bad]) == moodle.release.error(error)
    assert [moodle.members(group) for group in (one, two)] == [[enrolled], []]


def test_who_is_a_member_already_is_no_error(moodle, course, enrolled):
    group = moodle.group(course, "TD1")
    assert add(moodle, (group, enrolled), (group, enrolled)) is None
    assert add(moodle, (group, enrolled)) is None
    assert moodle.members(group) == [enrolled]


def test_a_suspended_enrolment_is_enough_to_be_a_member(moodle, course, user):
    group = moodle.group(course, "TD1")
    moodle.enrol(course, user, suspend=1)
    assert add(moodle, (group, user)) is None
    assert moodle.members(group) == [user]


def test_delete_group_members_does_not_mind_who_is_no_member(moodle, course, enrolled):
    group = moodle.group(course, "TD1")
    add(moodle, (group, enrolled))
    pair = {"groupid": group, "userid": enrolled}
    assert moodle.call(REMOVE, members=[pair, pair]) is None
    assert moodle.members(group) == []


def test_get_group_members_fails_on_one_unknown_id(moodle, course):
    group = moodle.group(course, "TD1")
    assert moodle.refused(MEMBERS, groupids=[group, UNKNOWN]) == moodle.release.error("invalidrecord")
    assert moodle.call(MEMBERS, groupids=[group]) == [{"groupid": group, "userids": []}]


def test_the_groups_of_an_unknown_course_are_refused(moodle):
    assert moodle.refused(READ, courseid=UNKNOWN) == "errorcoursecontextnotvalid"
