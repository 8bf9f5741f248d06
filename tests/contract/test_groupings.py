"""Groupings, in which teachers put groups: what tells that a group is used."""

import pytest
from corner import UNKNOWN

CREATE, ASSIGN, READ, WHOLE = (
    f"core_group_{name}" for name in ("create_groupings", "assign_grouping", "get_course_groupings", "get_groupings")
)


@pytest.fixture
def grouping(moodle, course):
    (made,) = moodle.call(CREATE, groupings=[named("Projets", course)])
    return made["id"]


def named(name, course):
    return {"courseid": course, "name": name, "description": "", "idnumber": ""}


def put(moodle, grouping, *groups):
    return moodle.call(ASSIGN, assignments=[{"groupingid": grouping, "groupid": group} for group in groups])


def groups(moodle, *groupings):
    """The ids of the groups of each grouping; null when the answer does not tell any."""
    found = moodle.call(WHOLE, groupingids=list(groupings), returngroups=1)
    return [[group["id"] for group in one["groups"]] if "groups" in one else None for one in found]


def test_a_course_lists_its_groupings_and_each_tells_its_groups(moodle, course, grouping):
    one, two = moodle.group(course, "TD1", idnumber="G1"), moodle.group(course, "TD2")
    (empty,) = moodle.call(CREATE, groupings=[named("Vide", course)])
    assert put(moodle, grouping, one, two) is None
    assert put(moodle, grouping, one) is None
    listed = moodle.call(READ, courseid=course)
    assert [(row["id"], row["name"], row["courseid"]) for row in listed] == [
        (grouping, "Projets", course),
        (empty["id"], "Vide", course),
    ]
    assert groups(moodle, grouping, empty["id"]) == [[one, two], None]
    (told,) = moodle.call(WHOLE, groupingids=[grouping])
    assert "groups" not in told


def test_one_unknown_grouping_fails_the_call(moodle, grouping):
    assert moodle.refused(WHOLE, groupingids=[grouping, UNKNOWN], returngroups=1) == moodle.release.error(
        "invalidrecord"
    )


def test_a_group_that_is_deleted_leaves_its_groupings(moodle, course, grouping):
    group = moodle.group(course, "TD1")
    put(moodle, grouping, group)
    assert moodle.call("core_group_delete_groups", groupids=[group]) is None
    assert groups(moodle, grouping) == [None]


def test_a_grouping_without_idnumber_is_made_and_its_answer_refused(moodle, course):
    sent = [{"courseid": course, "name": "Projets", "description": ""}]
    assert moodle.refused(CREATE, groupings=sent) == "invalidresponse"
    assert [row["name"] for row in moodle.call(READ, courseid=course)] == ["Projets"]
