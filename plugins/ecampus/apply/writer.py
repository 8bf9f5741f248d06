"""One plan, written in its order: each step sends the changes of one kind, and journals what became of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ecampus.apply.ahead import Ahead
from ecampus.changes import categories, keys, plan
from ecampus.changes.draft import Inputs
from ecampus.changes.ours import present
from ecampus.changes.plan import Change
from ecampus.joins import among
from ecampus.kinds import KINDS
from ecampus.moodle import batches, lanes
from ecampus.moodle.batches import Key, Outcome
from ecampus.moodle.client import MoodleClient
from ecampus.register.batches import About
from ecampus.register.lease import Lease
from ecampus.store.journal import Journal
from ecampus.words.progress import Progress
from ecampus.words.speech import title

LOG = logging.getLogger("ecampus")
BATCH = 50
WORKERS = 3
TAKING = {kind.id for kind in KINDS.values() if kind.losses}
UNDONE = "le changement de son code n'a pas eu lieu"


@dataclass(frozen=True)
class Route:
    """How items travel. ``lane``: what must stay with one worker (a course); without it all is strictly sequential.

    ``apart``: what must never share a call. ``size``: items a call, at most.
    """

    lane: Key | None = None
    apart: Key | None = None
    size: int = BATCH


@dataclass(frozen=True)
class _Call:
    function: str
    param: str
    route: Route


@dataclass
class Writer:
    """What a step writes with.

    ``live`` is called right before every write and raises when nothing may be written any more. ``lease``: the right to
    write, and the register. ``ids``: by kind, code → Moodle id of categories, cohorts and groups, completed as they are
    created. ``root``: the id of the category that holds everything.
    """

    moodle: Callable[[], MoodleClient]
    lease: Lease
    about: About
    journal: Journal
    live: Callable[[], None]
    owned: dict[str, pd.DataFrame]
    root: int
    ids: dict[str, dict[Any, int]]
    client: MoodleClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.moodle()

    def send(
        self, rows: pd.DataFrame, function: str, param: str, items: Sequence[Any], route: Route | None = None
    ) -> pd.DataFrame:
        """Send one item per row; returns the rows that were done, with their new ids.

        What is refused because another of these changes had not freed the name yet is tried once more at the end.
        """
        if rows.empty:
            return rows
        call = _Call(function, param, route or Route())
        done, refused = self._try(rows, call, items)
        if refused and KINDS[rows["object"].iloc[0], rows["verb"].iloc[0]].again:
            places = [outcome.index for outcome in refused]
            rows, items = rows.iloc[places], [items[place] for place in places]
            more, refused = self._try(rows, call, items)
            done = plan.in_order([done, more])
        self._record_failed(rows, refused)
        return done

    def publish(self, rows: pd.DataFrame) -> None:
        """Rows of the enrolment table, and which of them are ours, in one transaction."""
        self.live()
        adding = ~(rows["object"] + "|" + rows["verb"]).isin(TAKING)
        add, remove = rows[adding], rows[~adding]
        self.lease.publish(
            plan.rows(add), plan.rows(remove), plan.rows(add[~add["foreign"]]), plan.rows(remove), self.about.night
        )
        self.journal.record(rows, "done")
        self.journal.flush()

    def allowed(self, _: Sequence[int] = ()) -> None:
        """Raise when nothing may be written any more: a freeze, or a right that was lost."""
        self.live()
        self.lease.beat()

    def _try(self, rows: pd.DataFrame, call: _Call, items: Sequence[Any]) -> tuple[pd.DataFrame, list[Outcome]]:
        done: list[Outcome] = []
        refused: list[Outcome] = []
        changes = plan.ByPlace(rows)
        progress, ahead = Progress(title(rows), len(rows), LOG), Ahead(self.lease, self.about, changes)

        def before(indices: Sequence[int]) -> None:
            self.live()
            ahead.intend(indices)

        def record(outcomes: list[Outcome]) -> None:
            progress.step(len(outcomes))
            good = [o for o in outcomes if o.error is None]
            made = [_made(changes[o.index], o) for o in good]
            self.journal.note(rows, *_places_and_ids(good), "done", [""] * len(good))
            ahead.know(outcomes, made)
            done.extend(good)
            refused.extend(o for o in outcomes if o.error is not None)

        self._deliver(call, items, before, record)
        return plan.taken(rows, *_places_and_ids(done)), sorted(refused, key=lambda outcome: outcome.index)

    def _deliver(
        self,
        call: _Call,
        items: Sequence[Any],
        before: Callable[[Sequence[int]], None],
        record: Callable[[list[Outcome]], None],
    ) -> None:
        route = call.route
        how: dict[str, Any] = {
            "size": route.size, "apart": route.apart, "on_done": record, "before_call": before,
        }  # fmt: skip
        if route.lane is None:
            batches.send(self.client, call.function, call.param, items, **how)
        else:
            lanes.send_parallel(self._beside, call.function, call.param, items, workers=WORKERS, lane=route.lane, **how)

    def _beside(self) -> MoodleClient:
        """A client for another worker, at the pace of all."""
        client = self.moodle()
        client.pace = self.client.pace
        return client

    def _record_failed(self, rows: pd.DataFrame, bad: list[Outcome]) -> None:
        words = [str(o.error) for o in bad]
        self.journal.note(rows, *_places_and_ids(bad), "failed", words)

    def put_off(self, rows: pd.DataFrame, why: str) -> None:
        """Changes that are not sent tonight, and why."""
        self.journal.record(rows, "put_off", why)


def writer_for(
    inputs: Inputs,
    moodle: Callable[[], MoodleClient],
    lease: Lease,
    about: About,
    journal: Journal,
    live: Callable[[], None],
) -> Writer:
    """The writer of a plan drawn from these inputs."""
    existing, owned = inputs.existing, inputs.owned
    ids: dict[str, dict[Any, int]] = {"category": {}, "cohort": {}, "group": {}}
    root = 0
    if "categories" in existing:
        here = categories.by_code(existing["categories"], owned["category"])
        ids["category"] = dict(zip(here["code"], here["id"], strict=True))
        root = categories.root_id(existing["categories"], inputs.settings.managed_root)
    if "cohorts" in existing:
        cohorts = present(owned["cohort"], existing["cohorts"])
        ids["cohort"] = dict(zip(cohorts["code"], cohorts["id"], strict=True))
    if "groups" in existing:
        groups = present(owned["group"].drop(columns="course_id"), existing["groups"])
        groups = groups[groups["archived"].isna()]
        ids["group"] = dict(zip(zip(groups["course_id"], groups["code"], strict=True), groups["id"], strict=True))
    return Writer(moodle, lease, about, journal, live, owned, root, ids)


def write(changes: pd.DataFrame, writer: Writer, step_of: Callable[[str, str], Callable[..., None]]) -> None:
    """Send every change of the plan that is not held, in order; a change whose need was not met is put off.

    Rows that were copied for a key that then did not move are taken back: a unit is done whole or not at all.
    """
    for (kind, verb), rows in in_steps(changes):
        held = rows["held"].notna()
        met = rows["needs"].isna()
        if not met.all():
            met |= among(rows["needs"], accomplished(writer.journal))
        writer.put_off(rows[~held & ~met], "le changement dont il dépend n'a pas eu lieu")
        ready = rows[~held & met].reset_index(drop=True)
        if not ready.empty:
            step_of(kind, verb)(writer, ready)
    take_back(writer)


def take_back(writer: Writer) -> None:
    """Withdraw the rows copied by units whose key did not move."""
    done = writer.journal.entries()
    done = done[done["outcome"] == "done"]
    stray = done[keys.strays(done)]
    if not stray.empty:
        rows = plan.typed(stray.assign(verb="drop_key"))
        writer.publish(rows)
        for unit in rows["unit"].drop_duplicates():
            LOG.warning("Inscriptions reportées puis reprises, %s : %s", UNDONE, unit.rpartition("|")[2])


def in_steps(changes: pd.DataFrame) -> Iterator[tuple[tuple[str, str], pd.DataFrame]]:
    """Consecutive changes that one step sends: of one kind, or all those of the enrolment table, as one transaction."""
    name = changes["object"] + "|" + changes["verb"].mask(changes["object"] == "enrolment", "")
    for _, rows in changes.groupby((name != name.shift()).cumsum(), sort=True):
        yield (rows["object"].iloc[0], rows["verb"].iloc[0]), rows


def accomplished(journal: Journal) -> pd.Series:
    """The ``change_id`` of everything done so far."""
    entries = journal.entries()
    return plan.change_ids(entries[entries["outcome"] == "done"])


def _made(change: Change, outcome: Outcome) -> Change:
    return change if outcome.id is None else change._replace(moodle_id=outcome.id)


def _places_and_ids(outcomes: Sequence[Outcome]) -> tuple[list[int], list[int | None]]:
    return [outcome.index for outcome in outcomes], [outcome.id for outcome in outcomes]
