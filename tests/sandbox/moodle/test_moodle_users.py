"""Moodle 4.5: accounts."""

import pytest


def account(username="e1", **more):
    return {
        "username": username,
        "firstname": "Ada",
        "lastname": "Noir",
        "auth": "cas",
        "email": f"{username.lower()}@univ.example",
        **more,
    }


def create(site, *users):
    return site.post("core_user_create_users", users=users).json()


def usernames(site):
    return [row["username"] for row in site.db.all("SELECT username FROM mdl_user WHERE id > 3 ORDER BY id")]


def test_an_account_of_another_system_needs_no_password(site):
    created = create(site, account(idnumber="22100123"))
    assert created[0]["username"] == "e1"
    row = site.row("user", created[0]["id"])
    assert (row["auth"], row["idnumber"], row["suspended"]) == ("cas", "22100123", 0)


@pytest.mark.parametrize(
    "bad",
    [
        account("E2"),
        account("e2", email="E1@UNIV.example"),
        account("e1", email="other@univ.example"),
        account("e2", email="nobody"),
        account("e2", email=""),
        account("e2", lastname=" "),
        account("e2", firstname="<b>Ada</b>"),
        account("e2", auth="manual"),
        account("e2", auth="kerberos"),
    ],
    ids=["upper case", "same e-mail", "same login", "no e-mail", "empty e-mail", "no name", "tags",
         "manual without password", "unknown method"],
)  # fmt: skip
def test_one_bad_account_loses_the_whole_batch(site, bad):
    create(site, account())
    assert create(site, account("e3"), bad)["errorcode"] == "invalidparameter"
    assert usernames(site) == ["e1"]


def test_a_value_too_long_is_an_opaque_write_error(site):
    assert create(site, account(lastname="x" * 101))["errorcode"] == "dmlwriteexception"


def test_the_idnumber_need_not_be_unique(site):
    assert len(create(site, account("e1", idnumber="7"), account("e2", idnumber="7"))) == 2


def test_a_manual_account_needs_a_password_or_to_be_sent_one(site):
    manual = account(auth="manual", password="Secret-1", createpassword=0)
    assert create(site, manual, account("e2", auth="manual", createpassword=1))[1]["username"] == "e2"


def test_an_update_applies_the_good_and_warns_of_the_bad(site):
    one, two = site.user("e1"), site.user("e2")
    users = [
        {"id": one, "email": "e2@univ.example"},
        {"id": 999, "lastname": "Blanc"},
        {"id": two, "lastname": "Blanc", "suspended": 1},
    ]
    warnings = site.call("core_user_update_users", users=users)["warnings"]
    assert [(one["itemid"], one["warningcode"]) for one in warnings] == [
        (one, "useremailduplicate"),
        (999, "invaliduserid"),
    ]
    assert site.row("user", two)["lastname"] == "Blanc"
    assert site.row("user", one)["email"] == "e1@univ.example"


def test_an_update_to_a_login_already_taken_is_a_write_error_for_it_alone(site):
    one, _ = site.user("e1"), site.user("e2")
    answer = site.call("core_user_update_users", users=[{"id": one, "username": "e2"}])
    assert answer["warnings"][0]["warningcode"] == "dmlwriteexception"


@pytest.mark.parametrize(("key", "code"), [(1, "usernotupdatedguest"), (2, "usernotupdatedadmin")])
def test_the_guest_and_the_administrator_cannot_be_updated(site, key, code):
    answer = site.call("core_user_update_users", users=[{"id": key, "lastname": "Blanc"}])
    assert answer["warnings"][0]["warningcode"] == code


def test_a_percent_sign_finds_everybody(site):
    user = site.user("e1", idnumber="22100123")
    found = site.call("core_user_get_users", criteria=[{"key": "lastname", "value": "%"}])["users"]
    assert [one["username"] for one in found] == ["guest", "admin", "ws_ecampus", "e1"]
    assert found[-1]["id"] == user
    assert found[-1]["idnumber"] == "22100123"
    assert found[-1]["suspended"] is False


def test_an_empty_idnumber_is_an_absent_key(site):
    site.user("e1")
    found = site.call("core_user_get_users", criteria=[{"key": "username", "value": "e1"}])["users"]
    assert "idnumber" not in found[0]


def test_what_php_finds_empty_hides_an_account_by_its_name_and_an_idnumber_from_it(site):
    for username, lastname in (("e1", ""), ("e2", "0"), ("e3", " ")):
        create(site, account(username, idnumber="0"))
        site.db.run("UPDATE mdl_user SET lastname = ? WHERE username = ?", (lastname, username))
    found = site.call("core_user_get_users", criteria=[{"key": "lastname", "value": "%"}])["users"]
    shown = [user for user in found if user["username"].startswith("e")]
    assert [(user["username"], "idnumber" in user) for user in shown] == [("e3", False)]


def test_an_unknown_criterion_is_a_warning(site):
    answer = site.call("core_user_get_users", criteria=[{"key": "shoesize", "value": "42"}])
    assert answer["warnings"][0]["warningcode"] == "invalidfieldparameter"


def test_accounts_are_found_by_field_whatever_the_case_of_an_idnumber(site):
    user = site.user("e1", idnumber="A7")
    found = site.call("core_user_get_users_by_field", field="idnumber", values=["a7", "nobody"])
    assert [one["id"] for one in found] == [user]


def test_one_upper_case_login_fails_the_whole_search(site):
    site.user("e1")
    by_field = "core_user_get_users_by_field"
    assert site.refused(by_field, field="username", values=["e1", "E2"]) == "invalidparameter"


def test_without_the_right_to_see_all_details_an_account_has_no_username(site):
    site.server.deny("moodle/user:viewalldetails")
    found = site.call("core_user_get_users", criteria=[{"key": "lastname", "value": "%"}])["users"]
    assert "username" not in found[0]


def test_a_missing_capability_is_named_in_human_words_only(site):
    site.server.deny("moodle/user:create")
    answer = create(site, account())
    assert answer["errorcode"] == "nopermissions"
    assert answer["exception"] == "core\\exception\\required_capability_exception"
    assert "(Create users)" in answer["message"]
