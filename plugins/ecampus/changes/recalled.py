"""What is ours again once the register, or Moodle, was restored: what the journals say and Moodle shows.

``redone``: the register is behind; what was done since is counted in. ``undone``: Moodle is behind; what was done since
is counted out. Either way an object is ours by its id and its moment of creation; where that is not known, by the code
that we gave it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from ecampus.changes import plan
from ecampus.changes.adoptable import FRAMES
from ecampus.changes.courses import PREFIX
from ecampus.changes.gains import fold, learned
from ecampus.changes.keys import CELLS, ROW
from ecampus.joins import among, differs, has, looked_up
from ecampus.kinds import DESTRUCTIVE, KINDS, Kind
from ecampus.register.owned import (
    IDENTITY,
    MEMBERS,
    SHAPES,
    Owned,
    disowning,
    owning,
    shaped,
    whole,
    without_held,
    without_removed,
)
from ecampus.shapes import cast

Frames = Mapping[str, pd.DataFrame]
OBJECTS = FRAMES | {"account": "users"}
"""The kinds of objects, and the frame of Moodle's state that holds them."""
DONE, RELEASED = ("done", "adopted"), "released"


@dataclass(frozen=True)
class Stretch:
    """What a run did without another in between: its journal (``entries``), or what it learned without a write.

    ``recognised``, ``forgotten``: as of ``Draft``.
    """

    at: str
    night: str
    entries: pd.DataFrame | None = None
    recognised: Frames = field(default_factory=dict)
    forgotten: Frames = field(default_factory=dict)


def redone(owned: Owned, since: Sequence[Stretch]) -> Owned:
    """What would be ours by all that was done since, in its order; ``shown`` keeps what shows."""
    for stretch in since:
        owned = _counted_in(owned, stretch)
    return owned


def shown(before: Owned, after: Owned, existing: Frames) -> Owned:
    """``after``, but what it has beyond ``before`` only if Moodle, or the enrolment table, shows it."""
    kept = {}
    for kind, rows in after.items():
        known = before[kind]
        news = _changed(kind, rows, known)
        lost = news & ~showing(kind, rows, existing)
        old = known[has(known, rows[lost], IDENTITY[kind])]
        kept[kind] = shaped(kind, pd.concat([rows[~lost], old], ignore_index=True))
    return kept


def rows_since(
    since: Sequence[Stretch], before: Owned, after: Owned, table: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows that were published since and that the ``table``, restored, has not; those of ours taken away since that
    it has again; as changes.

    The next night would ask for many of them, but not for those of what it archives before. Of courses of ours only.
    """
    parts = [stretch.entries for stretch in since if stretch.entries is not None]
    if not parts:
        return plan.empty(), plan.empty()
    entries = pd.concat(parts, ignore_index=True)
    entries = entries[entries["outcome"].eq("done") & entries["object"].eq("enrolment")]
    last = plan.typed(entries.drop_duplicates(["place", "username", "role"], keep="last"))
    going = (last["object"] + "|" + last["verb"]).isin(DESTRUCTIVE)
    rows, identity = plan.rows(last), IDENTITY["enrolment"]
    there, ours = has(rows, table, identity), has(rows, before["enrolment"], identity)
    come = ~going & ~there & among(last["place"], after["course"]["idnumber"])
    gone = going & there & ours
    return last[come].reset_index(drop=True), last[gone].reset_index(drop=True)


def undone(owned: Owned, since: Sequence[Stretch], existing: Frames) -> Owned:
    """What is ours in a Moodle that was restored: what was done since and does not show is counted out.

    What was taken away since and shows again is ours again. What is not there any more, or is another's by now, is
    nobody's of ours, with what is in it. The enrolment table was not restored: its rows are as they were.
    """
    for stretch in reversed(since):
        if stretch.entries is not None:
            owned = _counted_out(owned, stretch, existing)
    for kind, frame in OBJECTS.items():
        owned = owned | {kind: owned[kind][same(kind, owned[kind], existing[frame])].reset_index(drop=True)}
    for kind, (members, container) in MEMBERS.items():
        inside = owned[members][container].isin(owned[kind]["id"])
        owned = owned | {members: owned[members][inside].reset_index(drop=True)}
    return without_removed(owned, dict(existing))


def rows_back(
    since: Sequence[Stretch], after: Owned, table: pd.DataFrame, users: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of ours under the login that an account has again in a Moodle that was restored, and, to take away, the same
    under the login that we gave it since; as changes.

    Else they are rows of nobody, which go before the account has that login once more.
    """
    parts = [stretch.entries for stretch in since if stretch.entries is not None]
    entries = pd.concat(parts, ignore_index=True) if parts else plan.empty().assign(outcome="")
    renames = entries["outcome"].eq("done") & entries["object"].eq("account") & entries["verb"].eq("rename")
    given = plan.typed(entries[renames & entries["moodle_id"].isin(after["account"]["user_id"])])
    given = given[~among(given["username"], users["username"])].drop_duplicates("username", keep="last")
    logins = given.set_index("username")["moodle_id"].map(users.set_index("id")["username"]).dropna()
    gone = table[has(table, after["enrolment"], ROW) & among(table["username"], logins.index)]
    come = gone.assign(username=looked_up(gone["username"], logins).astype("str"))
    return _as_changes(come[~has(come, table, ROW)], "enrol"), _as_changes(gone, "unenrol")


def _as_changes(rows: pd.DataFrame, verb: str) -> pd.DataFrame:
    return plan.changes("enrolment", verb, rows, key=ROW, **CELLS)


def same(kind: str, owned: pd.DataFrame, existing: pd.DataFrame) -> pd.Series:
    """Which of these objects of ours are what ``existing`` has under their ids."""
    id_ = owned["user_id" if kind == "account" else "id"]
    now = existing.drop_duplicates("id").set_index("id")
    moment = id_.map(now["created"]).astype("Int64")
    number = id_.map(now["idnumber"]).astype("str").str.upper()
    given = owned["key" if kind == "course" else "code"].str.upper()
    alike = number.eq(given) | number.str.lower().str.replace(PREFIX, "", regex=True).eq(given.str.lower())
    if kind == "course":
        alike |= number.eq(owned["idnumber"].str.upper())
    if kind == "account":
        alike = alike.groupby(id_).transform("any") if len(owned) else alike
    known = moment.notna() & owned["created"].notna()
    born = moment.eq(owned["created"]).fillna(False).astype("bool")
    return id_.isin(now.index) & born.where(known, alike.astype("bool"))


def showing(kind: str, rows: pd.DataFrame, existing: Frames) -> pd.Series:
    """Which of these rows of the register Moodle, or the enrolment table, shows."""
    if kind in OBJECTS:
        return same(kind, rows, existing[OBJECTS[kind]])
    frame = "enrolment_rows" if kind == "enrolment" else f"{kind}s"
    return has(rows, existing[frame], IDENTITY[kind])


def groups_named(owned: Owned, since: Sequence[Stretch]) -> list[int]:
    """The ids of the groups that are ours, or were since."""
    found = set(owned["group"]["id"])
    for stretch in since:
        if stretch.entries is not None:
            found |= {*stretch.entries.loc[stretch.entries["object"] == "group", "moodle_id"].dropna()}
    return sorted(map(int, found))


def _counted_in(owned: Owned, stretch: Stretch) -> Owned:
    owned = dict(owned)
    for kind, rows in stretch.forgotten.items():
        owned[kind] = disowning(kind, owned[kind], rows)
    for kind, rows in stretch.recognised.items():
        owned[kind] = owning(kind, owned[kind], rows)
    if stretch.entries is None:
        return owned
    outcome = stretch.entries["outcome"]
    owned = fold(owned, stretch.entries[outcome.isin(DONE)], stretch.night)
    released = stretch.entries[outcome == RELEASED]
    named = {str(kind): owned[str(kind)]["id"].isin(rows["moodle_id"]) for kind, rows in released.groupby("object")}
    leaving = whole({kind: owned[kind][mask] for kind, mask in named.items()}, owned)
    return owned | {kind: disowning(kind, owned[kind], rows) for kind, rows in leaving.items()}


def _counted_out(owned: Owned, stretch: Stretch, existing: Frames) -> Owned:
    """Before this stretch, as far as Moodle shows that what it did is not so any more."""
    entries = stretch.entries
    done = plan.typed(entries[entries["outcome"].isin(DONE)]) if entries is not None else plan.empty()
    names = done["object"] + "|" + done["verb"]
    for name in reversed(list(dict.fromkeys(names))):
        kind = KINDS[tuple(name.split("|"))]
        if kind.object == "enrolment" or not kind.trace:
            continue
        rows = done[names == name]
        there = has(learned(kind.trace, rows, ""), existing[kind.frame], list(kind.trace))
        back = rows[there] if kind.losses else rows[~there]
        if len(back):
            owned = _put_back(owned, kind, back, stretch.night, existing)
    return owned


def _put_back(owned: Owned, kind: Kind, rows: pd.DataFrame, night: str, existing: Frames) -> Owned:
    """What is ours since these changes are not made any more."""
    gains: Mapping[str, str] = {}
    if kind.losses:
        gains = KINDS[kind.object, _making(kind.object)].gains
    elif kind.inverse and KINDS[kind.object, kind.inverse].inverse == kind.verb and kind.verb not in ("create", "add"):
        gains = KINDS[kind.object, kind.inverse].gains
        number = plan.fields(rows["before"], ["idnumber"])["idnumber"]
        rows = rows.assign(place=number.fillna(rows["place"]))
    if not gains:
        return owned
    back = learned(gains, rows, night)
    back = cast(back, {name: SHAPES[kind.object][name] for name in back})
    owned = owned | {kind.object: owning(kind.object, owned[kind.object], back)}
    if kind.losses and kind.object in MEMBERS:  # it was purely ours, else it would not have been deleted
        members, container = MEMBERS[kind.object]
        inside = existing[f"{members}s"]
        inside = inside[inside[container].isin(back["id"])]
        owned = owned | {members: owning(members, owned[members], inside[IDENTITY[members]])}
        if members == "group_member" and "held_members" in existing:
            owned = owned | {members: without_held(owned[members], dict(existing))}
    return owned


def _making(kind: str) -> str:
    """The verb by which such a thing becomes ours."""
    return "add" if (kind, "add") in KINDS else "create"


def _changed(kind: str, rows: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Which of these rows ``known`` does not have just so."""
    beside = rows.merge(known, on=IDENTITY[kind], how="left", suffixes=("", "_before"), indicator=True)
    other = beside["_merge"] == "left_only"
    for column in rows.columns.difference(IDENTITY[kind]):
        other |= differs(beside[column], beside[f"{column}_before"])
    return pd.Series(other.to_numpy(), index=rows.index)
