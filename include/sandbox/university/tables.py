"""The columns of the sandbox's tables, and the rows on their way to SQLite."""

import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path

Value = str | int | None
Schema = dict[str, tuple[str, ...]]

REFER: Schema = {
    "refer_categorie": ("annee", "code", "libelle", "code_parent", "code_composante"),
    "refer_element": ("annee", "code", "libelle", "code_categorie", "a_distance"),
    "refer_porte": ("annee", "code_porte", "code_porteur"),
    "refer_groupe": ("annee", "code", "libelle", "code_collection"),
    "refer_groupe_element": ("annee", "code_groupe", "code_element"),
    "refer_groupe_etudiant": ("annee", "code_groupe", "code_etudiant"),
    "refer_etape": ("annee", "code", "libelle", "code_composante"),
    "refer_inscription_administrative": ("annee", "code_etudiant", "code_etape", "tele_enseignement"),
    "refer_inscription_pedagogique": ("annee", "code_etudiant", "code_etape", "code_element"),
    "refer_seance_ade": (
        "annee",
        "code_activite",
        "code_element",
        "code_enseignant",
        "origine",
        "obsolete",
        "seances",
        "premiere_seance",
    ),
}
"""The views of the REFER contract; like views they have no constraint, so that a test can break them."""

DIRECTORY: Schema = {
    "person": ("population", "code", "uid", "sn", "given_name", "mail", "present"),
}
"""``population`` is student, staff or alum (who left: neither of the two filters of the directory)."""

CASES: Schema = {"sandbox_cas": ("anomalie", "recit")}
"""The hand-written cases in words, for whoever opens ``refer.db``."""


class Tables:
    """Rows by table, in the order of the columns; ``annee`` is added to those of REFER."""

    def __init__(self, annee: str) -> None:
        self.annee = annee
        self.rows: dict[str, list[tuple[Value, ...]]] = defaultdict(list)

    def add(self, table: str, *values: Value, annee: str | None = None) -> None:
        """Add a row; ``values`` leaves out the year of REFER's tables, the year in force by default."""
        self.rows[table].append((annee or self.annee, *values) if table in REFER else values)

    def write(self, folder: Path) -> None:
        """``refer.db`` last, each one whole or not at all: who finds it finds a finished university."""
        _write(folder / "directory.db", DIRECTORY, self.rows)
        _write(folder / "refer.db", REFER | CASES, self.rows)


def _write(path: Path, schema: Schema, rows: dict[str, list[tuple[Value, ...]]]) -> None:
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with closing(sqlite3.connect(draft)) as db, db:
        for table, columns in schema.items():
            db.execute(f"CREATE TABLE {table}({', '.join(map(_declaration, columns))})")
            marks = ", ".join("?" * len(columns))
            db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows[table])
    draft.replace(path)


def _declaration(column: str) -> str:
    return f"{column} {'INTEGER' if column in ('seances', 'present') else 'TEXT'}"
