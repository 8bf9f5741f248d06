"""A phase that stops with one sentence and leaves everything as it was; systems that nobody may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from campus import Campus, night_after

from ecampus.errors import EcampusError

TOMORROW = night_after(1)


@contextmanager
def nothing_written(campus: Campus, kind: type[EcampusError], *parts: str) -> Iterator[None]:
    """The block stops with one sentence that holds these parts, and changed nothing."""
    before, owned = campus.state(), campus.owned()
    campus.box.moodle.calls.clear()
    with pytest.raises(kind) as stopped:
        yield
    said(stopped.value, *parts)
    assert campus.writes() == []
    assert (campus.state(), campus.owned()) == (before, owned)


def said(error: BaseException, *parts: str) -> None:
    sentence = str(error)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    for part in parts:
        assert part in sentence


class Unreachable:
    """Systems that a replay must not even ask for."""

    def __getattr__(self, name: str):
        raise AssertionError(f"a replay asked for {name}")
