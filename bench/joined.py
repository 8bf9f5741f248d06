"""One store with both: many nights, and a last one with all that the pages ask of the last; the register beside it.

The last night is the archived day of changes, judged, checked by limits so low that all they count waits, done but for
that, and reported; then the same as a rehearsal. What is many is not copied: files are links.

``python -m bench.joined STORE NIGHTS ARCHIVE``
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bench import archived
from bench.sending import Hook
from ecampus.calendar import PHASES
from ecampus.limits import BREAKERS, Limits
from ecampus.night import approving, holding, reconcile
from ecampus.orchestration import records
from ecampus.register.register import Register
from ecampus.store import archive, journal, opening
from ecampus.store.files import REHEARSALS, Run, Store
from ecampus.words import rehearsing

REGISTER = "register.db"
NOTHING = {"percent": 0, "most": 0}
LOW = Limits.from_json({name: {"site": NOTHING} for name in BREAKERS})


def made(root: Path, nights: Path, runs: Path) -> None:
    """``nights``: of ``bench.nights``. ``runs``: of ``bench.runs``."""
    shutil.copytree(nights, root, copy_function=os.link, dirs_exist_ok=True)
    register = Register(Hook(root.parent / REGISTER))
    register.prepare()
    for phase in PHASES:
        there = archived.run(root, phase, archived.CHANGED)
        shutil.copytree(archived.run(runs, phase, archived.CHANGED).folder, there.folder, copy_function=os.link)
        _played(there, register)
    _refused(register, Store(root))
    _rehearsed(root)


def _played(run: Run, register: Register) -> None:
    records.begin(run)
    opening.keep(run, replace(opening.read(run), limits=LOW, opened_at=datetime.now(UTC)))
    reconcile.diff(run)
    reconcile.check(run)
    inputs, changes, notes = archive.inputs(run), reconcile.stored_plan(run), journal.Journal(run.files)
    with register.lease(run.name) as lease:
        holding.noted(run, register, lease, inputs, changes, notes)
        holding.learned(run, lease, inputs, notes)
    done = changes[changes["held"].isna()].assign(outcome="done", message="", at=datetime.now(UTC).isoformat())
    run.files.write_frame(f"{journal.FOLDER}/000000-bench.parquet", done)
    reconcile.report(run, "success", None)
    records.finish(run, "success", None)


def _refused(register: Register, store: Store) -> None:
    """One of the questions, so that an answer is listed."""
    asked = approving.questions(register, store, 1)[0]
    approving.answer(register, asked, False, archived.NIGHT, "staff", "attendre la rentrée")


def _rehearsed(root: Path) -> None:
    night = archived.NIGHT.isoformat()
    made = root / REHEARSALS / f"scheduled__{night}"
    shutil.copytree(root / night, made / night, copy_function=os.link)
    reports = {phase: archived.run(root, phase, archived.CHANGED).files.read_json("report.json") for phase in PHASES}
    told = rehearsing.document(archived.NIGHT, datetime.now(UTC), None, None, reports, "")
    Store(made).write_json("report.json", told)


if __name__ == "__main__":
    logging.getLogger("ecampus").addHandler(logging.NullHandler())
    made(*map(Path, sys.argv[1:]))
