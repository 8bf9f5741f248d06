"""Moodle 4.5: courses."""

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import pytest
import requests


def course(code="C1", **more):
    return {"shortname": code, "fullname": f"{code} - cours", "idnumber": code, "categoryid": 1, **more}


def create(site, *courses):
    return site.call("core_course_create_courses", courses=courses)


def update(site, *courses):
    return site.call("core_course_update_courses", courses=courses)["warnings"]


def codes(site):
    return [row["shortname"] for row in site.db.all("SELECT shortname FROM mdl_course WHERE id > 1")]


def hidden_category(site):
    from sandbox.moodle import categories

    key = site.category("Coulisses")
    categories.hide(site.db, key)
    return key


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (course("c1", idnumber="other"), "shortnametaken"),
        (course("C2", idnumber="c1"), "courseidnumbertaken"),
        (course("C2", categoryid=99), "errorcatcontextnotvalid"),
        (course("C2", fullname=" "), "errorinvalidparam"),
        (course("C2", fullname="<b>gras</b>"), "invalidparameter"),
        (course("C2", fullname="x" * 255), "dmlwriteexception"),
        (course("x" * 256, idnumber="C2"), "dmlwriteexception"),
        (course("C2", idnumber="x" * 101), "dmlwriteexception"),
    ],
)
def test_one_bad_course_loses_the_whole_batch(site, bad, code):
    create(site, course())
    assert create(site, course("C3"), bad)["errorcode"] == code
    assert codes(site) == ["C1"]


def test_a_taken_shortname_is_told(site):
    create(site, course())
    message = create(site, course())["message"]
    assert message == "Short name is already used for another course (C1)"


def test_a_bare_less_than_sign_is_accepted_in_a_name(site):
    key = site.course("C1", fullname="si a < b alors")
    assert site.row("course", key)["fullname"] == "si a < b alors"


def test_spaces_around_shortname_and_idnumber_are_kept(site):
    key = site.course(" C1", idnumber=" C1")
    assert (site.row("course", key)["shortname"], site.row("course", key)["idnumber"]) == (" C1", " C1")


def test_several_courses_may_have_no_idnumber(site):
    assert len(create(site, course("C1", idnumber=""), course("C2", idnumber=""))) == 2


def test_an_update_changes_only_what_is_sent(site):
    key = site.course("C1", visible=0, summary="FOAD")
    before = site.row("course", key)
    assert update(site, {"id": key, "fullname": "Algèbre"}) == []
    after = site.row("course", key)
    assert after["fullname"] == "Algèbre"
    assert {**after, "fullname": "", "timemodified": 0} == {**before, "fullname": "", "timemodified": 0}


def test_an_update_applies_the_good_and_warns_of_the_bad(site):
    one, two = site.course("C1"), site.course("C2")
    warnings = update(site, {"id": one, "shortname": "c2"}, {"id": 99}, {"id": two, "fullname": "Algèbre"})
    assert [(one["item"], one["itemid"], one["warningcode"]) for one in warnings] == [
        ("course", one, "shortnametaken"),
        ("course", 99, "invalidrecord"),
    ]
    assert site.row("course", two)["fullname"] == "Algèbre"


def test_a_no_op_still_bumps_the_time_of_change(site):
    key = site.course("C1")
    site.db.update("course", key, timemodified=1)
    update(site, {"id": key, "fullname": "C1 - cours"})
    assert site.row("course", key)["timemodified"] > 1


def test_a_move_into_a_hidden_category_hides_the_course_and_moving_out_does_not_show_it(site):
    key, hidden = site.course("C1", visible=1), hidden_category(site)
    update(site, {"id": key, "categoryid": hidden})
    assert site.row("course", key)["visible"] == 0
    update(site, {"id": key, "categoryid": 1})
    assert site.row("course", key)["visible"] == 0


def test_a_deletion_warns_of_the_unknown_and_of_the_site_itself(site):
    key = site.course("C1")
    warnings = site.call("core_course_delete_courses", courseids=[99, 1, key])["warnings"]
    assert [one["warningcode"] for one in warnings] == ["unknowncourseidnumber", "cannotdeletecategorycourse"]
    assert codes(site) == []


def test_a_deleted_course_takes_its_groups_and_enrolments_with_it(site):
    key, user = site.course("C1"), site.user("e1")
    site.enrol(key, user)
    site.join(site.group(key, "TD1"), user)
    site.call("core_course_delete_courses", courseids=[key])
    for table in ("groups", "groups_members", "user_enrolments", "role_assignments"):
        assert site.db.value(f"SELECT count(*) FROM mdl_{table}") == 0


def test_the_site_itself_is_among_all_courses(site):
    site.course("C1")
    assert [one["id"] for one in site.call("core_course_get_courses")] == [1, 2]
    assert [one["id"] for one in site.call("core_course_get_courses", options={"ids": [2]})] == [2]


@pytest.mark.parametrize(("field", "value"), [("shortname", "c1"), ("idnumber", "c1"), ("category", "1"), ("id", "2")])
def test_a_course_is_found_by_field(site, field, value):
    key = site.course("C1")
    found = site.call("core_course_get_courses_by_field", field=field, value=value)["courses"]
    assert [(one["id"], one["categoryname"]) for one in found] == [(key, "Divers")]


def test_a_token_that_cannot_see_hidden_courses_does_not_find_them_by_field(site):
    site.course("C1", visible=0)
    site.server.deny("moodle/course:viewhiddencourses")
    assert [one["id"] for one in site.call("core_course_get_courses_by_field")["courses"]] == [1]


def test_nor_can_it_list_all_courses_or_touch_that_one(site):
    key = site.course("C1", visible=0)
    site.server.deny("moodle/course:viewhiddencourses")
    assert site.refused("core_course_get_courses") == "errorcoursecontextnotvalid"
    assert update(site, {"id": key, "fullname": "x"})[0]["warningcode"] == "requireloginerror"


def test_without_the_right_to_update_courses_their_idnumber_is_not_shown(site):
    site.course("C1")
    site.server.deny("moodle/course:update")
    assert "idnumber" not in site.call("core_course_get_courses")[-1]


@pytest.mark.parametrize("field", ["fullname", "shortname", "idnumber"])
def test_each_name_of_a_course_has_its_own_capability(site, field):
    key = site.course("C1")
    site.server.deny(f"moodle/course:change{field}")
    assert update(site, {"id": key, field: "new"})[0]["warningcode"] == "nopermissions"
    assert update(site, {"id": key, field: site.row("course", key)[field]}) == []


def test_two_creations_of_courses_at_once_deadlock(site):
    """The database is held, so the first creation waits; the second fails without waiting."""
    forms = [site.form("core_course_create_courses", courses=[course(code)]) for code in ("C1", "C2")]
    with ThreadPoolExecutor() as pool, site.db.lock:
        answers = [pool.submit(requests.post, site.address, data=form, timeout=5) for form in forms]
        done, _ = wait(answers, timeout=5, return_when=FIRST_COMPLETED)
        assert done.pop().result().json()["errorcode"] == "dmlwriteexception"
    assert len(codes(site)) == 1
