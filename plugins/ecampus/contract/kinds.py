"""What a contract is made of: the kinds of columns, and a frame's columns with its key."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pandera.pandas as pa


@dataclass(frozen=True)
class Contract:
    """``place`` names the source for staff; where ``may_be_empty`` is false, no row is a failed read."""

    place: str
    schema: pa.DataFrameSchema
    key: tuple[str, ...]
    may_be_empty: bool = True


def _filled(values: pd.Series) -> pd.Series:
    return values.str.strip() != ""


def _flagged(values: pd.Series) -> pd.Series:
    return values.str.strip().isin(["O", "N"])


def _dated(values: pd.Series) -> pd.Series:
    return pd.to_datetime(values.str.strip(), format="%Y-%m-%d", errors="coerce").notna()


def code(description: str, nullable: bool = False) -> pa.Column:
    """A text that must be there, unless ``nullable``."""
    checks = [] if nullable else [pa.Check(_filled, error="vide")]
    return pa.Column("str", checks, nullable=nullable, description=description)


def flag(description: str) -> pa.Column:
    """O or N."""
    return pa.Column("str", pa.Check(_flagged, error="ni O ni N"), description=description)


def iso_date(description: str) -> pa.Column:
    """A date as AAAA-MM-JJ, or null."""
    check = pa.Check(_dated, error="n'est pas une date AAAA-MM-JJ")
    return pa.Column("str", check, nullable=True, description=description)


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
