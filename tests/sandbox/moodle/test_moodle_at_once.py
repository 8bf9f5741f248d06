"""Two clients at once."""

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import requests


def test_two_creations_of_courses_at_once_deadlock(site):
    """The database is held, so the first creation waits; the second fails without waiting."""
    course = {"fullname": "x", "categoryid": 1}
    forms = [site.form("core_course_create_courses", courses=[course | {"shortname": code}]) for code in ("C1", "C2")]
    with ThreadPoolExecutor() as pool, site.db.lock:
        answers = [pool.submit(requests.post, site.address, data=form, timeout=5) for form in forms]
        done, _ = wait(answers, timeout=5, return_when=FIRST_COMPLETED)
        assert done.pop().result().json()["errorcode"] == "dmlwriteexception"
    assert site.db.value("SELECT count(*) FROM mdl_course WHERE id > 1") == 1
