"""Many writes of one kind: cut in batches, a refused item isolated, nothing believed that was not counted.

Moodle rolls a whole batch back for one bad item (create_*, groups, memberships, categories) or applies
the others and answers warnings (update_courses, update_users, delete_courses, add_cohort_members).
Either way the batch is split in two until the bad item is alone and gets Moodle's own words.

Moodle keeps the groups of a course in a cache that a rollback does not mend: a group written and rolled back with its
neighbour goes on being shown, and its code refused. ``apart`` (the course) keeps such items in different calls.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ecampus.errors import TruncatedRead
from ecampus.moodle import answers
from ecampus.moodle.answers import item_id
from ecampus.moodle.client import DEADLOCK, HEADER_VARIABLES, MAX_VARIABLES, Busy, MoodleClient, MoodleRefusal, weight
from ecampus.moodle.refusals import LONGEST
from ecampus.words.clean import printable, shortened

TRIES = 4
"""Times that a request is sent to a Moodle that has too much to do."""
LOST_IN_A_ROW = 3
"""Items refused one after the other by Moodle's database, alone and twice: it is the database, not the items."""
ALREADY_A_MEMBER = "3"
"""Warning of add_cohort_members that is a success."""


@dataclass(frozen=True)
class Outcome:
    """What became of ``items[index]``: the ``id`` created, ``error`` in Moodle's words, or neither."""

    index: int
    id: int | None = None
    error: str | None = None


Batch = list[tuple[int, Any]]
BeforeCall = Callable[[Sequence[int]], None]
OnDone = Callable[[list[Outcome]], None]
Key = Callable[[Any], Hashable]


@dataclass(frozen=True)
class Sender:
    """One function of one client; ``before_call`` gets the indices of each request right before it is sent."""

    client: MoodleClient
    function: str
    param: str
    extra: dict[str, Any]
    before_call: BeforeCall

    def deliver(self, batch: Batch, again: bool = False) -> Iterator[list[Outcome]]:
        """Outcomes as they become known; a fatal error comes after those already yielded."""
        try:
            answer = self._call(batch)
        except MoodleRefusal as refusal:
            yield from self._isolated(batch, refusal.errorcode, refusal.words, again)
            return
        if isinstance(answer, list):
            yield from self._created(batch, answer)
        elif answer and (complaints := self._complaints(answer["warnings"])):
            yield from self._warned(batch, complaints, again)
        else:
            self.client.writes_lost = 0
            yield [Outcome(index) for index, _ in batch]

    def _call(self, batch: Batch, tries: int = TRIES) -> Any:
        """Sent again when Moodle had too much to do, if it did nothing then, or if twice is as once."""
        self.client.pace.ready()
        self.before_call([index for index, _ in batch])
        params = {self.param: [item for _, item in batch], **self.extra}
        try:
            return self.client.call(self.function, **params)
        except Busy as busy:
            if tries == 1 or not (busy.untouched or answers.repeatable(self.function)):
                raise
        return self._call(batch, tries - 1)

    def _isolated(self, batch: Batch, code: str, words: str, again: bool) -> Iterator[list[Outcome]]:
        """Split until the item is alone. A deadlock is nobody's fault once; twice it is a value too long."""
        if len(batch) > 1:
            middle = len(batch) // 2
            yield from self.deliver(batch[:middle])
            yield from self.deliver(batch[middle:])
        elif code == DEADLOCK and not again:
            yield from self.deliver(batch, again=True)
        else:
            yield [Outcome(batch[0][0], error=words)]
            self._count_lost(code, words)

    def _count_lost(self, code: str, words: str) -> None:
        self.client.writes_lost = self.client.writes_lost + 1 if code == DEADLOCK else 0
        if self.client.writes_lost == LOST_IN_A_ROW:
            raise self.client.told.unable_to_write(words)

    def _created(self, batch: Batch, answer: list[dict[str, Any]]) -> Iterator[list[Outcome]]:
        self.client.writes_lost = 0
        yield [Outcome(index, row["id"]) for (index, _), row in zip(batch, answer, strict=False)]
        if len(answer) != len(batch):
            raise TruncatedRead(
                f"Moodle a répondu {len(answer)} objets pour {len(batch)} envoyés à {self.function}, la "
                "requête a été coupée : un administrateur porte max_input_vars de PHP à 5 000 ; "
                "puis relancer la phase."
            )

    def _warned(self, batch: Batch, complaints: list[dict[str, Any]], again: bool) -> Iterator[list[Outcome]]:
        """The others were applied. When a warning names no item of the batch, splitting finds it."""
        by_id = {str(complaint.get("itemid")): complaint for complaint in complaints}
        named = {index: by_id[key] for index, item in batch if (key := item_id(item)) in by_id}
        if len(batch) == 1 or len({id(complaint) for complaint in named.values()}) < len(by_id):
            code = str(complaints[0].get("warningcode"))
            yield from self._isolated(batch, code, _words(complaints[0]), again)
            return
        if len(named) < len(batch):
            self.client.writes_lost = 0
        locked = {index for index, complaint in named.items() if complaint.get("warningcode") == DEADLOCK}
        yield [
            Outcome(index, error=_words(named[index]) if index in named else None)
            for index, _ in batch
            if index not in locked
        ]
        for pair in batch:
            if pair[0] in locked:
                yield from self.deliver([pair], again=True)

    def _complaints(self, warnings: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if self.function != "core_cohort_add_cohort_members":
            return warnings
        return [warning for warning in warnings if str(warning.get("warningcode")) != ALREADY_A_MEMBER]


def send(
    client: MoodleClient,
    function: str,
    param: str,
    items: Sequence[Any],
    *,
    size: int,
    apart: Key | None = None,
    on_done: OnDone | None = None,
    extra: dict[str, Any] | None = None,
    before_call: BeforeCall | None = None,
) -> list[Outcome]:
    """Send ``items`` as ``param`` of ``function``, in order, at most ``size`` a call; one outcome an item.

    ``apart``: two items of the same key never share a call, and keep their order.

    ``on_done`` gets the outcomes of each batch as soon as they are known, so that they can be journalled;
    ``before_call`` gets the indices of the items about to be sent, right before every request (halves and second tries
    too), and may raise to stop. An item without an outcome when an error is raised may have been written: its request
    was lost, or got an answer that proves nothing.
    Raises SourceUnreachable (away, or its database takes nothing any more), SourceRefused, TruncatedRead: whatever was
    known went to ``on_done`` before.
    """
    sender = Sender(client, function, param, extra or {}, before_call or _nothing)
    outcomes: list[Outcome] = []
    for batch in cut(list(enumerate(items)), size, sender.extra, apart):
        for known in sender.deliver(batch):
            outcomes += known
            if on_done and known:
                on_done(known)
    return sorted(outcomes, key=lambda outcome: outcome.index)


def cut(indexed: Batch, size: int, extra: dict[str, Any], apart: Key | None) -> Iterator[Batch]:
    """In batches, by number of items, by number of form variables and by what must stay ``apart``."""
    header = HEADER_VARIABLES + weight(extra)
    batch: Batch = []
    variables = header
    turn = 0
    for rank, (index, item) in _in_turns(indexed, apart):
        more = weight(item)
        if batch and (len(batch) >= size or variables + more > MAX_VARIABLES or rank != turn):
            yield batch
            batch, variables = [], header
        batch.append((index, item))
        variables += more
        turn = rank
    if batch:
        yield batch


def _in_turns(indexed: Batch, apart: Key | None) -> list[tuple[int, tuple[int, Any]]]:
    """The first item of every key, then the second ones…, each with its turn; all in turn 0 when nothing is apart."""
    seen: Counter[Hashable] = Counter()
    turns = []
    for pair in indexed:
        key = apart(pair[1]) if apart else pair[0]
        turns.append((seen[key], pair))
        seen[key] += 1
    return sorted(turns, key=lambda turn: turn[0])


def _words(warning: dict[str, Any]) -> str:
    return shortened(warning["message"] or "", LONGEST) or printable(warning["warningcode"]) or "refus sans motif"


def _nothing(_: Sequence[int]) -> None:
    return None
