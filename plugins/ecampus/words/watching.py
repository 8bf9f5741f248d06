"""What ``make watch`` says of the night: one line, and how serious it is; pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from ecampus.calendar import PARIS, PHASES, Freeze, at, in_french
from ecampus.words import standing
from ecampus.words.holding import WAY_OUT
from ecampus.words.progress import figure
from ecampus.words.standing import Standing

WELL, WAITS, BAD = 0, 1, 2
"""All is well; people are waited for; the night is not done, or nobody can tell."""
BEGUN_BY, DONE_BY = time(0, 30), time(6)
"""In Paris: the accounts begin at 00h00, and the groups must be done at 06h00."""

Told = tuple[int, str]


def night_of(now: datetime) -> date:
    """The night that is judged at that moment: tonight once it must have begun, last night before."""
    here = now.astimezone(PARIS)
    return here.date() if here.time() >= BEGUN_BY else here.date() - timedelta(days=1)


def of_night(now: datetime, night: Sequence[Standing], freeze: str) -> Told:
    """Of the five phases as they stand in ``night_of(now)``; ``freeze``: the Variable as the night read it last."""
    day, here = night_of(now), now.astimezone(PARIS)
    late = here.date() > day or here.time() >= DONE_BY
    if standing.first_failed(night) or not standing.begun(night) or (late and not standing.ended(night)):
        return BAD, standing.sentence(day, night)
    parsed = Freeze.parse(freeze)
    if parsed.kind == "unreadable":
        return BAD, str(parsed.reason(day))
    return WELL, standing.sentence(day, night) if standing.ended(night) else _under_way(day, night)


def waiting(said: Told, day: date, questions: int, since: date | None) -> Told:
    """The same with how many questions wait, since the night ``since``."""
    code, sentence = said
    if not questions or since is None:
        return said
    nights = (day - since).days + 1
    how_long = "cette nuit" if nights <= 1 else f"{figure(nights)} nuits"
    asked = "1 question attend" if questions == 1 else f"{figure(questions)} questions attendent"
    return max(code, WAITS), f"{sentence} {asked} une réponse depuis {how_long} : {WAY_OUT}."


def _under_way(day: date, night: Sequence[Standing]) -> str:
    done = [phase for phase in night if phase.state == "success" and phase.at]
    running = [phase for phase in night if phase.state == "running" and phase.at]
    parts = [f"« {PHASES[phase.phase]} » est en cours depuis {at(phase.at)}" for phase in running if phase.at]
    parts += [f"« {PHASES[phase.phase]} » a fini à {at(phase.at)}" for phase in done[-1:] if phase.at]
    return f"La nuit du {in_french(day)} suit son cours : {', '.join(parts)}."
