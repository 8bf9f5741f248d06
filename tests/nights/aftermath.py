"""What a night that was interrupted may leave: memberships that nobody can attribute; and nobody unenrolled."""

from __future__ import annotations

from typing import Any

from campus import Campus


def with_doubts(owned: dict[str, Any], campus: Campus, run: Any) -> dict[str, Any]:
    """What is ours, and the memberships, not ours, that this run says nobody can attribute."""
    doubtful = in_doubt(campus, run)
    assert not [member for kind, members in doubtful.items() for member in members if member in owned[kind]]
    return owned | {kind: sorted({*owned[kind], *members}, key=repr) for kind, members in doubtful.items()}


def in_doubt(campus: Campus, run: Any) -> dict[str, list[tuple[str, ...]]]:
    """The memberships that this run says nobody can attribute, named as ``campus.owned`` names them."""
    found: dict[str, list[tuple[str, ...]]] = {"cohort_member": [], "group_member": []}
    if not run.files.exists("doubtful.parquet") or not (run.files.root / "doubtful.parquet").stat().st_size:
        return found  # a power cut may have emptied it: another run says it
    rows = run.files.read_frame("doubtful.parquet")
    for row in rows.itertuples():
        place = row.place if row.object == "cohort_member" else " / ".join(row.key.split(" / ")[:2])
        found[row.object].append((place, row.username))
    return found


def enrolled(campus: Campus) -> set[tuple[int, int]]:
    """Who is in which course, with a role, by ids."""
    sql = (
        "SELECT e.courseid, n.userid FROM mdl_user_enrolments n JOIN mdl_enrol e ON e.id = n.enrolid"
        " JOIN mdl_context x ON x.contextlevel = 50 AND x.instanceid = e.courseid"
        " JOIN mdl_role_assignments a ON a.contextid = x.id AND a.userid = n.userid WHERE n.status = 0"
    )
    return {tuple(row) for row in campus.box.moodle.db.all(sql)}
