"""Categories and courses, turned back to what they were before a night."""

from __future__ import annotations

import pandas as pd

from ecampus.changes import course_names, courses, keys, plan, since
from ecampus.changes.categories import ROOT, by_code, empty_ones, root_id, would_hide
from ecampus.changes.draft import Inputs
from ecampus.changes.ours import present
from ecampus.changes.since import Turned, lost
from ecampus.joins import among, has
from ecampus.rules.collation import same

NAMES = ("fullname", "shortname", "idnumber")


def offer(done: pd.DataFrame, inputs: Inputs) -> Turned:
    """Names and places as they were, archives restored; a course that was created is archived, a category deleted.

    Only if it is empty by then. A category that was deleted stays so, and what was in it stays where it went.
    """
    codes = _codes(inputs)
    shelves, moves, unplaced = _categories(done, inputs, codes)
    spaces, unnamed = _courses(done, inputs, codes)
    before, after = keys.around(
        courses.moved_keys(spaces, inputs.owned["course"]),
        "course_idnumber",
        inputs.existing["enrolment_rows"],
        inputs.owned,
    )
    emptied, occupied = _deleted(done, inputs, moves, _moved(spaces, "category_code", codes))
    return Turned(
        plan.in_order([before, shelves, spaces, after, emptied]), since.gathered([unplaced, unnamed, occupied])
    )


def _codes(inputs: Inputs) -> pd.Series:
    """The code of each category of Moodle's, by id; that of the top is ''."""
    here = by_code(inputs.existing["categories"], inputs.owned["category"]).set_index("id")["code"]
    root = root_id(inputs.existing["categories"], inputs.settings.managed_root)
    return pd.concat([here.drop(root, errors="ignore"), pd.Series({root: ROOT})]).astype("str")


def _moved(changes: pd.DataFrame, field: str, codes: pd.Series) -> pd.DataFrame:
    """Where these changes move to: id, target."""
    rows = changes[changes["verb"] == "move"]
    ids = pd.Series(codes.index, index=codes.array)
    into = plan.fields(rows["after"], [field])[field].fillna(ROOT)
    return pd.DataFrame({"id": rows["moodle_id"], "target": into.map(ids)}).astype("Int64")


def _categories(
    done: pd.DataFrame, inputs: Inputs, codes: pd.Series
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The changes, where they move to, and what does not come back."""
    existing, every = inputs.existing["categories"], since.of(done, "category")
    deleted = every[every["verb"] == "delete"]
    fixed = pd.concat([deleted["moodle_id"], every.loc[every["verb"] == "create", "moodle_id"]])
    kept = every[~every["moodle_id"].isin(fixed)]
    ours = present(inputs.owned["category"], existing)["id"]
    named = since.seen(since.of(kept, "category", "rename"), ["name", "idnumber"], existing, ours)
    astray = since.seen(
        _from_top(since.of(kept, "category", "move"), inputs),
        ["parent_code"],
        existing.assign(parent_code=existing["parent_id"].map(codes).astype("str")),
        ours,
        whole=True,
    )
    placed, nowhere, hidden = _placed(astray[astray["stands"]], "was_parent_code", existing, codes)
    back = placed.assign(
        parent=placed["was_parent_code"].mask(placed["was_parent_code"].eq(ROOT)),
        old=placed["now_parent_code"].mask(placed["now_parent_code"].eq(ROOT)),
    )
    changes = plan.in_order(
        [
            plan.changes(
                "category", "rename", named[named["stands"]], key="key", name="was_name", moodle_id="moodle_id",
                scope="scope", before={"name": "now_name", "idnumber": "now_idnumber"},
                after={"name": "was_name", "idnumber": "was_idnumber"},
            ),
            plan.changes(
                "category", "move", back, key="key", name="name", moodle_id="moodle_id", scope="scope",
                before={"parent_code": "old"}, after={"parent_code": "parent"},
            ),
        ]
    )  # fmt: skip
    told = [lost(rows[~rows["here"]], "GONE") for rows in (named, astray)]
    told += [lost(rows[rows["other"]], "CHANGED") for rows in (named, astray)]
    told += [lost(deleted, "DELETED"), lost(nowhere, "PLACE"), lost(hidden, "HIDDEN")]
    return changes, _moved(changes, "parent_code", codes), since.gathered(told)


def _from_top(moves: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """Moves of categories, the code of the one that holds everything left out, as where it is Moodle's top."""
    root = inputs.settings.managed_root
    if root is None or moves.empty:
        return moves
    above = plan.fields(moves["before"], ["parent_code"])["parent_code"]
    return moves.assign(before=moves["before"].mask(above.eq(root), "{}"))


def _placed(
    rows: pd.DataFrame, into: str, categories: pd.DataFrame, codes: pd.Series, now: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Those that can go back; those whose category is gone; those that a hidden one would hide for good.

    ``now``: the objects that move, ``categories`` if null.
    """
    there = rows[into].isin(codes) & (rows[into].ne(ROOT) | rows["object"].eq("category"))
    visible = pd.Series(
        categories.set_index("id")["visible"].reindex(codes.index).fillna(True).array, index=codes.array
    )
    objects = categories if now is None else now
    shown = rows.assign(visible=rows["moodle_id"].map(objects.set_index("id")["visible"]))
    hiding = there & would_hide(shown, rows[into], visible)
    return rows[there & ~hiding], rows[~there], rows[hiding]


def _courses(done: pd.DataFrame, inputs: Inputs, codes: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The changes, and what does not come back."""
    existing, owned = inputs.existing["courses"], inputs.owned["course"]
    ours, every = courses.owned_courses(existing, owned), since.of(done, "course")
    made = every.loc[every["verb"] == "create", "moodle_id"]
    kept = every[~every["moodle_id"].isin(made)]
    created = ours[ours["id"].isin(made) & ours["archived"].isna()]
    named = since.seen(since.of(kept, "course", "rename", "archive", "restore"), NAMES, existing, ours["id"])
    turned, taken, empty = _names(named[named["stands"]], created, existing)
    turned = turned.assign(verb=_verbs(turned, ours))
    astray = since.seen(
        since.of(kept, "course", "move"),
        ["category_code"],
        existing.assign(category_code=existing["category_id"].map(codes).astype("str")),
        ours["id"],
    )
    categories = inputs.existing["categories"]
    placed, nowhere, hidden = _placed(astray[astray["stands"]], "was_category_code", categories, codes, existing)
    scopes = inputs.owned["category"].drop_duplicates("code").set_index("code")["scope"]
    placed = placed.assign(composante=placed["was_category_code"].map(scopes).astype("str").fillna(placed["scope"]))
    changes = [
        courses.archive_changes(created, existing, turned["was_idnumber"]),
        *(_named(verb, turned[turned["verb"] == verb]) for verb in ("archive", "rename", "restore")),
        plan.changes(
            "course", "move", placed, key="key", name="name", moodle_id="moodle_id", place="key",
            before={"category_code": "now_category_code"}, after={"category_code": "was_category_code"},
        ),
    ]  # fmt: skip
    told = [lost(rows[~rows["here"]], "GONE") for rows in (named, astray)]
    told += [lost(rows[rows["other"]], "CHANGED") for rows in (named, astray)]
    told += [lost(taken, "TAKEN"), lost(empty, "EMPTY"), lost(nowhere, "PLACE"), lost(hidden, "HIDDEN")]
    told.append(lost(since.of(done, "course", "recode"), "RECODED"))
    return plan.in_order(changes), since.gathered(told)


def _names(
    rows: pd.DataFrame, created: pd.DataFrame, existing: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Those that can have their names back; those whose code another course has by now; those that had none."""
    others = existing[~existing["id"].isin([*rows["moodle_id"], *created["id"]])]
    none = rows["was_idnumber"].eq("") | rows["was_shortname"].eq("")
    busy = course_names.taken_keys(others)
    taken = ~none & (among(same(rows["was_idnumber"]), busy) | among(same(rows["was_shortname"]), busy))
    return rows[~none & ~taken], rows[taken], rows[none]


def _verbs(turned: pd.DataFrame, ours: pd.DataFrame) -> pd.Series:
    """``archive`` what was an archive before that night, ``restore`` what is one since, ``rename`` the others."""
    bare = turned["was_idnumber"].str.replace(courses.PREFIX, "", regex=True)
    was = turned["was_idnumber"].ne(turned["key"]) & bare.eq(turned["key"])
    now = has(turned, ours[ours["archived"].notna()], ["moodle_id", "key"], ["id", "key"])
    return pd.Series("rename", index=turned.index, dtype="str").mask(now, "restore").mask(was, "archive")


def _named(verb: str, rows: pd.DataFrame) -> pd.DataFrame:
    return plan.changes(
        "course", verb, rows.assign(composante=rows["scope"]), key="key", name="was_fullname", moodle_id="moodle_id",
        place="was_idnumber", before={name: f"now_{name}" for name in NAMES},
        after={name: f"was_{name}" for name in NAMES},
    )  # fmt: skip


def _deleted(
    done: pd.DataFrame, inputs: Inputs, moves: pd.DataFrame, spaces: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The categories that were created and hold nothing once all the rest is back, and those that do."""
    made = since.of(done, "category", "create")
    mine = present(inputs.owned["category"], inputs.existing["categories"])
    mine = mine.loc[mine["id"].isin(made["moodle_id"]), ["id", "code", "scope"]]
    target = inputs.existing["courses"]["id"].map(spaces.set_index("id")["target"])
    held = inputs.existing["courses"].assign(
        category_id=target.fillna(inputs.existing["courses"]["category_id"]).astype("int64")
    )
    changes = empty_ones(mine, inputs.existing["categories"], moves, held)
    left = mine[~mine["id"].isin(changes["moodle_id"])]
    return changes, lost(made[made["moodle_id"].isin(left["id"])], "OCCUPIED")
