"""Categories of REFER against those of Moodle: created, renamed, moved, deleted when empty («si vide»)."""

from __future__ import annotations

import pandas as pd

from ecampus.changes import plan
from ecampus.changes.ours import present
from ecampus.errors import ContractBroken
from ecampus.joins import differs
from ecampus.words import anomalies

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


def diff(
    wanted: pd.DataFrame, existing: pd.DataFrame, owned: pd.DataFrame, root: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The changes, parents first, and the anomalies CODE_PRIS and CATEGORIE_CACHEE.

    ``wanted``: ``Offer.categories``. ``owned``: the register's categories (id, code).
    """
    here = by_code(existing, owned)
    ids = here.set_index("code")["id"]
    rows = wanted.merge(here.drop(columns=["name"]), on="code", how="left")
    rows = rows.merge(existing[["id", "name"]].rename(columns={"name": "old_name"}), on="id", how="left")
    rows["old_parent"] = rows["parent_id"].map(existing.set_index("id")["idnumber"])
    rows["target"] = rows["parent_code"].map(ids).where(rows["parent_code"].notna(), root)

    ours = rows[rows["owned"].eq(True)]
    renamed = ours[differs(ours["old_name"], ours["name"]) | differs(ours["idnumber"], ours["code"])]
    astray = ours[ours["target"].isna() | differs(ours["parent_id"], ours["target"])]
    hiding = would_hide(astray, astray["parent_code"].fillna(ROOT), shown(wanted, here, root))
    taken = rows[rows["owned"].eq(False)]
    changes = [
        plan.changes(
            "category", "create", rows[rows["id"].isna()], key="code", name="name", place="code",
            after={"idnumber": "code", "name": "name", "parent_code": "parent_code"},
        ),
        plan.changes(
            "category", "rename", renamed, key="code", name="name", moodle_id="id",
            before={"name": "old_name", "idnumber": "idnumber"}, after={"name": "name", "idnumber": "code"},
        ),
        plan.changes(
            "category", "move", astray[~hiding], key="code", name="name", moodle_id="id",
            before={"parent_code": "old_parent"}, after={"parent_code": "parent_code"},
        ),
    ]  # fmt: skip
    hidden = astray[hiding].assign(objet="La catégorie", key=lambda rows: rows["code"])
    hidden["raison"] = not_moved(hidden["parent_code"], "déplacée", "la")
    met = [
        anomalies.notes("CODE_PRIS", taken.assign(objet="La catégorie", key=taken["code"]), ["key"]),
        anomalies.notes("CATEGORIE_CACHEE", hidden, ["key"]),
        still_hidden(astray[~hiding], existing, shown(wanted, here, root)),
    ]
    return plan.in_order(changes), anomalies.gather(met)


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
