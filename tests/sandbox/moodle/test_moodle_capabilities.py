"""Each capability that the token may lack, one at a time: what is then refused, hidden or left out."""

import pytest

from sandbox.moodle import categories

SEARCH, COURSES, CATEGORIES, PEOPLE = (
    "core_user_get_users", "core_course_get_courses", "core_course_get_categories", "core_enrol_get_enrolled_users",
)  # fmt: skip


def everybody(site):
    return site.call(SEARCH, criteria=[{"key": "lastname", "value": "%"}])["users"]


def update(site, **course):
    return [one["warningcode"] for one in site.call("core_course_update_courses", courses=[course])["warnings"]]


def test_a_token_that_may_not_use_rest_is_refused(site):
    site.server.deny("webservice/rest:use")
    assert site.refused("core_webservice_get_site_info") == "accessexception"


def test_a_missing_capability_is_named_in_human_words(site):
    site.server.deny("moodle/user:create")
    answer = site.call("core_user_create_users", users=[site.account("e1")])
    assert answer["errorcode"] == "nopermissions"
    assert "(Create users)" in answer["message"]


def test_without_the_right_to_view_profiles_there_is_nobody_but_the_tokens_own_account(site):
    site.server.deny("moodle/user:viewdetails")
    assert [one["username"] for one in everybody(site)] == ["ws_ecampus"]


@pytest.mark.parametrize(
    ("capability", "fields"),
    [("moodle/user:viewalldetails", {"username", "auth", "idnumber"}), ("moodle/site:viewuseridentity", {"email"})],
)
def test_without_the_right_to_see_all_details_or_identities_accounts_lack_fields(site, capability, fields):
    site.user("e1", idnumber="7")
    assert fields <= everybody(site)[-1].keys()
    site.server.deny(capability)
    assert not fields & everybody(site)[-1].keys()


def test_hidden_categories_are_absent_for_who_may_not_see_them_with_all_below(site):
    top = site.category("A")
    site.category("B", parent=top)
    categories.hide(site.db, top)
    site.server.deny("moodle/category:viewhiddencategories")
    assert [one["name"] for one in site.call(CATEGORIES)] == ["Divers"]
    assert site.refused(CATEGORIES, criteria=[{"key": "visible", "value": "1"}]) == "criteriaerror"


def test_without_the_right_to_manage_them_categories_have_no_idnumber(site):
    site.server.deny("moodle/category:manage")
    assert "idnumber" not in site.call(CATEGORIES)[0]


@pytest.mark.parametrize(("capability", "how"), [("create", {"newparent": 1}), ("delete", {"recursive": 1})])
def test_a_category_with_courses_goes_only_with_the_right_to_create_or_delete_courses(site, capability, how):
    full, empty = site.category("A"), site.category("B")
    site.course("C1", categoryid=full)
    site.server.deny(f"moodle/course:{capability}")
    delete = "core_course_delete_categories"
    assert site.refused(delete, categories=[{"id": full, **how}]) == "youcannotdeletecategory"
    assert site.call(delete, categories=[{"id": empty, **how}]) is None


def test_without_the_right_to_see_hidden_courses_none_can_be_listed_and_that_one_not_touched(site):
    key = site.course("C1", visible=0)
    site.server.deny("moodle/course:viewhiddencourses")
    assert site.refused(COURSES) == "errorcoursecontextnotvalid"
    assert update(site, id=key, fullname="x") == ["requireloginerror"]
    assert [one["id"] for one in site.call("core_course_get_courses_by_field")["courses"]] == [1]


def test_without_the_right_to_update_courses_their_idnumber_is_not_shown(site):
    site.course("C1")
    site.server.deny("moodle/course:update")
    assert "idnumber" not in site.call(COURSES)[-1]


@pytest.mark.parametrize("field", ["fullname", "shortname", "idnumber"])
def test_each_name_of_a_course_has_its_own_capability(site, field):
    key = site.course("C1")
    site.server.deny(f"moodle/course:change{field}")
    assert update(site, **{"id": key, field: "new"}) == ["nopermissions"]
    assert update(site, **{"id": key, field: site.row("course", key)[field]}) == []


@pytest.mark.parametrize(
    ("capability", "change"), [("visibility", {"visible": 0}), ("changecategory", {"categoryid": 2})]
)
def test_so_have_its_visibility_and_its_category(site, capability, change):
    site.category("B")
    key = site.course("C1", visible=1)
    site.server.deny(f"moodle/course:{capability}")
    assert update(site, id=key, **change) == ["nopermissions"]


def test_without_the_capability_groups_are_closed(site):
    course = site.course("C1")
    site.server.deny("moodle/course:managegroups")
    assert site.refused("core_group_get_course_groups", courseid=course) == "nopermissions"


def test_active_enrolments_need_the_right_to_review_them_the_others_one_of_two(site):
    course = site.course("C1")
    options = [{"name": "onlyactive", "value": 1}]
    site.server.deny("moodle/course:viewparticipants")
    assert site.call(PEOPLE, courseid=course, options=options) == []
    site.server.allow("moodle/course:viewparticipants")
    site.server.deny("moodle/course:enrolreview")
    assert site.call(PEOPLE, courseid=course) == []
    assert site.refused(PEOPLE, courseid=course, options=options) == "nopermissions"
