"""What the register keeps of removals that were believed."""

from __future__ import annotations

import pandas as pd

from ecampus.changes import plan
from ecampus.night import writing
from ecampus.register.owned import shaped
from ecampus.register.register import Register
from university import SqliteHook


def test_a_group_whose_deletion_did_not_happen_is_ours_still_and_its_memberships_with_it(tmp_path):
    register = Register(SqliteHook(tmp_path / "register.db"))
    register.prepare()
    before = register.owned() | {
        "group_member": shaped("group_member", pd.DataFrame({"group_id": [5, 5, 6], "user_id": [1, 2, 1]}))
    }
    rows = pd.DataFrame([{"key": "A / G", "moodle_id": 5, "course_id": 7, "place": "G"}])
    missing = plan.changes(
        "group", "delete", rows, key="key", moodle_id="moodle_id", course_id="course_id", place="place"
    )
    with register.lease("vérification") as lease:
        writing.keep(lease, missing, before)
        lease.commit()
    owned = register.owned()
    assert owned["group"][["id", "course_id", "code"]].to_numpy().tolist() == [[5, 7, "G"]]
    assert owned["group_member"].to_numpy().tolist() == [[5, 1], [5, 2]]
