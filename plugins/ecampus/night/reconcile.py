"""The story of a phase: extract, diff, check, apply, verify, report. No Airflow in it.

A run's folder holds ``settings.json``, ``source/``, ``existing/``, ``ledger/`` and ``memory/`` (all that was read),
``plan.parquet``, ``plan.json``, ``anomalies.parquet``, ``waiting.parquet``, ``journal/``, ``taken.json``,
``report.json`` and ``report.html``. Each step reads what the one before left there, so that any can be run again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import pandas as pd

from ecampus.apply.steps import step_of
from ecampus.apply.writer import write, writer_for
from ecampus.changes import plan
from ecampus.changes.draft import Draft, Inputs
from ecampus.contract.moodle import HIDDEN
from ecampus.errors import ResidueLeft, StoreUnusable
from ecampus.night import intake, taking
from ecampus.night.intake import Frames, Systems
from ecampus.night.phases import PHASES
from ecampus.register import ledger, ownership
from ecampus.register.ledger import Ledger
from ecampus.register.lock import writing
from ecampus.safety import guard
from ecampus.store import archive, journal
from ecampus.store.files import Run
from ecampus.words import reporting
from ecampus.words.progress import figure

LOG = logging.getLogger("ecampus")


def extract_source(run: Run, systems: Systems) -> str:
    """Read REFER and LDAP, with the site's settings, into the run's folder; a replay finds its archive instead."""
    if run.replay:
        return archive.find(run, "source")
    settings = systems.settings(run.night)
    archive.keep_settings(run, settings)
    frames = intake.sources(PHASES[run.phase], systems, settings)
    archive.keep(run, "source", frames)
    return _counted("Source lue", frames)


def extract_moodle(run: Run, systems: Systems) -> str:
    """Read Moodle and the enrolment table, beside the ledger and the memory, into the run's folder."""
    if run.replay:
        return archive.find(run, "existing")
    phase = PHASES[run.phase]
    ownership.belonging(run.store, intake.preflight(run.phase, systems))
    ownership.stamp(run)
    owned = ownership.load(run.store)

    def mended(found: Frames) -> Ledger:
        return ownership.mended(run, owned, found)

    frames = intake.existing((*phase.around, *phase.written), systems, mended)
    archive.keep(run, "ledger", mended(frames))
    archive.keep(run, "memory", archive.memory(run.store, run.phase))
    archive.keep(run, "existing", frames)
    return _counted("ecampus lu", frames)


def diff(run: Run) -> str:
    """Apply the rules and compare: the plan and the anomalies of this phase."""
    draft = PHASES[run.phase].draft(archive.inputs(run))
    known = plan.counts(draft.changes)
    run.files.write_frame("plan.parquet", draft.changes)
    run.files.write_frame("anomalies.parquet", draft.anomalies)
    run.files.write_frame("waiting.parquet", draft.waiting.reindex(columns=["key", "code", "username"]).astype("str"))
    archive.keep(run, "recognised", draft.recognised)
    run.files.write_json(
        "plan.json",
        {
            "digest": plan.digest(draft.changes),
            "counts": known,
            "read": draft.read,
            "unchanged": draft.unchanged(),
            "waiting": len(draft.waiting),
        },
    )
    return reporting.planned(known, draft.unchanged())


def check(run: Run) -> str:
    """Refuse what looks like a failed read, before anything is written."""
    guard.check(archive.inputs(run))
    run.files.write_json("checked.json", run.files.read_json("plan.json")["digest"])
    return "Le plan est sûr : les lectures sont complètes."


def apply(run: Run, systems: Systems, live: Callable[[], None]) -> str:
    """Write the stored plan and no other; a run that was interrupted resumes with what still holds true."""
    changes, inputs = stored_plan(run), archive.inputs(run)
    with writing(run) as lock:
        resumed, owned = ownership.begun(run) or ownership.moved_on(run), ownership.load(run.store)
        if resumed:
            inputs = replace(inputs, existing=_read_again(run, systems, inputs, owned), ledger=owned)
            guard.check(inputs)
        owned = _recognising(ownership.settled(run, owned, inputs.existing), run)
        owned = ledger.without_removed(owned, inputs.existing)
        inputs = replace(inputs, ledger=owned)
        if resumed:
            changes = plan.still_true(changes, PHASES[run.phase].draft(inputs).changes)
        if changes.empty:
            ownership.commit(run, owned)
            run.files.write_json("written.json", {})
            return "Rien à écrire : ecampus est déjà conforme."
        ownership.save(run.store, owned)
        ownership.begin(run)

        def allowed() -> None:
            live()
            lock.beat()

        notes = journal.Journal(run.files)
        writer = writer_for(inputs, systems, notes, allowed)
        try:
            write(changes, writer, step_of)
        finally:
            notes.flush()
            owned = ledger.fold(owned, _done(notes.entries()), run.night.isoformat())
            ownership.save(run.store, owned)
        ownership.commit(run, owned)
    run.files.write_json("written.json", plan.counts(_done(notes.entries())))
    return reporting.written(notes.entries())


def verify(run: Run, systems: Systems) -> str:
    """Read again what was written and compare again: what was done and is still asked for is a failure."""
    entries = journal.read(run.files)
    done = _done(entries)
    inputs = archive.inputs(run)
    if run.phase == "enrolments":
        LOG.info("%s", reporting.taken(taking.follow(run, systems, inputs)))
    if done.empty:
        return "Rien n'a été écrit : rien à vérifier."
    owned = ownership.load(run.store)
    now = _read_again(run, systems, inputs, owned)
    fresh: Draft = PHASES[run.phase].draft(replace(inputs, existing=now, ledger=owned))
    moved = (done["verb"] != "copy_key") | done["unit"].isin(plan.change_ids(done))
    residue = plan.still_true(done[moved], fresh.changes)
    if not residue.empty:
        raise ResidueLeft(
            f"Après écriture, {figure(len(residue))} changements faits ne se voient pas sur ecampus, par exemple"
            f" {', '.join(plan.change_ids(residue).head(5))} : relancer la phase, et prévenir"
            f" le {inputs.settings.contact} si cela se répète."
        )
    return f"Vérifié : les {figure(len(done))} changements se voient sur ecampus."


def report(run: Run, state: Literal["success", "failed"], reason: str | None) -> str:
    """Write ``report.json`` and ``report.html``, keep the memory for the next night, return the summary."""
    made = archive.report(run, state, reason)
    if not run.replay and state == "success":
        archive.remember(run)
    return reporting.summary(made)


def stored_plan(run: Run) -> pd.DataFrame:
    """The plan of this run. Raises StoreUnusable when it is not the one that was checked."""
    changes = run.files.read_frame("plan.parquet").astype(plan.empty().dtypes.to_dict())
    if plan.digest(changes) != run.files.read_json("checked.json"):
        raise StoreUnusable(
            "Le plan enregistré a été modifié depuis sa vérification : relancer la phase depuis « diff »."
        )
    return changes


def _recognising(owned: Ledger, run: Run) -> Ledger:
    learned = archive.frames(run, "recognised")
    return owned | {kind: ledger.owning(kind, owned[kind], frame) for kind, frame in learned.items()}


def _read_again(run: Run, systems: Systems, inputs: Inputs, owned: Ledger) -> Frames:
    written = PHASES[run.phase].written
    untouched = {name: frame for name, frame in inputs.existing.items() if name not in written}
    return intake.existing(written, systems, lambda found: ownership.mended(run, owned, found), untouched)


def _done(entries: pd.DataFrame) -> pd.DataFrame:
    return entries[entries["outcome"] == "done"]


def _counted(what: str, frames: dict[str, pd.DataFrame]) -> str:
    shown = {name: len(frame) for name, frame in frames.items() if len(frame) or name not in HIDDEN}
    return f"{what} : " + ", ".join(f"{name} {figure(number)}" for name, number in shown.items())
