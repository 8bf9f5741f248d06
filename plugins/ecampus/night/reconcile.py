"""The story of a phase: extract, diff, check, apply, verify, report. No Airflow in it.

A run's folder holds ``run.json`` (what it is), ``source/``, ``existing/``, ``owned/`` and ``memory/`` (all that was
read), ``plan.parquet``, ``plan.json``, ``anomalies.parquet``, ``waiting.parquet``, ``verdicts.parquet``, ``journal/``,
``report.json`` and ``report.html``. Each step reads what the one before left there, so that any can be run again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from ecampus.apply.steps import step_of
from ecampus.apply.writer import write, writer_for
from ecampus.changes import plan
from ecampus.changes.draft import Inputs
from ecampus.contract.moodle import HIDDEN
from ecampus.errors import StoreUnusable
from ecampus.history import keeping
from ecampus.moodle import mark
from ecampus.night import (
    carrying,
    foreseen,
    holding,
    in_flight,
    intake,
    purpose,
    reading,
    recovering,
    reports,
    resuming,
    taking,
    undone,
    writing,
)
from ecampus.night.intake import Frames, Systems
from ecampus.night.phases import PHASES
from ecampus.night.reports import State
from ecampus.register.lease import Lease
from ecampus.register.owned import Owned
from ecampus.register.register import Register
from ecampus.rules import verdicts
from ecampus.safety import guard, unknown, whose
from ecampus.shapes import cast
from ecampus.store import archive, journal, journals, memory, opening, replay
from ecampus.store.files import Run
from ecampus.words import reporting
from ecampus.words.progress import figure

LOG = logging.getLogger("ecampus")


def extract_source(run: Run, systems: Systems) -> str:
    """Read REFER and LDAP into the run's folder; a replay finds its archive instead."""
    opening.forget_computed(run)
    if run.replay:
        return replay.find(run, "source")
    frames = intake.sources(PHASES[run.phase], systems, archive.settings(run))
    archive.keep(run, "source", frames)
    return _counted("Source lue", frames)


def extract_moodle(run: Run, systems: Systems) -> str:
    """Read Moodle and the enrolment table, beside what is ours and what earlier nights left, into the run's folder."""
    opening.forget_computed(run)
    if run.replay:
        return replay.find(run, "existing")
    phase, register = PHASES[run.phase], Register(systems.enrolment_hook())
    register.prepare()
    intake.preflight(run.phase, systems, archive.settings(run).auth)
    client = systems.moodle()
    whose.require_same(register.state(), mark.read(client), client.url)
    state, owned, remembered, batches = register.state(), register.owned(), register.memory(), register.open_batches()
    begun = carrying.begun(state)
    ahead = foreseen.at(run, owned)

    def ours(found: Frames) -> Owned:
        return writing.known(ahead.owned, batches, found)

    remembered |= ahead.links
    kept = remembered | memory.read(run.store, run.phase)
    names = (*phase.around, *phase.written)
    known = carrying.taken(run, systems, state) | ahead.known(names)
    further = foreseen.real(reading.further(run, ours, kept))
    asked = intake.Asked(names, run.night, phase.partial, further, writing.courses(batches), known)
    frames = intake.existing(asked, systems, ours)
    recovering.require_kept(state, owned, run.store, frames, client.url)
    if "enrolled" in frames:
        frames["enrolled"] = ahead.enrolled(frames["enrolled"])
    carrying.left(run, systems, begun, frames)
    archive.keep(run, "owned", ours(frames))
    archive.keep(run, "memory", kept)
    archive.keep(run, "existing", frames)
    run.files.write_json("register.json", {"name": state.name, "change": state.change, "carried": [*known]})
    return _counted("ecampus lu", frames)


def diff(run: Run) -> str:
    """Apply the rules and compare: the plan and the anomalies of this phase."""
    opening.forget_computed(run)
    inputs = archive.inputs(run)
    draft = purpose.draft(run, inputs)
    known = plan.counts(draft.changes)
    run.files.write_frame("plan.parquet", draft.changes)
    undone.tell(run, inputs)
    run.files.write_frame("anomalies.parquet", draft.anomalies)
    run.files.write_frame("waiting.parquet", draft.waiting.reindex(columns=["key", "code", "username"]).astype("str"))
    run.files.write_frame("verdicts.parquet", verdicts.together(draft.verdicts))
    archive.keep(run, "recognised", draft.recognised)
    archive.keep(run, "forgotten", draft.forgotten)
    archive.keep(run, "links", {"links": draft.links} if draft.links is not None else {})
    run.files.write_json(
        "plan.json",
        {
            "counts": known,
            "read": draft.read,
            "unchanged": draft.unchanged(),
            "waiting": len(draft.waiting),
        },
    )
    return reporting.planned(known, draft.unchanged())


def check(run: Run) -> str:
    """Refuse what looks like a failed read, and hold what people must decide, before anything is written."""
    inputs, changes = archive.inputs(run), cast(run.files.read_frame("plan.parquet"), plan.TYPES)
    guard.check(inputs)
    unknown.require_known(inputs, archive.limits(run).unknown)
    if lost := guard.rows_lost(inputs):
        LOG.warning("%s", lost)
    held = holding.held(run, inputs, changes)
    run.files.write_frame("plan.parquet", held.changes)
    holding.keep(run, held)
    run.files.write_json("checked.json", plan.digest(held.changes))
    return holding.told(run, held)


def apply(run: Run, systems: Systems, live: Callable[[], None]) -> str:
    """Write the stored plan and no other; a run that was interrupted resumes with what still holds true."""
    changes, inputs = stored_plan(run), archive.inputs(run)
    foreseen.require_real(changes)
    register = Register(systems.enrolment_hook())
    with register.lease(run.name) as lease:
        journals.begin(run, register.state())
        inputs, resumed = resuming.mended(run, systems, register, lease, inputs, changes)
        inputs, moved = carrying.looked_again(run, systems, inputs, changes)
        if resumed or moved:
            fresh = purpose.draft(run, inputs).changes
            changes = plan.still_true(changes, holding.held(run, inputs, fresh).changes)
        notes = journal.Journal(run.files)
        holding.noted(run, register, lease, inputs, changes, notes)
        if resumed or not changes.empty:
            carrying.over(run)
        if changes["held"].isna().any():
            _write(run, systems, register, lease, inputs, changes, notes, live)
        holding.learned(run, lease, inputs, notes)
        run.files.write_json("written.json", plan.counts(_done(notes.entries())))
    return reports.written(notes.entries()) if len(changes) else "Rien à écrire : ecampus est déjà conforme."


def _write(
    run: Run,
    systems: Systems,
    register: Register,
    lease: Lease,
    inputs: Inputs,
    changes: pd.DataFrame,
    notes: journal.Journal,
    live: Callable[[], None],
) -> None:
    try:
        with writing.marked(register, lease, systems.moodle(), live):
            writer = writer_for(inputs, systems.moodle, lease, writing.about(run), notes, live)
            write(changes, writer, step_of)
    finally:
        notes.flush()
        reports.tell(notes.entries())


def verify(run: Run, systems: Systems) -> str:
    """Read again what was written, item by item; what does not show is told, and is too much only beyond a share."""
    done, inputs = journal.accomplished(journal.read(run.files)), archive.inputs(run)
    register = Register(systems.enrolment_hook())
    if run.phase == "enrolments":
        LOG.info("%s", reports.taken(taking.follow(run, systems, inputs, register)))
    if done.empty and not register.open_batches():
        return "Rien n'a été écrit : rien à vérifier."
    owned = register.owned()
    batches = register.open_batches()
    courses = [*writing.courses(batches), *in_flight.courses(done)]
    begun = carrying.begun(register.state())
    sure = not batches and not run.files.read_json("register.json").get("resumed")
    touched = in_flight.touched(done) if sure else {}
    now = reading.again(run, systems, inputs, lambda _: owned, courses, touched)
    fresh = purpose.wanted(run, replace(inputs, existing=now, owned=owned))
    missing = in_flight.unseen(done, fresh.changes, now)
    run.files.write_frame("unseen.parquet", missing)
    with register.lease(run.name) as lease:
        writing.doubt(run, writing.mend(lease, register.open_batches(), now, owned, run, closing=False))
        writing.keep(lease, missing, inputs.owned)
    guard.require_seen(missing, done, inputs.settings.contact)
    carrying.left(run, systems, begun, now)
    return reporting.verified(len(done), len(missing))


def report(run: Run, state: State, reason: str | None) -> str:
    """Write ``report.json`` and ``report.html``, keep the memory for the next night and the history; the summary."""
    notes = reports.told(run)
    made = reports.write(run, state, reason, notes)
    if not run.replay and state != "failed" and opening.read(run).undoes is None:
        memory.keep(run, notes)
    keeping.keep(run)
    return reporting.summary(made)


def stored_plan(run: Run) -> pd.DataFrame:
    """The plan of this run. Raises StoreUnusable when it is not the one that was checked."""
    changes = cast(run.files.read_frame("plan.parquet"), plan.TYPES)
    if plan.digest(changes) != run.files.read_json("checked.json"):
        raise StoreUnusable(
            "Le plan enregistré a été modifié depuis sa vérification : relancer la phase depuis « Comparer »."
        )
    return changes


def _done(entries: pd.DataFrame) -> pd.DataFrame:
    return entries[entries["outcome"] == "done"]


def _counted(what: str, frames: dict[str, pd.DataFrame]) -> str:
    shown = {name: len(frame) for name, frame in frames.items() if len(frame) or name not in HIDDEN}
    return f"{what} : " + ", ".join(f"{name} {figure(number)}" for name, number in shown.items())
