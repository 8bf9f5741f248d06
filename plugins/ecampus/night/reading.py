"""What a run reads of Moodle beyond the whole lists: what its plan needs, and once more what it wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ecampus.changes.courses import live_courses
from ecampus.changes.draft import Inputs
from ecampus.night import intake, undone
from ecampus.night.intake import Frames, Systems
from ecampus.night.phases import PHASES
from ecampus.register.owned import Owned
from ecampus.store import archive, opening
from ecampus.store.files import Run


def again(
    run: Run,
    systems: Systems,
    inputs: Inputs,
    owned: Callable[[Frames], Owned],
    courses: Sequence[int],
    touched: Mapping[str, Sequence[int]] | None = None,
) -> Frames:
    """What the phase writes, as it is now: all of it, or of the frames ``touched`` the objects that are named there.

    ``courses``: those of which all groups are read.
    """
    phase = PHASES[run.phase]
    untouched = {name: frame for name, frame in inputs.existing.items() if name not in phase.written}
    more = further(run, owned, inputs.memory)
    asked = intake.Asked(
        phase.written, run.night, (), more, courses, untouched, before=inputs.existing, again=touched or {}
    )
    return intake.existing(asked, systems, owned)


def further(
    run: Run, owned: Callable[[Frames], Owned], kept: Frames
) -> Callable[[Frames], Mapping[str, Sequence[int]]] | None:
    """What the phase needs to read further, once it sees this of Moodle."""
    needed = PHASES[run.phase].further
    if needed is None:
        return None
    settings, source = archive.settings(run), archive.frames(run, "source")
    undone_ = undone.courses(run) if opening.read(run).undoes else []

    def asked(found: Frames) -> Mapping[str, Sequence[int]]:
        mine = owned(found)
        more = needed(Inputs(settings, source, found, mine, kept))
        if not undone_:
            return more
        live = {*live_courses(found["courses"], mine["course"])["id"]} & {*undone_}
        return {frame: sorted({*courses, *live}) for frame, courses in more.items()}

    return asked
