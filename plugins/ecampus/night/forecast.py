"""What the rest of a night would hold or refuse, imagined at its beginning, before the first write.

It is a rehearsal of this very night. It warns and decides nothing: whatever becomes of it, the night goes on.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from ecampus.errors import EcampusError
from ecampus.night import rehearsal
from ecampus.night.intake import Systems
from ecampus.night.reports import FORECAST
from ecampus.store import retention
from ecampus.store.files import Run
from ecampus.words import rehearsing as words

LOG = logging.getLogger("ecampus")


def make(run: Run, systems: Systems, now: datetime) -> str:
    """Tell in the log, and for the report of this run, what the phases after it would come to; the log's last line.

    What a kill leaves to the report is that there is no forecast. Raises StoreUnusable.
    """
    run.files.write_json(FORECAST, [words.INTERRUPTED])
    try:
        told = _foreseen(run, systems, now)
    except EcampusError as error:
        told = [words.unforeseen(str(error))]
    run.files.write_json(FORECAST, told)
    for sentence in told:
        LOG.warning("%s", sentence)
    return words.forecast_made(len(told))


def forget(run: Run) -> None:
    """Before the run begins, again or not: what was foreseen of it once is no longer so."""
    run.files.remove(FORECAST)


def _foreseen(run: Run, systems: Systems, now: datetime) -> list[str]:
    """The extracts of the rehearsal go at once: those of the night itself are kept."""
    name = f"prevision-{run.run_id}"
    made = rehearsal.rehearse(run.store, systems, run.night, name, now, None)
    own = rehearsal.store_of(run.store, name)
    for extract in retention.outdated(own.everything(), run.night + timedelta(days=1), retention.Keeping(extracts=1)):
        own.remove(extract)
    own.sweep("")
    LOG.info("Prévision complète : %s", made["report"])
    return words.forecast(made, run.phase)
