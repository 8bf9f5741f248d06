"""What the register keeps of removals that were believed."""

from __future__ import annotations

import pandas as pd
import pytest

from ecampus.changes import plan
from ecampus.kinds import KINDS
from ecampus.night import writing
from ecampus.register.owned import shaped
from ecampus.register.register import Register
from university import SqliteHook


def test_a_group_whose_deletion_did_not_happen_is_ours_still_and_its_memberships_with_it(tmp_path):
    register = Register(SqliteHook(tmp_path / "register.db"))
    register.prepare()
    before = register.owned() | {
        "group": shaped("group", pd.DataFrame({"id": [5], "course_id": [7], "code": ["G"], "since": ["2026-09-01"]})),
        "group_member": shaped("group_member", pd.DataFrame({"group_id": [5, 5, 6], "user_id": [1, 2, 1]})),
    }
    rows = pd.DataFrame([{"key": "A / G", "moodle_id": 5, "course_id": 7, "place": "G"}])
    missing = plan.changes(
        "group", "delete", rows, key="key", moodle_id="moodle_id", course_id="course_id", place="place"
    )
    with register.lease("vérification") as lease:
        writing.keep(lease, missing, before)
        lease.commit()
    owned = register.owned()
    assert owned["group"][["id", "course_id", "code", "since"]].to_numpy().tolist() == [[5, 7, "G", "2026-09-01"]]
    assert owned["group_member"].to_numpy().tolist() == [[5, 1], [5, 2]]


OURS = {
    "category": {"id": [5], "code": ["C"], "scope": ["SCI"], "since": ["2026-09-01"]},
    "group": {"id": [5], "course_id": [7], "code": ["G"]},
    "cohort_member": {"cohort_id": [5], "user_id": [1]},
    "group_member": {"group_id": [5], "user_id": [1]},
}
LOSSES = [kind for kind in KINDS.values() if kind.losses and kind.object != "enrolment"]


@pytest.mark.parametrize("kind", LOSSES, ids=[kind.id for kind in LOSSES])
def test_whatever_was_taken_away_and_does_not_show_is_ours_as_it_was(tmp_path, kind):
    register = Register(SqliteHook(tmp_path / "register.db"))
    register.prepare()
    ours = shaped(kind.object, pd.DataFrame(OURS[kind.object]))
    rows = pd.DataFrame({"key": ["C"], "moodle_id": [5], "place_id": [5], "user_id": [1]})
    cells = {name: name for name in ("moodle_id", "place_id", "user_id")}
    missing = plan.changes(kind.object, kind.verb, rows, key="key", **cells)
    with register.lease("vérification") as lease:
        writing.keep(lease, missing, register.owned() | {kind.object: ours})
    pd.testing.assert_frame_equal(register.owned()[kind.object], ours)
