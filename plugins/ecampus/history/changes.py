"""What a run did, was refused or held: the rows of the history, from its journal and its plan; pure but ``of_run``."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from ecampus.changes import keys, plan
from ecampus.history.tables import CHANGES
from ecampus.joins import among
from ecampus.kinds import DESTRUCTIVE
from ecampus.shapes import cast
from ecampus.store import journal
from ecampus.store.files import Run

CODES = ("username", "idnumber", "code", "suspended", "auth")
"""Fields of an account that name it by a code, or tell nothing of the person."""
ORDER = ["gives", "object", "verb", "key"]
"""In a run, what takes away comes first."""


def of_run(run: Run) -> pd.DataFrame:
    """The rows of one run: columns of ``tables.CHANGES``."""
    entries = journal.latest(journal.read(run.files))
    planned = cast(run.files.read_frame("plan.parquet"), plan.TYPES) if run.files.exists("plan.json") else plan.empty()
    found = rows(entries, planned[planned["held"].notna()])
    return found.assign(night=run.night.isoformat(), phase=run.phase, run=run.run_id)


def rows(entries: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """``entries``: a journal, each change once. ``held``: the planned changes that wait for a decision."""
    waiting = held[~among(plan.change_ids(held), plan.change_ids(entries))].assign(outcome="held", message="", at=None)
    parts = [part for part in (entries, waiting) if len(part)]
    whole = pd.concat(parts, ignore_index=True) if parts else entries
    texts = _nameless(whole)
    unit = whole["unit"].where(whole["unit"].duplicated(keep=False) | whole["unit"].ne(plan.change_ids(whole)))
    account, takes = whole["object"].eq("account"), (whole["object"] + "|" + whole["verb"]).isin(DESTRUCTIVE)
    thing = whole["key"].str.replace(" / .*", "", regex=True).str.upper()
    more = {
        "unit": unit.astype("str"), "question": whole["held"], "follows": keys.following(whole), "kept": _kept(whole),
        "takes": takes, "gives": ~takes, "thing": thing.mask(account),
        "who": whole["username"].mask(account, whole["key"]).str.lower(),
    }  # fmt: skip
    return whole.assign(**texts, **more).sort_values(ORDER, ignore_index=True).reindex(columns=CHANGES.names)


def _kept(changes: pd.DataFrame) -> pd.Series:
    """Of the change that a unit is named after, how many people its rows are; of an account, how many courses."""
    followers = changes[keys.following(changes)]
    of_account = followers["unit"].str.startswith("account|")
    what = followers["place"].where(of_account, followers["username"].str.lower())
    numbers = what.groupby(followers["unit"]).nunique()
    heads = plan.change_ids(changes).eq(changes["unit"]) & changes["object"].ne("enrolment")
    return changes["unit"].where(heads).map(numbers).astype("Int64")


def _nameless(changes: pd.DataFrame) -> dict[str, pd.Series]:
    """``name``, ``before`` and ``after`` without what names people: of an account, codes and which fields changed."""
    account = changes["object"].eq("account")
    texts = {name: changes[name].copy() for name in ("name", "before", "after")}
    texts["name"] = texts["name"].mask(account, "").astype("str")
    for name in ("before", "after"):
        texts[name] = texts[name].where(~account, changes.loc[account, name].map(_codes)).astype("str")
    return texts


def _codes(text: Any) -> str | None:
    if not isinstance(text, str):
        return None
    fields = json.loads(text).items()
    return json.dumps({name: value if name in CODES else "" for name, value in fields}, ensure_ascii=False)
