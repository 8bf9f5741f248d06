"""One person among the frames and the texts that are kept: which rows are about them, what of a text names them; pure.

A person is known by codes (population, code), logins, ids of Moodle's account, addresses. A row is about them when a
column that names people holds one of these; elsewhere, a text that names them is rewritten without.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from html import escape
from typing import Any

import pandas as pd

STUDENT, STAFF = ("code_etudiant", "student"), ("code_enseignant", "teacher", "staff")
LOGINS = ("username", "uid", "wanted_uid")
TEXTS = (
    "key", "unit", "needs", "name", "sentence", "message", "before", "after", "value", "reason", "doubt",
)  # fmt: skip
"""Columns whose texts may name people beside what they are about."""
ERASED = "(effacé)"
FEWEST_SIGNS = 6
"""A shorter code may be any number of a text: it is looked for in columns only."""


@dataclass(frozen=True)
class Person:
    """``codes``: population, code. ``alone``: the codes that nobody of the other population bears.

    ``recycled``: logins that were somebody else's too: rows that only they name are left.
    """

    codes: frozenset[tuple[str, str]] = frozenset()
    alone: frozenset[str] = frozenset()
    logins: frozenset[str] = frozenset()
    ids: frozenset[int] = frozenset()
    addresses: frozenset[str] = frozenset()
    recycled: frozenset[str] = frozenset()

    def as_json(self) -> dict[str, Any]:
        """The document kept while the person is being erased."""
        return {name: sorted(values) for name, values in asdict(self).items()}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Person:
        """Read it back."""
        pairs = frozenset((population, code) for population, code in document["codes"])
        return cls(**{name: frozenset(values) for name, values in document.items() if name != "codes"}, codes=pairs)

    def codes_of(self, population: str) -> list[str]:
        """Those of one population."""
        return sorted(code for known, code in self.codes if known == population)

    @cached_property
    def named(self) -> re.Pattern[str]:
        """What names them in a text, not inside another word."""
        long = {code for code in self.alone if len(code) >= FEWEST_SIGNS}
        words = {*self.logins, *self.addresses, *long} or {"\0"}
        either = "|".join(re.escape(word) for word in sorted({*words, *map(escape, words)}, key=len, reverse=True))
        return re.compile(rf"(?<![\w@.-])(?:{either})(?![\w@-]|\.\w)", re.IGNORECASE)


def about(frame: pd.DataFrame, person: Person) -> pd.Series:
    """Which rows of a frame are about them."""
    found = pd.Series(False, index=frame.index)
    has_login = "username" in frame
    for columns, holds in (
        (STUDENT, partial(_coded, codes=person.codes_of("student"))),
        (STAFF, partial(_coded, codes=person.codes_of("staff"))),
        (("idnumber",) if has_login else (), partial(_coded, codes=person.alone)),
        (LOGINS, partial(_spelt, words=person.logins)),
        (("user_id", "id") if has_login else ("user_id",), partial(_numbered, ids=person.ids)),
    ):
        for column in (column for column in columns if column in frame):
            found |= holds(frame[column])
    if {"population", "code"} <= {*frame}:
        for population in ("student", "staff"):
            found |= frame["population"].eq(population) & _coded(frame["code"], person.codes_of(population))
    if {"object", "moodle_id"} <= {*frame}:
        found |= frame["object"].eq("account") & _numbered(frame["moodle_id"], person.ids)
    if "key" in frame and {*frame} & {"sentence", "object", "view"}:
        found |= _distinct(frame["key"], lambda key: bool({*key.split(" / ")} & (person.logins | person.alone)))
    return found.fillna(False).astype("bool")


def named(frame: pd.DataFrame, person: Person) -> pd.Series:
    """Which rows of a frame have a text that names them."""
    found = pd.Series(False, index=frame.index)
    for column in _texts(frame):
        found |= _distinct(frame[column], lambda text: person.named.search(text) is not None)
    return found


def without(frame: pd.DataFrame, person: Person) -> pd.DataFrame:
    """The frame without the rows about them, nor their names in the texts of the others; itself if it had none."""
    gone, told = about(frame, person), named(frame, person)
    if not (gone | told).any():
        return frame
    kept = frame[~gone].reset_index(drop=True)
    texts = {column: kept[column].map(lambda text: without_name(text, person)) for column in _texts(kept)}
    return kept.assign(**{name: texts[name].astype(frame[name].dtype) for name in texts})


def without_name(text: Any, person: Person) -> Any:
    """A text without what names them; what is no text as it is."""
    return person.named.sub(ERASED, text) if isinstance(text, str) else text


def document_without(document: Any, person: Person) -> Any:
    """A JSON document whose texts do not name them."""
    if isinstance(document, dict):
        return {without_name(name, person): document_without(value, person) for name, value in document.items()}
    if isinstance(document, list):
        return [document_without(value, person) for value in document]
    return without_name(document, person)


def lines_about(text: str, person: Person) -> list[str]:
    """The lines of a page that name them, as text."""
    shown = [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in text.splitlines() if person.named.search(line)]
    return [line for line in shown if line]


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as JSON objects, nulls left out."""
    found: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", date_format="iso"))
    return [{name: value for name, value in row.items() if value is not None} for row in found]


def bare(code: str) -> str:
    """A code as any of its spellings: REFER and LDAP may leave out the zeros in front of it."""
    return code.strip().upper().lstrip("0")


def _coded(column: pd.Series, codes: Iterable[str]) -> pd.Series:
    wanted = {*map(bare, codes)} - {""}
    return _distinct(column, lambda code: bare(code) in wanted)


def _spelt(column: pd.Series, words: Iterable[str]) -> pd.Series:
    wanted = {*words}
    return _distinct(column, lambda word: word.strip().lower() in wanted)


def _numbered(column: pd.Series, ids: Iterable[int]) -> pd.Series:
    return pd.to_numeric(column, errors="coerce").isin([*ids])


def _distinct(column: pd.Series, holds: Callable[[str], bool]) -> pd.Series:
    """Whether ``holds`` is true of each text, asked once of each distinct one."""
    return column.isin([text for text in column.dropna().unique() if isinstance(text, str) and holds(text)])


def _texts(frame: pd.DataFrame) -> list[str]:
    return [column for column in TEXTS if column in frame]
