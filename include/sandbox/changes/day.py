"""How a change is made, told, and remembered until the next day, when what vanished comes back."""

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sandbox.university.tables import DIRECTORY, REFER, Value

Row = dict[str, Value]
TABLES = REFER | DIRECTORY


class NoCandidate(Exception):
    """The university holds nothing left to which this verb could apply today."""


class Day:
    """A day being played: its rows, its sentences, and the objects that have had their change."""

    def __init__(self, db: sqlite3.Connection, today: date, seed: int) -> None:
        db.execute("CREATE TABLE IF NOT EXISTS sandbox_jour(numero INTEGER, joue_le TEXT)")
        db.execute("CREATE TABLE IF NOT EXISTS sandbox_retour(phrase TEXT, retires TEXT, ajoutes TEXT)")
        self._db, self.today = db, today
        self.number: int = db.execute("SELECT COUNT(*) + 1 FROM sandbox_jour").fetchone()[0]
        self.annee: str = db.execute("SELECT MAX(annee) FROM refer_element").fetchone()[0]
        self.rng = random.Random(f"{seed}-{self.number}")
        self.sentences: list[str] = []
        self._used: set[Value] = set()
        self._removed: list[tuple[str, Row]] = []
        self._added: list[tuple[str, Row]] = []

    def say(self, sentence: str) -> None:
        self.sentences.append(sentence)

    def close(self) -> None:
        self._db.execute("INSERT INTO sandbox_jour VALUES (?, ?)", [self.number, self.today.isoformat()])

    def values(self, sql: str, **parameters: Value) -> list[Any]:
        """The first column; ``:annee`` is bound."""
        return [row[0] for row in self._db.execute(sql, {"annee": self.annee, **parameters})]

    def pairs(self, sql: str) -> list[tuple[Any, Any]]:
        """The two columns, in their order; ``:annee`` is bound."""
        return sorted(self._db.execute(sql, {"annee": self.annee}))

    def has_changed(self, code: str) -> bool:
        """Whether that object had its change today."""
        return code in self._used

    def pick(self, sql: str, count: int = 1, **parameters: Value) -> list[Any]:
        """Draw ``count`` objects that have had no change today; NoCandidate when there are not as many."""
        candidates = sorted(set(self.values(sql, **parameters)) - self._used)
        if len(candidates) < count:
            raise NoCandidate(sql)
        drawn = self.rng.sample(candidates, count)
        self._used.update(drawn)
        return drawn

    def rows(self, table: str, **where: Value) -> list[Row]:
        condition, parameters = self._where(table, where)
        found = self._db.execute(f"SELECT * FROM {table} WHERE {condition}", parameters)
        return [dict(zip(TABLES[table], row, strict=True)) for row in found]

    def add(self, table: str, **values: Value) -> None:
        row = ({"annee": self.annee} if table in REFER else {}) | values
        marks = ", ".join(f":{column}" for column in row)
        self._db.execute(f"INSERT INTO {table}({', '.join(row)}) VALUES ({marks})", row)
        self._added.append((table, row))

    def remove(self, table: str, **where: Value) -> list[Row]:
        removed = self.rows(table, **where)
        condition, parameters = self._where(table, where)
        self._db.execute(f"DELETE FROM {table} WHERE {condition}", parameters)
        self._removed += [(table, row) for row in removed]
        return removed

    def change(self, table: str, where: Row, **values: Value) -> None:
        for row in self.remove(table, **where):
            self.add(table, **(row | values))

    def _where(self, table: str, where: Row) -> tuple[str, Row]:
        full = ({"annee": self.annee} if table in REFER else {}) | where
        return " AND ".join(f"{column} IS :{column}" for column in full), full

    @contextmanager
    def until_tomorrow(self, sentence: str) -> Iterator[None]:
        """What is changed inside is undone by the next day, which then says ``sentence``."""
        self._removed, self._added = [], []
        yield
        memory = [sentence, json.dumps(self._removed), json.dumps(self._added)]
        self._db.execute("INSERT INTO sandbox_retour VALUES (?, ?, ?)", memory)

    def bring_back(self) -> bool:
        """Undo what the day before had made vanish; False when there was nothing."""
        memories = self._db.execute("SELECT phrase, retires, ajoutes FROM sandbox_retour").fetchall()
        self._db.execute("DELETE FROM sandbox_retour")
        for sentence, removed, added in memories:
            for table, row in json.loads(added):
                self.remove(table, **row)
            for table, row in json.loads(removed):
                self.add(table, **row)
                self._used.add(row.get("code"))
            self.say(sentence)
        return bool(memories)
