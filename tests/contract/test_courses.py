"""Courses: core_course_*_courses."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from corner import UNKNOWN

from rest import Rest

CREATE, UPDATE, READ = (f"core_course_{name}_courses" for name in ("create", "update", "get"))
PATIENCE = 5


def sent(moodle, code, **more):
    return {
        "shortname": code,
        "fullname": f"{code} - cours",
        "idnumber": code,
        "categoryid": moodle.home,
        "visible": 0,
        **more,
    }


def warnings(moodle, *courses):
    return [(one["itemid"], one["warningcode"]) for one in moodle.call(UPDATE, courses=courses)["warnings"]]


def test_courses_created_come_back_in_order_with_their_ids(moodle, code):
    created = moodle.call(CREATE, courses=[sent(moodle, f"{code}b"), sent(moodle, f"{code}a")])
    assert [one["shortname"] for one in created] == [f"{code}b", f"{code}a"]
    assert [moodle.course_read(one["id"])["idnumber"] for one in created] == [f"{code}b", f"{code}a"]


def test_a_course_is_created_hidden_and_read_with_what_the_project_needs(moodle, code):
    key = moodle.course(code, visible=0, summary="<p>FOAD</p>")
    read = moodle.course_read(key)
    wanted = {
        "idnumber": code,
        "shortname": code,
        "fullname": f"{code} - cours",
        "categoryid": moodle.home,
        "visible": 0,
    }
    assert {name: read[name] for name in wanted} == wanted
    assert read["summary"] == "<p>FOAD</p>"


BAD = {
    "shortname taken": ({"shortname": "{CODE}", "idnumber": "{code}b"}, "shortnametaken"),
    "shortname taken but for a space": ({"shortname": "{code} ", "idnumber": "{code}b"}, "shortnametaken"),
    "idnumber taken": ({"shortname": "{code}b", "idnumber": "{CODE}"}, "courseidnumbertaken"),
    "unknown category": ({"categoryid": UNKNOWN}, "errorcatcontextnotvalid"),
    "blank fullname": ({"fullname": " "}, "errorinvalidparam"),
    "no shortname": ({"shortname": ""}, "errorinvalidparam"),
    "tags": ({"fullname": "<b>gras</b>"}, "invalidparameter"),
    "shortname too long": ({"shortname": "x" * 256}, "dmlwriteexception"),
    "idnumber too long": ({"idnumber": "x" * 101}, "dmlwriteexception"),
}


@pytest.mark.parametrize(("bad", "error"), BAD.values(), ids=BAD)
def test_a_batch_with_one_bad_course_creates_nothing(moodle, code, bad, error):
    moodle.course(code)
    bad = {
        key: value.format(code=code, CODE=code.upper()) if isinstance(value, str) else value
        for key, value in bad.items()
    }
    courses = [sent(moodle, f"{code}a"), sent(moodle, f"{code}b") | bad]
    assert moodle.refused(CREATE, courses=courses) == error
    assert moodle.coded(code, f"{code}a", f"{code}b") == [code]


@pytest.mark.parametrize(("field", "length"), [("shortname", 255), ("idnumber", 100)])
def test_a_text_as_long_as_its_column_is_accepted(moodle, code, field, length):
    text = code.ljust(length, "x")
    assert moodle.course_read(moodle.course(code, **{field: text}))[field] == text


def test_the_full_name_is_longer_since_5_0(moodle, code):
    length = moodle.release.fullname
    key = moodle.course(code, fullname="x" * length)
    assert moodle.course_read(key)["fullname"] == "x" * length
    long = sent(moodle, f"{code}b", fullname="x" * (length + 1))
    assert moodle.refused(CREATE, courses=[sent(moodle, f"{code}a"), long]) == "dmlwriteexception"
    assert moodle.coded(f"{code}a", f"{code}b") == []
    assert warnings(moodle, {"id": key, "fullname": "x" * (length + 1), "visible": 1}) == [(key, "dmlwriteexception")]
    assert moodle.course_read(key)["fullname"] == "x" * length


@pytest.mark.parametrize("fullname", ["si a < b alors", "a & b", "a\nb", "😀", " a "])
def test_a_name_is_kept_as_it_is_sent(moodle, code, fullname):
    assert moodle.course_read(moodle.course(code, fullname=fullname))["fullname"] == fullname


def test_spaces_around_shortname_and_idnumber_are_kept_and_make_another_course(moodle, code):
    moodle.course(code)
    read = moodle.course_read(moodle.course(f" {code}"))
    assert (read["shortname"], read["idnumber"]) == (f" {code}", f" {code}")


def test_several_courses_may_have_no_idnumber(moodle, code):
    courses = [sent(moodle, f"{code}{letter}", idnumber="") for letter in "ab"]
    assert len(moodle.call(CREATE, courses=courses)) == 2


def test_accents_do_not_tell_two_codes_apart_on_mariadb(moodle, code):
    moodle.course(f"{code}é")
    assert moodle.refused(CREATE, courses=[sent(moodle, f"{code}E")]) == "shortnametaken"


def test_an_update_changes_only_what_is_sent(moodle, code):
    key = moodle.course(code, visible=0, summary="FOAD")
    before = moodle.course_read(key)
    assert warnings(moodle, {"id": key, "fullname": "Algèbre"}) == []
    changed = {"fullname": "Algèbre", "displayname": "Algèbre"}
    assert moodle.course_read(key) | {"timemodified": 0} == before | changed | {"timemodified": 0}


def test_update_courses_applies_the_others_and_warns_with_itemid(moodle, code):
    one, two = moodle.course(f"{code}a"), moodle.course(f"{code}b")
    told = warnings(
        moodle,
        {"id": one, "shortname": f"{code}B"},
        {"id": UNKNOWN, "fullname": "x"},
        {"id": two, "fullname": "Algèbre"},
    )
    assert told == [(one, "shortnametaken"), (UNKNOWN, moodle.release.error("invalidrecord"))]
    assert moodle.course_read(one)["shortname"] == f"{code}a"
    assert moodle.course_read(two)["fullname"] == "Algèbre"


@pytest.mark.parametrize(
    ("bad", "warning"),
    [
        ({"idnumber": "{CODE}"}, "courseidnumbertaken"),
        ({"fullname": " "}, "errorinvalidparam"),
        ({"shortname": "x" * 256}, "dmlwriteexception"),
        ({"idnumber": "x" * 101}, "dmlwriteexception"),
    ],
    ids=["idnumber taken", "blank fullname", "shortname too long", "idnumber too long"],
)
def test_an_update_refused_changes_nothing_of_that_course(moodle, code, bad, warning):
    moodle.course(code)
    key = moodle.course(f"{code}b", visible=1)
    before = moodle.course_read(key)
    bad = {name: value.format(CODE=code.upper()) for name, value in bad.items()}
    assert warnings(moodle, {"id": key, "visible": 0, **bad}) == [(key, warning)]
    assert moodle.course_read(key) == before


def test_a_code_may_change_its_case_and_what_is_freed_serves_in_the_same_call(moodle, code):
    one, two = moodle.course(f"{code}a"), moodle.course(f"{code}b")
    told = warnings(
        moodle,
        {"id": one, "shortname": f"{code}A", "idnumber": f"{code}A"},
        {"id": two, "shortname": f"ex_{code}", "idnumber": f"ex_{code}"},
        {"id": one, "shortname": f"{code}b", "idnumber": f"{code}b"},
    )
    assert told == []
    assert [moodle.course_read(key)["idnumber"] for key in (one, two)] == [f"{code}b", f"ex_{code}"]


def test_a_value_of_the_wrong_kind_loses_the_whole_update(moodle, code):
    one, two = moodle.course(f"{code}a"), moodle.course(f"{code}b")
    for bad in ({"fullname": "<b>x</b>"}, {"categoryid": ""}):
        courses = [{"id": one, "fullname": "x"}, {"id": two, **bad}]
        assert moodle.refused(UPDATE, courses=courses) == "invalidparameter"
    assert moodle.course_read(one)["fullname"] == f"{code}a - cours"


def test_a_no_op_still_bumps_the_time_of_change(moodle, course, code):
    before, deadline = moodle.course_read(course)["timemodified"], time.monotonic() + PATIENCE
    while moodle.course_read(course)["timemodified"] == before and time.monotonic() < deadline:
        assert warnings(moodle, {"id": course, "fullname": f"{code} - cours"}) == []
    assert moodle.course_read(course)["timemodified"] > before


def test_moving_a_course_into_a_hidden_category_hides_it_for_good(moodle, code):
    key, hidden = moodle.course(code, visible=1), moodle.hidden()
    assert warnings(moodle, {"id": key, "categoryid": hidden}) == []
    assert moodle.course_read(key)["visible"] == 0
    assert warnings(moodle, {"id": key, "categoryid": moodle.home}) == []
    assert moodle.course_read(key)["visible"] == 0


def test_even_when_it_is_said_to_be_visible(moodle, code):
    key, hidden = moodle.course(code, visible=1), moodle.hidden()
    assert warnings(moodle, {"id": key, "categoryid": hidden, "visible": 1}) == []
    assert moodle.course_read(key)["visible"] == 0


def test_a_move_between_visible_categories_keeps_the_teachers_choice(moodle, code):
    other = moodle.category("B")
    for visible in (0, 1):
        key = moodle.course(f"{code}{visible}", visible=visible)
        assert warnings(moodle, {"id": key, "categoryid": other}) == []
        read = moodle.course_read(key)
        assert (read["categoryid"], read["visible"]) == (other, visible)


def test_a_course_moved_to_an_unknown_category_is_lost_there_and_hidden_and_only_a_warning_tells(moodle, code):
    key = moodle.course(code, visible=1)
    assert warnings(moodle, {"id": key, "categoryid": UNKNOWN}) == [(key, moodle.release.error("invalidrecord"))]
    read = moodle.course_read(key)
    assert (read["categoryid"], read["visible"]) == (UNKNOWN, 0)
    assert warnings(moodle, {"id": key, "categoryid": moodle.home}) == []
    assert moodle.course_read(key)["categoryid"] == moodle.home


def test_the_page_of_the_site_is_the_course_1_and_unknown_ids_are_absent(moodle, course):
    found = moodle.call(READ, options={"ids": [1, course, UNKNOWN]})
    assert {(one["id"], one["categoryid"]) for one in found} == {(1, 0), (course, moodle.home)}
    assert {1, course} <= {one["id"] for one in moodle.call(READ)}


def test_a_deletion_warns_of_the_unknown(moodle, course):
    warned = moodle.call("core_course_delete_courses", courseids=[UNKNOWN, course])["warnings"]
    assert [(one["itemid"], one["warningcode"]) for one in warned] == [(UNKNOWN, "unknowncourseidnumber")]
    assert moodle.call(READ, options={"ids": [course]}) == []


def test_creations_at_once_succeed_or_answer_a_write_error_and_nothing_else(moodle, code):
    """Four clients in one category: most calls deadlock on a real Moodle; none is half done."""

    def create(number):
        client = Rest(moodle.url, moodle.token, timeout=moodle.timeout)
        courses = [sent(moodle, f"{code}{number}{letter}") for letter in "ab"]
        with client.http:
            answer = client.call(CREATE, courses=courses)
        return "done" if isinstance(answer, list) else answer["errorcode"]

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(create, range(8)))
    assert set(outcomes) <= {"done", "dmlwriteexception"}
    created = [len(moodle.coded(f"{code}{number}a", f"{code}{number}b")) for number in range(8)]
    assert created == [2 if outcome == "done" else 0 for outcome in outcomes]
