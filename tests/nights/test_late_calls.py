"""A worker freezes with a call in hand, of which it had noted that it leaves; the call reaches Moodle a run too late.

Its right is taken, the university changes its mind, the next run makes Moodle so and verifies it; then the worker wakes
and its call does what nobody wants any more. No lock of ours can hold it back: the next night sees it, and mends it.
"""

from __future__ import annotations

import json
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

from aftermath import in_doubt
from campus import Campus, night_after
from deaths import LOST, WRITE_FUNCTIONS, BeforeCall, frozen
from meanwhile import without
from test_frozen import settled

from ecampus.apply import writer
from ecampus.night import reconcile
from rehearsal import KILLED, NIGHT, ended, live
from sandbox.moodle import handmade

LEFT = {
    "core_user_create_users": {"accounts"},
    "core_cohort_create_cohorts": {"cohorts"},
    "core_cohort_add_cohort_members": {"cohort_members"},
    "core_course_create_courses": {"courses"},
    "core_group_create_groups": {"groups"},
    "core_group_add_group_members": {"group_members"},
}
"""What no rule takes away: accounts suspended, cohorts, memberships in doubt (told), courses archived, their groups."""
EARLIER = {"groups": ("offer", "enrolments")}
"""Phases of the night that must have followed the change of mind for members to be able to come back."""


def test_a_call_that_reaches_moodle_after_the_next_run_verified_is_undone_the_next_night(
    before, first_night, tmp_path, monkeypatch, late
):
    phase = next(phase for phase, functions in WRITE_FUNCTIONS.items() if late in functions)
    monkeypatch.setattr(writer, "WORKERS", 1)
    campus = before(phase)
    run, told = campus.run(phase, KILLED, NIGHT), tmp_path / "told"
    with frozen(lambda: reconcile.apply(run, campus.systems, live), BeforeCall(late, signal.SIGSTOP), told) as wakes:
        campus.let_expire()
        changes_its_mind(campus, first_night)
        for earlier in (*EARLIER.get(phase, ()), phase):
            campus.play(earlier, "suivante", NIGHT)
        state, owned = ended(campus)
        assert wakes() == LOST, told.read_text()
    tomorrow = campus.play(phase, "demain", night_after(3))
    now, ours = ended(campus)
    extra = without(now, state)
    assert {name for name in extra if extra[name]} <= LEFT.get(late, set())
    assert all(suspended for _, _, suspended, *_ in extra["accounts"])
    archived = extra["courses"] + extra["groups"] + extra["group_members"]
    assert [place for place in archived if not place[0].startswith("ex_")] == []
    doubtful = in_doubt(campus, campus.run(phase, "demain", night_after(3)))
    assert sorted(extra["cohort_members"]) == sorted(doubtful["cohort_member"])
    assert tomorrow["anomalies"].get("APPARTENANCE_DOUTEUSE", 0) == len(doubtful["cohort_member"])
    more = without(ours, owned)
    gained = more["group"] + more["group_member"]
    assert [place for place, *_ in gained if not str(place).startswith("ex_")] == []
    assert handmade.snapshot(campus.box.moodle.db) == json.loads((campus.folder / "by_hand.json").read_text())
    settled(campus, phase)


def changes_its_mind(campus: Campus, first_night: Path) -> None:
    """REFER and LDAP are again as they were on the first day."""
    for name in ("refer.db", "directory.db"):
        with (
            closing(sqlite3.connect(first_night / "box" / name)) as then,
            closing(sqlite3.connect(campus.box.folder / name)) as now,
        ):
            then.backup(now)
