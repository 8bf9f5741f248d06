"""Markdown tables, a line at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def head(names: Sequence[str]) -> Iterator[str]:
    """The two first lines."""
    yield line(names)
    yield line(["---"] * len(names))


def line(cells: Sequence[object]) -> str:
    """``| a | b |``"""
    return f"| {' | '.join(map(str, cells))} |"
