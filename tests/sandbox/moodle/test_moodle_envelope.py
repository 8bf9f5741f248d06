"""Moodle 4.5: the envelope of REST, and everything that can go wrong before a function runs."""

import pytest
import requests


def test_an_error_comes_with_http_200_and_without_debug_information(site):
    answer = site.post("core_course_create_courses", token="wrong")
    assert answer.status_code == 200
    assert answer.json() == {
        "exception": "core\\exception\\moodle_exception",
        "errorcode": "invalidtoken",
        "message": "Invalid token - token not found",
    }


def test_an_unknown_function_is_a_missing_record(site):
    assert site.refused("core_nothing_at_all") == "invalidrecord"


def test_a_function_that_the_service_does_not_offer_is_refused(site):
    site.server.withdraw("core_user_get_users")
    assert site.refused("core_user_get_users", criteria=[]) == "accessexception"
    names = [one["name"] for one in site.call("core_webservice_get_site_info")["functions"]]
    assert "core_user_get_users" not in names
    assert "core_user_create_users" in names


def test_a_token_that_may_not_use_rest_is_refused(site):
    site.server.deny("webservice/rest:use")
    assert site.refused("core_webservice_get_site_info") == "accessexception"


def test_a_void_success_is_null(site):
    assert site.post("core_group_delete_groups", groupids=[99]).text == "null"


def test_without_its_format_the_answer_is_xml(site):
    form = {"wstoken": site.server.token, "wsfunction": "core_webservice_get_site_info"}
    answer = requests.post(site.address, data=form, timeout=5)
    assert answer.headers["Content-Type"].startswith("application/xml")
    assert '<KEY name="username"><VALUE>ws_ecampus</VALUE>' in answer.text


def test_a_json_body_is_not_read_at_all(site):
    answer = requests.post(site.address, json={"wstoken": site.server.token}, timeout=5)
    assert answer.status_code == 200
    assert "<ERRORCODE>invalidtoken</ERRORCODE>" in answer.text


def test_parameters_may_come_in_the_address(site):
    query = {"wstoken": site.server.token, "wsfunction": "core_webservice_get_site_info"}
    answer = requests.get(site.address, params=query | {"moodlewsrestformat": "json"}, timeout=5)
    assert answer.json()["username"] == "ws_ecampus"


def test_a_form_beyond_max_input_vars_is_cut_without_a_word(site):
    users = [
        {"username": f"e{i}", "firstname": "A", "lastname": "B", "email": f"e{i}@x.fr", "auth": "cas"}
        for i in range(300)
    ]
    site.settings.max_input_vars = 1004
    assert len(site.call("core_user_create_users", users=users)) == 200


def test_cli_maintenance_is_a_503_page_that_says_when_to_come_back(site):
    site.settings.maintenance = "cli"
    answer = site.post("core_webservice_get_site_info")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "300")
    assert answer.text.startswith("<html>")


def test_ui_maintenance_is_an_envelope(site):
    site.settings.maintenance = "ui"
    assert site.refused("core_webservice_get_site_info") == "sitemaintenance"


def test_with_web_services_off_there_is_nothing_but_a_403(site):
    site.settings.web_services = False
    answer = site.post("core_webservice_get_site_info")
    assert (answer.status_code, answer.content) == (403, b"")


def test_a_body_too_large_is_a_413_page(site):
    site.settings.max_body = 100
    assert site.post("core_user_create_users", users=[{"username": "x" * 200}]).status_code == 413


@pytest.mark.parametrize(
    "groups",
    [
        [{"courseid": 1, "description": ""}],
        [{"courseid": 1, "name": "A", "description": "", "colour": "red"}],
        [{"courseid": "", "name": "A", "description": ""}],
        [{"courseid": "1x", "name": "A", "description": ""}],
        [{"courseid": 1, "name": {"fr": "A"}, "description": ""}],
        "A",
    ],
    ids=["missing key", "unknown key", "empty integer", "not an integer", "structure for a text", "no list"],
)
def test_an_ill_formed_parameter_is_refused_without_a_word_on_which(site, groups):
    answer = site.call("core_group_create_groups", groups=groups)
    assert answer == {
        "exception": "core\\exception\\invalid_parameter_exception",
        "errorcode": "invalidparameter",
        "message": "Invalid parameter value detected",
    }


def test_booleans_are_0_and_1(site):
    user = site.user("e1")
    update = "core_user_update_users"
    assert site.refused(update, users=[{"id": user, "suspended": "true"}]) == "invalidparameter"
    assert site.call(update, users=[{"id": user, "suspended": 1}]) == {"warnings": []}
    assert site.row("user", user)["suspended"] == 1


def test_names_come_back_escaped_unless_raw_is_asked_for(site):
    category = site.category("Math & analyse < 2")
    escaped = site.call("core_course_get_categories", raw=False, addsubcategories=1)
    raw = site.call("core_course_get_categories")
    assert [one["name"] for one in escaped if one["id"] == category] == ["Math &amp; analyse &lt; 2"]
    assert [one["name"] for one in raw if one["id"] == category] == ["Math & analyse < 2"]


def test_the_name_of_a_cohort_is_never_escaped(site):
    cohort = {"categorytype": {"type": "system", "value": ""}, "name": "A & B", "idnumber": "AB"}
    site.call("core_cohort_create_cohorts", cohorts=[cohort])
    assert site.call("core_cohort_get_cohorts", raw=False)[0]["name"] == "A & B"


def test_the_site_keeps_its_address_and_its_token_when_started_again(site, tmp_path):
    from sandbox import moodle

    token, info = site.server.token, site.call("core_webservice_get_site_info")
    with moodle.start(tmp_path) as again:
        assert again.url != site.server.url
        assert again.token == token
        assert again.db.setting("siteurl") == info["siteurl"]
