"""What a run holds back, what it tells the register of it, and what later nights compare with."""

from __future__ import annotations

import logging
from datetime import timedelta

import pandas as pd

from ecampus.changes import plan
from ecampus.changes.draft import Draft, Inputs
from ecampus.joins import among
from ecampus.limits import NIGHTS
from ecampus.night import undone
from ecampus.night.phases import PHASES
from ecampus.register import tables
from ecampus.register.lease import Lease
from ecampus.register.register import Register
from ecampus.safety import breakers, decisions, holds, passage, sources
from ecampus.shapes import cast
from ecampus.store import archive, opening
from ecampus.store.files import Run
from ecampus.store.journal import Journal
from ecampus.store.opening import Opening
from ecampus.words import holding

LOG = logging.getLogger("ecampus")
QUESTIONS, FALLEN, COUNTED = "questions.parquet", "fallen.parquet", "counted.parquet"


def approved(run: Run, inputs: Inputs, changes: pd.DataFrame) -> pd.DataFrame:
    """The changes of the plan that this run may do at all: those that people approved, if it was opened for these."""
    if not opening.read(run).only_approved:
        return changes
    said = decisions.known(changes, inputs.memory["decisions"], run.phase, run.night)
    return decisions.only_approved(changes, said)


def held(run: Run, inputs: Inputs, changes: pd.DataFrame) -> holds.Held:
    """What of these changes waits, and why; nothing is too much for a run that is approved as a whole."""
    known = archive.opened(run)
    limits = known.limits.without_breakers() if known.shows else known.limits
    if known.undoes:  # it rests on no view: what it does stands in a journal
        return holds.hold(changes, inputs, undone.phase_of(run), {}, limits, lambda _: Draft(changes=changes))
    before = archive.good(run, inputs.memory)
    return holds.hold(changes, inputs, run.phase, before, limits, PHASES[run.phase].draft, _allowed(known))


def keep(run: Run, found: holds.Held) -> None:
    """Into the run's folder, for its writes and its report."""
    run.files.write_frame(QUESTIONS, found.questions)
    run.files.write_frame(FALLEN, found.fell)
    run.files.write_frame(COUNTED, found.counted[["unit", "scope", "breaker"]].dropna(subset="breaker"))


def told(run: Run, found: holds.Held) -> str:
    """The fallen views and the questions, in the log; its last line."""
    rests = bool(found.questions["view"].notna().any())
    for fell in found.fell.itertuples():
        LOG.warning("%s", holding.told_of(fell, rests))
    for sentence in sentences(run, found.questions):
        LOG.warning("%s", sentence)
    return holding.checked(int(found.changes["held"].notna().sum()))


def sentences(run: Run, questions: pd.DataFrame) -> list[str]:
    """Each question of this run; of one that writes nothing, what it would ask."""
    known = archive.opened(run)
    return holding.questions(questions, known.limits, run.night.isoformat() if known.mode == "frozen" else None)


def noted(run: Run, register: Register, lease: Lease, inputs: Inputs, changes: pd.DataFrame, notes: Journal) -> None:
    """Before the first write: what is held and what will be done, as if it were; a kill forgets neither."""
    if opening.read(run).only_approved:
        return
    known = register.decisions()
    waiting, phase = decisions.of_held(changes), undone.phase_of(run)
    if len(waiting) or known["phase"].eq(phase).any():
        said = decisions.known(changes, known, phase, run.night)
        next_ = decisions.next_of(waiting, said, changes, phase, run.night)
        lasting = decisions.for_good(known, phase)
        lasting = lasting[~among(lasting["unit"], next_["unit"])]
        lease.hold(pd.concat([next_, lasting], ignore_index=True), phase)
    if opening.read(run).undoes:
        _keep_undone(run, lease, inputs, changes, known)
    _count(run, lease, pd.concat([changes.loc[changes["held"].isna(), "unit"], _done(notes)], ignore_index=True))


def _keep_undone(run: Run, lease: Lease, inputs: Inputs, changes: pd.DataFrame, known: pd.DataFrame) -> None:
    """What is undone stays so: no later night does it again before the sources change, or somebody releases it."""
    units = undone.again(run, inputs, changes)
    if len(units):
        request = known[(known["phase"] == undone.REQUEST) & (known["unit"] == undone.request_of(run))]
        lease.answer(units.assign(**{name: request[name].iloc[0] if len(request) else "" for name in ("who", "why")}))


def learned(run: Run, lease: Lease, inputs: Inputs, notes: Journal) -> None:
    """After the last write: what was done, the porteurs, and which views this night knows well.

    A fallen view of which something waits for a first answer stays judged against the night before it fell.
    """
    known = opening.read(run)
    if known.only_approved:
        return
    _count(run, lease, _done(notes))
    if opening.read(run).undoes:
        return
    asked = holds.undecided(cast(run.files.read_frame(QUESTIONS), holds.QUESTIONS))
    figures, good = inputs.memory["figures"], inputs.memory["good"]
    old = figures[(figures["phase"] == run.phase) & among(figures["subject"], asked)]
    fresh = sources.figures(inputs, run.phase)
    older = good[(good["phase"] == run.phase) & among(good["view"], asked)]
    well = pd.Series([view for view in sources.views(inputs) if view not in set(asked)], dtype="str")
    newer = pd.DataFrame({"phase": run.phase, "view": well, "run": run.name}).astype(tables.GOOD)
    lease.remember(
        links=archive.frames(run, "links").get("links"),
        figures=pd.concat([old, fresh[~among(fresh["subject"], asked)]], ignore_index=True),
        good=pd.concat([older, newer], ignore_index=True),
        sites=_sites(run.phase, known.site),
    )
    lease.passed(run.phase, passage.name_of(known.site))


def _count(run: Run, lease: Lease, units: pd.Series) -> None:
    counted = run.files.read_frame(COUNTED).astype("str")
    counted = counted[among(counted["unit"], units)]
    done = breakers.done(counted, run.name, run.night, _allowed(opening.read(run)))
    lease.count(cast(done, tables.DONE), run.name, (run.night - timedelta(days=NIGHTS)).isoformat())


def _allowed(known: Opening) -> pd.DataFrame:
    return pd.DataFrame(known.allowed, columns=["breaker", "scope", "units"]).astype(
        {"breaker": "str", "scope": "str", "units": "int64"}
    )


def _sites(phase: str, site: dict[str, str | None]) -> pd.DataFrame:
    rows = {"phase": phase, "name": [*site], "setting": [*site.values()]}
    return pd.DataFrame(rows, columns=list(tables.SITES)).astype(tables.SITES)


def _done(notes: Journal) -> pd.Series:
    entries = notes.entries()
    return plan.change_ids(entries[entries["outcome"] == "done"])
