"""The history is written at the end of each phase, made anew from the folders of the nights, and forgotten with them.

A run whose line is not the one that is kept (it was cleared and reported again, or the last write failed or was killed)
is written again by the next run of its series, a week back. Each file is whole or absent, ``runs`` comes last.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import chain, groupby

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ecampus.errors import EcampusError, StoreUnusable
from ecampus.history import anomalies, changes, runs, tables
from ecampus.history.runs import Line
from ecampus.store import memory
from ecampus.store.files import REHEARSALS, Run, Store
from ecampus.store.journals import nights

LOG = logging.getLogger("ecampus")
BACK = timedelta(days=7)
"""How far back a run finds what is missing."""
NOT_KEPT = "L'historique n'a pas pu être complété ; ce que la nuit a fait n'en dépend pas."


def keep(run: Run) -> None:
    """Write a run that has just been reported. Whatever happens the phase goes on: the next one tries again."""
    if run.replay or run.store.root.parent.name == REHEARSALS:
        return
    try:
        found = runs.line(run)
        if found:
            series = runs.series_of(found)
            lately = [night for night in nights(run.store) if run.night - BACK <= night <= run.night]
            for month, few in groupby(lately, key=_month):
                _complete(run.store, series, month, list(few), again=run)
    except EcampusError as error:
        LOG.warning("%s %s", NOT_KEPT, error)
    except Exception as error:
        LOG.exception("%s Erreur imprévue (%s) : « make history » refait l'historique.", NOT_KEPT, type(error).__name__)


def rebuild(store: Store) -> int:
    """Make the history anew from the folders of the nights, a month of a series at a time; of how many runs."""
    number, made = 0, set()
    for series in tables.SERIES:
        for month, few in groupby(nights(store), key=_month):
            found = _named(runs.told(store, series, list(few)))
            if found:
                _write(store, series, month, found, found, anew=True)
                made.add((series, month))
                number += len(found)
    for table in reversed(tables.SHAPES):
        for series, month in tables.months(store, table):
            if (series, month) not in made:
                store.remove(tables.path(table, series, month))
    return number


def forget(store: Store, since: date) -> None:
    """Take away what is older than ``since``; killed anywhere, the next call ends the same."""
    first, kept = _month(since), since.isoformat()
    for table in reversed(tables.SHAPES):
        for series, month in tables.months(store, table):
            if month < first:
                store.remove(tables.path(table, series, month))
            elif month == first and table == "anomalies":
                left = anomalies.since(tables.read(store, table, series, month), since)
                tables.write(store, table, series, month, [left])
            elif month == first:
                rows = tables.chunks(store, table, series, month)
                tables.write(store, table, series, month, (some.filter(pc.field("night") >= kept) for some in rows))


Found = dict[str, tuple[Run, Line]]
"""By ``Run.name``, runs and their lines."""


def _named(found: Iterable[tuple[Run, Line]]) -> Found:
    return {run.name: (run, line) for run, line in found}


def _complete(store: Store, series: str, month: str, some: list[date], again: Run) -> None:
    """Write ``again`` and the runs of these nights whose line is not the one that is kept.

    A run that was read once and cannot be read any more stays as it was read.
    """
    known = _lines(tables.read(store, "runs", series, month))
    around = _named(runs.told(store, series, some))
    stale = {
        name: (run, line)
        for name, (run, line) in around.items()
        if name == again.name or (known.get(name) != line and not (name in known and line["state"] == runs.UNREADABLE))
    }
    if stale:
        _write(store, series, month, stale, around)


def _write(store: Store, series: str, month: str, found: Found, around: Found, anew: bool = False) -> None:
    """Put these runs into the files of a month, in place of what was there of them; ``anew``: of anything.

    ``around``: all the runs of the same nights.
    """
    notes: dict[str, pd.DataFrame] = {}
    _put(store, "changes", series, month, [*found], _changes(found, notes), anew)
    whole = tables.frame(tables.ANOMALIES.empty_table()) if anew else tables.read(store, "anomalies", series, month)
    for night in sorted({run.night for run, _ in found.values()}):
        last = _teller(around | found, night)
        told = notes.get(last.name, memory.told_by(last)) if last else None
        whole = anomalies.with_night(whole, series.removesuffix(tables.UNDONE), night, told)
    tables.write(store, "anomalies", series, month, [whole])
    _put(store, "runs", series, month, [*found], iter([pd.DataFrame([line for _, line in found.values()])]), anew)


def _changes(found: Found, notes: dict[str, pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """The changes of each run, and its anomalies into ``notes``; of what cannot be read the line says so."""
    for name, (run, line) in found.items():
        try:
            rows, notes[name] = changes.of_run(run), memory.told_by(run)
        except StoreUnusable as error:
            found[name] = (run, runs.unreadable(line, error))
        else:
            yield rows


def _put(
    store: Store, table: str, series: str, month: str, names: list[str], rows: Iterator[pd.DataFrame], anew: bool
) -> None:
    """Write ``rows`` beside what the file has of other runs than ``names``."""
    gone = pa.array(names)
    rest = () if anew else tables.chunks(store, table, series, month)
    others = (known.filter(pc.invert(pc.is_in(_names(known), gone))) for known in rest)
    tables.write(store, table, series, month, chain(others, rows))


def _names(known: pa.Table) -> pa.Array:
    """``Run.name`` of each row."""
    return pc.binary_join_element_wise(known["night"], known["phase"], known["run"], "/")


def _teller(found: Found, night: date) -> Run | None:
    """Whose anomalies are those of the night: the run that was reported last."""
    telling = [
        (line["ended"] or "", run.name) for run, line in found.values() if run.night == night and runs.tells(line)
    ]
    return found[max(telling)[1]][0] if telling else None


def _lines(known: pd.DataFrame) -> dict[str, Line]:
    """By ``Run.name``, each line as ``runs.line`` makes it."""
    whole = known.astype("object").where(known.notna(), None)
    return {f"{line['night']}/{line['phase']}/{line['run']}": line for line in whole.to_dict("records")}


def _month(night: date) -> str:
    return f"{night:%Y-%m}"
