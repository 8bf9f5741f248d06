"""What Moodle and the register would be after a plan, so that the next phase is planned on it; nothing is written.

The catalogue says what each kind does: ``trace`` is the row that it makes or takes away, ``after`` the fields that it
changes, ``gains`` and ``losses`` what becomes ours. What is created gets a provisional id, below zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from ecampus.changes import hiding, plan
from ecampus.changes.categories import ROOT, by_code, root_id
from ecampus.changes.draft import Inputs
from ecampus.changes.gains import fold, learned
from ecampus.changes.possible import REFERENCES, category_of, emptied, possible
from ecampus.contract import CONTRACTS
from ecampus.joins import has
from ecampus.kinds import KINDS, Kind
from ecampus.register.owned import MEMBERS
from ecampus.shapes import cast

Frames = dict[str, pd.DataFrame]

FRAMES = {kind.object: kind.frame for kind in KINDS.values() if kind.frame}
"""By kind of object, the frame of Moodle's state that holds it."""
PLACING = ("create", "move")


def imagine(inputs: Inputs, changes: pd.DataFrame) -> Inputs:
    """``inputs`` with ``existing`` and ``owned`` as they would be once these changes are made.

    What is held is not made, nor what hangs on it. A frame that was not read stays unknown; changes of categories and
    courses need both. Not foreseen: what Moodle would refuse, a name that only a held change would have freed.
    """
    known = category_ids(inputs)
    changes = with_places(numbered(possible(changes, known.index), inputs.existing))
    created = changes[(changes["object"] == "category") & (changes["verb"] == "create")]
    codes = pd.concat([known, created.set_index("key")["moodle_id"]]).astype("int64")
    seen, done = dict(inputs.existing), []
    for kind, rows in steps(changes):
        made = emptied(rows, seen) if kind.losses else rows
        after = taken_away(seen, kind, made) if kind.losses else put(seen, kind, made, codes)
        if kind.object in REFERENCES and kind.verb in PLACING:
            after |= hiding.entered(seen, seen | after, kind.object, made["moodle_id"])
        seen |= after
        done.append(made)
    night = inputs.settings.night.isoformat()
    return replace(inputs, existing=seen, owned=fold(inputs.owned, plan.in_order(done), night))


def category_ids(inputs: Inputs) -> pd.Series:
    """The id of each category by its code, of the top too; none when categories were not read."""
    if "categories" not in inputs.existing:
        return pd.Series([], index=pd.Index([], dtype="str"), dtype="int64")
    existing = inputs.existing["categories"]
    top = pd.Series({ROOT: root_id(existing, inputs.settings.managed_root)})
    return pd.concat([top, by_code(existing, inputs.owned["category"]).set_index("code")["id"]])


def numbered(changes: pd.DataFrame, existing: Frames) -> pd.DataFrame:
    """The changes, those that create with a provisional id: below zero, and below any that ``existing`` has."""
    ids = changes["moodle_id"].copy()
    for object_, rows in changes[changes["verb"] == "create"].groupby("object"):
        frame = existing.get(FRAMES[str(object_)])
        lowest = 0 if frame is None or frame.empty else min(0, int(frame["id"].min()))
        ids.loc[rows.index] = range(lowest - 1, lowest - 1 - len(rows), -1)
    return changes.assign(moodle_id=ids)


def with_places(changes: pd.DataFrame) -> pd.DataFrame:
    """The changes, the memberships of a cohort or a group that they create with its provisional id."""
    ids = changes["place_id"].copy()
    for container, (members, _) in MEMBERS.items():
        waiting = changes[(changes["object"] == members) & ids.isna()]
        created = changes[(changes["object"] == container) & (changes["verb"] == "create")]
        place = created[["course_id", "place", "moodle_id"]].rename(columns={"moodle_id": "found"})
        ids.loc[waiting.index] = waiting.merge(place, on=["course_id", "place"], how="left")["found"].array
    return changes.assign(place_id=ids)


def steps(changes: pd.DataFrame) -> Iterator[tuple[Kind, pd.DataFrame]]:
    """Consecutive changes of one kind."""
    name = changes["object"] + "|" + changes["verb"]
    for _, rows in changes.groupby((name != name.shift()).cumsum(), sort=True):
        yield KINDS[rows["object"].iloc[0], rows["verb"].iloc[0]], rows


def taken_away(seen: Frames, kind: Kind, rows: pd.DataFrame) -> Frames:
    """The frames from which these changes take something; with a cohort or a group go its members."""
    gone = learned(kind.trace, rows, "")
    lost = {FRAMES[kind.object]: gone}
    if kind.object in MEMBERS:
        members, container = MEMBERS[kind.object]
        lost[FRAMES[members]] = gone.rename(columns={"id": container})
    return {
        name: seen[name][~has(seen[name], rows_, list(rows_))].reset_index(drop=True)
        for name, rows_ in lost.items()
        if name in seen
    }


def put(seen: Frames, kind: Kind, rows: pd.DataFrame, codes: pd.Series) -> Frames:
    """The frame to which these changes add, or of which they change rows."""
    name = FRAMES[kind.object]
    if name not in seen:
        return {}
    values = cells(name, kind, rows, codes)
    if kind.verb == "create" or "id" not in values:
        return {name: added(name, seen[name], values)}
    return {name: changed(seen[name], values)}


def cells(name: str, kind: Kind, rows: pd.DataFrame, codes: pd.Series) -> pd.DataFrame:
    """What these changes say of each column of the frame ``name``; null where one says nothing."""
    types = CONTRACTS[name].types()
    traced = learned(kind.trace, rows, "")
    if "id" not in types:
        return traced
    texts = plan.fields(rows["after"], [column for column, type_ in types.items() if type_ == "str"])
    values = texts.assign(**{column: traced[column] for column in traced} | {"id": rows["moodle_id"]})
    if kind.object in REFERENCES and kind.verb in PLACING:
        values[REFERENCES[kind.object][1]] = category_of(rows).fillna(ROOT).map(codes)
    return values


def added(name: str, frame: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with these rows, once each; a course is born hidden, a category is shown unless its parent is not."""
    types = frame.dtypes.to_dict()
    flags = {column: name == "categories" for column, type_ in CONTRACTS[name].types().items() if type_ == "bool"}
    whole = cast(values.assign(**flags).reindex(columns=list(frame)), types)
    key = list(CONTRACTS[name].key)
    return pd.concat([frame, whole[~has(whole, frame, key)].drop_duplicates(key)], ignore_index=True)


def changed(frame: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with the last that is said of each column of each object."""
    frame = frame.copy()
    for column in values.columns.drop("id"):
        last = values[["id", column]].dropna().drop_duplicates("id", keep="last").set_index("id")[column]
        now = frame["id"].map(last)
        frame[column] = now.where(now.notna(), frame[column]).astype(frame[column].dtype)
    return frame
