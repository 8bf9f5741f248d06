"""«Pourquoi ?» on the sandbox, after two nights, a day of changes and what people do by hand: judged by Moodle's tables."""

from __future__ import annotations

from campus import Campus, copied, opened

from ecampus.explain.element import Course
from ecampus.explain.moved import where_they_are
from ecampus.explain.seats import Finding, findings
from ecampus.history import duck, lately, phases, questions
from ecampus.history.asked import Asked
from ecampus.history.departures import departure
from ecampus.history.people import persons
from ecampus.history.rows import Reader

ENROLLED = (
    "SELECT u.username, c.idnumber, e.enrol FROM mdl_user_enrolments n JOIN mdl_enrol e ON e.id = n.enrolid"
    " JOIN mdl_course c ON c.id = e.courseid JOIN mdl_user u ON u.id = n.userid WHERE n.status = 0 AND NOT u.deleted"
)


def test_everybody_beside_every_element_is_said_to_be_where_moodle_has_them(second_night, cron, tmp_path):
    with opened(copied(second_night, tmp_path / "campus"), cron) as campus:
        enrolled = {tuple(row) for row in campus.box.moodle.db.all(ENROLLED)}
        told = answers(campus)
    present = {(username, found.key) for username, _, found in told if found.present}
    assert len(present) > 400
    anyway = {(username, key) for username, key, _ in enrolled}
    assert {pair for pair in present if pair not in anyway} == set()
    ours = {(username, key) for username, key, method in enrolled if method == "database"}
    absent = [(username, course, found) for username, course, found in told if found.present is False]
    assert len(absent) > 4000
    assert [found for username, course, found in absent if {(username, key) for key in course.keys} & ours] == []


def test_the_people_of_every_archive_are_said_to_be_where_moodle_has_them(second_night, cron, tmp_path):
    with opened(copied(second_night, tmp_path / "campus"), cron) as campus:
        enrolled = {tuple(row)[:2] for row in campus.box.moodle.db.all(ENROLLED)}
        archives = [
            row[0] for row in campus.box.moodle.db.all("SELECT idnumber FROM mdl_course WHERE idnumber LIKE 'ex_%'")
        ]
        known = lately.lately(campus.store)
        with duck.reading(campus.store) as base:
            asked = Asked(Reader(base), known)
            courses = [questions.course(asked, code) for code in archives]
            told = {code: (course, where_they_are(course, departure(asked, course)))
                    for code, course in zip(archives, courses, strict=True)}  # fmt: skip
    followed = stayed = 0
    for archive, (course, moved) in told.items():
        assert {(name, archive) for one in moved for name in one.usernames} == {
            pair for pair in enrolled if pair[1] == archive
        }
        for one in moved:
            homes = [one.where] if one.where else course._replace(foad=False).keys
            there = {(name, key) for name in one.usernames for key in homes} & enrolled
            assert len(there) == (len(one.usernames) if one.where else 0), one
            followed, stayed = followed + len(there), stayed + (not one.where) * len(one.usernames)
    assert followed > 10
    assert stayed > 10


def answers(campus: Campus) -> list[tuple[str | None, Course, Finding]]:
    """Everybody of REFER, whatever they are, beside every element of REFER: login, question, answer."""
    known = lately.lately(campus.store)
    night = phases.night(known)
    source = {view: known.runs["enrolments"][0].run.files.read_frame(f"source/{view}.parquet") for view in
              ("groupe_etudiant", "inscription_pedagogique", "seance_ade", "element")}  # fmt: skip
    codes = {*source["groupe_etudiant"]["code_etudiant"], *source["inscription_pedagogique"]["code_etudiant"]}
    codes |= {*source["seance_ade"]["code_enseignant"].dropna()}
    with duck.reading(campus.store) as base:
        asked = Asked(Reader(base), known)
        people = [person for code in sorted(codes) for person in persons(asked, questions.cleaned(code))]
        courses = [questions.course(asked, code) for code in sorted(source["element"]["code"])]
    return [
        (person.username, course, found)
        for person in people
        for course in courses
        for found in findings(person, course, night)
    ]
