"""What became of a change that the rules asked for: done, held, refused, put off, frozen, stopped before."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from ecampus.explain.facts import Phase, Planned


class Writing(Enum):
    """The end of a change, in the order in which it is looked for."""

    DONE = "done"
    HELD = "held"
    REFUSED = "refused"
    PUT_OFF = "put off"
    FROZEN = "frozen"
    STOPPED = "stopped"
    TO_COME = "to come"


class Found(NamedTuple):
    """``words``: what the sentence needs: Moodle's words, the question, why the phase stopped."""

    state: Writing
    words: dict[str, str]


def written(planned: Planned | None, phase: Phase | None) -> Found:
    """What became of it; TO_COME when nothing was planned or nothing says why it was not done."""
    if planned is not None and planned.outcome == "done":
        return Found(Writing.DONE, {})
    if planned is not None and planned.held:
        held = phase.held if phase else {}
        return Found(Writing.HELD, {"retenue": held.get(planned.held, "")})
    if planned is not None and planned.outcome == "failed":
        return Found(Writing.REFUSED, {"message": planned.message or ""})
    if planned is not None and planned.outcome == "put_off":
        return Found(Writing.PUT_OFF, {"message": planned.message or ""})
    if phase is not None and phase.state == "failed":
        return Found(Writing.STOPPED, {"arret": phase.failure or ""})
    if phase is not None and phase.reason:
        return Found(Writing.FROZEN, {"gel": phase.reason})
    return Found(Writing.TO_COME, {})
