"""REFER as it is: one file of ``include/sql/refer/`` is one view is one frame, read for one year."""

from __future__ import annotations

import pandas as pd

from ecampus.sources import sql

WHOLE_NUMBERS = {"seances"}


def read(hook: sql.Hook, view: str, annee: str) -> pd.DataFrame:
    """Rows of ``refer_<view>`` for the year ``annee`` ('2026'), columns as in ``ecampus.contract``.

    Text as the database gives it (``values.text_of``), ``seances`` as nullable Int64; a whole-number column that holds
    something else stays text, for ``contract.admit`` to say so.
    Raises SourceUnreachable, SourceRefused, ContractBroken (view or column missing).
    """
    statement = sql.statement(f"refer/{view}.sql")
    with sql.connected(hook, "REFER", f"la vue refer_{view}") as connection:
        frame = sql.read(connection, statement, {"annee": annee})
    numbers = {name: sql.whole(frame[name]) for name in frame.columns if name in WHOLE_NUMBERS}
    return frame.assign(**numbers)
