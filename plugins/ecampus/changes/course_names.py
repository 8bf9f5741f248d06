"""Which of our courses take which code tonight: live ones and archives, and those that stand in their way.

Live courses carry their key, archives the code that we gave them last; what staff called an archive is theirs.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from ecampus.changes import codes, plan
from ecampus.joins import among, differs, looked_up
from ecampus.rules.collation import same

NAMES = ("idnumber", "shortname")
"""Where a course carries its code."""


class Naming(NamedTuple):
    """What becomes of codes, rows of ``wanted`` or of ``archives``.

    renamed   live ones whose names are not what REFER wants
    healed    archives that take back the code that we gave them
    yielding  archives that take another: theirs is that of a wanted course, or of one that stays
    back      archives whose course is wanted again, the last one of each
    new       wanted courses that nothing stands for
    taken     wanted courses whose code one that stays carries
    doubled   wanted courses whose code Moodle takes for that of another (``lower``)
    """

    renamed: pd.DataFrame
    healed: pd.DataFrame
    yielding: pd.DataFrame
    back: pd.DataFrame
    new: pd.DataFrame
    taken: pd.DataFrame
    doubled: pd.DataFrame


def naming(wanted: pd.DataFrame, gone: pd.DataFrame, archives: pd.DataFrame, existing: pd.DataFrame) -> Naming:
    """What becomes of codes.

    ``wanted``: key, fullname, lower, beside our live course (id, idnumber, shortname, old_fullname; null without any).
    ``gone``: archived tonight; an older archive of theirs waits for another night if it has to yield. ``archives``:
    ours (``owned_courses``).
    An archive that is in the way of those that take theirs back is healed tonight, and restored the next night.
    """
    off = wanted["id"].notna() & codes.off(wanted, "key", NAMES)
    doubled = wanted["lower"].notna() & (wanted["id"].isna() | off)
    claimed, astray = among(same(archives["given"]), same(wanted["key"])), codes.off(archives, "given", NAMES)
    waits = claimed & (
        among(archives["key"], gone["key"])
        | archives[claimed].duplicated("key").reindex(archives.index, fill_value=False)
    )
    moving = archives[(claimed | astray) & ~waits]
    leaving = [*gone["id"], *moving["id"]]

    live = wanted[off & ~doubled]
    stays = codes.stuck(live, "key", existing, NAMES, leaving)
    busy = taken_keys(existing[~existing["id"].isin([*leaving, *live.loc[~stays, "id"]])])
    missing = wanted[wanted["id"].isna() & ~doubled]
    free = ~among(same(missing["key"]), busy)
    latest = latest_archives(missing.loc[free, "key"], archives)

    back = latest[~codes.holding(latest, pd.concat([live.loc[~stays, "key"], moving["given"]]), NAMES)]
    moving = moving[~moving["id"].isin(back["id"])]
    yields = among(same(moving["given"]), pd.concat([busy, same(wanted["key"])]))
    named = wanted["id"].notna() & (off | differs(wanted["old_fullname"], wanted["fullname"]))
    blocked = live.index[stays]
    return Naming(
        renamed=wanted[named & ~doubled & ~wanted.index.isin(blocked)],
        healed=moving[~yields & codes.off(moving, "given", NAMES)],
        yielding=moving[yields & ~among(moving["key"], gone["key"])].drop_duplicates("key"),
        back=back,
        new=missing[free & ~among(missing["key"], latest["key"])],
        taken=pd.concat([missing[~free], live[stays]]),
        doubled=wanted[doubled],
    )


def taken_keys(existing: pd.DataFrame) -> pd.Series:
    """Every idnumber and shortname in use, as Moodle's database compares them (``collation.same``)."""
    return codes.carried(existing, NAMES)


def latest_archives(keys: pd.Series, archives: pd.DataFrame) -> pd.DataFrame:
    """For each key, our most recently archived course."""
    found = archives[among(archives["key"], keys)]
    return found.sort_values(["archived", "id"]).drop_duplicates("key", keep="last")


def needing(rows: pd.DataFrame, leaving: pd.DataFrame) -> pd.DataFrame:
    """``rows`` with ``needs``: the archive of the course that carries their key now; null where none does."""
    if rows.empty or leaving.empty:
        return rows.assign(needs=pd.Series(pd.NA, index=rows.index, dtype="str"))
    held = pd.concat([leaving.set_index(same(leaving[name]))["key"] for name in NAMES])
    held = held[held.index.notna() & ~held.index.duplicated()]
    archive = plan.change_id("course", "archive", "") + held
    return rows.assign(needs=looked_up(same(rows["key"]), archive).astype("str"))
