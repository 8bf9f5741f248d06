"""Categories: core_course_*_categories."""

import pytest
from corner import UNKNOWN

CREATE, UPDATE, DELETE, READ = (f"core_course_{name}_categories" for name in ("create", "update", "delete", "get"))


def update(moodle, **sent):
    return moodle.call(UPDATE, categories=[sent])


def place(moodle, key):
    read = moodle.category_read(key)
    return read["parent"], read["depth"], read["visible"]


def test_a_category_is_read_with_its_idnumber_its_parent_and_whether_it_is_visible(moodle, code):
    read = moodle.category_read(moodle.category("Droit", idnumber=code))
    assert (read["name"], read["idnumber"], read["parent"], read["visible"]) == ("Droit", code, moodle.top, 1)
    assert moodle.category_read(moodle.category("Droit"))["idnumber"] in (None, "")


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ({"name": ""}, "categorynamerequired"),
        ({"name": "x" * 256}, "categorytoolong"),
        ({"idnumber": "x" * 101}, "idnumbertoolong"),
        ({"idnumber": "{code}"}, "categoryidnumbertaken"),
        ({"parent": UNKNOWN}, "unknowcategory"),
        ({"name": "<b>B</b>"}, "invalidparameter"),
    ],
    ids=["no name", "name too long", "idnumber too long", "idnumber taken", "unknown parent", "tags"],
)
def test_one_bad_category_loses_the_whole_batch_and_says_why(moodle, code, bad, error):
    top = moodle.category("Droit", idnumber=code.upper())
    bad = {key: value.format(code=code) if isinstance(value, str) else value for key, value in bad.items()}
    sent = {"name": "B", "parent": top}
    assert moodle.refused(CREATE, categories=[{**sent, "name": "A"}, sent | bad]) == error
    assert len(moodle.below(top)) == 1


@pytest.mark.parametrize(("field", "length"), [("name", 255), ("idnumber", 100)])
def test_a_text_as_long_as_its_column_is_accepted(moodle, code, field, length):
    text = code.ljust(length, "x")
    key = moodle.category(**{"name": "A", field: text})
    assert moodle.category_read(key)[field] == text


def test_two_categories_may_have_the_same_name(moodle):
    assert moodle.category("Droit") != moodle.category("Droit")


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ({"id": UNKNOWN}, "unknowncategory"),
        ({"parent": UNKNOWN}, "invalidrecord"),
        ({"idnumber": "{code}"}, "categoryidnumbertaken"),
        ({"name": "x" * 256}, "categorytoolong"),
    ],
    ids=["unknown", "unknown parent", "idnumber taken", "name too long"],
)
def test_an_update_is_all_or_nothing(moodle, code, bad, error):
    moodle.category("Droit", idnumber=code)
    one, two = moodle.category("A"), moodle.category("B")
    bad = {key: value.format(code=code) if isinstance(value, str) else value for key, value in bad.items()}
    assert moodle.refused(UPDATE, categories=[{"id": one, "name": "Z"}, {"id": two, **bad}]) == moodle.release.error(
        error
    )
    assert moodle.category_read(one)["name"] == "A"


def test_an_update_changes_only_what_is_sent(moodle, code):
    key = moodle.category("Droit", idnumber=code)
    assert update(moodle, id=key, name="Gestion", idnumber=code) is None
    assert update(moodle, id=key, idnumber=f"{code}b") is None
    read = moodle.category_read(key)
    assert (read["name"], read["idnumber"], read["parent"]) == ("Gestion", f"{code}b", moodle.top)


def test_a_category_counts_the_courses_right_in_it_hidden_ones_too(moodle, code):
    top = moodle.category("A")
    low = moodle.category("B", parent=top)
    one, two, _ = (
        moodle.course(f"{code}{letter}", categoryid=where, visible=shown)
        for letter, where, shown in (("a", top, 1), ("b", top, 0), ("c", low, 0))
    )
    assert [read["coursecount"] for read in moodle.below(top)] == [2, 1]
    moodle.call("core_course_delete_courses", courseids=[one])
    moodle.call("core_course_update_courses", courses=[{"id": two, "categoryid": low}])
    assert [read["coursecount"] for read in moodle.below(top)] == [0, 2]


def test_a_category_may_not_be_moved_under_itself(moodle):
    top = moodle.category("A")
    low = moodle.category("B", parent=top)
    assert update(moodle, id=top, parent=low)["errorcode"] == "cannotmovecategory"
    assert update(moodle, id=top, parent=top)["errorcode"] == "cannotmovecategory"


def test_a_move_takes_all_below_with_it(moodle):
    one, two = moodle.category("A"), moodle.category("B")
    low = moodle.category("C", parent=one)
    depth = moodle.category_read(moodle.top)["depth"]
    assert update(moodle, id=one, parent=two) is None
    assert place(moodle, one) == (two, depth + 2, 1)
    assert place(moodle, low) == (one, depth + 3, 1)


def test_a_category_made_under_a_hidden_one_is_hidden(moodle):
    assert moodle.category_read(moodle.hidden())["visible"] == 0


def test_a_category_moved_under_a_hidden_one_is_hidden_with_its_courses_for_good(moodle, code):
    hidden, moved = moodle.hidden(), moodle.category("A")
    course = moodle.course(code, categoryid=moodle.category("B", parent=moved), visible=1)
    update(moodle, id=moved, parent=hidden)
    assert moodle.category_read(moved)["visible"] == 0
    assert moodle.course_read(course)["visible"] == 0
    update(moodle, id=moved, parent=moodle.top)
    assert moodle.category_read(moved)["visible"] == 0
    assert moodle.course_read(course)["visible"] == 0


def test_a_deletion_without_options_moves_the_content_to_the_parent(moodle, code):
    top = moodle.category("A")
    gone = moodle.category("B", parent=top)
    low, course = moodle.category("C", parent=gone), moodle.course(code, categoryid=gone)
    assert moodle.call(DELETE, categories=[{"id": gone}]) is None
    assert moodle.category_read(low)["parent"] == top
    assert moodle.course_read(course)["categoryid"] == top
    assert [one["id"] for one in moodle.below(top)] == [top, low]


def test_a_deletion_may_name_another_shelter(moodle, code):
    gone, shelter = moodle.category("A"), moodle.category("B")
    course = moodle.course(code, categoryid=gone)
    sent = {"id": gone, "newparent": shelter, "recursive": 0}
    assert moodle.call(DELETE, categories=[sent]) is None
    assert moodle.course_read(course)["categoryid"] == shelter


def test_content_moved_to_a_hidden_shelter_is_hidden(moodle, code):
    gone, shelter = moodle.category("A"), moodle.hidden()
    course = moodle.course(code, categoryid=gone, visible=1)
    assert moodle.call(DELETE, categories=[{"id": gone, "newparent": shelter}]) is None
    assert moodle.course_read(course)["visible"] == 0


def test_content_cannot_be_moved_to_the_top(moodle, code):
    alone = moodle.category("A", parent=0, idnumber=code)
    try:
        assert moodle.refused(DELETE, categories=[{"id": alone}]) == "movecatcontentstoroot"
    finally:
        assert moodle.call(DELETE, categories=[{"id": alone, "newparent": moodle.top}]) is None
    assert moodle.below(alone) == []


def test_a_deletion_is_all_or_nothing(moodle):
    key = moodle.category("A")
    assert moodle.refused(DELETE, categories=[{"id": key}, {"id": UNKNOWN}]) == "unknowncategory"
    assert moodle.category_read(key)["name"] == "A"


def test_a_recursive_deletion_deletes_the_courses(moodle, code):
    top = moodle.category("A")
    course = moodle.course(code, categoryid=moodle.category("B", parent=top))
    assert moodle.call(DELETE, categories=[{"id": top, "recursive": 1}]) is None
    assert moodle.call("core_course_get_courses", options={"ids": [course]}) == []
    assert moodle.below(top) == []


def test_categories_are_found_with_all_below_unless_told_otherwise(moodle, code):
    top = moodle.category("A", idnumber=code)
    low = moodle.category("B", parent=top)
    criteria = [{"key": "idnumber", "value": code.upper()}]
    found = moodle.call(READ, criteria=criteria)
    alone = moodle.call(READ, criteria=criteria, addsubcategories=0)
    assert [one["id"] for one in found] == [top, low]
    assert [one["id"] for one in alone] == [top]


def test_only_who_may_see_hidden_categories_may_ask_which_are_visible(moodle, host):
    shown, hidden = moodle.category("A"), moodle.hidden()
    both = {"key": "ids", "value": f"{shown},{hidden},{UNKNOWN}"}
    asked = {"1": shown, "0": hidden}
    for visible, found in asked.items():
        criteria = [both, {"key": "visible", "value": visible}]
        assert [one["id"] for one in moodle.call(READ, criteria=criteria, addsubcategories=0)] == [found]
        with host.powerless() as token:
            assert moodle.refused(READ, token=token, criteria=criteria) == "criteriaerror"


def test_all_categories_come_in_one_call_hidden_ones_included(moodle):
    hidden = moodle.hidden()
    assert {hidden, moodle.top} <= {one["id"] for one in moodle.call(READ)}
