"""The right to write of one run: what a killed run left is mended first, then the plan goes out under Moodle's mark."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pandas as pd

from ecampus.apply.ahead import learn
from ecampus.changes import gains, plan
from ecampus.errors import RegisterUnusable, SourceUnreachable
from ecampus.joins import has
from ecampus.kinds import KINDS
from ecampus.moodle import mark
from ecampus.moodle.client import MoodleClient
from ecampus.night import in_flight
from ecampus.register.batches import About, Batch
from ecampus.register.lease import Lease
from ecampus.register.owned import MEMBERS, Owned
from ecampus.register.register import Register
from ecampus.safety import whose
from ecampus.store.files import Run, Store
from ecampus.store.journal import Journal

LOG = logging.getLogger("ecampus")
DOUBTFUL = "doubtful.parquet"
FOUND_DONE = "retrouvé fait après une interruption"

Frames = dict[str, pd.DataFrame]


def about(run: Run) -> About:
    """Who notes a batch."""
    return About(run.name, run.phase, run.night.isoformat())


def known(owned: Owned, batches: list[Batch], existing: Frames) -> Owned:
    """What is ours, with what Moodle shows done of the batches in flight; frames that are not read yet show nothing."""
    for batch in batches:
        changes = plan.of_items(batch.items)
        done = in_flight.looked_up(changes, existing, batch.intended).done
        owned = gains.fold(owned, done, batch.about.night)
    return owned


def courses(batches: list[Batch]) -> list[int]:
    """The courses whose groups must all be read to see what became of these batches."""
    return sorted({course for batch in batches for course in in_flight.courses(plan.of_items(batch.items))})


def mend(lease: Lease, batches: list[Batch], existing: Frames, owned: Owned, run: Run, closing: bool) -> pd.DataFrame:
    """Count into the register and their journals what killed runs did without saying so; returns what is in doubt.

    A batch that does not show whole stays open until a later run (``closing``) has looked for it in vain too: a process
    that was frozen with its call in hand may still send it, and part of it may be what another run did since.
    ``owned``: what is ours is in no doubt.
    """
    doubtful = []
    for batch in batches:
        changes = plan.of_items(batch.items)
        if not in_flight.shows(changes, existing):
            continue
        found = in_flight.looked_up(changes, existing, batch.intended)
        learn(lease, plan.each(found.done), batch.about.night)
        doubtful.append(_not_ours(found.doubtful, owned))
        whole = in_flight.blind(changes) or len(found.done) + len(found.doubtful) == len(changes)
        if whole or (closing and batch.looked not in (None, run.name)):
            _journal(run.store, batch, found.done)
            done = set(plan.change_ids(found.done))
            outcomes = [{"outcome": "done" if name in done else "unknown"} for name in plan.change_ids(changes)]
            lease.settle(batch.number, outcomes, {}, {})
        elif closing and batch.looked is None:
            lease.look(batch.number, run.name)
    lease.commit()
    return plan.in_order(doubtful)


def _not_ours(members: pd.DataFrame, owned: Owned) -> pd.DataFrame:
    if members.empty:
        return members
    object_ = str(members["object"].iloc[0])
    mine = gains.learned(KINDS[object_, "add"].gains, members, "")
    return members[~has(mine, owned[object_], list(mine))]


def doubt(run: Run, doubtful: pd.DataFrame) -> None:
    """Keep for the report, beside those of earlier attempts, the memberships of which nobody can say who made them."""
    earlier = [plan.typed(run.files.read_frame(DOUBTFUL))] if run.files.exists(DOUBTFUL) else []
    run.files.write_frame(DOUBTFUL, plan.in_order([*earlier, doubtful]).drop_duplicates(["object", "verb", "key"]))


def keep(lease: Lease, missing: pd.DataFrame, before: Owned) -> None:
    """Removals that were believed and do not show: what they were about is ours still, to be tried again.

    ``before``: what was ours when the run read Moodle, memberships of what was removed included.
    """
    for (object_, verb), rows in missing.groupby(["object", "verb"], sort=False):
        kind = KINDS[str(object_), str(verb)]
        if kind.losses and kind.object != "enrolment":
            lost = gains.learned(kind.losses, rows, "")
            lease.own(kind.object, before[kind.object][has(before[kind.object], lost, list(lost))])
            if kind.object in MEMBERS:
                members, container = MEMBERS[kind.object]
                lease.own(members, before[members][before[members][container].isin(rows["moodle_id"])])


def _journal(store: Store, batch: Batch, done: pd.DataFrame) -> None:
    notes = Journal(Store(store.root / batch.about.run))
    notes.record(done, "done", FOUND_DONE)
    notes.flush()


@contextmanager
def marked(register: Register, lease: Lease, client: MoodleClient, live: Callable[[], None]) -> Iterator[None]:
    """Raise the number in Moodle and in the register before the block and after it, though a freeze began meanwhile.

    Raises RegisterUnusable when the two do not know each other.
    """
    live()
    with _right_first(lease):
        state, found = register.state(), mark.read(client)
        whose.require_same(state, found, client.url)
        number = lease.intend_number()
        found = mark.raise_to(client, found, number) if found else mark.create(client, state.name, number)
        lease.settle_number()
    yield
    with _right_first(lease):
        number = lease.intend_number()
        mark.raise_to(client, found, number)
        lease.settle_number()


@contextmanager
def _right_first(lease: Lease) -> Iterator[None]:
    """A run that lost its right says so, and not what it finds of the run that took it."""
    try:
        yield
    except (RegisterUnusable, SourceUnreachable):
        lease.beat()
        raise
