"""Whether a run is at work in the store: then nobody rewrites what it writes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ecampus.calendar import PHASES, today


def at_work(store: Any) -> tuple[str, str] | None:
    """A run of tonight or of the night before that has not ended: its phase as staff call it, and its name."""
    from ecampus.orchestration import records
    from ecampus.store.files import Store

    for night in (today(), today() - timedelta(days=1)):
        for phase, title in PHASES.items():
            for run in store.names(f"{night.isoformat()}/{phase}"):
                found = records.read(Store(store.root / night.isoformat() / phase / run))
                if found and not found.finished_at:
                    return title, run
    return None
