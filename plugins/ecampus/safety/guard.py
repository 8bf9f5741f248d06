"""What a plan must pass before anything is written: a failed read is never an empty one."""

from __future__ import annotations

import pandas as pd

from ecampus.changes.courses import live_courses
from ecampus.changes.draft import Inputs
from ecampus.errors import ResidueLeft, TruncatedRead
from ecampus.joins import among, has
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


def check(inputs: Inputs, changes: pd.DataFrame) -> None:
    """Raise TruncatedRead when too many of our own objects are missing from what was just read.

    A token that cannot see hidden courses, a site restored from an old backup, an emptied enrolment table look
    exactly like that. Tolerated: fewer than 3 objects, or at most 10 % of ours. Archives and the accounts that we
    suspended are not counted: administrators purge them; nor is what Moodle says that it has no more, unless the plan
    (``changes``) would make it again.
    """
    for kind, (frame, words) in READ.items():
        if frame in inputs.existing:
            owned = _expected(kind, inputs)
            lost = owned[~among(owned["id"], inputs.existing[frame]["id"])]
            deleted = _deleted(kind, lost, inputs)
            _refuse_lost(int((~deleted).sum()), len(owned), words)
            _refuse_deleted(int(_made_again(kind, lost[deleted], changes).sum()), len(owned), words)
    if "enrolment_rows" in inputs.existing:
        rows = inputs.owned["enrolment"]
        lost = ~has(rows, inputs.existing["enrolment_rows"], list(rows))
        _refuse_lost(int(lost.sum()), len(rows), "lignes de la table des inscriptions")


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


def _deleted(kind: str, lost: pd.DataFrame, inputs: Inputs) -> pd.Series:
    """Which of ours Moodle, asked for that very one, says that it has no more."""
    gone = inputs.existing.get("gone")
    if gone is None:
        return pd.Series(False, index=lost.index)
    return among(lost["id"], gone.loc[gone["kind"] == kind, "id"])


def _made_again(kind: str, deleted: pd.DataFrame, changes: pd.DataFrame) -> pd.Series:
    created = changes[(changes["object"] == kind) & (changes["verb"] == "create")]
    return among(deleted["key" if kind == "course" else "code"], created["place"])


def _too_many(number: int, of: int) -> bool:
    return number >= LEAST_LOST and number > LOST_SHARE * of


def _refuse_deleted(number: int, owned: int, words: str) -> None:
    if _too_many(number, owned):
        raise TruncatedRead(
            f"Moodle dit ne plus avoir {figure(number)} de nos {figure(owned)} {words}, que REFER demande toujours : la"
            " phase les referait vides, et rien n'est écrit ; un administrateur les restaure (corbeille, sauvegarde),"
            " puis relancer la phase."
        )


def _refuse_lost(missing: int, owned: int, words: str) -> None:
    if _too_many(missing, owned):
        raise TruncatedRead(
            f"La lecture ne montre pas {missing} de nos {owned} {words} : elle est sans doute tronquée"
            " (droits du jeton, base restaurée) et rien n'est écrit ; vérifier que le compte du service web"
            " voit tout, cours cachés compris, puis relancer la phase."
        )
