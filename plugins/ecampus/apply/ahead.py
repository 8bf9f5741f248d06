"""Write-ahead: what a request is about to send is noted in the register before it leaves, and settled after it."""

from __future__ import annotations

from collections.abc import Sequence

from ecampus.changes import gains, plan
from ecampus.changes.plan import ByPlace, Change
from ecampus.moodle.batches import Outcome
from ecampus.register.batches import About
from ecampus.register.lease import Lease

DONE, FAILED, RESENT = "done", "failed", "resent"


class Ahead:
    """The requests of one step. Each method is called by one thread at a time.

    A request that Moodle refused comes back in halves: it is settled once each of its items is known or sent again.
    """

    def __init__(self, lease: Lease, about: About, changes: ByPlace) -> None:
        self._lease, self._about, self._changes = lease, about, changes
        self._open: dict[int, dict[int, str | None]] = {}

    def intend(self, indices: Sequence[int]) -> None:
        """Before a request. Raises LeaseLost: then it must not leave."""
        again = set(indices)
        for number, batch in list(self._open.items()):
            batch |= dict.fromkeys(batch.keys() & again, RESENT)
            self._settle_if_known(number)
        number = self._lease.intend([plan.item(self._changes[index]) for index in indices], self._about)
        self._open[number] = dict.fromkeys(indices)

    def know(self, outcomes: Sequence[Outcome], done: Sequence[Change]) -> None:
        """What became of items; ``done``: the changes that were made, with their new ids."""
        learn(self._lease, done, self._about.night)
        became = {outcome.index: DONE if outcome.error is None else FAILED for outcome in outcomes}
        for number, batch in list(self._open.items()):
            if known := batch.keys() & became.keys():
                batch |= {index: became[index] for index in known}
                self._settle_if_known(number)

    def _settle_if_known(self, number: int) -> None:
        if None not in self._open[number].values():
            batch = self._open.pop(number)
            self._lease.settle(number, [{"outcome": outcome} for outcome in batch.values()], {}, {})


def learn(lease: Lease, done: Sequence[Change], night: str) -> None:
    """Count done changes into what is ours, with the next commit."""
    for object_, gained, lost in gains.told(done, night):
        lease.own(object_, gained)
        lease.disown(object_, lost)
