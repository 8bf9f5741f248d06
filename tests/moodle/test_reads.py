"""Existing state: columns and types whatever comes, hidden fields refused, nothing dropped in silence."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from moodle_standin import ids, refusal, reply

from ecampus import contract
from ecampus.errors import SourceRefused, SourceUnreachable, TruncatedRead
from ecampus.moodle import accounts, reads
from ecampus.moodle.client import MoodleRefusal


@pytest.mark.parametrize(
    ("read", "answer", "capability"),
    [
        (accounts.users, {"users": [{"id": 2, "username": "u", "lastname": "N"}]}, "moodle/user:viewalldetails"),
        (
            accounts.users,
            {"users": [{"id": 2, "username": "u", "lastname": "N", "auth": "cas", "suspended": False}]},
            "moodle/site:viewuseridentity",
        ),
        (
            reads.courses,
            [{"id": 2, "shortname": "X", "fullname": "X", "categoryid": 1}],
            "moodle/course:update",
        ),
        (reads.categories, [{"id": 2, "name": "X", "parent": 0, "coursecount": 0}], "moodle/category:manage"),
    ],
)
def test_a_field_hidden_from_the_token_is_not_an_empty_one(client, moodle, read, answer, capability):
    moodle.answer = lambda f, form: answer
    with pytest.raises(SourceRefused, match=capability):
        read(client)


def test_the_site_course_is_left_out_and_an_empty_idnumber_is_null(client, moodle):
    row = {"idnumber": "", "shortname": "S", "fullname": "A & B", "categoryid": 4, "visible": 0}
    moodle.answer = lambda f, form: [{"id": 1, **row}, {"id": 2, **row}]
    frame = reads.courses(client)
    assert frame.to_dict("records") == [
        {
            "id": 2,
            "idnumber": pytest.approx(float("nan"), nan_ok=True),
            "shortname": "S",
            "fullname": "A & B",
            "category_id": 4,
            "visible": False,
            "created": None,
        }
    ]
    contract.validate("courses", frame)


EMPTY = {
    "cohorts": lambda client: reads.cohorts(client),
    "cohort_members": lambda client: reads.cohort_members(client, []),
    "courses": lambda client: reads.courses(client),
    "groups": lambda client: reads.groups(client, []),
    "group_members": lambda client: reads.group_members(client, []),
    "enrolled": lambda client: reads.enrolled(client, []),
}


@pytest.mark.parametrize("name", EMPTY)
def test_nothing_found_is_an_empty_frame_of_the_right_types(client, moodle, name):
    moodle.answer = lambda f, form: []
    frame = EMPTY[name](client)
    assert len(frame) == 0
    contract.validate(name, frame)


def test_a_group_deleted_meanwhile_is_dropped_and_the_others_are_read(client, moodle):
    def answer(function, form):
        asked = ids(form, "groupids")
        if 13 in asked:
            return refusal("invalidrecord", "Can't find data record in database table groups.")
        return [{"groupid": group, "userids": [group * 10, group * 10 + 1]} for group in asked]

    moodle.answer = answer
    frame = reads.group_members(client, range(10, 18))
    assert sorted(frame["group_id"].unique()) == [10, 11, 12, 14, 15, 16, 17]
    assert frame.loc[frame["group_id"] == 11, "user_id"].tolist() == [110, 111]


def test_any_other_refusal_of_a_read_is_not_taken_for_nothing(client, moodle):
    moodle.answer = lambda f, form: refusal("errorcoursecontextnotvalid", "You cannot execute functions here")
    with pytest.raises(MoodleRefusal):
        reads.group_members(client, [1])


def test_members_of_fewer_groups_than_asked_are_a_truncated_read(client, moodle):
    moodle.answer = lambda f, form: [{"groupid": 1, "userids": []}]
    with pytest.raises(TruncatedRead, match="1 lignes pour 2"):
        reads.group_members(client, [1, 2])


def test_an_enrolled_person_has_a_row_for_each_role_and_one_without(client, moodle):
    moodle.answer = lambda f, form: [
        {"id": 5, "roles": [{"shortname": "student"}, {"shortname": "editingteacher"}]},
        {"id": 6, "roles": []},
    ]
    frame = reads.enrolled(client, [42])
    assert frame["user_id"].tolist() == [5, 5, 6]
    assert frame["role"].iloc[:2].tolist() == ["student", "editingteacher"]
    assert pd.isna(frame["role"].iloc[2])
    assert moodle.calls[0]["options[0][name]"] == "onlyactive"
    assert moodle.calls[0]["options[1][value]"] == "id,roles"


def test_a_role_that_two_methods_gave_is_one_row(client, moodle):
    twice = [{"shortname": "student"}, {"shortname": "student"}]
    moodle.answer = lambda f, form: [{"id": 5, "roles": twice}]
    frame = contract.validate("enrolled", reads.enrolled(client, [42]))
    assert frame.to_numpy().tolist() == [[42, 5, "student"]]


def test_the_preflight_names_what_the_service_lacks():
    site = {"functions": [{"name": "core_course_get_courses", "version": "1"}]}
    reads.preflight(site, ["core_course_get_courses"])
    with pytest.raises(SourceRefused, match="core_user_create_users, core_user_get_users ; un administrateur"):
        reads.preflight(site, ["core_user_get_users", "core_course_get_courses", "core_user_create_users"])


def test_when_a_course_was_created_is_read_and_null_where_nothing_shows_it(client, moodle):
    row = {"idnumber": "", "shortname": "S", "fullname": "S", "categoryid": 4, "visible": 0}
    moodle.answer = lambda f, form: [{"id": 2, **row, "timecreated": 1_764_000_000}, {"id": 3, **row}]
    created = contract.validate("courses", reads.courses(client))["created"]
    assert created.iloc[0] == 1_764_000_000
    assert pd.isna(created.iloc[1])
    moodle.answer = lambda f, form: [{"id": 10, "courseid": 2, "name": "TD", "idnumber": ""}]
    assert contract.validate("groups", reads.groups(client, [2]))["created"].isna().all()


SHAPES = {
    "users": (accounts.users, "core_user_get_users"),
    "categories": (reads.categories, "core_course_get_categories"),
    "category_contents": (reads.category_contents, "core_course_get_categories"),
    "courses": (reads.courses, "core_course_get_courses"),
    "cohorts": (reads.cohorts, "core_cohort_get_cohorts"),
    "cohort_members": (lambda client: reads.cohort_members(client, [1]), "core_cohort_get_cohort_members"),
    "groups": (lambda client: reads.groups(client, [1]), "core_group_get_course_groups"),
    "group_members": (lambda client: reads.group_members(client, [1]), "core_group_get_group_members"),
    "enrolled": (lambda client: reads.enrolled(client, [1]), "core_enrol_get_enrolled_users"),
    "site": (reads.site, "core_webservice_get_site_info"),
}
NOT_ROWS = [
    None,
    3,
    True,
    "x",
    {},
    {"error": "session expired"},
    [{}],
    [None],
    [3],
    [[]],
    {"users": None},
    {"users": [{}]},
]
PLACED = {"parent": 0, "coursecount": 0, "shortname": "a", "fullname": "a", "categoryid": 1, "idnumber": None}
WRONG_TYPES = [
    [{**PLACED, "id": "7", "name": "a"}],
    [{**PLACED, "id": 10**20, "name": "a"}],
    [{**PLACED, "id": 7, "name": [], "shortname": []}],
    [{**PLACED, "id": 7, "name": "\ud800", "shortname": "\ud800"}],
    [
        {
            "id": 7,
            "courseid": 1,
            "groupid": 1,
            "cohortid": 1,
            "userids": [None],
            "roles": [{}],
            "idnumber": 3,
            "name": "a",
        }
    ],
    {"users": [{"id": 7, "username": "u", "auth": "cas", "suspended": 2, "email": ""}]},
    {"users": [{"id": 7, "username": None, "auth": "cas", "suspended": 0, "email": ""}]},
]


@pytest.mark.parametrize("answer", [*NOT_ROWS, *WRONG_TYPES])
@pytest.mark.parametrize("name", SHAPES)
def test_a_frame_is_made_of_a_documented_answer_or_of_nothing(client, moodle, name, answer):
    read, function = SHAPES[name]
    moodle.answer = lambda f, form: reply(json.dumps(answer))
    with pytest.raises(SourceUnreachable, match=rf"a répondu « .* » à {function}, ce qui n'est pas la réponse"):
        read(client)


def test_a_category_that_does_not_say_how_many_courses_it_holds_is_not_an_empty_one(client, moodle):
    row = {"name": "X", "parent": 3, "idnumber": "", "visible": 1}
    moodle.answer = lambda function, form: [{"id": 4, **row, "coursecount": 2}, {"id": 5, **row, "coursecount": 0}]
    assert reads.category_contents(client).to_numpy().tolist() == [[4, 3, 2], [5, 3, 0]]
    moodle.answer = lambda function, form: [{"id": 4, **row, "coursecount": 2}, {"id": 5, **row}]
    with pytest.raises(SourceUnreachable, match="ce qui n'est pas la réponse"):
        reads.category_contents(client)


def test_courses_are_read_by_their_ids_a_few_hundred_a_call(client, moodle):
    row = {"idnumber": "", "shortname": "S", "fullname": "S", "categoryid": 4, "visible": 0}
    moodle.answer = lambda function, form: [{"id": id_, **row} for id_ in ids(form, r"options\[ids\]") if id_ != 9]
    assert len(reads.courses_named(client, range(2, 1002))) == 999
    assert len(moodle.calls) == 2
    assert contract.validate("courses", reads.courses_named(client, [])).empty


def test_categories_are_asked_for_by_their_ids_the_visible_and_the_hidden_and_nothing_below_them(client, moodle):
    row = {"name": "X", "parent": 3, "idnumber": "", "coursecount": 0}
    moodle.answer = lambda function, form: [{"id": 4 + int(form["criteria[1][value]"]), "visible": 0, **row}]
    assert reads.categories_named(client, [4, 5, 6])["id"].tolist() == [5, 4]
    assert {form["criteria[0][value]"] for form in moodle.calls} == {"4,5,6"}
    assert {form["addsubcategories"] for form in moodle.calls} == {"0"}
    assert contract.validate("categories", reads.categories_named(client, [4])).size


def test_who_may_not_ask_for_hidden_categories_is_told_which_right_is_missing(client, moodle):
    moodle.answer = lambda function, form: refusal("criteriaerror")
    with pytest.raises(SourceRefused) as refused:
        reads.categories_named(client, [4])
    assert str(refused.value) == (
        "Le compte du jeton Moodle ne voit pas les catégories cachées, et il manque des catégories d'ecampus : un"
        " administrateur ajoute la capacité moodle/category:viewhiddencategories à son rôle, au niveau du site."
    )


def test_groups_are_read_by_their_ids_and_one_that_is_gone_is_dropped(client, moodle):
    def answer(function, form):
        asked = ids(form, "groupids")
        if 13 in asked:
            return refusal("invalidrecord", "Can't find data record in database table groups.")
        return [{"id": id_, "courseid": 3, "name": f"TD{id_}", "idnumber": ""} for id_ in asked]

    moodle.answer = answer
    frame = contract.validate("groups", reads.groups_named(client, range(10, 18)))
    assert frame["id"].tolist() == [10, 11, 12, 14, 15, 16, 17]
