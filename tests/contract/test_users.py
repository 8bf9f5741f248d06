"""Accounts: core_user_*."""

import hashlib
import re

import pytest
from corner import DOMAIN, UNKNOWN
from hosts import GONE

BY_FIELD, CREATE, UPDATE, SEARCH = (
    f"core_user_{name}" for name in ("get_users_by_field", "create_users", "update_users", "get_users")
)


def warnings(moodle, *users):
    answer = moodle.call(UPDATE, users=users)
    return [(one["itemid"], one["warningcode"]) for one in answer["warnings"]]


def test_accounts_created_come_back_in_order_with_their_ids(moodle, code):
    created = moodle.call(CREATE, users=[moodle.account(f"{code}{letter}") for letter in "ba"])
    assert [one["username"] for one in created] == [f"{code}b", f"{code}a"]
    assert [moodle.user_read(one["id"])["username"] for one in created] == [f"{code}b", f"{code}a"]


def test_a_method_whose_plugin_is_not_there_is_told_by_a_change_to_nobody(moodle):
    """Nothing is changed either way: this is how the project asks."""
    assert warnings(moodle, {"id": 0, "auth": moodle.auth}) == [(0, "invaliduserid")]
    assert moodle.refused(UPDATE, users=[{"id": 0, "auth": GONE}]) == "invalidparameter"


def test_one_account_of_such_a_method_fails_every_list_that_it_is_in(moodle, host, code):
    user, other = moodle.user(code), moodle.user(f"{code}b")
    with host.uninstalled(user):
        assert moodle.refused(SEARCH, criteria=[{"key": "lastname", "value": "%"}]) == "invalidresponse"
        assert moodle.refused(BY_FIELD, field="id", values=[user, other]) == "invalidresponse"
        assert moodle.call(SEARCH, criteria=[{"key": "auth", "value": GONE}]) == {"users": [], "warnings": []}
        assert moodle.named(f"{code}b") == [f"{code}b"]
    assert moodle.named(code) == [code]


def test_an_account_of_another_system_needs_no_password(moodle, code):
    read = moodle.user_read(moodle.user(code, idnumber="22100123"))
    assert (read["auth"], read["idnumber"], read["suspended"]) == (moodle.auth, "22100123", False)


BAD = {
    "upper case": {"username": "{code}B", "email": "{code}b@" + DOMAIN},
    "space in the login": {"username": "{code} b"},
    "accent in the login": {"username": "{code}é", "email": "{code}b@" + DOMAIN},
    "same login": {"username": "{code}", "email": "{code}b@" + DOMAIN},
    "same e-mail": {"email": "{code}@" + DOMAIN.upper()},
    "no e-mail": {"email": ""},
    "e-mail without a domain": {"email": "nobody"},
    "e-mail with an accent": {"email": "é{code}@" + DOMAIN},
    "e-mail with a double dot": {"email": "{code}..b@" + DOMAIN},
    "e-mail with a final dot": {"email": "{code}b@" + DOMAIN + "."},
    "e-mail of another script": {"email": "{code}b@bücher.fr"},
    "e-mail of a domain that ends with a number": {"email": "{code}b@univ.1fr"},
    "e-mail of a domain that ends with a hyphen": {"email": "{code}b@univ-.fr"},
    "no first name": {"firstname": ""},
    "blank last name": {"lastname": " "},
    "tags": {"firstname": "<b>Ada</b>"},
    "manual without password": {"auth": "manual"},
    "unknown method": {"auth": GONE},
    "unknown key": {"suspended": 1},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_one_bad_account_loses_the_whole_batch(moodle, code, bad):
    moodle.user(code)
    bad = {key: value.format(code=code) if isinstance(value, str) else value for key, value in bad.items()}
    users = [moodle.account(f"{code}a"), moodle.account(f"{code}b") | bad]
    assert moodle.refused(CREATE, users=users) == "invalidparameter"
    assert moodle.named(code, f"{code}a", f"{code}b") == [code]


@pytest.mark.parametrize(
    ("field", "length"), [("firstname", 100), ("lastname", 100), ("username", 100), ("idnumber", 255), ("email", 100)]
)
def test_a_value_as_long_as_its_column_is_accepted_and_one_more_is_a_write_error(moodle, code, field, length):
    def sent(letter, size):
        text = code.ljust(size, letter)
        if field == "email":
            text = f"{code}@{letter * (size - len(code) - len(DOMAIN) - 2)}.{DOMAIN}"
        return [moodle.account(f"{code}{letter}") | {field: text}]

    assert moodle.call(CREATE, users=sent("a", length))[0]["id"]
    assert moodle.refused(CREATE, users=sent("b", length + 1)) == "dmlwriteexception"


def test_an_email_is_already_taken_whatever_its_case_an_idnumber_is_not(moodle, code):
    users = [moodle.account(f"{code}{letter}", idnumber="7") for letter in "ab"]
    assert len(moodle.call(CREATE, users=users)) == 2


@pytest.mark.parametrize("name", ["a < b", "A & B", " Ada ", "😀"])
def test_a_name_is_kept_as_it_is_sent(moodle, code, name):
    assert moodle.user_read(moodle.user(code, firstname=name))["firstname"] == name


def test_a_manual_account_may_have_a_password_sent(moodle, code):
    assert moodle.person(code)


def test_update_users_applies_the_others_and_warns_with_itemid(moodle, code):
    one, two = moodle.user(f"{code}a"), moodle.user(f"{code}b")
    told = warnings(
        moodle,
        {"id": one, "email": f"{code}b@{DOMAIN}"},
        {"id": UNKNOWN, "lastname": "Blanc"},
        {"id": two, "lastname": "Blanc", "suspended": 1},
    )
    assert told == [(one, "useremailduplicate"), (UNKNOWN, "invaliduserid")]
    assert moodle.user_read(one)["email"] == f"{code}a@{DOMAIN}"
    read = moodle.user_read(two)
    assert (read["lastname"], read["suspended"], read["email"]) == ("Blanc", True, f"{code}b@{DOMAIN}")


def test_an_update_changes_only_what_is_sent_and_can_be_undone(moodle, code):
    user = moodle.user(code, idnumber="7")
    before = moodle.user_read(user)
    assert warnings(moodle, {"id": user, "suspended": 1}) == []
    assert moodle.user_read(user) == before | {"suspended": True}
    assert warnings(moodle, {"id": user, "suspended": 0}) == []
    assert moodle.user_read(user) == before


def test_a_login_is_changed_unless_it_is_taken(moodle, code):
    one, two = moodle.user(f"{code}a"), moodle.user(f"{code}b")
    told = warnings(moodle, {"id": one, "username": f"{code}b"}, {"id": two, "lastname": "Blanc"})
    assert told == [(one, "dmlwriteexception")]
    assert warnings(moodle, {"id": one, "username": f"{code}c"}) == []
    assert moodle.named(f"{code}a", f"{code}b", f"{code}c") == [f"{code}c", f"{code}b"]


@pytest.mark.parametrize(
    "bad", [{"username": "Upper"}, {"auth": GONE}, {"lastname": "<b>x</b>"}, {"suspended": ""}, {"id": ""}]
)
def test_but_a_value_of_the_wrong_kind_loses_the_whole_update(moodle, code, bad):
    one, two = moodle.user(f"{code}a"), moodle.user(f"{code}b")
    assert moodle.refused(UPDATE, users=[{"id": one, "lastname": "Blanc"}, {"id": two, **bad}]) == "invalidparameter"
    assert moodle.user_read(one)["lastname"] == "Noir"


@pytest.mark.parametrize(
    ("bad", "warning"),
    [({"email": "nobody"}, "useremailinvalid"), ({"lastname": "x" * 101}, "dmlwriteexception")],
)
def test_a_bad_value_is_a_warning_for_its_account_alone(moodle, code, bad, warning):
    one, two = moodle.user(f"{code}a"), moodle.user(f"{code}b")
    assert warnings(moodle, {"id": one, **bad}, {"id": two, "lastname": "Blanc"}) == [(one, warning)]
    assert moodle.user_read(two)["lastname"] == "Blanc"


def test_the_guest_cannot_be_updated(moodle):
    (guest,) = moodle.call(BY_FIELD, field="username", values=["guest"])
    assert warnings(moodle, {"id": guest["id"]}) == [(guest["id"], "usernotupdatedguest")]


def test_a_percent_sign_in_lastname_finds_everybody_the_guest_and_ourselves_included(moodle, code):
    users = [moodle.user(f"{code}a", idnumber="22100123", lastname=" x "), moodle.user(f"{code}b")]
    warned = moodle.call(UPDATE, users=[{"id": users[1], "suspended": 1}])
    assert warned == {"warnings": []}
    answer = moodle.call(SEARCH, criteria=[{"key": "lastname", "value": "%"}])
    assert answer["warnings"] == []
    found = {one["id"]: one for one in answer["users"]}
    assert {"guest", moodle.call("core_webservice_get_site_info")["username"]} <= {
        one["username"] for one in found.values()
    }
    wanted = {"id", "username", "auth", "suspended", "email", "firstname", "lastname"}
    assert all(wanted <= one.keys() for one in found.values())
    assert (found[users[0]]["idnumber"], found[users[0]]["suspended"]) == ("22100123", False)
    assert found[users[1]]["suspended"] is True


@pytest.mark.parametrize("idnumber", ["", "0"])
def test_an_idnumber_empty_or_0_is_an_absent_key(moodle, code, idnumber):
    assert "idnumber" not in moodle.user_read(moodle.user(code, idnumber=idnumber))


def test_a_deleted_account_is_found_no_more(moodle, code):
    user = moodle.user(code)
    assert moodle.call("core_user_delete_users", userids=[user]) is None
    found = moodle.call(SEARCH, criteria=[{"key": "email", "value": f"{code}%"}])["users"]
    assert found == []
    assert warnings(moodle, {"id": user, "lastname": "Blanc"})[0][0] == user
    assert moodle.user(code) != user


def test_asked_for_by_its_id_a_deleted_account_is_answered_without_code_and_with_the_md5_of_its_login(moodle, code):
    gone, here = moodle.user(f"{code}a", idnumber=f"{code}a"), moodle.user(f"{code}b")
    moodle.call("core_user_delete_users", userids=[gone])
    found = {one["id"]: one for one in moodle.call(BY_FIELD, field="id", values=[gone, here, UNKNOWN])}
    assert list(found) == [gone, here]
    assert found[gone]["email"] == hashlib.md5(f"{code}a".encode()).hexdigest()
    assert re.fullmatch(rf"{code}a@{DOMAIN}\.\d{{10}}", found[gone]["username"])
    assert "idnumber" not in found[gone]


def test_two_accounts_exchange_their_addresses_through_a_third(moodle, code):
    one, two = moodle.user(f"{code}a"), moodle.user(f"{code}b")
    first, second = (moodle.user_read(user)["email"] for user in (one, two))
    assert warnings(moodle, {"id": one, "email": second})[0][1] == "useremailduplicate"
    users = [{"id": one, "email": f"{one}@suspendu.invalid"}, {"id": two, "email": first}, {"id": one, "email": second}]
    assert warnings(moodle, *users) == []
    assert [moodle.user_read(user)["email"] for user in (one, two)] == [second, first]


def test_an_unknown_criterion_is_a_warning(moodle, code):
    moodle.user(code)
    criteria = [{"key": "shoesize", "value": "42"}, {"key": "username", "value": code}]
    answer = moodle.call(SEARCH, criteria=criteria)
    assert answer["warnings"][0]["warningcode"] == "invalidfieldparameter"
    assert [one["username"] for one in answer["users"]] == [code]


def test_a_username_in_upper_case_fails_the_whole_get_users_by_field_call(moodle, code):
    moodle.user(code)
    assert moodle.named(code, f"{code}-nobody") == [code]
    assert moodle.refused(BY_FIELD, field="username", values=[code, code.upper()]) == "invalidparameter"


def test_an_idnumber_is_found_whatever_its_case(moodle, code):
    user = moodle.user(code, idnumber=code.upper())
    found = moodle.call(BY_FIELD, field="idnumber", values=[code, "nobody"])
    assert [one["id"] for one in found] == [user]
