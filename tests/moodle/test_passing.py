"""Lists that change while they are read: read again; a right is missing, or an object gone, only when it lasts."""

from __future__ import annotations

from collections import deque

import pytest
from moodle_standin import StandIn, refusal

from ecampus.errors import SourceRefused, SourceUnreachable, TruncatedRead
from ecampus.moodle import accounts, passing, reads
from ecampus.moodle.client import MoodleRefusal

COURSE = {
    "id": 2,
    "shortname": "L1",
    "fullname": "L1",
    "categoryid": 1,
    "idnumber": "L1",
    "visible": 0,
    "timecreated": 9,
}


def unseen(course: int):
    return refusal(
        "errorcoursecontextnotvalid", f"You cannot execute functions in the course context (course id:{course})"
    )


def answering(*answers):
    """These answers, then the last one for ever."""
    waiting = deque(answers)
    return lambda function, form: waiting.popleft() if len(waiting) > 1 else waiting[0]


def test_courses_that_come_and_go_are_read_again_until_the_list_is_whole(client, moodle: StandIn):
    moodle.answer = answering(unseen(7), unseen(7), unseen(7), *(unseen(course) for course in range(8, 20)), [COURSE])
    assert reads.courses(client)["id"].tolist() == [2]


def test_a_course_that_is_never_seen_is_a_right_that_is_missing(client, moodle):
    moodle.answer = answering(unseen(7), unseen(8), unseen(7))
    with pytest.raises(SourceRefused, match=r"moodle/course:view et moodle/course:viewhiddencourses"):
        reads.courses(client)
    assert len(moodle.calls) == passing.LASTING + 1


def test_a_list_that_never_comes_to_rest_is_one_sentence(client, moodle):
    moodle.answer = answering(*(unseen(course) for course in range(100)))
    with pytest.raises(SourceUnreachable) as told:
        reads.courses(client)
    assert str(told.value) == (
        "Moodle (http://moodle.test) change sans cesse pendant core_course_get_courses (20 essais, le dernier : You cannot"
        " execute functions in the course context (course id:19)) : relancer quand ce qui y crée et supprime en masse a"
        " fini."
    )


GONE = refusal("invalidrecord", "Can't find data record in database table context.")


@pytest.mark.parametrize(
    ("read", "answer"),
    [
        (reads.cohorts, [{"id": 5, "idnumber": None, "name": "L1"}]),
        (reads.categories, [{"id": 5, "name": "L1", "parent": 0, "coursecount": 0, "idnumber": None, "visible": 1}]),
        (
            accounts.users,
            {
                "users": [
                    {"id": 5, "username": "guest", "auth": "manual", "suspended": False, "email": "", "fullname": "x"}
                ]
            },
        ),
    ],
)
def test_any_list_that_stumbles_on_what_was_just_deleted_is_read_again(client, moodle, read, answer):
    moodle.answer = answering(GONE, GONE, answer)
    assert read(client)["id"].tolist() == [5]


@pytest.mark.parametrize("read", [reads.groups, reads.enrolled])
@pytest.mark.parametrize("words", [unseen(7), refusal("invalidrecord", "Can't find data record in table course.")])
def test_a_course_deleted_meanwhile_has_no_rows(client, moodle, read, words):
    moodle.answer = lambda function, form: [] if function == "core_course_get_courses" else words
    assert read(client, [7]).empty
    assert moodle.calls[-1]["options[ids][0]"] == "7"


@pytest.mark.parametrize("read", [reads.groups, reads.enrolled])
def test_a_course_that_is_there_is_read_again_and_never_taken_for_an_empty_one(client, moodle, read):
    moodle.answer = lambda function, form: [COURSE] if function == "core_course_get_courses" else unseen(7)
    with pytest.raises(MoodleRefusal):
        read(client, [7])
    answers = deque([unseen(7), unseen(7), []])
    moodle.answer = lambda function, form: [COURSE] if function == "core_course_get_courses" else answers.popleft()
    assert read(client, [7]).empty
    assert not answers


def test_members_of_a_course_about_to_go_are_asked_for_again(client, moodle):
    members = [{"groupid": 1, "userids": [4]}, {"groupid": 2, "userids": []}]
    moodle.answer = answering(unseen(7), members)
    assert reads.group_members(client, [1, 2])["user_id"].tolist() == [4]


def test_groups_that_were_not_asked_for_are_a_truncated_read(client, moodle):
    moodle.answer = lambda *_: [{"groupid": 1, "userids": []}, {"groupid": 3, "userids": []}]
    with pytest.raises(TruncatedRead, match="2 lignes pour 2"):
        reads.group_members(client, [1, 2])
