"""A table as a file that a French spreadsheet opens by a double click."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

BOM = "\ufeff"
"""Without it the spreadsheet takes accents for something else."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def sheet(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with its mark, ``;``, CRLF; what a spreadsheet would compute begins with an apostrophe."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return f"{BOM}{file.getvalue()}".encode()


def neutral(cell: str) -> str:
    """The cell as a text: «=1+1» would be computed, and may run a command."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
