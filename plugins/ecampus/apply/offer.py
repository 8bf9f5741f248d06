"""How categories and courses are written: one call at a time, they deadlock otherwise (measured on Moodle 4.5)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ecampus.apply.writer import BATCH, Writer
from ecampus.changes import plan
from ecampus.changes.course_names import NAMES
from ecampus.errors import SourceRefused
from ecampus.joins import differs
from ecampus.moodle import batches, reads
from ecampus.rules.collation import key
from ecampus.words.speech import fields

DELETE = "core_course_delete_categories"
SINCE = "il a changé sur ecampus depuis la lecture"


def create_categories(writer: Writer, rows: pd.DataFrame) -> None:
    """Parents first, wave by wave: a child is sent once its parent has an id."""
    ids = writer.ids["category"]
    parents = plan.fields(rows["after"], ["parent_code"])["parent_code"]
    left = pd.Series(True, index=rows.index)
    while left.any():
        ready = left & (parents.isna() | parents.isin(ids))
        if not ready.any():
            break
        left &= ~ready
        wave = rows[ready]
        items = [
            {
                "name": f["name"],
                "idnumber": f["idnumber"],
                "parent": ids.get(f.get("parent_code"), writer.root),
            }
            for f in records(wave["after"])
        ]
        done = writer.send(wave, "core_course_create_categories", "categories", items)
        ids.update(zip(done["key"], done["moodle_id"], strict=True))
    writer.put_off(rows[left], "sa catégorie parente n'existe pas sur ecampus")


def rename_categories(writer: Writer, rows: pd.DataFrame) -> None:
    """Name and idnumber; a code that another of these takes is given up first, as in ``name_courses``."""
    items = [
        {"id": int(id_), "name": f["name"], "idnumber": f["idnumber"]}
        for id_, f in zip(rows["moodle_id"], records(rows["after"]), strict=True)
    ]
    batches.send(
        writer.client, "core_course_update_categories", "categories", given_up(rows, items),
        size=BATCH, before_call=writer.allowed,
    )  # fmt: skip
    writer.send(rows, "core_course_update_categories", "categories", items)


def move_categories(writer: Writer, rows: pd.DataFrame) -> None:
    """Under another parent."""
    rows = placed(writer, rows, "parent_code")
    items = [
        {"id": int(id_), "parent": writer.ids["category"].get(f.get("parent_code"), writer.root)}
        for id_, f in zip(rows["moodle_id"], records(rows["after"]), strict=True)
    ]
    writer.send(rows, "core_course_update_categories", "categories", items)


def delete_categories(writer: Writer, rows: pd.DataFrame) -> None:
    """One by one, read again just before; never recursive: what would have come in meanwhile moves, not dies."""
    left = reads.category_contents(writer.client).set_index("id")
    for place, id_ in enumerate(rows["moodle_id"]):
        row = rows.iloc[[place]]
        if left["parent_id"].eq(id_).any() or left["courses"].get(id_, 0):
            writer.put_off(row, "elle n'est pas vide")
            continue
        above = int(left["parent_id"].get(id_, 0))
        left = left.drop(index=id_, errors="ignore")
        shelter = above or int(left.index.min())
        items = [{"id": int(id_), "newparent": shelter, "recursive": 0}]
        writer.send(row, DELETE, "categories", items)


def create_courses(writer: Writer, rows: pd.DataFrame) -> None:
    """Hidden and empty; one by one until one is created, to see that Moodle does hide it."""
    rows = placed(writer, rows, "category_code")
    created = rows.iloc[:0]
    while created.empty and not rows.empty:
        created, rows = _send_courses(writer, rows.iloc[:1]), rows.iloc[1:]
    _require_hidden(writer, created)
    _send_courses(writer, rows)


def _send_courses(writer: Writer, rows: pd.DataFrame) -> pd.DataFrame:
    items = [
        {
            "fullname": f["fullname"],
            "shortname": f["shortname"],
            "idnumber": f["idnumber"],
            "categoryid": int(writer.ids["category"][f["category_code"]]),
            "summary": f["summary"],
            "visible": 0,
        }
        for f in records(rows["after"])
    ]
    return writer.send(rows, "core_course_create_courses", "courses", items)


def _require_hidden(writer: Writer, created: pd.DataFrame) -> None:
    """Moodle 4.5 makes the courses of a token without moodle/course:visibility visible, without a word.

    Raises SourceRefused.
    """
    ids = [int(id_) for id_ in created["moodle_id"]]
    if ids and reads.courses(writer.client, ids)["visible"].any():
        raise SourceRefused(
            f"Le cours {created['key'].iloc[0]} vient d'être créé visible alors qu'il doit naître caché : un"
            " administrateur le cache et ajoute la capacité moodle/course:visibility au rôle du compte du jeton, au"
            " niveau du site ; puis relancer la phase."
        )


def name_courses(writer: Writer, rows: pd.DataFrame) -> None:
    """Rename or restore: fullname, shortname, idnumber; nothing of the teacher's.

    Moodle refuses a code that another course still has: those whose code another of these takes give it up first.
    """
    items = [
        {"id": int(id_), "fullname": f["fullname"], "shortname": f["shortname"], "idnumber": f["idnumber"]}
        for id_, f in zip(rows["moodle_id"], records(rows["after"]), strict=True)
    ]
    batches.send(
        writer.client, "core_course_update_courses", "courses", given_up(rows, items),
        size=BATCH, before_call=writer.allowed,
    )  # fmt: skip
    writer.send(rows, "core_course_update_courses", "courses", items)


def given_up(rows: pd.DataFrame, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A code of passage for each course, or category, whose code another of these takes."""
    wanted = {(key(item["idnumber"]), item["id"]) for item in items}
    codes = {code for code, _ in wanted}
    crossing = {
        int(id_)
        for id_, f in zip(rows["moodle_id"], records(rows["before"]), strict=True)
        for code in (key(f[name]) for name in NAMES if f.get(name))
        if code in codes and (code, int(id_)) not in wanted
    }
    names = [name for name in NAMES if name in items[0]] if items else []
    return [{"id": id_} | dict.fromkeys(names, f"ecampus-{id_}") for id_ in sorted(crossing)]


def archive_courses(writer: Writer, rows: pd.DataFrame) -> None:
    """Read again before: a course that no longer carries the planned idnumber is left for the next night."""
    now = reads.courses_named(writer.client, [int(id_) for id_ in rows["moodle_id"]]).set_index("id")["idnumber"]
    same = ~differs(rows["moodle_id"].map(now), plan.fields(rows["before"], ["idnumber"])["idnumber"])
    writer.put_off(rows[~same], SINCE)
    name_courses(writer, rows[same])


def move_courses(writer: Writer, rows: pd.DataFrame) -> None:
    """Into another category."""
    rows = placed(writer, rows, "category_code")
    items = [
        {"id": int(id_), "categoryid": int(writer.ids["category"][f["category_code"]])}
        for id_, f in zip(rows["moodle_id"], records(rows["after"]), strict=True)
    ]
    writer.send(rows, "core_course_update_courses", "courses", items)


def placed(writer: Writer, rows: pd.DataFrame, field: str) -> pd.DataFrame:
    """Rows whose category exists by now; the others are put off."""
    codes = plan.fields(rows["after"], [field])[field]
    known = codes.isna() | codes.isin(writer.ids["category"])
    writer.put_off(rows[~known], "sa catégorie n'existe pas sur ecampus")
    return rows[known]


def records(column: pd.Series) -> list[dict[str, Any]]:
    """``after`` or ``before`` of each change as dicts."""
    return [fields(text) for text in column]
