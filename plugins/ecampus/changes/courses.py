"""Courses of REFER against those of Moodle: created hidden, renamed, moved, archived ``ex_``, restored.

Only courses of the register are ever touched: *espaces complémentaires* stay as they are, wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pandas as pd

from ecampus.changes import codes, plan
from ecampus.changes.categories import not_moved, would_hide
from ecampus.changes.course_names import NAMES, naming, needing, taken_keys
from ecampus.changes.ours import present
from ecampus.joins import among, beside, differs, looked_up
from ecampus.rules import collation, text
from ecampus.rules.collation import doubles, same
from ecampus.rules.labels import ONE_CODE, double_notes
from ecampus.words import anomalies

PREFIX = r"^ex_(\d+_)?"
MOVE = ["old", "new", "change_id", "unit"]
MOVING = ["rename", "recode", "restore", "archive"]


def owned_courses(existing: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Our courses that Moodle still has: the register's (id, key, given, archived, scope) with Moodle's columns.

    ``given``: the idnumber that we gave last. One that was made at another time is another course under the same id.
    """
    return present(register.rename(columns={"idnumber": "given"}), existing)


def live_courses(existing: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Our courses that are not archived, one per key: id, key, category_id, visible, idnumber…"""
    owned = owned_courses(existing, register)
    return owned[owned["archived"].isna()].sort_values("id").drop_duplicates("key", ignore_index=True)


def diff(
    wanted: pd.DataFrame,
    frozen_keys: pd.Series,
    existing: pd.DataFrame,
    register: pd.DataFrame,
    categories: pd.DataFrame,
    shown: pd.Series,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The changes and the anomalies CODE_DOUBLE, CODE_PRIS and CATEGORIE_CACHEE.

    ``wanted``: ``Offer.courses``. ``frozen_keys``: never archived. ``categories``: code, id of Moodle's categories (one
    created tonight is not there yet). ``shown``: ``categories.shown``.

    Archives that give their code up and courses archived under a code that another takes go first; what takes it needs
    them. Then all those that take their own code back, at once.
    """
    live = live_courses(existing, register)
    gone = live[~among(live["key"], wanted["key"]) & ~among(live["key"], frozen_keys)]
    rows = matched(wanted, live, categories)
    rows["lower"] = doubles(wanted["key"], among(wanted["key"], live["key"]))
    archives = owned_courses(existing, register)
    archives = archives[archives["archived"].notna()].sort_values("id", ignore_index=True)
    named = naming(rows, gone, archives, existing)
    back = matched(wanted, named.back, categories)
    back = back[back["id"].notna()]

    staying = pd.concat([rows[rows["id"].notna()], back], ignore_index=True)
    astray = staying[staying["target"].isna() | differs(staying["category_id"], staying["target"])]
    hiding = would_hide(astray, astray["category_code"], shown)
    healed = named.healed.assign(key=named.healed["given"], old_fullname=named.healed["fullname"])
    renamed = pd.concat([named.renamed, healed.rename(columns={"scope": "composante"})], ignore_index=True)
    leaving = pd.concat([named.yielding, gone], ignore_index=True)
    taking = pd.concat([renamed["key"], back["key"], named.new["key"]])
    first = leaving["id"].isin(named.yielding["id"]) | codes.holding(leaving, taking, NAMES)
    archived = archive_changes(leaving, existing, pd.concat([wanted["key"], register["idnumber"]]))
    soon = archived["moodle_id"].isin(leaving.loc[first, "id"]).astype("bool")
    changes = [
        archived[soon],
        rename_changes("rename", needing(renamed, leaving[first])),
        move_changes(astray[~hiding]),
        rename_changes("restore", needing(back, leaving[first])),
        create_changes(needing(named.new, leaving[first])),
        archived[~soon],
    ]
    hidden = astray[hiding].assign(objet="Le cours")
    hidden["raison"] = not_moved(hidden["category_code"], "déplacé", "le")
    met = [
        double_notes("refer_element", named.doubled.assign(code=named.doubled["key"]), ONE_CODE),
        anomalies.notes("CODE_PRIS", named.taken.assign(objet="Le cours"), ["key"]),
        anomalies.notes("CATEGORIE_CACHEE", hidden, ["key"]),
    ]
    return plan.in_order(changes), anomalies.gather(met)


def matched(wanted: pd.DataFrame, found: pd.DataFrame, categories: pd.DataFrame) -> pd.DataFrame:
    """Each wanted course beside the Moodle course that stands for it (null id when there is none)."""
    columns = ["id", "key", "given", "idnumber", "shortname", "fullname", "category_id", "visible"]
    rows = beside(wanted, found[columns].rename(columns={"fullname": "old_fullname"}), ["key"])
    return rows.assign(
        target=looked_up(rows["category_code"], categories.set_index("code")["id"]),
        old_category=rows["category_id"].map(categories.set_index("id")["code"]),
    )


def rename_changes(verb: str, rows: pd.DataFrame) -> pd.DataFrame:
    """``rename``, or ``restore`` of an archive: fullname, shortname and idnumber together."""
    return plan.changes(
        "course", verb, rows, key="key", name="fullname", moodle_id="id", place="key", needs="needs",
        before={"fullname": "old_fullname", "shortname": "shortname", "idnumber": "idnumber"},
        after={"fullname": "fullname", "shortname": "key", "idnumber": "key"},
    )  # fmt: skip


def move_changes(rows: pd.DataFrame) -> pd.DataFrame:
    """``move``: courses in the wrong category."""
    return plan.changes(
        "course", "move", rows, key="key", name="fullname", moodle_id="id", place="key",
        before={"category_code": "old_category"}, after={"category_code": "category_code"},
    )  # fmt: skip


def create_changes(rows: pd.DataFrame) -> pd.DataFrame:
    """``create``: hidden and empty («cachés et vides»)."""
    return plan.changes(
        "course", "create", rows, key="key", name="fullname", place="key", needs="needs",
        after={"fullname": "fullname", "shortname": "key", "idnumber": "key",
               "category_code": "category_code", "summary": "summary"},
    )  # fmt: skip


def archive_changes(gone: pd.DataFrame, existing: pd.DataFrame, wanted: pd.Series) -> pd.DataFrame:
    """``archive``: the prefix is the smallest free for idnumber and shortname together; nothing else changes.

    ``wanted``: the keys that REFER wants and the codes that ours have, which no archive takes.
    """
    taken, prefixes = {*taken_keys(existing), *same(wanted)}, []
    rows = gone.sort_values("key").rename(columns={"scope": "composante"}).reset_index(drop=True)
    for key in rows["key"]:
        prefixes.append(next(p for p in archive_prefixes() if collation.key(p + key) not in taken))
        taken.add(collation.key(prefixes[-1] + key))
    bare = rows["fullname"].where(rows["archived"].isna(), rows["fullname"].str.replace(PREFIX, "", regex=True))
    rows["new_key"] = pd.Series(prefixes, index=rows.index, dtype="str") + rows["key"]
    rows["new_fullname"] = (pd.Series(prefixes, index=rows.index, dtype="str") + bare).str.slice(
        0, text.COURSE_FULLNAME
    )
    return plan.changes(
        "course", "archive", rows, key="key", name="fullname", moodle_id="id", place="new_key",
        before={"fullname": "fullname", "shortname": "shortname", "idnumber": "idnumber"},
        after={"fullname": "new_fullname", "shortname": "new_key", "idnumber": "new_key"},
    )  # fmt: skip


def archive_prefixes() -> Iterator[str]:
    """ex_, ex_2_, ex_3_…"""
    yield "ex_"
    for number in count(2):
        yield f"ex_{number}_"


def moved_keys(changes: pd.DataFrame, owned: pd.DataFrame) -> pd.DataFrame:
    """The course idnumbers that these changes move: old, new, change_id, unit.

    A row follows the course that we own, whether it names the code that we gave it or the one that somebody typed in
    Moodle since, unless we gave that one to another. ``owned``: the register's courses.
    """
    moving = changes[(changes["object"] == "course") & changes["verb"].isin(MOVING)]
    given = moving["moodle_id"].map(owned.set_index("id")["idnumber"]).astype("str")
    typed = plan.fields(moving["before"], ["idnumber"])["idnumber"]
    others = among(typed.str.upper(), owned["idnumber"].str.upper()) & differs(typed.str.upper(), given.str.upper())
    typed = typed.mask(others)
    moves = pd.DataFrame({"old": given, "typed": typed, "new": moving["place"], "unit": moving["unit"]})
    moves["change_id"] = plan.change_ids(moving)
    both = pd.concat([moves[MOVE], moves.assign(old=moves["typed"])[MOVE]], ignore_index=True).astype("str")
    return both[both["old"].notna()].drop_duplicates(["old", "new"], ignore_index=True)
