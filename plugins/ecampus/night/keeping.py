"""What is kept no longer goes, from the store and from the register."""

from __future__ import annotations

from datetime import date

from ecampus.history import keeping as history
from ecampus.night.intake import Systems
from ecampus.register.register import Register
from ecampus.store import retention
from ecampus.store.files import Store
from ecampus.store.retention import Keeping
from ecampus.words import retention as words

HOLDER = "rétention des nuits"


def prune(store: Store, systems: Systems, tonight: date, keeping: Keeping) -> str:
    """Files and the history first, then what the register noted of its writes; frozen or not: Moodle is not touched.

    Raises StoreUnusable; AlreadyRunning while a phase writes.
    """
    extracts, reports = keeping.first_extracts(tonight), keeping.first_reports(tonight)
    pruned = retention.prune(store, tonight, keeping)
    history.forget(store, reports)
    register = Register(systems.enrolment_hook())
    register.prepare()
    with register.lease(HOLDER) as lease:
        batches = lease.forget_batches(reports.isoformat())
    return words.pruned(pruned.files, batches, extracts, reports, pruned.waiting)
