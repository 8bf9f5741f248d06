"""Categories of REFER against those of Moodle: created, renamed, moved, deleted when empty («si vide»)."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from ecampus.changes import codes, plan
from ecampus.changes.ours import present
from ecampus.errors import ContractBroken
from ecampus.joins import among, beside, differs, looked_up
from ecampus.rules.collation import doubles, same
from ecampus.rules.labels import ONE_CODE, double_notes
from ecampus.rules.links import chain_end
from ecampus.rules.offer import Offer, depths
from ecampus.words import anomalies

CODE = ("idnumber",)
ROOT = ""  # stands for the category that holds everything, among codes


def root_id(existing: pd.DataFrame, managed_root: str | None) -> int:
    """The id of the Moodle category that holds everything; 0 is the top. Raises ContractBroken when it is missing."""
    if managed_root is None:
        return 0
    found = existing.loc[existing["idnumber"] == managed_root, "id"]
    if found.empty:
        raise ContractBroken(
            f"La catégorie racine « {managed_root} » n'existe pas sur ecampus : la créer avec ce numéro"
            " d'identification, ou corriger « managed_root » dans la connexion « moodle »."
        )
    return int(found.iloc[0])


def by_code(existing: pd.DataFrame, owned: pd.DataFrame) -> pd.DataFrame:
    """The Moodle category that stands for each code: ours, else the one that carries the idnumber.

    Columns: code, id, owned (bool), and those of ``existing``.
    """
    ours = present(owned, existing).assign(owned=True)
    carried = existing[existing["idnumber"].fillna("") != ""]
    others = carried.assign(code=carried["idnumber"].str.upper(), owned=False)
    others = others[~others["id"].isin(ours["id"])]
    return pd.concat([ours, others], ignore_index=True).drop_duplicates("code", ignore_index=True)


def standing(wanted: Offer, here: pd.DataFrame) -> Offer:
    """``wanted``, what goes into a category whose code Moodle takes for that of another going into that one.

    ``here``: ``by_code``. What would lead to no root by that keeps its parent.
    """
    rows = wanted.categories
    known = pd.concat(
        [here.sort_values(["owned", "code"], ascending=[False, True])["code"], rows["code"].sort_values()]
    )
    first = known.set_axis(same(known))
    alone = rows.loc[~among(rows["code"], here["code"]), "code"]
    stands = looked_up(same(alone), first[~first.index.duplicated()]).set_axis(alone).astype("str")
    stands = stands[stands.ne(stands.index)]
    if stands.empty:
        return wanted
    parent = looked_up(rows["parent_code"], stands).astype("str").fillna(rows["parent_code"])
    ends = chain_end(rows.loc[parent.notna(), "code"], parent.dropna())
    parent = parent.mask(parent.notna() & looked_up(rows["code"], ends).isna(), rows["parent_code"])
    rows = rows.assign(parent_code=parent)
    rows = rows.assign(depth=depths(rows)).sort_values(["depth", "code"], ignore_index=True)
    into = wanted.courses["category_code"]
    into = looked_up(into, stands).astype("str").fillna(into)
    return wanted._replace(categories=rows, courses=wanted.courses.assign(category_code=into))


def diff(
    wanted: pd.DataFrame, existing: pd.DataFrame, owned: pd.DataFrame, root: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The changes, parents first, and the anomalies CODE_DOUBLE, CODE_PRIS and CATEGORIE_CACHEE.

    ``wanted``: ``Offer.categories``. ``owned``: the register's categories (id, code).
    """
    here = by_code(existing, owned)
    ids, mine = here.set_index("code")["id"], here[here["owned"]].rename(columns={"name": "old_name"})
    rows = beside(wanted, mine[["id", "code", "idnumber", "old_name", "parent_id", "visible"]], ["code"])
    rows["old_parent"] = rows["parent_id"].map(existing.set_index("id")["idnumber"])
    rows["target"] = rows["parent_code"].map(ids).where(rows["parent_code"].notna(), root)
    rows["lower"] = doubles(rows["code"], among(rows["code"], mine["code"]))
    named = naming(rows, mine, existing)
    ours = rows[rows["id"].notna()]
    astray = ours[ours["target"].isna() | differs(ours["parent_id"], ours["target"])]
    hiding = would_hide(astray, astray["parent_code"].fillna(ROOT), shown(wanted, here, root))
    changes = [
        plan.changes(
            "category", "rename", named.renamed, key="code", name="name", moodle_id="id",
            before={"name": "old_name", "idnumber": "idnumber"}, after={"name": "name", "idnumber": "code"},
        ),
        plan.changes(
            "category", "create", named.new, key="code", name="name", place="code",
            after={"idnumber": "code", "name": "name", "parent_code": "parent_code"},
        ),
        plan.changes(
            "category", "move", astray[~hiding], key="code", name="name", moodle_id="id",
            before={"parent_code": "old_parent"}, after={"parent_code": "parent_code"},
        ),
    ]  # fmt: skip
    hidden = astray[hiding].assign(objet="La catégorie", key=lambda rows: rows["code"])
    hidden["raison"] = not_moved(hidden["parent_code"], "déplacée", "la")
    met = [
        double_notes("refer_categorie", named.doubled, ONE_CODE),
        anomalies.notes("CODE_PRIS", named.taken.assign(objet="La catégorie", key=named.taken["code"]), ["key"]),
        anomalies.notes("CATEGORIE_CACHEE", hidden, ["key"]),
        still_hidden(astray[~hiding], existing, shown(wanted, here, root)),
    ]
    return plan.in_order(changes), anomalies.gather(met)


class Naming(NamedTuple):
    """What becomes of codes, rows of what is wanted (and, in ``renamed``, of ours that REFER dropped).

    renamed   ours whose name or code is not what it should be
    new       wanted ones that nothing stands for
    taken     wanted ones whose code one that stays carries
    doubled   wanted ones whose code Moodle takes for that of another (``lower``)
    """

    renamed: pd.DataFrame
    new: pd.DataFrame
    taken: pd.DataFrame
    doubled: pd.DataFrame


def naming(rows: pd.DataFrame, mine: pd.DataFrame, existing: pd.DataFrame) -> Naming:
    """What becomes of codes. ``rows``: what is wanted beside ours, ``lower``; ``mine``: all of ours.

    Those that REFER dropped take their own code back too where they carry one that is wanted.
    """
    new, off = rows["id"].isna(), rows["id"].notna() & codes.off(rows, "code", CODE)
    doubled = rows["lower"].notna() & (new | off)
    dropped = mine[~among(mine["code"], rows["code"]) & codes.off(mine, "code", CODE)]
    dropped = dropped[codes.holding(dropped, rows["code"], CODE)].rename(columns={"scope": "composante"})
    dropped = dropped.assign(name=dropped["old_name"])
    moving = pd.concat([rows[off & ~doubled], dropped], ignore_index=True)
    stays = codes.stuck(moving, "code", existing, CODE)
    busy = codes.carried(existing[~existing["id"].isin(moving.loc[~stays, "id"])], CODE)
    free = ~among(same(rows["code"]), busy)
    blocked = among(rows["code"], moving.loc[stays, "code"])
    live = rows[~new & (off | differs(rows["old_name"], rows["name"])) & ~doubled & ~blocked]
    back = dropped[~among(dropped["code"], moving.loc[stays, "code"])]
    return Naming(
        renamed=pd.concat([live, back], ignore_index=True),
        new=rows[new & ~doubled & free],
        taken=rows[blocked | (new & ~doubled & ~free)],
        doubled=rows[doubled],
    )


def not_moved(into: pd.Series, moved: str, it: str) -> pd.Series:
    """Why CATEGORIE_CACHEE keeps an object in its place, and what to do. ``moved``, ``it``: «déplacé», «le»."""
    hidden = f"n'est pas {moved} dans la catégorie cachée " + into + f", ce qui {it} cacherait pour de bon"
    return hidden + " ; rendre la catégorie visible sur ecampus, ou corriger le rattachement dans Apogée"


def still_hidden(moved: pd.DataFrame, existing: pd.DataFrame, visible: pd.Series) -> pd.DataFrame:
    """CATEGORIE_CACHEE, the night of the move: what its parent hid stays hidden when moved out (Moodle 4.5).

    ``moved``: code, visible, parent_id, parent_code. ``visible``: ``shown``.
    """
    out = moved[moved["visible"].eq(False) & moved["parent_code"].fillna(ROOT).map(visible).eq(True)]
    hidden = existing.loc[~existing["visible"], ["id", "name"]].rename(columns={"id": "parent_id", "name": "left"})
    rows = out.merge(hidden, on="parent_id").assign(objet="La catégorie", key=lambda rows: rows["code"])
    rows["raison"] = (
        "reste cachée, et tout ce qu'elle contient, alors qu'elle quitte la catégorie cachée « "
        + rows["left"]
        + " » ; la rendre visible sur ecampus"
    )
    return anomalies.notes("CATEGORIE_CACHEE", rows, ["key"])


def shown(wanted: pd.DataFrame, here: pd.DataFrame, root: int) -> pd.Series:
    """Whether each category is visible, by code; one created tonight is as its parent (Moodle 4.5)."""
    visible = {ROOT: bool(here.loc[here["id"] == root, "visible"].all())}
    visible |= dict(zip(here["code"], here["visible"], strict=True))
    for code, above in zip(wanted["code"], wanted["parent_code"].fillna(ROOT), strict=True):
        visible.setdefault(code, visible[above])
    return pd.Series(visible)


def would_hide(moves: pd.DataFrame, into: pd.Series, visible: pd.Series) -> pd.Series:
    """Moves of something visible into a hidden category: Moodle would hide it for good (measured on Moodle 4.5).

    ``into``: the code of the category. ``visible``: ``shown``.
    """
    return moves["visible"].eq(True) & into.map(visible).eq(False)


def empty_ones(gone: pd.DataFrame, existing: pd.DataFrame, moves: pd.DataFrame, courses: pd.DataFrame) -> pd.DataFrame:
    """The deletions, children first: categories of ours that REFER dropped and that will hold nothing.

    ``gone``: ours and no longer wanted (id, code). ``moves``: id, target of the categories moved tonight (null when it
    is created tonight too). ``courses``: category_id of every course of any kind, as it will be after tonight's moves.
    """
    parent, target = existing.set_index("id")["parent_id"].astype("Int64"), moves.set_index("id")["target"]
    parent = parent.mask(parent.index.isin(target.index), target.reindex(parent.index))
    left, waves = gone[gone["id"].isin(parent.index)], []
    while not left.empty:
        occupied = left["id"].isin(parent) | left["id"].isin(courses["category_id"])
        wave, left = left[~occupied], left[occupied]
        if wave.empty:
            break
        parent = parent.drop(wave["id"])
        waves.append(wave)
    rows = pd.concat(waves, ignore_index=True) if waves else gone.iloc[:0]
    rows = rows.merge(existing[["id", "name", "idnumber"]], on="id").rename(columns={"scope": "composante"})
    return plan.changes(
        "category", "delete", rows, key="code", name="name", moodle_id="id", place="code",
        before={"name": "name", "idnumber": "idnumber"},
    )  # fmt: skip
