"""What goes on in Moodle between the death of a run and the next one: logins, Moodle's own task, work by hand."""

from __future__ import annotations

from typing import Any

from campus import Campus

from sandbox.moodle import groups

State = dict[str, list[tuple[Any, ...]]]
COURSE, GROUP, COHORT, THEIRS = "L1CAS101", "L1CAS101-TD1", "DUFLE_1", "tuteur.ext"


def everybody_logs_in(campus: Campus) -> None:
    """Each login applies the person's rows of the table; then Moodle's task does."""
    for username in campus.usernames():
        campus.box.moodle.login(username)
    campus.box.moodle.sync()


def worked_by_hand(campus: Campus) -> State:
    """Somebody makes a group, fills a group and a cohort of ours, and adds a row: what this adds to the state."""
    campus.box.moodle.sync()
    before, db = campus.state(), campus.box.moodle.db
    course, user = db.same("course", "idnumber", COURSE), db.same("user", "username", THEIRS)
    with db.transaction():
        for group in (db.same("groups", "idnumber", GROUP), groups.create_group(db, course, "Révisions")):
            groups.add_member(db, group, user)
        db.insert("cohort_members", cohortid=db.same("cohort", "idnumber", COHORT), userid=user)
    campus.table("INSERT INTO enrolments VALUES (?, ?, ?)", COURSE, "partenaire", "student")
    campus.box.moodle.sync()
    return without(campus.state(), before)


def without(state: State, part: State) -> State:
    """The state but for ``part``, all of which must be there."""
    missing = {name: rows for name, rows in ((n, set(part[n]) - set(state[n])) for n in part) if rows}
    assert not missing
    return {name: [row for row in rows if row not in set(part[name])] for name, rows in state.items()}
