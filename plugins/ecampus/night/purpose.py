"""What a run is for: what the sources want, what people approved of that, or a night undone."""

from __future__ import annotations

from dataclasses import replace

from ecampus.changes.draft import Draft, Inputs
from ecampus.night import holding, undone
from ecampus.night.phases import PHASES
from ecampus.store import opening
from ecampus.store.files import Run


def wanted(run: Run, inputs: Inputs) -> Draft:
    """What the state that ``inputs`` tells still lacks: before the writes the plan, after them what is left."""
    if opening.read(run).undoes:
        return Draft(changes=undone.turned(run, inputs).changes)
    return PHASES[run.phase].draft(inputs)


def draft(run: Run, inputs: Inputs) -> Draft:
    """The same, less what this run may not do."""
    found = wanted(run, inputs)
    return replace(found, changes=holding.approved(run, inputs, found.changes))
