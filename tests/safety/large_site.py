"""A university large enough for percentages to mean something, night after night, and what of its plans is held."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial

import pandas as pd

from ecampus.calendar import PHASES as NIGHT
from ecampus.changes.draft import Draft, Inputs
from ecampus.kinds import PROPOSED
from ecampus.limits import Limits
from ecampus.night.phases import PHASES
from ecampus.register import tables as shapes
from ecampus.safety import breakers, decisions, holds, sources
from ecampus.safety.holds import Held
from world import World, university

COMPOSANTES = [1, 2, 3, 4]
ELEMENTS, STUDENTS, BRANCHES, OTHERS = 30, 40, 15, 15
"""In each composante; ``OTHERS``: students, and as many staff, of whom REFER says nothing: their codes begin with X."""


def table(columns: str, rows: list[str]) -> str:
    return " ; ".join([columns, *rows])


@cache
def whole() -> World:
    """Four composantes of 30 elements, a group of 10 students and a teacher each; ten of them carry another.

    Two elements to a category, an étape beside each; an IP for half of the seats.
    """
    each = [(c, n) for c in COMPOSANTES for n in range(ELEMENTS)]
    branches = [(c, n) for c in COMPOSANTES for n in range(BRANCHES)]
    seats = [(c, n, f"{c}{(n + k) % STUDENTS:03}") for c, n in each for k in range(10)]
    people = [
        *(f"student | {c}{k:03}" for c in COMPOSANTES for k in range(STUDENTS)),
        *(f"staff | 9{c}{n:02}" for c, n in each),
        *(f"{who} | X{c}{who[1]}{k:02}" for who in ("student", "staff") for c in COMPOSANTES for k in range(OTHERS)),
    ]
    return university(
        categorie=table("code | code_composante", [f"C{c}-{n} | UFR{c}" for c, n in branches]),
        element=table("code | code_categorie", [f"E{c}-{n} | C{c}-{n % BRANCHES}" for c, n in each]),
        porte=table(
            "code_porte | code_porteur", [f"E{c}-{n} | E{c}-{n + 1}" for c, n in each if n < 20 and n % 2 == 0]
        ),
        groupe=table("code", [f"G{c}-{n}" for c, n in each]),
        groupe_element=table("code_groupe | code_element", [f"G{c}-{n} | E{c}-{n}" for c, n in each]),
        groupe_etudiant=table("code_groupe | code_etudiant", [f"G{c}-{n} | {who}" for c, n, who in seats]),
        etape=table("code | code_composante", [f"V{c}-{n} | UFR{c}" for c, n in branches]),
        inscription_administrative=table(
            "code_etudiant | code_etape",
            [f"{c}{k:03} | V{c}-{k % BRANCHES}" for c in COMPOSANTES for k in range(STUDENTS)],
        ),
        inscription_pedagogique=table(
            "code_etudiant | code_etape | code_element",
            [f"{who} | V{c}-{int(who[1:]) % BRANCHES} | E{c}-{n}" for c, n, who in seats if n % 2],
        ),
        seance_ade=table(
            "code_activite | code_element | code_enseignant", [f"F{c}-{n} | E{c}-{n} | 9{c}{n:02}" for c, n in each]
        ),
        people=table("population | code", people),
    )


@dataclass(frozen=True)
class Asked:
    """A phase that is asked for its draft: the same rows, in whatever order, give the same one (``test_properties``)."""

    phase: str
    rows: tuple[int, ...]
    inputs: Inputs = field(compare=False)


@lru_cache(maxsize=64)
def _drawn(asked: Asked) -> Draft:
    return PHASES[asked.phase].draft(asked.inputs)


def drawn(phase: str, inputs: Inputs) -> Draft:
    """The draft of this phase; once for the same rows."""
    said = inputs.memory["decisions"]
    proposed = said[said["unit"].str.startswith(tuple(f"{kind}|" for kind in PROPOSED))]
    memory = {"links": inputs.memory["links"], "anomalies": inputs.memory["anomalies"], "said": proposed}
    frames = [*inputs.source.items(), *inputs.existing.items(), *inputs.owned.items(), *memory.items()]
    rows = [int(pd.util.hash_pandas_object(rows, index=False).sum()) ^ hash(name) for name, rows in frames]
    return _drawn(Asked(phase, (hash(inputs.settings), *sorted(rows)), inputs))


@dataclass
class Site:
    """``good``: by phase, the views as the last night read them well; ``lost``: the store has them no more."""

    world: World
    good: dict[str, dict[str, pd.DataFrame]] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    lost: bool = False

    def copy(self) -> Site:
        return replace(self, world=self.world.copy(), good=dict(self.good))

    def night(self, *phases: str) -> None:
        """A night, or some phases of it, that does what is not held."""
        for phase in phases or NIGHT:
            self.take(phase, self.held(phase))

    def without_limits(self) -> None:
        """A night that holds nothing."""
        for phase in NIGHT:
            self.world.take(phase, drawn(phase, self.world.inputs(phase)))

    def take(self, phase: str, held: Held) -> None:
        """Do what is not held, and remember what later nights compare with."""
        world, inputs = self.world, self.world.inputs(phase)
        draft = replace(drawn(phase, inputs), changes=held.changes[held.changes["held"].isna()])
        night, memory = world.settings.night, world.memory
        waiting = decisions.of_held(held.changes)
        said = decisions.next_of(waiting, held.said, held.changes, phase, night)
        done = breakers.done(held.counted, f"{night}/{phase}", night).astype(shapes.DONE)
        world.take(phase, draft)
        asked = set(holds.undecided(held.questions))
        figures, fresh = memory["figures"], sources.figures(inputs, phase)
        kept = figures[(figures["phase"] != phase) | figures["subject"].isin(asked)]
        others = memory["decisions"][memory["decisions"]["phase"] != phase]
        world.memory = world.memory | {
            "figures": pd.concat([kept, fresh[~fresh["subject"].isin(asked)]], ignore_index=True),
            "decisions": pd.concat([others, said], ignore_index=True),
            "done": pd.concat([memory["done"], done], ignore_index=True),
        }
        well = {view: inputs.source[view] for view in sources.views(inputs) if view not in asked}
        self.good[phase] = self.good.get(phase, {}) | well

    def held(self, phase: str) -> Held:
        """The plan of this phase tonight, with what is held of it."""
        return self.judged(phase, self.world.inputs(phase))

    def judged(self, phase: str, inputs: Inputs) -> Held:
        """The same of what the phase read."""
        good = self.good.get(phase, {})
        before = dict.fromkeys(good) if self.lost else good
        draft = partial(drawn, phase)
        return holds.hold(draft(inputs).changes, inputs, phase, before, self.limits, draft)

    def answer(self, held: Held, phase: str, approved: bool = True) -> None:
        """Somebody answers every question of this phase alike, and the same night goes on."""
        memory, night = self.world.memory["decisions"], self.world.settings.night
        rows = decisions.next_of(decisions.of_held(held.changes), held.said, held.changes, phase, night)
        state = decisions.APPROVED if approved else decisions.REFUSED
        rows = rows.assign(state=state, decided=night.isoformat(), who="camille", why="vu")
        kept = memory[memory["phase"] != phase]
        self.world.memory = self.world.memory | {"decisions": pd.concat([kept, rows], ignore_index=True)}

    def approve(self, phase: str) -> None:
        """Somebody says yes to all that this phase asks, and the same night goes on."""
        held = self.held(phase)
        if len(held.questions):
            self.answer(held, phase)
            held = self.held(phase)
        self.take(phase, held)


@cache
def _settled() -> Site:
    site = Site(whole().copy())
    site.night()
    return site


def settled() -> Site:
    """The site after a good night."""
    return _settled().copy()
