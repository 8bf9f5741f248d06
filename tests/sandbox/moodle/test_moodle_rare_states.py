"""States that the web services cannot make, and yet show."""

from sandbox.moodle import enrolments
from sandbox.moodle.database import now

STUDENT = 5


def test_an_enrolment_to_come_one_that_has_ended_and_one_of_a_disabled_method_are_not_active(site):
    course, users = site.course("C1"), {name: site.user(name) for name in ("e1", "e2", "e3", "e4")}
    site.enrol(course, users["e1"], timestart=now() + 1_000)
    site.enrol(course, users["e2"], timeend=now() - 1_000)
    site.enrol(course, users["e3"], timestart=now() - 1_000, timeend=now() + 1_000)
    enrolments.enrol(site.db, course, "self", users["e4"], STUDENT)
    site.db.run("UPDATE mdl_enrol SET status = 1 WHERE enrol = 'self'")
    assert list(site.people(course, onlyactive=1)) == ["e3"]
    assert list(site.people(course, onlysuspended=1)) == ["e1", "e2", "e4"]


def test_what_php_finds_empty_hides_an_account_by_its_name_and_an_idnumber_from_it(site):
    for username, lastname in (("e1", ""), ("e2", "0"), ("e3", " ")):
        site.db.run("UPDATE mdl_user SET lastname = ?, idnumber = '0' WHERE id = ?", (lastname, site.user(username)))
    found = site.call("core_user_get_users", criteria=[{"key": "lastname", "value": "%"}])["users"]
    shown = [user for user in found if user["username"].startswith("e")]
    assert [(user["username"], "idnumber" in user) for user in shown] == [("e3", False)]


def test_an_account_lent_by_another_site_has_the_username_of_nobody_here(site):
    lent = site.db.insert("user", username="e1", auth="mnet", mnethostid=3, lastname="Noir", email="e1@univ.example")
    cohort, own = site.cohort("L1"), site.user("e1")
    assert own != lent
    member = {"cohorttype": {"type": "id", "value": cohort}, "usertype": {"type": "username", "value": "e1"}}
    assert site.call("core_cohort_add_cohort_members", members=[member]) == {"warnings": []}
    (members,) = site.call("core_cohort_get_cohort_members", cohortids=[cohort])
    assert members["userids"] == [own]
    found = site.call("core_user_get_users", criteria=[{"key": "username", "value": "e1"}])["users"]
    assert [user["auth"] for user in found] == ["mnet", "cas"]
