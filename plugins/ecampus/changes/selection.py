"""What a person named, among what looks like ours, or among what is: «tout», «L1CAS101», «cours:L1CAS101»."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from ecampus.changes.adoptable import FRAMES
from ecampus.errors import AdoptionRefused
from ecampus.joins import slashed
from ecampus.register.owned import Owned
from ecampus.rules import collation
from ecampus.words import owning as words

ALL = "tout"


def chosen(asked: str, listed: pd.DataFrame) -> pd.DataFrame:
    """The rows of the list (``adoptable.listed``) that are named. Raises AdoptionRefused, and then none is."""
    good = listed[listed["doubt"].isna()]
    if collation.key(asked.strip()) == ALL:
        return good
    names = pd.DataFrame({"object": listed["object"], "code": listed["place"], "whole": listed["key"]})
    found = _named(asked, names)
    bad = listed.loc[found & listed["doubt"].notna(), "key"]
    if len(bad):
        raise AdoptionRefused(words.not_adoptable(sorted(set(bad))))
    return listed[found]


def given_up(asked: str, owned: Owned, shown: Mapping[str, pd.DataFrame]) -> Owned:
    """By kind, the objects of ours that are named; an archive by the code that it has. Raises AdoptionRefused.

    ``shown``: lists of Moodle, by frame. Of several objects of one code, those that are not in it are given up alone:
    somebody made them again under another id.
    """
    keys = owned["course"].set_index("id")["key"]
    parts = []
    for kind, frame in FRAMES.items():
        rows = owned[kind]
        code = rows["idnumber" if kind == "course" else "code"]
        whole = code
        if kind == "group":
            whole = slashed(pd.DataFrame({"course": rows["course_id"].map(keys), "code": code}), ["course", "code"])
        seen = rows["id"].isin(shown[frame]["id"]) if frame in shown else True
        parts.append(pd.DataFrame({"object": kind, "code": code, "whole": whole, "place": rows.index, "seen": seen}))
    names = pd.concat(parts, ignore_index=True)
    found = names[_named(asked, names)]
    found = found[found["seen"].eq(found.groupby(["object", "whole"])["seen"].transform("min"))]
    return {str(kind): owned[str(kind)].loc[rows["place"]] for kind, rows in found.groupby("object")}


def _named(asked: str, names: pd.DataFrame) -> pd.Series:
    """Which of ``names`` (object, code, whole: with the course of a group) these words name, each at least one."""
    found = pd.Series(False, index=names.index)
    for word in _words(asked):
        kind, code = _kind_and_code(word)
        mine = names["code"].str.upper().eq(code.upper()) | names["whole"].str.upper().eq(code.upper())
        if kind:
            mine &= names["object"].eq(kind)
        kinds = sorted(set(names.loc[mine, "object"]))
        if not kinds:
            raise AdoptionRefused(words.unknown(word))
        if len(kinds) > 1:
            raise AdoptionRefused(words.several_kinds(word, kinds))
        found |= mine
    return found


def _words(asked: str) -> list[str]:
    """Codes apart by white space, or by ``;`` where one has white space in it."""
    parts = asked.split(";") if ";" in asked else re.split(r"\s+(?!/)(?<!/\s)", asked)
    return [part.strip() for part in parts if part.strip()]


def _kind_and_code(word: str) -> tuple[str | None, str]:
    named, colon, code = word.partition(":")
    kind = words.kind_of(named) if colon else None
    return (kind, code.strip()) if kind else (None, word)
