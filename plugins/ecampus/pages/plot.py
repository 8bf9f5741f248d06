"""A bar a night, under a line: what a template needs to draw it; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 1000, 200, 20


@dataclass(frozen=True)
class Bar:
    """In the units of the picture; ``over``: beyond the line."""

    x: float
    y: float
    width: float
    height: float
    over: bool


@dataclass(frozen=True)
class Plot:
    """``line``: the limit, points of an SVG polyline."""

    bars: list[Bar]
    line: str


def bars(values: Sequence[int | None], limits: Sequence[int | None], most: int | None = None) -> Plot:
    """One bar a value, null: none. ``most``: values beyond it are drawn as high as it."""
    highest = max([value for value in (*values, *limits) if value is not None] or [1])
    top = max(1, highest if most is None else min(most, highest))
    step = WIDTH / max(1, len(values))

    def y(value: int) -> float:
        return round(MARGIN + HEIGHT * (1 - min(value, top) / top), 1)

    drawn = [
        Bar(round(place * step, 1), y(value), round(max(step * 0.8, 0.5), 1), round(MARGIN + HEIGHT - y(value), 1),
            limit is not None and value > limit)
        for place, (value, limit) in enumerate(zip(values, limits, strict=True))
        if value is not None
    ]  # fmt: skip
    points = [
        f"{x:.1f},{y(limit)}"
        for place, limit in enumerate(limits)
        if limit is not None
        for x in (place * step, (place + 1) * step)
    ]
    return Plot(drawn, " ".join(points))
