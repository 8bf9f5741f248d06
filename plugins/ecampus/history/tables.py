"""The tables of the history: their columns, and the files that hold them.

    history/<table>/<series>-<month>.parquet     ``history/changes/offer-2026-11.parquet``

A series is what one writer writes: a phase (its DAG has one run at a time), or what is undone of a phase, which another
DAG does and which may come while the phase is at work: ``offer-undo``. So no two processes write one file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ecampus.calendar import PHASES
from ecampus.errors import StoreUnusable
from ecampus.store.files import Store

FOLDER = "history"
UNDONE = "-undo"
SERIES = [f"{phase}{kind}" for phase in PHASES for kind in ("", UNDONE)]
AT_ONCE = 100_000
"""Rows that are in memory together."""


def _shape(texts: str, numbers: str = "", truths: str = "") -> pa.Schema:
    kinds = {pa.string(): texts, pa.int64(): numbers, pa.bool_(): truths}
    return pa.schema([(name, kind) for kind, names in kinds.items() for name in names.split()])


RUNS = _shape(
    "night phase run kind state reason opened ended counts planned ours limits",
    "read unchanged done failed put_off held left waiting anomalies",
)
"""One row a run.

``kind``: night; frozen; shown (a night that waits to be approved as a whole); approved (only what people approved);
undo; adoption. ``state``: success, stopped, failed; unreadable when nobody can read what the run left. ``opened``:
since when it works, its wait for the phase before apart; ``ended``: when it was reported; UTC. ``counts``, ``planned``:
changes by object and verb; ``ours``: how much was ours when it read, by object; ``limits``: of the site, by breaker
(JSON objects). A figure that was not computed is null.
"""
CHANGES = _shape(
    "night phase run at object verb outcome key name scope place username role unit before after message question"
    " who thing",
    "moodle_id course_id user_id kept",
    "follows takes",
)
"""One row a change that was tried (the journal, each change once), and one that was held (the plan).

``outcome``: done, failed, put_off, held; adopted, released. ``unit``: null but where several changes stand or fall
together. ``follows``: it only moves a row with its key (``changes.keys``); ``kept``: of the change that moves the key,
how many people, or courses of an account, its rows are. ``takes``: it takes something away. ``who``: the login, in
lower case; ``thing``: the code that the key begins with (course, cohort, category), in upper case: what is looked up.
No names of people: of an account no ``name``, and of its fields which changed.
"""
ANOMALIES = _shape("phase month code key composante sentence first_night", "days")
"""One row for each anomaly of a month. ``days``: a bit for each on which it was told, from the lowest."""
SHAPES = {"changes": CHANGES, "anomalies": ANOMALIES, "runs": RUNS}
"""In the order in which they are written: a run is in ``runs`` once all of it is there."""


def path(table: str, series: str, month: str) -> str:
    """The file of a month («2026-11»)."""
    return f"{FOLDER}/{table}/{series}-{month}.parquet"


def months(store: Store, table: str) -> list[tuple[str, str]]:
    """The series and months that have a file."""
    names = [name.removesuffix(".parquet") for name in store.names(f"{FOLDER}/{table}")]
    return [(name[:-8], name[-7:]) for name in names]


def chunks(store: Store, table: str, series: str, month: str) -> Iterator[pa.Table]:
    """A file, so many rows at a time; nothing when there is none. Raises StoreUnusable."""
    name = path(table, series, month)
    if not store.exists(name):
        return
    try:
        for batch in pq.ParquetFile(BytesIO(store.read(name))).iter_batches(AT_ONCE):
            yield pa.Table.from_batches([batch]).select(SHAPES[table].names).cast(SHAPES[table])
    except (pa.ArrowException, KeyError, OSError) as error:
        raise StoreUnusable(
            f"Le fichier « {name} » de l'historique ne peut pas être lu : « make history » refait l'historique depuis"
            " les dossiers des nuits."
        ) from error


def read(store: Store, table: str, series: str, month: str) -> pd.DataFrame:
    """A whole file as a frame, of the types of ``empty``. Raises StoreUnusable."""
    return frame(pa.concat_tables([SHAPES[table].empty_table(), *chunks(store, table, series, month)]))


def frame(rows: pa.Table) -> pd.DataFrame:
    """Texts are ``str``, numbers ``Int64``, truths ``bool``."""
    kinds = {pa.string(): pd.StringDtype(na_value=float("nan")), pa.int64(): pd.Int64Dtype()}
    found: pd.DataFrame = rows.to_pandas(types_mapper=kinds.get)
    return found


def write(store: Store, table: str, series: str, month: str, parts: Iterable[pa.Table | pd.DataFrame]) -> None:
    """Write a file in one piece, part after part; small ones are put together."""
    shape, held, waiting = SHAPES[table], BytesIO(), [SHAPES[table].empty_table()]
    with pq.ParquetWriter(held, shape, compression="zstd") as writer:
        for part in parts:
            waiting.append(part if isinstance(part, pa.Table) else table_of(shape, part))
            if sum(len(rows) for rows in waiting) >= AT_ONCE:
                writer.write_table(pa.concat_tables(waiting), row_group_size=AT_ONCE)
                waiting.clear()
        if waiting:
            writer.write_table(pa.concat_tables(waiting), row_group_size=AT_ONCE)
    store.write(path(table, series, month), held.getvalue())


def table_of(shape: pa.Schema, rows: pd.DataFrame) -> pa.Table:
    """A frame as the file holds it; columns that it has not are null."""
    return pa.Table.from_pandas(rows.reindex(columns=shape.names), schema=shape, preserve_index=False)
