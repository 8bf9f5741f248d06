"""What any driver gives for a value, as text."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pandas as pd

from ecampus.calendar import PARIS
from ecampus.contract.characters import UNREADABLE


def column(values: Iterable[Any]) -> pd.Series:
    """The values of a column, each as ``text_of`` gives it (dtype str)."""
    texts = [value if type(value) is str and value else text_of(value) for value in values]
    try:
        return pd.Series(texts, dtype="str")
    except UnicodeEncodeError:  # half a pair of surrogates
        return pd.Series([text and decoded(text.encode(errors="surrogatepass")) for text in texts], dtype="str")


def text_of(value: Any) -> str | None:
    """What a driver gave, as text: '' and not-a-number are null, a boolean is O or N, a whole number has no point.

    A date is that of Paris, in ISO form. Oracle gives a CLOB, a BLOB as a locator to read. Bytes are UTF-8; what is no
    text (other bytes, an array, an object) comes after ``UNREADABLE``, never as Python would write it.
    """
    if hasattr(value, "read"):
        value = value.read()
    match value:
        case None | "":
            return None
        case str():
            return str(value)
        case bool():
            return "O" if value else "N"
        case int():
            return str(int(value))
        case float() | Decimal():
            return _number(Decimal(str(value)))
        case bytes() | bytearray() | memoryview():
            return decoded(bytes(value)) or None
        case datetime.datetime():
            return (value.astimezone(PARIS) if value.tzinfo else value).isoformat()[:10]
        case datetime.date() | datetime.time():
            return value.isoformat()
        case UUID() | datetime.timedelta():
            return str(value)
    return f"{UNREADABLE}({type(value).__name__})"


def _number(value: Decimal) -> str | None:
    if value.is_nan():
        return None
    if not value.is_finite():
        return str(value)
    plain = f"{value:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in ("-0", "") else plain


def decoded(raw: bytes) -> str:
    """UTF-8; else ``UNREADABLE`` and the bytes as far as they can be told."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return UNREADABLE + raw.decode(errors="backslashreplace")
