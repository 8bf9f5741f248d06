"""What each phase of each case drafts, as digests: the same before and after a change of the code, or it is a fault.

``python -m bench.digests STORE``, on inputs that were archived before the change.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from bench import archived
from ecampus.changes import plan
from ecampus.changes.draft import Draft
from ecampus.night.phases import PHASES
from ecampus.rules import verdicts
from ecampus.store import archive


def lines(root: Path) -> Iterator[str]:
    """One line per phase and case."""
    for case in archived.CASES:
        for phase in PHASES:
            found = told(PHASES[phase].draft(archive.inputs(archived.run(root, phase, case))))
            yield " ".join([case, phase, *(f"{name}={digest}" for name, digest in found.items())])


def told(draft: Draft) -> dict[str, str]:
    """The digest of the plan, in its order; those of the other frames, whatever the order of their rows."""
    learned = {f"recognised {kind}": frame for kind, frame in draft.recognised.items()}
    learned |= {f"forgotten {kind}": frame for kind, frame in draft.forgotten.items()}
    return {
        "plan": plan.digest(draft.changes),
        "anomalies": whatever_order(draft.anomalies),
        "waiting": whatever_order(draft.waiting),
        "verdicts": whatever_order(verdicts.together(draft.verdicts)),
        "links": whatever_order(pd.DataFrame() if draft.links is None else draft.links),
        "learned": _short(repr({name: whatever_order(frame) for name, frame in learned.items()})),
    }


def whatever_order(frame: pd.DataFrame) -> str:
    """A digest of the rows as text, whatever their order and that of the columns."""
    if frame.empty:
        return "empty"
    texts = frame[sorted(frame)].astype("object").where(frame[sorted(frame)].notna(), None).astype("str")
    rows = pd.util.hash_pandas_object(texts, index=False)
    return _short(repr((sorted(frame), len(frame), int(rows.sum()))))


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


if __name__ == "__main__":
    print(json.dumps(list(lines(Path(sys.argv[1])))))
