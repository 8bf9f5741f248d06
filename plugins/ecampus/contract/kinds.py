"""What a contract is made of: the kinds of columns, and a frame's columns with its key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from ecampus.contract.characters import clean_codes, clean_words, readable

if TYPE_CHECKING:
    import pandera.pandas as pa


@dataclass(frozen=True)
class Column:
    """A column as it is declared. ``checks``: keys of ``DEFECTS``; ``values``: the only ones, where they are counted.

    ``kind``: code, label or word, for those that are cleaned; ``names``: the object whose code it is.
    """

    dtype: str
    description: str
    checks: tuple[str, ...] = ()
    nullable: bool = False
    kind: str | None = None
    names: str | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contract:
    """``place`` names the source for staff; where ``may_be_empty`` is false, no row is a failed read."""

    place: str
    declared: dict[str, Column]
    key: tuple[str, ...]
    may_be_empty: bool = True

    @cached_property
    def schema(self) -> pa.DataFrameSchema:
        """These columns and no other; ``key`` (possibly nothing) is unique on raw values."""
        return self._schema(each_value=True)

    @cached_property
    def shape(self) -> pa.DataFrameSchema:
        """The same, of rows whose every value was looked at already (``aside.set_aside``)."""
        return self._schema(each_value=False)

    def _schema(self, each_value: bool) -> pa.DataFrameSchema:
        import pandera.pandas as pa

        columns = {
            name: pa.Column(
                column.dtype,
                [pa.Check(DEFECTS[defect], error=defect) for defect in column.checks if each_value]
                + [pa.Check.isin(list(column.values))] * bool(column.values),
                nullable=column.nullable,
                description=column.description,
            )
            for name, column in self.declared.items()
        }
        return pa.DataFrameSchema(columns, strict=True, unique=list(self.key) or None)

    def columns(self, kind: str) -> list[str]:
        """The columns of one kind: «code», «label», «word»…"""
        return [name for name, column in self.declared.items() if column.kind == kind]

    def types(self) -> dict[str, str]:
        """The dtype of each column; that of texts is pandas' own ``str``, the same in memory and out of Parquet."""
        return {name: column.dtype for name, column in self.declared.items()}

    def naming(self) -> dict[str, str]:
        """The columns whose code names an object (element, group, student…): column, object."""
        return {name: column.names for name, column in self.declared.items() if column.names}


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


NO_TEXT = "n'est pas du texte"
EMPTY = "vide"
NO_FLAG = "ni O ni N"
NO_DATE = "n'est pas une date AAAA-MM-JJ"
NOT_A_NUMBER = "nombre entier attendu"
DEFECTS: dict[str, Callable[[pd.Series], pd.Series]] = {
    NO_TEXT: readable,
    EMPTY: _filled,
    NO_FLAG: _flagged,
    NO_DATE: _dated,
}
"""What is said of a value that fails, and what must hold of it (null values apart)."""


def code(description: str, names: str | None = None, nullable: bool = False) -> Column:
    """A code that must be there, unless ``nullable``; ``names``: the object whose code it is."""
    return Column("str", description, (NO_TEXT,) if nullable else (NO_TEXT, EMPTY), nullable, "code", names)


def label(description: str) -> Column:
    """Words for people to read, which must be there."""
    return Column("str", description, (NO_TEXT, EMPTY), kind="label")


def word(description: str) -> Column:
    """A word that rules compare as it is, and that must be there."""
    return Column("str", description, (NO_TEXT, EMPTY), kind="word")


def flag(description: str) -> Column:
    """O or N."""
    return Column("str", description, (NO_TEXT, NO_FLAG), kind="word")


def iso_date(description: str) -> Column:
    """A date as AAAA-MM-JJ, or null."""
    return Column("str", description, (NO_TEXT, NO_DATE), nullable=True, kind="word")


def one_of(description: str, *values: str) -> Column:
    """One of these words."""
    return Column("str", description, values=values)


def count(description: str) -> Column:
    """A whole number, or null."""
    return Column("Int64", description, nullable=True)


def text(description: str) -> Column:
    """Any text, or null."""
    return Column("str", description, nullable=True)


def identifier(description: str) -> Column:
    """An id of Moodle."""
    return Column("int64", description)


def boolean(description: str) -> Column:
    """True or false."""
    return Column("bool", description)
