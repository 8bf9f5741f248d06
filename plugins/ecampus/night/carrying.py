"""The accounts that the users phase read, carried to the phases after it in the same night.

Never to destroy: whoever is about to lose something is read again, and no more. With Moodle's own database nothing is
carried, since reading again costs nothing.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from ecampus.changes.draft import Inputs
from ecampus.joins import among, has
from ecampus.kinds import DESTRUCTIVE
from ecampus.night import intake
from ecampus.night.intake import Frames, Systems
from ecampus.night.phases import PHASES
from ecampus.register.register import State
from ecampus.store import carried, opening
from ecampus.store.carried import Reading
from ecampus.store.files import Run

USERS = "users"


def taken(run: Run, systems: Systems, state: State) -> Frames:
    """The frames that this run need not read."""
    if USERS not in PHASES[run.phase].around or not opening.read(run).carries or systems.moodle_database():
        return {}
    accounts = carried.find(run, state.name, state.number)
    return {} if accounts is None else {USERS: accounts}


def begun(state: State) -> Reading:
    """Before a run reads the accounts. ``state``: of the register, by then."""
    return Reading.begins(state.name, state.number)


def left(run: Run, systems: Systems, reading: Reading, existing: Frames) -> None:
    """Keep the accounts as this run read them last, if it is the one that writes them."""
    if USERS in PHASES[run.phase].written and not systems.moodle_database():
        carried.keep(run, existing[USERS], reading)


def over(run: Run) -> None:
    """Before this run writes accounts."""
    if USERS in PHASES[run.phase].written:
        carried.forget(run)


def looked_again(run: Run, systems: Systems, inputs: Inputs, changes: pd.DataFrame) -> tuple[Inputs, bool]:
    """The accounts that lose something by these changes as they are now; whether one of them is not as it was."""
    if USERS not in run.files.read_json("register.json").get("carried", []):
        return inputs, False
    losing = changes[(changes["object"] + "|" + changes["verb"]).isin(DESTRUCTIVE)]
    known = inputs.existing[USERS]
    nobody = losing["username"].notna() & ~among(losing["username"], known["username"])
    ids = known.loc[among(known["username"], losing["username"].dropna()), "id"]
    if ids.empty and not nobody.any():
        return inputs, False
    moodle = intake.reader(systems, [USERS])
    now = moodle.whole(USERS) if nobody.any() else intake.read_again(moodle, USERS, known, sorted(ids))
    same = len(now) == len(known) and has(now, known, list(known)).all()
    return replace(inputs, existing=inputs.existing | {USERS: now}), not same
