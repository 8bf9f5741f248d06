"""ecampus itself, drafts whole: anomalies and verdicts included. ``python -m bench.engines.ours STORE CASE FOLDER``"""

from __future__ import annotations

import sys
from pathlib import Path

from bench import archived
from bench.engines import PHASES
from ecampus.night import phases
from ecampus.store import archive

GIVES, TAKES = {"enrol", "add"}, {"unenrol", "remove"}


def main(root: Path, case: str, folder: Path) -> None:
    """Both phases."""
    for phase in PHASES:
        changes = phases.PHASES[phase].draft(archive.inputs(archived.run(root, phase, case))).changes
        for name, verbs in {"add": GIVES, "remove": TAKES}.items():
            changes.loc[changes["verb"].isin(verbs), ["key"]].to_parquet(folder / f"{phase}-{name}.parquet")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
