"""Cohorts of the whole site: core_cohort_*."""

import pytest
from corner import UNKNOWN

from rest import cohort

CREATE, UPDATE, ADD, REMOVE, MEMBERS = (
    f"core_cohort_{name}"
    for name in (
        "create_cohorts",
        "update_cohorts",
        "add_cohort_members",
        "delete_cohort_members",
        "get_cohort_members",
    )
)


def add(moodle, *pairs):
    members = [{"cohorttype": {"type": "id", "value": c}, "usertype": {"type": "id", "value": u}} for c, u in pairs]
    return [(one["warningcode"], one["message"]) for one in moodle.call(ADD, members=members)["warnings"]]


def members(moodle, *cohorts):
    return {one["cohortid"]: sorted(one["userids"]) for one in moodle.call(MEMBERS, cohortids=list(cohorts))}


def test_a_cohort_is_read_with_its_id_its_idnumber_and_its_name(moodle, code):
    key = moodle.cohort(code, name="L1 - maths < 2 & co")
    (read,) = moodle.cohorts(code)
    assert (read["id"], read["idnumber"], read["name"]) == (key, code, "L1 - maths < 2 & co")


def test_of_cohorts_asked_for_by_their_ids_unknown_ones_are_absent(moodle, code):
    key = moodle.cohort(code)
    found = moodle.call("core_cohort_get_cohorts", cohortids=[key, UNKNOWN])
    assert [(one["id"], one["idnumber"]) for one in found] == [(key, code)]


@pytest.mark.parametrize(
    ("raw", "shown"), [(True, "<p>R &amp; D</p> & [ecampus a 1]"), (False, "<p>R &amp; D</p> &amp; [ecampus a 1]")]
)
def test_a_description_is_html_unless_it_is_asked_for_raw(moodle, code, raw, shown):
    """``format_text`` without ``para``: no block is put around it."""
    key = moodle.cohort(code, description="<p>R &amp; D</p> & [ecampus a 1]", visible=0)
    (read,) = moodle.call("core_cohort_get_cohorts", raw=raw, cohortids=[key])
    assert (read["description"], read["descriptionformat"], read["visible"]) == (shown, 1, False)


def test_a_description_that_is_not_sent_again_stays(moodle, code):
    key = moodle.cohort(code, description="Note")
    assert moodle.call(UPDATE, cohorts=[{"id": key, **cohort(code, name="Autre")}]) is None
    (read,) = moodle.cohorts(code)
    assert (read["name"], read["description"]) == ("Autre", "Note")


@pytest.mark.parametrize("taken", [str.upper, "{} ".format], ids=["other case", "space at the end"])
def test_a_batch_with_one_taken_idnumber_creates_nothing(moodle, code, taken):
    answer = moodle.refused(CREATE, cohorts=[cohort(code), cohort(taken(code))])
    assert answer == "invalidparameter"
    assert moodle.cohorts(code) == []


@pytest.mark.parametrize(("field", "length"), [("name", 254), ("idnumber", 100)])
def test_a_text_as_long_as_its_column_is_accepted_and_one_more_is_a_write_error(moodle, code, field, length):
    assert moodle.call(CREATE, cohorts=[cohort(f"{code}a") | {field: code.ljust(length, "x")}])[0]["id"]
    bad = cohort(f"{code}b") | {field: code.ljust(length + 1, "x")}
    assert moodle.refused(CREATE, cohorts=[cohort(f"{code}c"), bad]) == "dmlwriteexception"
    assert moodle.cohorts(f"{code}c") == []


def test_an_update_is_all_or_nothing(moodle, code):
    key = moodle.cohort(code)
    sent = [cohort(code, id=key, name="Master"), cohort(f"{code}b", id=UNKNOWN)]
    assert moodle.refused(UPDATE, cohorts=sent) == moodle.release.error("invalidrecord")
    assert moodle.cohorts(code)[0]["name"] == "Licence 1"
    assert moodle.call(UPDATE, cohorts=sent[:1]) is None
    assert moodle.cohorts(code)[0]["name"] == "Master"


@pytest.mark.parametrize(
    ("bad", "error"),
    [({"name": " "}, "invalidparameter"), ({"name": "x" * 255}, "dmlwriteexception"), ({"idnumber": "x" * 101}, "dmlwriteexception")],
)  # fmt: skip
def test_an_update_refuses_a_blank_name_and_what_is_too_long(moodle, code, bad, error):
    key = moodle.cohort(code)
    assert moodle.refused(UPDATE, cohorts=[cohort(code, id=key) | bad]) == error


def test_nothing_checks_that_the_idnumber_of_an_update_is_free(moodle, code):
    one, two = moodle.cohort(f"{code}a"), moodle.cohort(f"{code}b")
    assert moodle.call(UPDATE, cohorts=[cohort(f"{code}a", id=two)]) is None
    assert {read["id"] for read in moodle.cohorts(f"{code}a")} == {one, two}


def test_an_update_must_send_name_idnumber_and_place(moodle, code):
    key = moodle.cohort(code)
    for field in ("name", "idnumber", "categorytype"):
        sent = {name: value for name, value in cohort(code, id=key).items() if name != field}
        assert moodle.refused(UPDATE, cohorts=[sent]) == "invalidparameter"


def test_add_cohort_members_applies_the_others_and_warns_2_for_the_unknown_3_for_a_member(moodle, code):
    key, users = moodle.cohort(code), [moodle.user(f"{code}{letter}") for letter in "ab"]
    assert add(moodle, (key, users[0])) == []
    warned = add(moodle, (key, users[0]), (key, UNKNOWN), (UNKNOWN, users[1]), (key, users[1]))
    assert [warning for warning, _ in warned] == ["3", "2", "2"]
    assert str(UNKNOWN) in warned[1][1]
    assert members(moodle, key) == {key: sorted(users)}


def test_a_warning_of_add_cohort_members_has_no_itemid(moodle, code):
    sent = {"cohorttype": {"type": "id", "value": moodle.cohort(code)}, "usertype": {"type": "id", "value": UNKNOWN}}
    (warning,) = moodle.call(ADD, members=[sent])["warnings"]
    assert not {"item", "itemid"} & warning.keys()


def test_one_unknown_cohort_fails_the_reading_of_members(moodle, code):
    key = moodle.cohort(code)
    assert moodle.refused(MEMBERS, cohortids=[key, UNKNOWN]) == moodle.release.error("invalidrecord")
    assert members(moodle, key) == {key: []}


@pytest.mark.parametrize(
    ("bad", "error"), [({"userid": UNKNOWN}, "invaliduser"), ({"cohortid": UNKNOWN}, "invalidrecord")]
)
def test_delete_cohort_members_is_all_or_nothing(moodle, code, user, bad, error):
    pair = {"cohortid": moodle.cohort(code), "userid": user}
    add(moodle, tuple(pair.values()))
    assert moodle.refused(REMOVE, members=[pair, pair | bad]) == moodle.release.error(error)
    assert members(moodle, pair["cohortid"]) == {pair["cohortid"]: [user]}


def test_delete_cohort_members_does_not_mind_who_is_no_member(moodle, code, user):
    pair = {"cohortid": moodle.cohort(code), "userid": user}
    add(moodle, tuple(pair.values()))
    assert moodle.call(REMOVE, members=[pair, pair]) is None
    assert members(moodle, pair["cohortid"]) == {pair["cohortid"]: []}


def test_the_cohorts_of_categories_are_read_with_the_others_and_their_idnumbers_are_taken(moodle, code):
    place = {"type": "id", "value": moodle.top}
    key = moodle.cohort(code, categorytype=place)
    assert [read["id"] for read in moodle.cohorts(code)] == [key]
    assert moodle.refused(CREATE, cohorts=[cohort(code)]) == "invalidparameter"
