"""A university large enough for percentages to mean something, night after night, and what of its plans is held."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache

import pandas as pd

from ecampus.calendar import PHASES as NIGHT
from ecampus.limits import Limits
from ecampus.night.phases import PHASES
from ecampus.register import tables as shapes
from ecampus.safety import breakers, decisions, holds, sources
from ecampus.safety.holds import Held
from world import World, university

COMPOSANTES = [1, 2, 3, 4]
ELEMENTS, STUDENTS = 30, 40


def table(columns: str, rows: list[str]) -> str:
    return " ; ".join([columns, *rows])


@cache
def whole() -> World:
    """Four composantes of 30 elements, a group of 10 students and a teacher each; some elements carry another."""
    each = [(c, n) for c in COMPOSANTES for n in range(ELEMENTS)]
    return university(
        categorie=table("code | code_composante", [f"C{c} | UFR{c}" for c in COMPOSANTES]),
        element=table("code | code_categorie", [f"E{c}-{n} | C{c}" for c, n in each]),
        porte=table(
            "code_porte | code_porteur", [f"E{c}-{n} | E{c}-{n + 1}" for c in COMPOSANTES for n in range(0, 12, 2)]
        ),
        groupe=table("code", [f"G{c}-{n}" for c, n in each]),
        groupe_element=table("code_groupe | code_element", [f"G{c}-{n} | E{c}-{n}" for c, n in each]),
        groupe_etudiant=table(
            "code_groupe | code_etudiant",
            [f"G{c}-{n} | {c}{(n + k) % STUDENTS:03}" for c, n in each for k in range(10)],
        ),
        etape=table("code | code_composante", [f"V{c} | UFR{c}" for c in COMPOSANTES]),
        inscription_administrative=table(
            "code_etudiant | code_etape", [f"{c}{k:03} | V{c}" for c in COMPOSANTES for k in range(STUDENTS)]
        ),
        seance_ade=table(
            "code_activite | code_element | code_enseignant", [f"F{c}-{n} | E{c}-{n} | 9{c}{n:02}" for c, n in each]
        ),
    )


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

    def take(self, phase: str, held: Held) -> None:
        """Do what is not held, and remember what later nights compare with."""
        world, inputs = self.world, self.world.inputs(phase)
        draft = replace(PHASES[phase].draft(inputs), changes=held.changes[held.changes["held"].isna()])
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
        inputs = self.world.inputs(phase)
        good = self.good.get(phase, {})
        before = dict.fromkeys(good) if self.lost else good
        draft = PHASES[phase].draft
        return holds.hold(draft(inputs).changes, inputs, phase, before, self.limits, draft)

    def answer(self, held: Held, phase: str, approved: bool = True) -> None:
        """Somebody answers every question of this phase alike, and the same night goes on."""
        memory, night = self.world.memory["decisions"], self.world.settings.night
        rows = decisions.next_of(decisions.of_held(held.changes), held.said, held.changes, phase, night)
        state = decisions.APPROVED if approved else decisions.REFUSED
        rows = rows.assign(state=state, decided=night.isoformat(), who="camille", why="vu")
        kept = memory[memory["phase"] != phase]
        self.world.memory = self.world.memory | {"decisions": pd.concat([kept, rows], ignore_index=True)}


@cache
def _settled() -> Site:
    site = Site(whole().copy())
    site.night()
    return site


def settled() -> Site:
    """The site after a good night."""
    return _settled().copy()
