"""What a token sees and is told when its account may use REST and nothing else."""

import pytest

from rest import STUDENT, cohort


@pytest.fixture
def place(moodle, code):
    """A visible course with a group, a person, a cohort."""
    course, user = moodle.course(code, visible=1), moodle.user(code, idnumber="7")
    return {"course": course, "user": user, "group": moodle.group(course, "TD1"), "cohort": moodle.cohort(code)}


WRITES = {
    "core_user_create_users": lambda m, p: {"users": [m.account(m.code())]},
    "core_user_update_users": lambda m, p: {"users": [{"id": p["user"], "lastname": "Z"}]},
    "core_course_create_categories": lambda m, p: {"categories": [{"name": "Z", "parent": m.top}]},
    "core_course_update_categories": lambda m, p: {"categories": [{"id": m.top, "name": "Z"}]},
    "core_course_delete_categories": lambda m, p: {"categories": [{"id": m.top}]},
    "core_course_create_courses": lambda m, p: {
        "courses": [{"shortname": m.code(), "fullname": "Z", "categoryid": m.home}]
    },
    "core_cohort_create_cohorts": lambda m, p: {"cohorts": [cohort(m.code())]},
    "core_cohort_update_cohorts": lambda m, p: {"cohorts": [cohort(m.code(), id=p["cohort"])]},
    "core_cohort_add_cohort_members": lambda m, p: {
        "members": [{"cohorttype": {"type": "id", "value": p["cohort"]}, "usertype": {"type": "id", "value": p["user"]}}]
    },
    "core_cohort_delete_cohort_members": lambda m, p: {"members": [{"cohortid": p["cohort"], "userid": p["user"]}]},
}  # fmt: skip


@pytest.mark.parametrize("function", WRITES)
def test_a_missing_capability_is_told_by_its_human_name_only(moodle, host, place, function):
    params = WRITES[function](moodle, place)
    with host.powerless() as token:
        answer = moodle.call(function, token=token, **params)
    assert answer["errorcode"] == "nopermissions"
    assert answer["exception"] == "core\\exception\\required_capability_exception"
    assert "moodle/" not in answer["message"]


BLANK = {
    "core_user_create_users": (
        lambda m: {"users": [{"username": "", "firstname": "", "lastname": "", "email": ""}]},
        "invalidparameter",
    ),
    "core_course_create_courses": (
        lambda m: {"courses": [{"shortname": "", "fullname": "", "categoryid": m.home}]},
        "errorinvalidparam",
    ),
}


@pytest.mark.parametrize("function", BLANK)
def test_a_blank_creation_is_refused_in_its_own_words_to_who_may_create_and_for_lack_of_the_right_to_others(
    moodle, host, function
):
    params, error = BLANK[function]
    assert moodle.refused(function, **params(moodle)) == error
    with host.powerless() as token:
        assert moodle.refused(function, token=token, **params(moodle)) == "nopermissions"


INSIDE = {
    "core_group_get_course_groups": lambda p: {"courseid": p["course"]},
    "core_group_get_group_members": lambda p: {"groupids": [p["group"]]},
    "core_group_get_course_groupings": lambda p: {"courseid": p["course"]},
    "core_group_create_groups": lambda p: {"groups": [{"courseid": p["course"], "name": "Z", "description": ""}]},
    "core_group_update_groups": lambda p: {"groups": [{"id": p["group"], "name": "Z"}]},
    "core_group_delete_groups": lambda p: {"groupids": [p["group"]]},
    "core_group_add_group_members": lambda p: {"members": [{"groupid": p["group"], "userid": p["user"]}]},
    "core_group_delete_group_members": lambda p: {"members": [{"groupid": p["group"], "userid": p["user"]}]},
    "core_enrol_get_enrolled_users": lambda p: {"courseid": p["course"]},
    "core_course_get_courses": lambda p: {"options": {"ids": [p["course"]]}},
}


@pytest.mark.parametrize("function", INSIDE)
def test_a_course_that_the_token_may_not_enter_is_no_valid_context(moodle, host, place, function):
    with host.powerless() as token:
        assert moodle.refused(function, token=token, **INSIDE[function](place)) == "errorcoursecontextnotvalid"


def test_one_course_that_the_token_may_not_enter_fails_the_whole_list(moodle, host, place):
    with host.powerless() as token:
        assert moodle.refused("core_course_get_courses", token=token) == "errorcoursecontextnotvalid"


def test_an_update_of_such_a_course_is_a_warning(moodle, host, place):
    with host.powerless() as token:
        courses = [{"id": place["course"], "fullname": "Z"}]
        answer = moodle.call("core_course_update_courses", token=token, courses=courses)
    assert [one["warningcode"] for one in answer["warnings"]] == ["requireloginerror"]


def test_an_enrolment_there_is_refused(moodle, host, place):
    with host.powerless() as token:
        sent = {"roleid": STUDENT, "userid": place["user"], "courseid": place["course"]}
        assert moodle.refused("enrol_manual_enrol_users", token=token, enrolments=[sent]) == "requireloginerror"


def test_accounts_that_the_token_may_not_see_are_silently_absent(moodle, host, place, code):
    with host.powerless() as token:
        answer = moodle.call("core_user_get_users", token=token, criteria=[{"key": "email", "value": f"{code}@%"}])
        by_field = moodle.call("core_user_get_users_by_field", token=token, field="username", values=[code])
    assert answer == {"users": [], "warnings": []}
    assert by_field == []


def test_categories_are_shown_without_idnumber_nor_visibility_hidden_ones_not_at_all(moodle, host, code):
    hidden, key = moodle.hidden(), moodle.category("Droit", idnumber=code)
    with host.powerless() as token:
        shown = {one["id"]: one for one in moodle.call("core_course_get_categories", token=token)}
        criteria = [{"key": "idnumber", "value": code}]
        assert moodle.refused("core_course_get_categories", token=token, criteria=criteria) == "criteriaerror"
    assert hidden not in shown
    assert not {"idnumber", "visible"} & shown[key].keys()


def test_courses_that_the_token_may_not_see_are_counted_all_the_same(moodle, host, code):
    key = moodle.category("Droit")
    moodle.course(code, categoryid=key, visible=0)
    with host.powerless() as token:
        shown = {one["id"]: one for one in moodle.call("core_course_get_categories", token=token)}
    assert shown[key]["coursecount"] == 1


@pytest.mark.parametrize("function", ["core_cohort_get_cohorts", "core_cohort_get_cohort_members"])
def test_cohorts_are_closed(moodle, host, place, function):
    params = {} if function.endswith("cohorts") else {"cohortids": [place["cohort"]]}
    with host.powerless() as token:
        assert moodle.refused(function, token=token, **params) == "nopermissions"
