"""What a plan must pass before anything is written: a failed read is never an empty one."""

from __future__ import annotations

import pandas as pd

from ecampus.changes.courses import live_courses
from ecampus.changes.draft import Inputs
from ecampus.errors import ResidueLeft, TruncatedRead
from ecampus.joins import among, has
from ecampus.words import names
from ecampus.words.progress import figure

LEAST_LOST = 3
LOST_SHARE = 0.10
READ = {
    "account": ("users", "comptes"),
    "category": ("categories", "catégories"),
    "course": ("courses", "cours"),
    "cohort": ("cohorts", "cohortes"),
    "group": ("groups", "groupes"),
}
TOLD_APART = {"account": ("gone_accounts", "user_id"), "course": ("gone_courses", "course_id")}
"""The frame that tells which are gone, and its column, where it is not ``gone``."""
RELEASED = (
    "elle est sans doute tronquée (droits du jeton, base restaurée) et rien n'est écrit ; vérifier que le compte du"
    " service web voit tout, cours cachés compris, puis relancer la phase ; s'ils n'existent vraiment plus, les"
    f" abandonner (make owned RELEASE=…, ou le DAG {names.dag('ecampus_owned')})."
)
WAY_OUT = {
    "account": "Moodle dit pourtant les avoir, et rien n'est écrit ; vérifier que le compte du service web les voit"
    " tous, rendre un nom de famille à ceux qui n'en ont plus (Moodle ne liste pas un compte sans nom), supprimer sur"
    " ecampus ceux qui sont de trop (un compte supprimé n'est plus attendu), puis relancer la phase."
}
"""By kind of object, what to do where it cannot be given up."""


def check(inputs: Inputs) -> None:
    """Raise TruncatedRead when too many of our own objects are missing from what was just read.

    A token that cannot see hidden courses, a site restored from an old backup look exactly like that. Tolerated: fewer
    than 3 objects, or at most 10 % of ours. Archives and the accounts that we suspended are not counted:
    administrators purge them; nor is what Moodle, asked for it, says that it has no more.
    """
    for kind, (frame, words) in READ.items():
        if frame in inputs.existing:
            owned, deleted = _missing(kind, inputs)
            _refuse_lost(int((~deleted).sum()), len(owned), words, WAY_OUT.get(kind, RELEASED))


def rows_lost(inputs: Inputs) -> str | None:
    """What to tell when as much of our rows is no longer in the enrolment table.

    It stops nothing: the table and the register are one database, nothing is taken away for it, and Moodle unenrols
    whoever has no row until the night puts it back.
    """
    if "enrolment_rows" not in inputs.existing:
        return None
    rows = inputs.owned["enrolment"]
    lost = int((~has(rows, inputs.existing["enrolment_rows"], list(rows))).sum())
    if not _too_many(lost, len(rows)):
        return None
    return (
        f"La table des inscriptions n'a plus {figure(lost)} de nos {figure(len(rows))} lignes : quelqu'un ou quelque"
        " chose les a effacées ; la phase des inscriptions remet celles que REFER demande."
    )


def made_again(inputs: Inputs, changes: pd.DataFrame) -> pd.Series:
    """The units of ``changes`` that make again what Moodle says that it has no more, where too many of a kind are.

    At least 3 and more than 10 % of ours: somebody may still restore them, with what people put into them.
    """
    found = []
    for kind, (frame, _) in READ.items():
        if frame in inputs.existing:
            owned, deleted = _missing(kind, inputs)
            codes = owned.loc[deleted[deleted].index, "key" if kind == "course" else "code"]
            created = changes[(changes["object"] == kind) & (changes["verb"] == "create")]
            again = created.loc[among(created["place"], codes), "unit"]
            found.append(again if _too_many(len(again), len(owned)) else again.iloc[:0])
    return pd.concat(found, ignore_index=True) if found else changes["unit"].iloc[:0]


def require_seen(missing: pd.DataFrame, done: pd.DataFrame, contact: str) -> None:
    """Raise ResidueLeft when too much of what was done (at least 3, and more than 10 %) does not show in Moodle."""
    if _too_many(len(missing), len(done)):
        examples = ", ".join((missing["object"] + " " + missing["key"]).head(5))
        raise ResidueLeft(
            f"Après écriture, {figure(len(missing))} des {figure(len(done))} changements faits ne se voient pas sur"
            f" ecampus, par exemple {examples} : relancer la phase, et prévenir le {contact} si cela se répète."
        )


def _expected(kind: str, inputs: Inputs) -> pd.DataFrame:
    """What must show: id, and what else the register knows."""
    owned = inputs.owned[kind]
    if kind == "account":
        owned = owned[~owned["suspended"]]
    if kind == "course":
        owned = owned[owned["archived"].isna()]
    if kind == "group":
        owned = owned[owned["archived"].isna()]
        live = live_courses(inputs.existing["courses"], inputs.owned["course"])
        owned = owned[owned["course_id"].isin(live["id"])]
    return owned.rename(columns={"user_id": "id"})


def _missing(kind: str, inputs: Inputs) -> tuple[pd.DataFrame, pd.Series]:
    """What must show; and of what does not, by its index, whether Moodle says that it has it no more."""
    owned = _expected(kind, inputs)
    lost = owned[~among(owned["id"], inputs.existing[READ[kind][0]]["id"])]
    return owned, _deleted(kind, lost, inputs)


def _deleted(kind: str, lost: pd.DataFrame, inputs: Inputs) -> pd.Series:
    """Which of ours Moodle, asked for that very one, says that it has no more."""
    gone, (apart, column) = inputs.existing.get("gone"), TOLD_APART.get(kind, ("", ""))
    if apart in inputs.existing:
        return among(lost["id"], inputs.existing[apart][column])
    if gone is None:
        return pd.Series(False, index=lost.index)
    return among(lost["id"], gone.loc[gone["kind"] == kind, "id"])


def _too_many(number: int, of: int) -> bool:
    return number >= LEAST_LOST and number > LOST_SHARE * of


def _refuse_lost(missing: int, owned: int, words: str, way_out: str) -> None:
    if _too_many(missing, owned):
        raise TruncatedRead(f"La lecture ne montre pas {missing} de nos {owned} {words} : {way_out}")
