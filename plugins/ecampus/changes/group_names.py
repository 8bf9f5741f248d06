"""The names and the codes that the groups of one course can have at once, as Moodle compares them.

Names: as its database does; idnumbers: by PHP's ``==`` (``rules.collation``).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pandas as pd

from ecampus.changes.courses import archive_prefixes
from ecampus.joins import has
from ecampus.rules import text
from ecampus.rules.collation import key, numbers, one_number, same

IDNUMBER = 100  # groups.idnumber
PLACE = ["course_id", "name"]
Place = tuple[int, str]


def named(rows: pd.DataFrame, others: pd.DataFrame) -> pd.Series:
    """The name of each group: its label, or ``label (CODE)`` for all those of a course that Moodle takes for one.

    ``rows``: course_id, code, libelle. ``others``: course_id, name of the groups that stay beside them. A
    ``label (CODE)`` that is taken in its turn makes whoever has it carry its code too; when even that does not tell
    two apart, ``label (CODE) (2)``.
    """
    label = text.group_labels(rows["code"], rows["libelle"])
    theirs = places(others["course_id"], others["name"])
    coded = pd.Series(False, index=rows.index)
    while True:
        names = label.where(~coded, label + " (" + rows["code"] + ")")
        mine = places(rows["course_id"], names)
        clash = mine.duplicated(PLACE, keep=False) | has(mine, theirs, PLACE)
        if not (clash & ~coded).any():
            return _numbered(rows.assign(label=label, name=names), clash, pd.concat([theirs, mine[~clash]]))
        coded = coded | clash


def _numbered(rows: pd.DataFrame, clash: pd.Series, others: pd.DataFrame) -> pd.Series:
    """The names, those that clash (which carry their code already) made different from ``others`` and each other."""
    names = rows["name"].copy()
    if not clash.any():
        return names
    taken = _pairs(others)
    for place, course, code, label in rows.loc[clash, ["course_id", "code", "label"]].sort_values("code").itertuples():
        free = next(name for name in _tries(label, code) if (course, key(name)) not in taken)
        taken.add((course, key(free)))
        names[place] = free
    return names


def _tries(label: str, code: str) -> Iterator[str]:
    yield f"{label} ({code})"
    for number in count(2):
        suffix = f" ({code}) ({number})"
        yield text.cut(pd.Series([label]), pd.Series([text.GROUP_NAME - len(suffix)])).iloc[0] + suffix


def taken_codes(rows: pd.DataFrame, others: pd.DataFrame) -> pd.Series:
    """Which groups want a code that a group of ``others`` carries in their course; whatever its case, and as a number.

    ``rows``: course_id, code. ``others``: course_id, idnumber.
    """
    theirs = others[others["idnumber"].notna()]
    carried = theirs.assign(code=theirs["idnumber"].str.upper())
    exactly = has(rows, carried, ["course_id", "code"])
    wanted = rows[["course_id", "code"]].assign(number=numbers(rows["code"]), row=range(len(rows)))
    beside = wanted[wanted["number"].notna()].merge(
        theirs[["course_id", "idnumber"]].assign(number=numbers(theirs["idnumber"])), on=["course_id", "number"]
    )
    equal = [one_number(code, idnumber) for code, idnumber in zip(beside["code"], beside["idnumber"], strict=True)]
    return exactly | wanted["row"].isin(beside.loc[equal, "row"])


def doubles(rows: pd.DataFrame) -> pd.Series:
    """The lower code of the course that Moodle takes for the same number; null for those that have none.

    ``rows``: course_id, code, once each.
    """
    lower = pd.Series(pd.NA, index=rows.index, dtype="str")
    number = numbers(rows["code"])
    alike = rows.assign(number=number)[number.notna()]
    alike = alike[alike.duplicated(["course_id", "number"], keep=False)]
    for _, several in alike.sort_values("code").groupby(["course_id", "number"]):
        kept: list[str] = []
        for place, code in several["code"].items():
            found = next((one for one in kept if one_number(one, code)), None)
            if found is None:
                kept.append(code)
            else:
                lower[place] = found
    return lower


def archived(rows: pd.DataFrame, existing: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """``rows`` with new_code and new_name: prefixed by the smallest of ex_, ex_2_… that is free in the course for both.

    ``rows``: course_id, code, old_name. ``existing``: course_id, idnumber, name of all groups now. ``names``:
    course_id, name of those that will be.
    """
    rows = rows.sort_values(["course_id", "code"])
    existing, names = (frame[frame["course_id"].isin(rows["course_id"])] for frame in (existing, names))
    codes = set(zip(existing["course_id"], existing["idnumber"].fillna("").str.upper(), strict=True))
    taken = {
        *_pairs(places(existing["course_id"], existing["name"])), *_pairs(places(names["course_id"], names["name"]))
    }  # fmt: skip
    prefixed = []
    for course, code, name in zip(rows["course_id"], rows["code"], rows["old_name"], strict=True):
        for prefix in archive_prefixes():
            new = (prefix + code)[:IDNUMBER].rstrip(), (prefix + name)[: text.GROUP_NAME].rstrip()
            if (course, new[0].upper()) not in codes and (course, key(new[1])) not in taken:
                break
        codes.add((course, new[0].upper()))
        taken.add((course, key(new[1])))
        prefixed.append(new)
    made = pd.DataFrame(prefixed, columns=["new_code", "new_name"], index=rows.index, dtype="str")
    return pd.concat([rows, made], axis=1)


def places(courses: pd.Series, names: pd.Series) -> pd.DataFrame:
    """What names of groups that are one in their course have in common: ``PLACE``, on the index of ``names``."""
    return pd.DataFrame({"course_id": courses, "name": same(names)})


def _pairs(places: pd.DataFrame) -> set[Place]:
    return set(zip(places["course_id"], places["name"], strict=True))
