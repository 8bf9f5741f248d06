"""Moodle 4.5: categories."""

import pytest

from sandbox.moodle import categories


def update(site, **sent):
    return site.call("core_course_update_categories", categories=[sent])


def delete(site, key, **more):
    return site.call("core_course_delete_categories", categories=[{"id": key, **more}])


def visible(site, table, *keys):
    return [site.row(table, key)["visible"] for key in keys]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"name": ""}, "categorynamerequired"),
        ({"name": "x" * 256}, "categorytoolong"),
        ({"name": "B", "idnumber": "x" * 101}, "idnumbertoolong"),
        ({"name": "B", "idnumber": "droit"}, "categoryidnumbertaken"),
        ({"name": "B", "parent": 99}, "unknowcategory"),
    ],
)
def test_one_bad_category_loses_the_whole_batch_and_says_why(site, bad, code):
    site.category("Droit", idnumber="DROIT")
    assert site.refused("core_course_create_categories", categories=[{"name": "A"}, bad]) == code
    assert len(site.call("core_course_get_categories")) == 2


def test_two_categories_may_have_the_same_name(site):
    assert site.category("Droit") != site.category("Droit")


def test_a_category_may_not_be_moved_under_itself(site):
    top = site.category("A")
    low = site.category("B", parent=top)
    assert update(site, id=top, parent=low)["errorcode"] == "cannotmovecategory"
    assert update(site, id=top, parent=top)["errorcode"] == "cannotmovecategory"


def test_a_move_takes_all_below_with_it(site):
    one, two = site.category("A"), site.category("B")
    low = site.category("C", parent=one)
    assert update(site, id=one, parent=two) is None
    assert site.row("course_categories", low)["path"] == f"/{two}/{one}/{low}"
    assert site.row("course_categories", low)["depth"] == 3


def test_hiding_a_category_hides_what_is_below_and_all_their_courses(site):
    top = site.category("A")
    low = site.category("B", parent=top)
    course = site.course("C1", categoryid=low, visible=1)
    categories.hide(site.db, top)
    assert visible(site, "course_categories", top, low) == [0, 0]
    assert visible(site, "course", course) == [0]


def test_a_category_moved_under_a_hidden_one_is_hidden_with_its_courses(site):
    hidden, moved = site.category("A"), site.category("B")
    course = site.course("C1", categoryid=moved, visible=1)
    categories.hide(site.db, hidden)
    update(site, id=moved, parent=hidden)
    assert visible(site, "course_categories", moved) == [0]
    assert visible(site, "course", course) == [0]
    update(site, id=moved, parent=0)
    assert visible(site, "course", course) == [0]


def test_a_category_made_under_a_hidden_one_is_hidden(site):
    hidden = site.category("A")
    categories.hide(site.db, hidden)
    assert visible(site, "course_categories", site.category("B", parent=hidden)) == [0]


def test_a_deletion_without_options_moves_the_content_to_the_parent(site):
    top = site.category("A")
    gone = site.category("B", parent=top)
    low, course = site.category("C", parent=gone), site.course("C1", categoryid=gone)
    assert delete(site, gone) is None
    assert site.row("course_categories", low)["parent"] == top
    assert site.row("course", course)["category"] == top


def test_content_cannot_be_moved_to_the_top(site):
    assert delete(site, site.category("A"))["errorcode"] == "movecatcontentstoroot"


def test_content_moved_to_a_hidden_parent_is_hidden(site):
    top = site.category("A")
    gone = site.category("B", parent=top)
    site.db.update("course_categories", top, visible=0)
    course = site.course("C1", categoryid=gone, visible=1)
    delete(site, gone)
    assert visible(site, "course", course) == [0]


def test_a_recursive_deletion_deletes_the_courses(site):
    top = site.category("A")
    low = site.category("B", parent=top)
    course = site.course("C1", categoryid=low)
    assert delete(site, top, recursive=1) is None
    assert site.db.find("course", course) is None
    assert site.db.find("course_categories", low) is None


def test_hidden_categories_are_absent_for_who_may_not_see_them_with_all_below(site):
    top = site.category("A")
    site.category("B", parent=top)
    categories.hide(site.db, top)
    site.server.deny("moodle/category:viewhiddencategories")
    assert [one["name"] for one in site.call("core_course_get_categories")] == ["Divers"]


def test_without_the_right_to_manage_them_categories_have_no_idnumber(site):
    site.server.deny("moodle/category:manage")
    assert "idnumber" not in site.call("core_course_get_categories")[0]


def test_categories_are_found_with_all_below_unless_told_otherwise(site):
    top = site.category("A", idnumber="A1")
    low = site.category("B", parent=top)
    criteria = [{"key": "idnumber", "value": "a1"}]
    found = site.call("core_course_get_categories", criteria=criteria)
    alone = site.call("core_course_get_categories", criteria=criteria, addsubcategories=0)
    assert [one["id"] for one in found] == [top, low]
    assert [one["id"] for one in alone] == [top]


def test_a_category_counts_its_courses(site):
    site.course("C1")
    assert site.call("core_course_get_categories")[0]["coursecount"] == 1
