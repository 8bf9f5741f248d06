"""Adoption: what people say of whose an object is. It changes the register only, never Moodle; no rule adopts.

What the rules want is drawn from the last run of each phase in the store, rehearsals included; what there is, from
Moodle as it is now. The night after does what the rules want of what was adopted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

import pandas as pd

from ecampus import contract
from ecampus.apply.ahead import learn
from ecampus.changes import adoptable, plan, selection
from ecampus.changes.adoptable import FRAMES
from ecampus.changes.draft import Draft, Inputs
from ecampus.moodle import mark
from ecampus.night import intake, rehearsal
from ecampus.night.intake import Frames, Systems
from ecampus.night.phases import PHASES
from ecampus.register.lease import Lease
from ecampus.register.owned import IDENTITY, MEMBERS, Owned, owning, whole
from ecampus.register.register import Register
from ecampus.safety import whose
from ecampus.store import archive, journals, memory, opening, replay
from ecampus.store.files import REHEARSALS, Run, Store
from ecampus.words import owning as words

WHERE = {
    "category": "offer", "course": "offer", "cohort": "cohorts", "cohort_member": "cohorts", "enrolment": "enrolments",
    "group": "groups", "group_member": "groups",
}  # fmt: skip
"""By kind of object, the phase that makes it."""
LISTED = ("cohorts", "offer", "groups")
"""The phases whose objects may be adopted."""
READ = ("categories", "courses", "cohorts", "foreign_cohorts")
ADOPTED, RELEASED = "adopted", "released"


@dataclass(frozen=True)
class Decision:
    """``adopt``, ``release``: codes as a person wrote them (``selection``), or nothing; who, why, tonight."""

    adopt: str
    release: str
    who: str
    why: str
    night: date


@dataclass(frozen=True)
class Seen:
    """``owned``; ``shown``: whole lists of Moodle; ``listed``: what looks like ours (``adoptable.COLUMNS``).

    ``accounts``: those left alone, sentences. ``unread``: phases that never left what they read. ``drafts``: by phase,
    what it was drafted on and its draft.
    """

    owned: Owned
    shown: Frames
    listed: pd.DataFrame
    accounts: list[str]
    unread: list[str]
    drafts: dict[str, tuple[Inputs, Draft]]


def told(decision: Decision, store: Store, systems: Systems, now: datetime) -> list[str]:
    """What was decided, then what is ours and what looks so. Raises as ``decide`` and ``look``."""
    register = Register(systems.enrolment_hook())
    register.prepare()
    done = decide(decision, register, store, systems, now) if decision.adopt or decision.release else []
    seen = look(register, store, systems)
    whole = systems.moodle_database() is not None
    return [*done, words.ours(seen.owned), words.looking_so(seen.listed, seen.accounts, seen.unread, whole)]


def look(register: Register, store: Store, systems: Systems) -> Seen:
    """What is ours, and what looks like it, in Moodle as it is now. Raises RegisterUnusable when it is another's."""
    client = systems.moodle()
    whose.require_same(register.state(), mark.read(client), client.url)
    owned = register.owned()
    known = {phase: inputs for phase in LISTED if (inputs := _last(store, phase, owned))}
    moodle = intake.reader(systems, READ) if known else None
    now = {name: contract.validate(name, moodle.whole(name)) for name in READ} if moodle else {}
    drafts, parts = {}, [adoptable.none()]
    for phase, before in known.items():
        draft, inputs = _drafted(phase, replace(before, existing=before.existing | _of(before, now)), systems)
        drafts[phase] = (inputs, draft)
        parts.append(adoptable.listed(draft.changes, inputs))
    found = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    found = found.sort_values(["object", "key", "moodle_id"], ignore_index=True)
    return Seen(owned, now, found, _ambiguous(store), [phase for phase in LISTED if phase not in known], drafts)


def decide(decision: Decision, register: Register, store: Store, systems: Systems, now: datetime) -> list[str]:
    """Adopt and give up what a person named; the sentences that say so. Nothing is written when a name is not clear.

    Raises AdoptionRefused; AlreadyRunning while a run writes.
    """
    with register.lease(f"adoption par {decision.who}") as lease:
        seen = look(register, store, systems)
        chosen = selection.chosen(decision.adopt, seen.listed) if decision.adopt else adoptable.none()
        named = selection.given_up(decision.release, seen.owned, seen.shown) if decision.release else {}
        leaving = whole(named, seen.owned) if named else {}
        adopted = _with_what_is_in_it(chosen, seen, register, store, systems)
        told = _adopted(lease, adopted, decision) + _released(lease, leaving, seen.owned, decision)
        lease.commit()
        state, made = register.state(), f"adoption-{now:%H%M%S}"
        journals.keep(store, decision.night, made, state, adopted, ADOPTED, WHERE)
        journals.keep(store, decision.night, made, state, _as_changes(named), RELEASED, WHERE)
    return told


def _last(store: Store, phase: str, owned: Owned) -> Inputs | None:
    """What the last run of the phase read, rehearsals included, beside what is ours now."""
    found = [run for run in _runs(store, phase) if run.files.exists("owned.json") and run.files.exists("memory.json")]
    if not found:
        return None
    read = archive.inputs(max(found, key=lambda run: opening.read(run).opened_at))
    return replace(read, owned=owned | {"account": owning("account", read.owned["account"], owned["account"])})


def _runs(store: Store, phase: str) -> Iterator[Run]:
    rehearsals = [rehearsal.store_of(store, name) for name in store.names(REHEARSALS)]
    for place in (store, *rehearsals):
        for night in reversed(journals.nights(place)):
            if whole := replay.archives(Run(place, phase, night, "")):
                yield whole[-1]
                break


def _of(before: Inputs, now: Frames) -> Frames:
    return {name: frame for name, frame in now.items() if name in before.existing}


def _drafted(phase: str, inputs: Inputs, systems: Systems) -> tuple[Draft, Inputs]:
    """The phase as if nothing of others were there; of groups, then, those of the courses where some would be made."""
    draft = PHASES[phase].draft(adoptable.alone(inputs))
    if phase == "groups":
        made = draft.changes[(draft.changes["object"] == "group") & (draft.changes["verb"] == "create")]
        courses = sorted({int(id_) for id_ in made["course_id"]})
        groups = intake.reader(systems, ["groups"]).of("groups", courses)
        inputs = replace(inputs, existing=inputs.existing | {"groups": contract.validate("groups", groups)})
    return draft, inputs


def _with_what_is_in_it(
    chosen: pd.DataFrame, seen: Seen, register: Register, store: Store, systems: Systems
) -> pd.DataFrame:
    """The objects, their memberships, and the rows of their courses: the changes that are so already."""
    parts = [plan.typed(chosen)]
    for kind, (members, container) in MEMBERS.items():
        mine = chosen[chosen["object"] == kind]
        if len(mine):
            there = _members(systems, f"{members}s", container, sorted(map(int, mine["moodle_id"])))
            inputs, draft = seen.drafts[WHERE[kind]]
            parts.append(adoptable.members(draft, mine, inputs.existing["users"], there))
    courses = chosen[chosen["object"] == "course"]
    enrolments = _last(store, "enrolments", seen.owned) if len(courses) else None
    if enrolments:
        offer, _ = seen.drafts["offer"]
        table = register.table.rows()
        fresh = {"courses": offer.existing["courses"], "enrolment_rows": table}
        enrolments = replace(enrolments, existing=enrolments.existing | fresh)
        drafted = PHASES["enrolments"].draft(adoptable.with_courses(enrolments, courses))
        parts.append(adoptable.rows_there(drafted.changes, courses, table))
    return plan.in_order(parts)


def _members(systems: Systems, frame: str, container: str, ids: list[int]) -> pd.DataFrame:
    """place_id, user_id of these containers now, less those that a plugin holds."""
    held = ["held_members"] if frame == "group_members" else []
    moodle = intake.reader(systems, [frame, *held])
    there = moodle.of(frame, ids)
    for name in held:
        rows = moodle.of(name, ids)
        there = there.merge(rows, how="left", on=["group_id", "user_id"], indicator=True).query("_merge == 'left_only'")
    return there.rename(columns={container: "place_id"})[["place_id", "user_id"]]


def _adopted(lease: Lease, adopted: pd.DataFrame, decision: Decision) -> list[str]:
    if adopted.empty:
        return [words.nothing_chosen()] if decision.adopt else []
    learn(lease, plan.each(adopted), decision.night.isoformat())
    for kind, rows in adopted[adopted["object"].isin(FRAMES)].groupby("object"):
        _note(lease, str(kind), ADOPTED, "adopt", len(rows), decision)
    return [words.adopted(adopted)]


def _released(lease: Lease, leaving: dict[str, pd.DataFrame], owned: Owned, decision: Decision) -> list[str]:
    if not leaving:
        return []
    for kind, rows in leaving.items():
        lease.disown(kind, rows[IDENTITY[kind]])
        if kind in FRAMES and len(rows):
            _note(lease, kind, RELEASED, "release", len(rows), decision)
    return [words.released({kind: len(rows) for kind, rows in leaving.items()})]


def _note(lease: Lease, kind: str, state: str, verb: str, units: int, decision: Decision) -> None:
    lease.note(
        {
            "phase": WHERE[kind], "question": f"{verb}_{kind}", "state": state, "night": decision.night.isoformat(),
            "units": units, "who": decision.who, "why": decision.why[:1000],
        }
    )  # fmt: skip


def _as_changes(leaving: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What was given up, as the creations that are no longer ours."""
    parts = [
        plan.changes(kind, "create", rows.assign(named=rows["key" if kind == "course" else "code"]), key="named",
                     moodle_id="id", place="named")
        for kind, rows in leaving.items()
        if kind in FRAMES
    ]  # fmt: skip
    return plan.in_order(parts)


def _ambiguous(store: Store) -> list[str]:
    """The accounts that the rules leave alone, as the last night told them."""
    told = memory.read(store, "users")["anomalies"]
    return list(told.loc[told["code"] == "COMPTE_AMBIGU", "sentence"])
