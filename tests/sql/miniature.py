"""A miniature Apogée in H2, which runs include/sql/apogee/*.sql unchanged, and what the views give."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pandas as pd

import tables
from ecampus.contract import REFER as VIEWS
from ecampus.sources import sql

HERE = Path(__file__).parent / "apogee"
FILES = sorted((sql.FOLDER / "apogee").glob("*.sql"))
EAD = sql.FOLDER / "apogee" / "ead" / "6_distance.sql"
PAGE = sql.FOLDER.parents[1] / "docs" / "apogee.md"
OF_APOGEE = [view for view in VIEWS if view != "seance_ade"]


def sections(name: str) -> dict[str, list[tables.Row]]:
    """The tables of a text file: ``== name``, a header, rows; lines that start with # are for the reader."""
    text = re.sub(r"^#.*\n", "", (HERE / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    _, *parts = re.split(r"^== (\w+)\n", text, flags=re.MULTILINE)
    return {title: tables.rows(body) for title, body in zip(parts[::2], parts[1::2], strict=True)}


def statements_of_the_page() -> list[str]:
    """The blocks of SQL in docs/apogee.md."""
    return re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


def refer(h2: list[str], folder: Path, annee: str = "2026", files: list[Path] = FILES, more: str = ""):
    """The ten views for one year, read with the statements of include/sql/refer/; that of ADE is the page's empty one.

    ``more`` is SQL that is run before the views are made.
    """
    script = folder / "apogee.sql"
    queries = {view: sql.statement(f"refer/{view}.sql").replace(":annee", f"'{annee}'") for view in VIEWS}
    steps = [HERE.joinpath("schema.sql").read_text(encoding="utf-8"), *_inserts(), more]
    steps += [file.read_text(encoding="utf-8") for file in files]
    steps += [block for block in statements_of_the_page() if "refer_seance_ade" in block]
    steps += [f"CALL CSVWRITE({_text(str(folder / view))}, {_text(query)});" for view, query in queries.items()]
    script.write_text("\n".join(steps), encoding="utf-8")
    done = subprocess.run([*h2, str(script)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return {view: _frame(folder / view) for view in VIEWS}


def _inserts() -> list[str]:
    return [
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(map(_text, row.values()))});"
        for table, rows in sections("rows.txt").items()
        for row in rows
    ]


def _text(value: str | None) -> str:
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"


def _frame(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])
    frame.columns = frame.columns.str.lower()
    return frame.astype("str").sort_values(list(frame.columns), ignore_index=True)
