"""Five archived runs for each case, as ``extract_source`` and ``extract_moodle`` leave them.

``python -m bench.runs STORE FACTOR``
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench import day, state, university
from bench.archived import CHANGED, FIRST, SAME, run
from bench.state import State
from bench.university import Frames
from ecampus.changes.draft import Inputs
from ecampus.night.phases import PHASES
from ecampus.store import archive, opening
from ecampus.store.files import Run
from ecampus.store.opening import Opening


def made(root: Path, factor: float) -> None:
    """A university of ``factor`` Caen, its first night, the same again, and a day of changes, under ``root``.

    Raises RuntimeError when the second night, for which nothing changed, plans something.
    """
    source = university.university(factor)
    world = state.empty(source, factor)
    _night(root, FIRST, world, source)
    world.morning()
    _night(root, SAME, world, source)
    world.morning()
    _night(root, CHANGED, world, day.changed(source))


def _night(root: Path, case: str, world: State, source: Frames) -> None:
    for phase in PHASES:
        inputs, draft = world.play(phase, source)
        if case == SAME and len(draft.changes):
            raise RuntimeError(f"Nothing changed, and {phase} plans {len(draft.changes)} changes.")
        _keep(run(root, phase, case), inputs)


def _keep(run: Run, inputs: Inputs) -> None:
    opening.keep(run, Opening(inputs.settings.night, "live", settings=inputs.settings))
    for part, frames in (
        ("source", inputs.source), ("existing", inputs.existing), ("owned", inputs.owned), ("memory", inputs.memory),
    ):  # fmt: skip
        archive.keep(run, part, frames)


if __name__ == "__main__":
    made(Path(sys.argv[1]), float(sys.argv[2]))
