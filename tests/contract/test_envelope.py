"""What every answer looks like, and everything that goes wrong before a function runs."""

import pytest
import requests
from corner import UNKNOWN

INFO, NOTHING = "core_webservice_get_site_info", "core_group_delete_groups"
BEYOND = 30_000
"""Variables: more than any site takes in one form."""


def test_an_error_comes_with_http_200_its_class_its_code_and_its_words(moodle):
    answer = moodle.post("core_course_create_courses", token="wrong")
    assert answer.status_code == 200
    assert {"exception", "errorcode", "message"} <= answer.json().keys()
    assert answer.json()["exception"] == "core\\exception\\moodle_exception"
    assert answer.json()["errorcode"] == "invalidtoken"


def test_an_unknown_function_is_a_missing_record_of_a_table_that_4_5_names(moodle):
    answer = moodle.call("core_nothing_at_all")
    assert answer["errorcode"] == moodle.release.error("invalidrecord")
    assert ("external_functions" in answer["message"]) is not moodle.release.five


def test_a_function_that_the_service_does_not_offer_is_refused_and_absent_from_the_list(moodle):
    unoffered = "core_course_duplicate_course"
    assert moodle.refused(unoffered, courseid=moodle.home) == "accessexception"
    site = moodle.call(INFO)
    names = {function["name"] for function in site["functions"]}
    assert unoffered not in names
    assert INFO in names
    assert isinstance(site["userid"], int)
    assert {"siteurl", "sitename", "release", "username"} <= site.keys()


def test_a_void_success_is_null(moodle):
    assert moodle.post(NOTHING, groupids=[UNKNOWN]).text == "null"


def test_without_its_format_the_answer_is_xml(moodle):
    form = moodle.form(INFO)
    del form["moodlewsrestformat"]
    answer = requests.post(moodle.address, data=form, timeout=moodle.timeout)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/xml")
    assert answer.text.startswith("<?xml")


def test_a_json_body_is_not_read_at_all(moodle):
    answer = requests.post(moodle.address, json=moodle.form(INFO), timeout=moodle.timeout)
    assert answer.status_code == 200
    assert "<ERRORCODE>invalidtoken</ERRORCODE>" in answer.text


def test_above_max_input_vars_the_form_is_cut_silently(moodle, course):
    """The group at the end of the list is not deleted, and the answer is the same."""
    group = moodle.group(course, "TD1")
    assert moodle.call(NOTHING, groupids=[UNKNOWN] * BEYOND + [group]) is None
    assert moodle.groups(course) == ["TD1"]
    assert moodle.call(NOTHING, groupids=[UNKNOWN] * 900 + [group]) is None
    assert moodle.groups(course) == []


def test_what_is_cut_may_be_the_token_itself(moodle):
    form = {f"groupids[{place}]": str(UNKNOWN) for place in range(BEYOND)} | moodle.form(NOTHING)
    answer = requests.post(moodle.address, data=form, timeout=moodle.timeout)
    assert answer.status_code == 200
    assert "<ERRORCODE>invalidtoken</ERRORCODE>" in answer.text


@pytest.mark.parametrize(
    "group",
    [
        {"name": "A", "description": ""},
        {"courseid": 1, "name": "A", "description": "", "colour": "red"},
        {"courseid": "", "name": "A", "description": ""},
        {"courseid": "null", "name": "A", "description": ""},
        {"courseid": "1x", "name": "A", "description": ""},
        {"courseid": "01", "name": "A", "description": ""},
        {"courseid": 1, "name": {"fr": "A"}, "description": ""},
        {"courseid": 1, "name": "a\0b", "description": ""},
        "A",
    ],
    ids=["missing key", "unknown key", "empty for an integer", "null", "not an integer", "leading zero",
         "structure for a text", "null byte", "text for a structure"],
)  # fmt: skip
def test_an_ill_formed_parameter_is_refused_without_a_word_on_which(moodle, group):
    answer = moodle.call("core_group_create_groups", groups=[group])
    assert answer["errorcode"] == "invalidparameter"
    assert answer["exception"] == "core\\exception\\invalid_parameter_exception"


def test_a_text_that_is_no_utf_8_is_refused(moodle):
    form = moodle.form("core_course_create_categories", categories=[{"parent": moodle.top}])
    body = requests.models.RequestEncodingMixin._encode_params(form) + "&categories[0][name]=a%ff%feb"
    head = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = requests.post(moodle.address, data=body, headers=head, timeout=moodle.timeout)
    assert answer.json()["errorcode"] == "invalidparameter"


@pytest.mark.parametrize("written", ["true", "false", "yes", "2", ""])
def test_booleans_are_0_and_1_only(moodle, user, written):
    update = "core_user_update_users"
    assert moodle.refused(update, users=[{"id": user, "suspended": written}]) == "invalidparameter"


def test_names_come_back_escaped_unless_raw_is_asked_for(moodle, code):
    category = moodle.category("Droit & gestion < 2")
    course = moodle.course(code, fullname="Math & analyse < 2", visible=0)
    moodle.group(course, "TD & TP < 2")
    assert moodle.category_read(category)["name"] == "Droit & gestion < 2"
    assert moodle.course_read(course)["fullname"] == "Math & analyse < 2"
    assert moodle.groups(course) == ["TD & TP < 2"]
    (escaped,) = moodle.below(category, raw=False)
    assert escaped["name"] == "Droit &amp; gestion &lt; 2"
    assert moodle.course_read(course, raw=False)["fullname"] == "Math &amp; analyse &lt; 2"
    assert moodle.groups(course, raw=False) == ["TD &amp; TP &lt; 2"]


def test_the_name_of_a_cohort_is_escaped_since_5_0_only(moodle, code):
    moodle.cohort(code, name="A & B")
    assert moodle.cohorts(code)[0]["name"] == "A & B"
    assert moodle.cohorts(code, raw=False)[0]["name"] == ("A &amp; B" if moodle.release.five else "A & B")


def test_the_name_of_a_person_is_never_escaped(moodle, code):
    person = moodle.user(code, lastname="A & B")
    answer = moodle.call("core_user_get_users_by_field", raw=False, field="id", values=[person])
    assert answer[0]["lastname"] == "A & B"


def test_cli_maintenance_is_a_503_page_that_says_when_to_come_back(moodle, host):
    with host.shut("cli"):
        answer = moodle.post(INFO)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "300")
    assert "<html" in answer.text


def test_ui_maintenance_is_an_envelope_for_who_has_a_good_token(moodle, host):
    with host.shut("ui"):
        assert moodle.refused(INFO) == "sitemaintenance"
        assert moodle.refused(INFO, token="wrong") == "invalidtoken"


def test_with_web_services_off_there_is_nothing_but_a_403(moodle, host):
    with host.shut("off"):
        answer = moodle.post(INFO)
    assert (answer.status_code, answer.content) == (403, b"")
