"""The settings of the site that only its web server or its administrator can change, and what it keeps."""

import pytest
import requests

from sandbox import moodle


def test_a_function_withdrawn_from_the_service_is_refused_and_no_more_listed(site):
    site.server.withdraw("core_user_get_users")
    assert site.refused("core_user_get_users", criteria=[]) == "accessexception"
    names = [one["name"] for one in site.call("core_webservice_get_site_info")["functions"]]
    assert "core_user_get_users" not in names
    site.server.offer("core_user_get_users")
    assert site.call("core_user_get_users", criteria=[{"key": "username", "value": "admin"}])["users"]


def test_parameters_may_come_in_the_address(site):
    query = {"wstoken": site.token, "wsfunction": "core_webservice_get_site_info", "moodlewsrestformat": "json"}
    assert requests.get(site.address, params=query, timeout=5).json()["username"] == "ws_ecampus"


def test_in_xml_an_answer_has_keys_and_values(site):
    form = {"wstoken": site.token, "wsfunction": "core_webservice_get_site_info"}
    assert '<KEY name="username"><VALUE>ws_ecampus</VALUE>' in requests.post(site.address, data=form, timeout=5).text


def test_the_limit_of_variables_counts_them_all(site):
    users = [
        {"username": f"e{i}", "firstname": "A", "lastname": "B", "email": f"e{i}@x.fr", "auth": "cas"}
        for i in range(300)
    ]
    site.settings.max_input_vars = 1004
    assert len(site.call("core_user_create_users", users=users)) == 200


def test_a_body_too_large_is_a_413_page(site):
    site.settings.max_body = 100
    assert site.post("core_user_create_users", users=[{"username": "x" * 200}]).status_code == 413


@pytest.mark.parametrize("mode", ["cli", "ui"])
def test_a_site_can_be_started_in_maintenance(tmp_path, mode):
    with moodle.start(tmp_path, settings=moodle.SiteSettings(maintenance=mode)) as server:
        answer = requests.post(f"{server.url}/webservice/rest/server.php", data={"wstoken": server.token}, timeout=5)
    assert answer.status_code == (503 if mode == "cli" else 200)


def test_the_site_keeps_its_address_and_its_token_when_started_again(site, tmp_path):
    info = site.call("core_webservice_get_site_info")
    with moodle.start(tmp_path) as again:
        assert again.url != site.url
        assert again.token == site.token
        assert again.db.setting("siteurl") == info["siteurl"]
