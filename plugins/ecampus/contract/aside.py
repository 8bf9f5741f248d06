"""Rows of REFER that cannot be read: taken out of their view, with what is wrong and which objects they name."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ecampus.contract.characters import clean_words
from ecampus.contract.kinds import DEFECTS, EMPTY, NOT_A_NUMBER, Column, Contract
from ecampus.contract.sources import ASIDE
from ecampus.errors import ContractBroken
from ecampus.words.progress import figure

LEAST_ROWS = 3
SHARE = 0.01
SHOWN = 40
_NONE = pd.DataFrame(columns=list(ASIDE)).astype("str")


def set_aside(view: str, contract: Contract, frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows that can be read, and what is wrong with the others (columns of the contract ``illisible``).

    ``frame`` has the columns of the contract. A row that has several defects has one line for each. Raises
    ContractBroken for more than one row in a hundred (and at least three): that is no longer a slip of the pen, and
    what is left could be anything.
    """
    wrong = defects(contract, frame)
    if wrong.empty:
        return _typed(contract, frame), none()
    bad = frame.index.isin(wrong["row"])
    aside = _told(view, contract, frame, wrong)
    if bad.sum() >= LEAST_ROWS and bad.sum() > SHARE * len(frame):
        raise ContractBroken(_too_many(contract, aside, int(bad.sum()), len(frame)))
    return _typed(contract, frame[~bad].reset_index(drop=True)), aside


def none() -> pd.DataFrame:
    """No row that cannot be read."""
    return _NONE.copy(deep=False)


def defects(contract: Contract, frame: pd.DataFrame) -> pd.DataFrame:
    """What is wrong, value by value: row (of the frame's index), column, defect; the first defect of each value."""
    found = [
        {"row": row, "column": name, "defect": defect}
        for name, column in contract.declared.items()
        for defect, wrong in _failing(column, frame[name])
        if wrong.any()
        for row in frame.index[wrong]
    ]
    return pd.DataFrame(found, columns=["row", "column", "defect"]).drop_duplicates(
        ["row", "column"], ignore_index=True
    )


def _failing(column: Column, values: pd.Series) -> Iterator[tuple[str, pd.Series]]:
    """Each defect of a column, and where it is (bool)."""
    if column.dtype == "Int64":
        yield NOT_A_NUMBER, _no_number(values)
        return
    empty = values.isna()
    if not column.nullable:
        yield EMPTY, empty
    for check in column.checks:
        yield check, ~DEFECTS[check](values) & ~empty


def shown(values: pd.Series) -> pd.Series:
    """Raw values as staff may read them: cleaned, cut, null when nothing is left."""
    words = clean_words(values)
    return words.where(words.isna() | (words.str.len() <= SHOWN), words.str.slice(0, SHOWN - 1) + "…")


def _no_number(values: pd.Series) -> pd.Series:
    if pd.api.types.is_integer_dtype(values.dtype):
        return pd.Series(False, index=values.index)
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    return values.notna() & ~(numbers.abs().lt(2**53) & numbers.mod(1).eq(0))


def _typed(contract: Contract, frame: pd.DataFrame) -> pd.DataFrame:
    """A column of numbers stays text as long as one row has none: it has none any more."""
    texts = [name for name, column in contract.declared.items() if column.dtype == "Int64"]
    numbers = {
        name: pd.to_numeric(frame[name]).astype("Int64")
        for name in texts
        if not pd.api.types.is_integer_dtype(frame[name].dtype)
    }
    return frame.assign(**numbers) if numbers else frame


def _told(view: str, contract: Contract, frame: pd.DataFrame, wrong: pd.DataFrame) -> pd.DataFrame:
    rows = frame.loc[wrong["row"]].reset_index(drop=True)
    values = [frame.at[row, column] for row, column in zip(wrong["row"], wrong["column"], strict=True)]
    told = pd.DataFrame(
        {
            "view": view,
            "key": _keys(contract, rows, wrong),
            "column": wrong["column"],
            "value": shown(pd.Series(values, index=wrong.index, dtype="str")),
            "defect": wrong["defect"],
        }
    )
    for column, names in contract.naming().items():
        if names not in told:
            bad = wrong.loc[wrong["column"] == column, "row"]
            told[names] = rows[column].mask(wrong["row"].isin(bad))
    return told.reindex(columns=ASIDE).astype("str")


def _keys(contract: Contract, rows: pd.DataFrame, wrong: pd.DataFrame) -> pd.Series:
    """«code=L1MAT101»; the label too where the key itself cannot be read, so that somebody finds the row."""
    broken = wrong.loc[wrong["column"].isin(contract.key), "row"]
    parts = {name: name + "=" + shown(rows[name]).fillna("∅") for name in [*contract.key, *contract.columns("label")]}
    key = _joined([parts[name] for name in contract.key], rows.index)
    whole = _joined(list(parts.values()), rows.index)
    return key.where(~wrong["row"].isin(broken), whole)


def _joined(parts: list[pd.Series], index: pd.Index) -> pd.Series:
    together = [", ".join(row) for row in zip(*parts, strict=True)]
    return pd.Series(together, index=index, dtype="str")


def _too_many(contract: Contract, aside: pd.DataFrame, bad: int, rows: int) -> str:
    examples = aside.drop_duplicates("key").head(5)
    told = " ; ".join(
        f"{row.key}, {row.column}={'∅' if pd.isna(row.value) else row.value} ({row.defect})"
        for row in examples.itertuples()
    )
    lines = "ligne illisible" if bad == 1 else "lignes illisibles"
    return (
        f"{contract.place} a {figure(bad)} {lines} sur {figure(rows)}, trop pour les laisser de côté, par exemple"
        f" {told} ; corriger la source puis relancer."
    )
