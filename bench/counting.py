"""The calls to Moodle of a night for which nothing changed, on a sandbox: ``python -m bench.counting FOLDER SIZE``.

Played as the tests play nights (``tests/nights/campus.py``), once by the web services and once by ``moodle_db``.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from campus import Campus, Cron, night_after, opened

from ecampus.moodle import rows, together
from ecampus.moodle.answers import TOGETHER
from ecampus.night import taking

AT_ONCE = {
    "core_group_get_groups": rows.CHUNK,
    "core_group_get_group_members": rows.CHUNK,
    "core_cohort_get_cohort_members": rows.CHUNK,
    TOGETHER: together.AT_ONCE,
}


def main(folder: Path, size: int) -> dict[str, Any]:
    """``rest`` and ``moodle_db``: calls by function; ``objects``: how many of each the sandbox has.

    ``at_once``: objects of one call, by function.
    """
    cron = Cron()
    taking.wait = partial(taking.wait, clock=cron.clock, pause=cron.pause)
    shutil.rmtree(folder, ignore_errors=True)
    with opened(folder, cron, size) as campus:
        campus.night("first")
        found = {}
        for days, way in enumerate(("rest", "moodle_db"), start=1):
            campus.by_database = way == "moodle_db"
            campus.night(way, night_after(days))
            if campus.writes():
                raise RuntimeError(f"Nothing changed, and {campus.writes()} were called.")
            found[way] = dict(Counter(campus.box.moodle.calls))
        return found | {"objects": _objects(campus), "at_once": AT_ONCE}


def _objects(campus: Campus) -> dict[str, int]:
    owned = campus.register.owned()
    courses = int(owned["course"]["archived"].isna().sum())
    spaces = campus.ask("SELECT count(*) FROM mdl_course") - 1 - len(owned["course"])
    return {"courses": courses, "spaces": spaces, "groups": len(owned["group"]), "cohorts": len(owned["cohort"])}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
