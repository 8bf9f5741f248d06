"""One phase on its archived inputs, as the tasks ``diff`` and ``check`` play it: what each part costs.

``python -m bench.phase STORE PHASE CASE``
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.clock import Clock, peak


def played(root: Path, phase: str, case: str) -> dict[str, Any]:
    """CPU seconds of import, read, draft, write (what ``diff`` leaves) and guard (what is refused or held); peak MB."""
    clock = Clock()
    with clock("import"):
        from bench import archived
        from ecampus.night import holding, reconcile
        from ecampus.night.phases import PHASES
        from ecampus.safety import guard
        from ecampus.store import archive
    run = archived.run(root, phase, case)
    PHASES[phase] = replace(PHASES[phase], draft=clock.around("draft", PHASES[phase].draft))
    archive.inputs = clock.around("read", archive.inputs)  # type: ignore[assignment]
    guard.check = clock.around("guard", guard.check)
    holding.held = clock.around("guard", holding.held)
    with clock("diff"):
        reconcile.diff(run)
    spent = dict(clock.seconds)
    write = spent.pop("diff") - spent["read"] - spent["draft"]
    reconcile.check(run)
    plan = run.files.read_json("plan.json")
    changes = sum(number for verbs in plan["counts"].values() for number in verbs.values())
    return spent | {"write": write, "guard": clock.seconds["guard"], "peak": peak(), "changes": changes}


if __name__ == "__main__":
    print(json.dumps(played(Path(sys.argv[1]), *sys.argv[2:])))
