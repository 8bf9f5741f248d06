"""All that a world holds, in a form that two worlds can be compared by."""

from __future__ import annotations

from typing import Any

import pandas as pd

from world import World


def portrait(world: World) -> dict[str, list[str]]:
    """The whole state, ids apart, and the register too."""
    moodle, register = world.moodle, world.owned
    seen = {
        "users": world.see("users", "username | idnumber | auth | firstname | lastname | email | suspended"),
        "categories": world.see("categories", "idnumber | name | parent | visible"),
        "courses": world.see("courses", "idnumber | shortname | fullname | category | visible"),
        "cohorts": world.see("cohorts", "idnumber | name"),
        "cohort_members": world.see("cohort_members", "cohort | username"),
        "groups": world.see("groups", "course | idnumber | name"),
        "group_members": world.see("group_members", "course | group | username"),
        "enrolled": world.see("enrolled", "course | username | role"),
        "table": world.table(),
    }
    names = {id_: row.get("username") or row.get("idnumber") or row.get("name")
             for kind in ("users", "categories", "courses", "cohorts", "groups") for id_, row in getattr(moodle, kind).items()}  # fmt: skip
    for kind, frame in register.items():
        rows = [[names.get(v, "?") if isinstance(v, int) and not isinstance(v, bool) else str(v) for v in row]
                for row in frame.itertuples(index=False, name=None)]  # fmt: skip
        seen[f"register {kind}"] = sorted(" | ".join(row) for row in rows if "?" not in row)
    seen["register enrolment"] = sorted(" | ".join(row) for row in published(world))
    return seen


def published(world: World) -> set[tuple[str, str, str]]:
    """The rows that are ours."""
    return set(world.owned["enrolment"].itertuples(index=False, name=None)) & world.moodle.table


def strangers(world: World) -> dict[str, Any]:
    """All that is not ours, as it is."""
    moodle, register = world.moodle, world.owned
    owned = {kind: set(register[kind].iloc[:, 0]) for kind in ("account", "category", "course", "cohort", "group")}
    kinds = {"users": "account", "categories": "category", "courses": "course", "cohorts": "cohort", "groups": "group"}
    pairs = {
        name: set(register[name].itertuples(index=False, name=None))
        for name in ("cohort_member", "group_member", "enrolment")
    }
    found: dict[str, Any] = {
        f"{kind} {id_}": dict(row)
        for kind, ours in kinds.items() for id_, row in getattr(moodle, kind).items() if id_ not in owned[ours]
    }  # fmt: skip
    found |= {f"cohort member {pair}": True for pair in moodle.cohort_members - pairs["cohort_member"]}
    found |= {f"group member {pair}": True for pair in moodle.group_members - pairs["group_member"]}
    found |= {f"row {row}": True for row in moodle.table - pairs["enrolment"]}
    found |= {f"manual {place}": role for place, role in moodle.manual.items()}
    found |= {f"visible {id_}": True for id_, course in moodle.courses.items() if course["visible"]}
    return found


def missing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What was not ours and is no longer as it was, unless it became ours by being matched (accounts)."""
    return [f"{name}: {value} → {after.get(name)}" for name, value in before.items()
            if after.get(name) != value and not (name.startswith("users") and name not in after)]  # fmt: skip


def content(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """The rows as a set."""
    return sorted(frame.astype("str").fillna("").itertuples(index=False, name=None))
