"""The register and Moodle that do not go together any more: what each lost is found, and the register mended.

Nothing is written in Moodle but the mark. Batches in flight are left to the next run, which looks them up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from ecampus.changes import plan, recalled
from ecampus.changes.recalled import OBJECTS, Stretch
from ecampus.errors import RecoveryRefused, RegisterUnusable
from ecampus.joins import has
from ecampus.moodle import mark as marks
from ecampus.moodle.mark import Mark
from ecampus.night import intake
from ecampus.night.intake import Frames, Systems
from ecampus.night.news import changed
from ecampus.register.lease import Lease
from ecampus.register.owned import IDENTITY, Owned
from ecampus.register.register import Register, State
from ecampus.safety import whose
from ecampus.store import journals
from ecampus.store.files import Store
from ecampus.words import recovering as words

HOLDER = "reprise du registre"
LOST, EMPTIED, RECOVERED = "lost", "emptied", "recovered"
"""The register is empty, and Moodle was kept by another, which may be lost; or by this one, which was emptied."""
LEAST_ALIKE = 0.9
MARKED = (whose.NO_MARK, whose.MOODLE_BEHIND)
"""Cases in which it is Moodle's mark that is mended."""
WHOLE = ("users", "categories", "courses", "cohorts")


@dataclass(frozen=True)
class Decision:
    """Whether a person confirmed it; who, why, tonight; why nothing may be written in Moodle tonight, if so."""

    confirmed: bool
    who: str
    why: str
    night: date
    frozen: str | None = None


@dataclass(frozen=True)
class Found:
    """``case``: of ``whose``, LOST or EMPTIED; what is ours, what it would be; what journals say and nothing shows.

    ``alike``: how many objects of ours this Moodle has just so, of how many. ``come``, ``gone``: rows that the
    enrolment table, restored, lacks or has again (``recalled.rows_since``), or whose login is another again in a Moodle
    that was restored (``recalled.rows_back``).
    """

    case: str
    state: State
    mark: Mark | None
    before: Owned
    after: Owned
    unseen: dict[str, pd.DataFrame]
    alike: tuple[int, int] = (0, 0)
    come: pd.DataFrame = field(default_factory=plan.empty)
    gone: pd.DataFrame = field(default_factory=plan.empty)

    def told(self) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
        """What becomes ours, what is no longer, what the journals say and nothing shows."""
        return self.gained, self.lost, self.unseen

    @property
    def rows(self) -> bool:
        """Whether the enrolment table is to be written."""
        return bool(len(self.come) or len(self.gone))

    @property
    def gained(self) -> dict[str, pd.DataFrame]:
        """By kind, what becomes ours, or is known otherwise."""
        found = {kind: changed(kind, self.before[kind], rows) for kind, rows in self.after.items()}
        return {kind: rows for kind, rows in found.items() if len(rows)}

    @property
    def lost(self) -> dict[str, pd.DataFrame]:
        """By kind, what is no longer ours."""
        found = {kind: _without(rows, self.after[kind], IDENTITY[kind]) for kind, rows in self.before.items()}
        return {kind: rows for kind, rows in found.items() if len(rows)}


def told(decision: Decision, store: Store, systems: Systems) -> tuple[list[str], bool]:
    """What is found, and done if it is confirmed; whether it still waits for that. Raises as ``recover``."""
    register, url, confirmed = Register(systems.enrolment_hook()), systems.moodle().url, decision.confirmed
    register.prepare()
    found = recover(register, store, systems, decision) if confirmed else examine(register, store, systems)
    number = found.mark.number if found.mark else None
    lines = [words.found(found.case, url, found.state.number, number)]
    if found.case in (whose.SAME, whose.NEW):
        return lines, False
    lines.append(words.matching(*found.alike) if found.case == whose.NO_MARK else words.changes(*found.told()))
    if found.rows:
        back = found.case == whose.MOODLE_BEHIND
        lines.append(words.rows_back(len(found.gone)) if back else words.rows(len(found.come), len(found.gone)))
    return [*lines, words.done(found.case in MARKED) if confirmed else words.CONFIRM], not confirmed


def examine(register: Register, store: Store, systems: Systems) -> Found:
    """What is found; nothing is written. Raises RecoveryRefused where nothing can be mended."""
    client = systems.moodle()
    state, mark, owned = register.state(), marks.read(client), register.owned()
    case = whose.difference(state, mark)
    if case == whose.OTHER and mark:
        if state.number or any(len(rows) for rows in owned.values()):
            raise RecoveryRefused(words.another_register(state.name, mark.register, client.url))
        case = LOST
    if case == whose.NO_MARK:
        existing = _objects(systems)
        found = Found(case, state, mark, owned, owned, {}, _alike(owned, existing))
        if found.alike[0] < LEAST_ALIKE * found.alike[1]:
            raise RecoveryRefused(words.another_moodle(client.url, *found.alike))
        return found
    if case == whose.SAME and _said(state, owned, store):
        case = EMPTIED
    if mark is None or case == whose.SAME:
        return Found(case, state, mark, owned, owned, {})
    lower = 0 if case in (LOST, EMPTIED) else min(state.number, mark.number)
    since = journals.since(store, mark.register, lower)
    looked: Callable[..., Found] = _undone if case == whose.MOODLE_BEHIND else _redone
    return looked(case, state, mark, owned, since, register, systems)


def require_kept(state: State, owned: Owned, store: Store, found: Frames, url: str) -> None:
    """Raise RegisterUnusable where nothing is ours any more, though Moodle shows what the journals say is.

    A partial restore, or somebody, emptied the tables of what is ours. ``found``: what the phase read of Moodle.
    """
    said = _said(state, owned, store) or {}
    there = [kind for kind in said if OBJECTS.get(kind) in found]
    if any(recalled.showing(kind, said[kind], found).any() for kind in there):
        raise RegisterUnusable(words.emptied(url, state.number, whose.WAY))


def _said(state: State, owned: Owned, store: Store) -> Owned | None:
    """What the journals say is ours, of a register that wrote and in which nothing is; null where that is nothing."""
    if not state.number or any(len(rows) for rows in owned.values()):
        return None
    said = recalled.redone(owned, journals.since(store, state.name, 0))
    return said if any(len(rows) for rows in said.values()) else None


def recover(register: Register, store: Store, systems: Systems, decision: Decision) -> Found:
    """Examine, then mend the register, and Moodle's mark where it is the one that is behind or missing.

    Killed anywhere, the same again ends it. Raises RecoveryRefused; AlreadyRunning while a run writes.
    """
    client = systems.moodle()
    with register.lease(HOLDER) as lease:
        found = examine(register, store, systems)
        if found.case in (whose.SAME, whose.NEW):
            return found
        if decision.frozen and (found.case in MARKED or found.rows):
            raise RecoveryRefused(words.frozen(decision.frozen))
        if found.rows:
            come, gone = plan.rows(found.come), plan.rows(found.gone)
            lease.publish(come, gone, come[~found.come["foreign"]], gone, decision.night.isoformat())
        _tell(lease, found)
        _note(lease, found, decision)
        if found.mark and found.case in (whose.REGISTER_BEHIND, LOST):
            lease.known_as(found.mark.register, found.mark.number)
        lease.commit()
        if found.case == whose.NO_MARK:
            marks.create(client, found.state.name, found.state.number)
        if found.mark and found.case == whose.MOODLE_BEHIND:
            marks.raise_to(client, found.mark, found.state.number)
    return found


def _redone(
    case: str, state: State, mark: Mark, owned: Owned, since: Sequence[Stretch], register: Register, systems: Systems
) -> Found:
    """The register is behind, or empty."""
    table, wanted = register.table.rows(), recalled.redone(owned, since)
    existing = _whole(systems, wanted, recalled.groups_named(wanted, ())) | {"enrolment_rows": table}
    come, gone = recalled.rows_since(since, owned, recalled.shown(owned, wanted, existing), table)
    existing["enrolment_rows"] = pd.concat([table, plan.rows(come)], ignore_index=True)
    after = recalled.shown(owned, wanted, existing)
    unseen = {
        kind: _without(changed(kind, owned[kind], rows), after[kind], IDENTITY[kind]) for kind, rows in wanted.items()
    }
    unseen = {kind: rows for kind, rows in unseen.items() if len(rows)}
    return Found(case, state, mark, owned, after, unseen, come=come, gone=gone)


def _undone(
    case: str, state: State, mark: Mark, owned: Owned, since: Sequence[Stretch], register: Register, systems: Systems
) -> Found:
    """Moodle is behind."""
    groups, table = recalled.groups_named(owned, since), register.table.rows()
    existing = _whole(systems, owned, groups) | {"enrolment_rows": table}
    after = recalled.undone(owned, since, existing)
    come, gone = recalled.rows_back(since, after, table, existing["users"])
    return Found(case, state, mark, owned, after, {}, come=come, gone=gone)


def _objects(systems: Systems) -> Frames:
    """The objects of Moodle, but for its groups."""
    moodle = intake.reader(systems, WHOLE)
    return {name: moodle.whole(name) for name in WHOLE}


def _whole(systems: Systems, owned: Owned, groups: Sequence[int]) -> Frames:
    """What Moodle has of what is, was or would be ours, memberships included."""
    existing = _objects(systems)
    moodle = intake.reader(systems, ["cohort_members", "groups", "group_members", "held_members"])
    cohorts = sorted(set(owned["cohort"]["id"]) & set(existing["cohorts"]["id"]))
    existing["cohort_members"] = moodle.of("cohort_members", cohorts)
    existing["groups"] = moodle.named("groups", groups)
    there = sorted(existing["groups"]["id"])
    return existing | {name: moodle.of(name, there) for name in ("group_members", "held_members")}


def _alike(owned: Owned, existing: Frames) -> tuple[int, int]:
    """Of how many objects of ours, groups left out, how many are what Moodle has under their ids."""
    seen = [recalled.same(kind, owned[kind], existing[frame]) for kind, frame in OBJECTS.items() if frame in existing]
    return sum(int(mask.sum()) for mask in seen), sum(map(len, seen))


def _tell(lease: Lease, found: Found) -> None:
    for kind, rows in found.lost.items():
        lease.disown(kind, rows[IDENTITY[kind]])
    for kind, rows in found.gained.items():
        lease.own(kind, rows)


def _note(lease: Lease, found: Found, decision: Decision) -> None:
    units = sum(map(len, [*found.gained.values(), *found.lost.values()]))
    lease.note(
        {
            "phase": "registre", "question": f"recover_{found.case}", "state": RECOVERED, "units": units,
            "night": decision.night.isoformat(), "who": decision.who, "why": decision.why[:1000],
        }
    )  # fmt: skip


def _without(rows: pd.DataFrame, others: pd.DataFrame, on: Sequence[str]) -> pd.DataFrame:
    return rows[~has(rows, others, on)].reset_index(drop=True)
