"""What a contract is made of: the kinds of columns, and a frame's columns with its key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd
import pandera.pandas as pa

from ecampus.contract.characters import clean_codes, clean_words, readable


@dataclass(frozen=True)
class Contract:
    """``place`` names the source for staff; where ``may_be_empty`` is false, no row is a failed read."""

    place: str
    schema: pa.DataFrameSchema
    key: tuple[str, ...]
    may_be_empty: bool = True

    def columns(self, kind: str) -> list[str]:
        """The columns of one kind: «code», «label», «word»…"""
        return [name for name, column in self.schema.columns.items() if (column.metadata or {}).get("kind") == kind]

    def types(self) -> dict[str, str]:
        """The dtype of each column; that of texts is pandas' own ``str``, the same in memory and out of Parquet."""
        kinds = {name: str(column.dtype) for name, column in self.schema.columns.items()}
        return {name: "str" if kind.startswith("str") else kind for name, kind in kinds.items()}

    def naming(self) -> dict[str, str]:
        """The columns whose code names an object (element, group, student…): column, object."""
        told = {name: (column.metadata or {}).get("names") for name, column in self.schema.columns.items()}
        return {name: names for name, names in told.items() if names}


def _filled(values: pd.Series) -> pd.Series:
    return clean_codes(values).notna()


def _flagged(values: pd.Series) -> pd.Series:
    return clean_words(values).isin(["O", "N"])


def _dated(values: pd.Series) -> pd.Series:
    words = clean_words(values)
    return words.isin([word for word in words.dropna().unique() if _is_a_date(word)])


def _is_a_date(word: str) -> bool:
    try:
        return date.fromisoformat(word).isoformat() == word
    except ValueError:
        return False


EMPTY = "vide"
NOT_A_NUMBER = "nombre entier attendu"
DEFECTS: dict[str, Callable[[pd.Series], pd.Series]] = {
    "n'est pas du texte": readable,
    EMPTY: _filled,
    "ni O ni N": _flagged,
    "n'est pas une date AAAA-MM-JJ": _dated,
}
"""What is said of a value that fails, and what must hold of it (null values apart)."""

READABLE, FILLED, FLAGGED, DATED = (pa.Check(holds, error=defect) for defect, holds in DEFECTS.items())


def code(description: str, names: str | None = None, nullable: bool = False) -> pa.Column:
    """A code that must be there, unless ``nullable``; ``names``: the object whose code it is."""
    return _text("code", description, [READABLE] if nullable else [READABLE, FILLED], nullable, names)


def label(description: str) -> pa.Column:
    """Words for people to read, which must be there."""
    return _text("label", description, [READABLE, FILLED])


def word(description: str) -> pa.Column:
    """A word that rules compare as it is, and that must be there."""
    return _text("word", description, [READABLE, FILLED])


def flag(description: str) -> pa.Column:
    """O or N."""
    return _text("word", description, [READABLE, FLAGGED])


def iso_date(description: str) -> pa.Column:
    """A date as AAAA-MM-JJ, or null."""
    return _text("word", description, [READABLE, DATED], nullable=True)


def count(description: str) -> pa.Column:
    """A whole number, or null."""
    return pa.Column("Int64", nullable=True, description=description)


def text(description: str) -> pa.Column:
    """Any text, or null."""
    return pa.Column("str", nullable=True, description=description)


def identifier(description: str) -> pa.Column:
    """An id of Moodle."""
    return pa.Column("int64", description=description)


def boolean(description: str) -> pa.Column:
    """True or false."""
    return pa.Column("bool", description=description)


def schema(columns: dict[str, pa.Column], key: tuple[str, ...]) -> pa.DataFrameSchema:
    """These columns and no other; ``key`` (possibly nothing) is unique on raw values."""
    return pa.DataFrameSchema(columns, strict=True, unique=list(key) or None)


def _text(
    kind: str, description: str, checks: list[pa.Check], nullable: bool = False, names: str | None = None
) -> pa.Column:
    return pa.Column("str", checks, nullable=nullable, description=description, metadata={"kind": kind, "names": names})
