"""The ledger in the store: read, kept up to date by the journals, and mended after a run that was killed.

While a run writes, ``ledger/pending-<phase>.json`` names it. Whoever reads the ledger next counts in the journal of
that run; the next run of that phase also recognises what was written just before the kill and not yet journalled.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pandas as pd

from ecampus.changes import plan
from ecampus.changes.compare import has
from ecampus.errors import StoreUnusable
from ecampus.kinds import KINDS, Kind
from ecampus.register import ledger
from ecampus.register.ledger import Ledger, learned
from ecampus.store import journal
from ecampus.store.files import Run, Store

SITE = "site.json"
FOLDER = "ledger"
STAMP = "ledger/stamp.json"


def belonging(store: Store, siteurl: str) -> None:
    """Raise StoreUnusable unless this store is that Moodle's; a new store takes the name."""
    if not store.exists(SITE):
        if store.names(FOLDER):
            raise StoreUnusable(
                f"Le magasin des nuits a un registre de propriété mais plus « {SITE} », qui dit à quel Moodle il"
                " appartient : rien n'est écrit ; restaurer le magasin depuis une sauvegarde, puis relancer la phase."
            )
        save(store, ledger.empty())
        store.write_json(SITE, {"siteurl": siteurl})
        return
    known = store.read_json(SITE)["siteurl"]
    if known != siteurl:
        raise StoreUnusable(
            f"Le magasin des nuits appartient à {known} et la connexion « moodle » mène à {siteurl} : rien n'est"
            " écrit ; corriger la connexion ou donner à ce site un magasin neuf (ECAMPUS_STORE)."
        )


def load(store: Store) -> Ledger:
    """The ledger as of the last write. Raises StoreUnusable when it is lost: then nothing may be destroyed."""
    owned: Ledger = {}
    for kind in ledger.SHAPES:
        name = f"{FOLDER}/{kind}.parquet"
        if not store.exists(name):
            raise StoreUnusable(
                f"Le registre de propriété « {name} » a disparu du magasin des nuits : rien n'est écrit, car on ne sait"
                " plus ce qui est à nous ; le restaurer depuis une sauvegarde, puis relancer la phase."
            )
        owned[kind] = ledger.shaped(kind, store.read_frame(name))
    for pending in _pending(store):
        entries = journal.read(Store(store.root / pending["run"]))
        owned = ledger.fold(owned, entries[entries["outcome"] == "done"], pending["night"])
    return owned


def save(store: Store, owned: Ledger) -> None:
    """Write the whole ledger; a kill between two files is mended by the journal that is still pending."""
    for kind, frame in owned.items():
        store.write_frame(f"{FOLDER}/{kind}.parquet", frame)
    store.write_json(STAMP, uuid4().hex)


def stamp(run: Run) -> None:
    """Before a run reads Moodle: note of which ledger it knows."""
    run.files.write_json("stamp.json", run.store.read_json(STAMP))


def moved_on(run: Run) -> bool:
    """Whether another run wrote since this one read: what it read is not true any more."""
    return bool(run.files.read_json("stamp.json") != run.store.read_json(STAMP))


def begin(run: Run) -> None:
    """Before the first write of a run."""
    run.store.write_json(_name(run.phase), {"run": run.name, "night": run.night.isoformat()})


def commit(run: Run, owned: Ledger) -> None:
    """After the last write of a run: the ledger first, then the end of the pending state."""
    save(run.store, owned)
    run.store.remove(_name(run.phase))


def begun(run: Run) -> bool:
    """Whether this very run has begun to write, ended or not: part of its plan is true by now."""
    name = _name(run.phase)
    pending = run.store.exists(name) and run.store.read_json(name)["run"] == run.name
    return bool(pending or run.files.names(journal.FOLDER))


def mended(run: Run, owned: Ledger, existing: dict[str, pd.DataFrame]) -> Ledger:
    """The ledger with what a killed run of this phase wrote and could not journal."""
    killed, found = unnoted(run, existing)
    return ledger.fold(owned, found, killed.night.isoformat())


def settled(run: Run, owned: Ledger, existing: dict[str, pd.DataFrame]) -> Ledger:
    """As ``mended``; what is found done enters the journal of the run that was killed, so that it can be undone."""
    killed, found = unnoted(run, existing)
    notes = journal.Journal(killed.files)
    notes.record(found, "done", "retrouvé fait après une interruption")
    notes.flush()
    return ledger.fold(owned, found, killed.night.isoformat())


def unnoted(run: Run, existing: dict[str, pd.DataFrame]) -> tuple[Run, pd.DataFrame]:
    """The killed run of this phase (else this run), and what it did without having journalled it."""
    name = _name(run.phase)
    if not run.store.exists(name):
        return run, plan.empty()
    pending = run.store.read_json(name)
    killed = replace(run, night=date.fromisoformat(pending["night"]), run_id=pending["run"].rpartition("/")[2])
    planned, entries = killed.files.read_frame("plan.parquet"), journal.read(killed.files)
    silent = planned[~plan.change_ids(planned).isin(plan.change_ids(entries))]
    return killed, presumed(silent, existing)


def presumed(silent: pd.DataFrame, existing: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Of the planned changes whose outcome nobody wrote down, those that Moodle shows done.

    They were not true when they were planned (else they would not have been): so it is we who made them true.
    """
    done = []
    for (object_, verb), rows in silent.groupby(["object", "verb"], sort=False):
        kind = KINDS[str(object_), str(verb)]
        if kind.frame in existing:
            done.append(traced(kind, located(rows, existing), existing[kind.frame]))
    return plan.in_order(done)


def traced(kind: Kind, rows: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The changes of one kind that ``found`` shows done; what was created with its id."""
    trace = learned(kind.trace, rows, "")
    shown = has(trace, found, list(trace))
    done = rows[~shown] if kind.losses else rows[shown]
    if kind.verb != "create":
        return done
    ids = trace[shown].merge(found.drop_duplicates(list(trace)), on=list(trace), how="left")["id"]
    return done.assign(moodle_id=pd.array(ids, dtype="Int64"))


def located(rows: pd.DataFrame, existing: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Memberships planned in a cohort or a group that did not exist yet, with the id it has now."""
    if rows["object"].iloc[0] == "cohort_member":
        ids = existing["cohorts"].drop_duplicates("idnumber").set_index("idnumber")["id"]
        return rows.assign(place_id=rows["place_id"].fillna(rows["place"].map(ids).astype("Int64")))
    if rows["object"].iloc[0] == "group_member":
        groups = existing["groups"].drop_duplicates(["course_id", "idnumber"])
        found = groups.set_index(["course_id", "idnumber"])["id"].reindex(
            pd.MultiIndex.from_frame(rows[["course_id", "place"]])
        )
        ids = pd.Series(pd.array(found, dtype="Int64"), index=rows.index)
        return rows.assign(place_id=rows["place_id"].fillna(ids))
    return rows


def _pending(store: Store) -> list[dict[str, Any]]:
    names = [name for name in store.names(FOLDER) if name.startswith("pending-")]
    return [store.read_json(f"{FOLDER}/{name}") for name in names]


def _name(phase: str) -> str:
    return f"{FOLDER}/pending-{phase}.json"
