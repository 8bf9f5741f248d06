"""The changes of code that are proposed to people: their course, or their account, keeps its id and takes the new code.

Proposed nights after night until somebody answers; what people refused is proposed no more (``DECISIONS``).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ecampus.changes import codes, course_names, courses, plan
from ecampus.changes.draft import Inputs
from ecampus.joins import among, joined
from ecampus.kinds import KINDS, PROPOSED
from ecampus.register.tables import APPROVED, REFUSED
from ecampus.rules import offer, recoded, text
from ecampus.rules.collation import same
from ecampus.words import anomalies

MOVED = ["id", "old_key", "key", "foad", "old", "new", "unit"]
PHASE = {"course": "offer", "account": "users"}


def moved(
    wanted: offer.Offer, frozen: pd.Series, refer: Mapping[str, pd.DataFrame], inputs: Inputs, categories: pd.DataFrame
) -> pd.DataFrame:
    """The courses of ours that may have another code by now, FOAD twins with theirs; columns as ``MOVED``.

    ``old``, ``new``: elements, the old one no longer in REFER, the new one without a course of ours, archives included.
    A twin goes with its course, and alone only once that has gone. ``unit``: what both stand and fall with.
    ``frozen``, ``categories``: as in ``courses.diff``.
    """
    gone, new = candidates(wanted, frozen, inputs)
    if gone.empty or new.empty:
        return _none()
    gone = gone.assign(category_code=gone["category_id"].map(categories.set_index("id")["code"]).astype("str"))
    pairs = recoded.elements(
        _elements(gone),
        _elements(new),
        _had(gone, inputs.owned["group"]),
        _attached(refer, wanted),
        apart("course", inputs),
    )
    mine = gone[["id", "key", "foad", "element"]].rename(columns={"element": "old", "key": "old_key"})
    rows = joined(mine, pairs, ["old"])
    rows = joined(rows, new[["key", "foad", "element"]].rename(columns={"element": "new"}), ["new", "foad"])
    alone = among(rows["old"], mine.loc[~mine["foad"], "old"]) & ~among(rows["old"], rows.loc[~rows["foad"], "old"])
    rows = rows[~alone]
    if rows.empty:
        return _none()
    rows = rows.sort_values(["new", "foad"], ignore_index=True)
    first = rows.groupby("new")["key"].transform("first")
    return rows.assign(unit=plan.change_id("course", "recode", "") + first)[MOVED]


def candidates(wanted: offer.Offer, frozen: pd.Series, inputs: Inputs) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Our live courses whose element left REFER, and the wanted ones that have none of ours, whose code is free.

    What somebody typed in one of ours is free: it takes its own code back tonight.
    Columns of ``live_courses`` and of ``Offer.courses``; both element, foad, label.
    """
    existing, register = inputs.existing["courses"], inputs.owned["course"]
    live = courses.live_courses(existing, register)
    gone = live[~among(live["key"], wanted.courses["key"]) & ~among(live["key"], frozen)]
    gone = gone.assign(
        element=gone["key"].str.removesuffix(text.FOAD_KEY), foad=gone["key"].str.endswith(text.FOAD_KEY)
    )
    gone = gone[~among(gone["element"], wanted.elements["code"])]
    new = wanted.courses[~among(wanted.courses["key"], register["key"])]
    owned = courses.owned_courses(existing, register)
    off = owned.loc[codes.off(owned, "given", course_names.NAMES), "id"]
    taken = course_names.taken_keys(existing[~existing["id"].isin([*gone["id"], *off])])
    new = new[~among(same(new["key"]), taken)]
    return _labelled(gone), _labelled(new)


def _labelled(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(label=recoded.label(rows["fullname"], rows["key"]))


def _elements(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values("foad").drop_duplicates("element")[["element", "label", "category_code"]]


def _had(gone: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """The groups of ours that live in these courses: element, group."""
    live = groups[groups["archived"].isna()]
    return live.merge(gone[["id", "element"]], left_on="course_id", right_on="id").rename(columns={"code": "group"})[
        ["element", "group"]
    ]


def _attached(refer: Mapping[str, pd.DataFrame], wanted: offer.Offer) -> pd.DataFrame:
    """The groups of each element that has a course: element, group. None in a night archived before they were read."""
    known = refer.get("groupe_element", pd.DataFrame(columns=["code_element", "code_groupe"], dtype="str"))
    rows = known[["code_element", "code_groupe"]].set_axis(["element", "group"], axis="columns")
    return rows[among(rows["element"], wanted.courses["element"])]


def renamed(register: pd.DataFrame, moved: pd.DataFrame) -> pd.DataFrame:
    """The register's courses, as if these had their new key."""
    keys = register["id"].map(moved.set_index("id")["key"]).astype("str")
    return register.assign(key=keys.fillna(register["key"]))


def course_changes(changes: pd.DataFrame, here: pd.DataFrame, moved: pd.DataFrame) -> pd.DataFrame:
    """``changes``, drawn as if these courses had their new key, with ``recode`` in place of what renames them.

    After those that take their own code back. What else becomes of the two elements (a twin that only one of them has)
    needs it. ``here``: ``courses.matched``.
    """
    rows = here[here["id"].isin(moved["id"])].drop(columns="foad").merge(moved.drop(columns="key"), on="id")
    recoded_ = plan.changes(
        "course", "recode", rows, key="key", name="fullname", moodle_id="id", place="key", unit="unit",
        before={"code": "old_key", "fullname": "old_fullname", "shortname": "shortname", "idnumber": "idnumber"},
        after={"fullname": "fullname", "shortname": "key", "idnumber": "key"},
    )  # fmt: skip
    others = changes[~(changes["verb"].eq("rename") & changes["moodle_id"].isin(moved["id"]).astype("bool"))]
    units = pd.concat([moved.set_index(side)["unit"] for side in recoded.PAIR])
    units = units[~units.index.duplicated()]
    bare = others["key"].str.removesuffix(text.FOAD_KEY)
    beside = others["verb"].isin(["archive", "create"]) & among(bare, units.index.to_series())
    needs = others["needs"].mask(beside, bare.map(units).astype("str"))
    others = others.assign(needs=needs)
    before = others["verb"].eq("rename") | (others["verb"].eq("archive") & needs.isna())
    before = before.astype("int").cummin().astype("bool")
    return plan.in_order([others[before], recoded_, others[~before]])


def told(moved: pd.DataFrame, changes: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """CODE_CHANGE, for each course of which nobody has said that it is another yet."""
    said = inputs.memory["decisions"]
    done = said.loc[said["phase"].eq("offer") & said["state"].eq(APPROVED), "unit"]
    rows = moved[~moved.duplicated("unit") & ~among(moved["unit"], done)]
    names = changes.assign(unit=plan.change_ids(changes)).set_index("unit")[["name", "scope"]]
    rows = rows.assign(nom=rows["unit"].map(names["name"]), composante=rows["unit"].map(names["scope"]))
    return anomalies.notes("CODE_CHANGE", rows, ["old", "new"])


def questions(changes: pd.DataFrame) -> pd.Series:
    """What people are asked of each change that is only proposed, by its unit.

    ``recode_course/OLD/NEW``, the elements; ``recode_account/1234``, Moodle's id: answers are kept for good.
    """
    rows = changes[changes["verb"].isin([kind.rpartition("|")[2] for kind in PROPOSED])]
    rows = rows[plan.change_ids(rows).eq(rows["unit"])]
    name = (rows["object"] + "|" + rows["verb"]).map(PROPOSED).astype("str")
    old = plan.fields(rows["before"], ["code"])["code"]
    pair = old.str.removesuffix(text.FOAD_KEY) + "/" + rows["key"].str.removesuffix(text.FOAD_KEY)
    about = pair.where(rows["object"].eq("course"), rows["moodle_id"].astype("str"))
    return (name + "/" + about).set_axis(rows["unit"])


def apart(object_: str, inputs: Inputs) -> pd.Series:
    """What people refused to take for one: what follows the name of the question (``questions``)."""
    said = inputs.memory["decisions"]
    said = said.loc[said["phase"].eq(PHASE[object_]) & said["state"].eq(REFUSED), "question"]
    name = KINDS[object_, "recode"].question + "/"
    return said[said.str.startswith(name)].str.removeprefix(name)


def waiting(decisions: pd.DataFrame) -> pd.Series:
    """The keys of the courses that people have not said to be new, nor refused: of a course and of its FOAD twin."""
    rows = decisions[decisions["phase"].eq("offer") & decisions["state"].ne(REFUSED)]
    prefix = plan.change_id("course", "recode", "")
    keys = rows.loc[rows["unit"].str.startswith(prefix), "unit"].str.removeprefix(prefix)
    return pd.concat([keys, keys + text.FOAD_KEY], ignore_index=True).astype("str")


def accounts(entries: pd.DataFrame, known: pd.DataFrame, gone: pd.Series, inputs: Inputs) -> pd.DataFrame:
    """As ``recoded.people``, less those of whom people said that they are two. ``gone``: ids that Moodle has not."""
    owned = inputs.owned["account"]
    owned = owned[~owned["user_id"].isin(gone)]
    rows = recoded.people(entries, inputs.existing["users"], owned, known, inputs.settings.auth)
    return rows[~among(rows["user_id"].astype("str"), apart("account", inputs))].reset_index(drop=True)


def account_changes(rows: pd.DataFrame) -> pd.DataFrame:
    """``recode``: the account takes the new code; the rest of its card follows the next night."""
    return plan.changes(
        "account", "recode", rows, key="uid", moodle_id="user_id", place="new", username="uid", role="population",
        before={"code": "old"}, after={"idnumber": "idnumber"},
    )  # fmt: skip


def _none() -> pd.DataFrame:
    types = {"id": "int64", "foad": "bool"}
    return pd.DataFrame(columns=MOVED).astype(dict.fromkeys(MOVED, "str") | types)
