"""``python -m bench.engines.bears RUN RUN FOLDER``: the run of each phase."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from bench.engines import PHASES
from bench.engines.bears.enrolments import enrolments
from bench.engines.bears.groups import groups

CHANGES = {"enrolments": enrolments, "groups": groups}


class Read(dict[str, pl.DataFrame]):
    """The frames of a run, read when they are asked for: ``source_element``."""

    def __init__(self, run: Path) -> None:
        super().__init__()
        self._run = run

    def __missing__(self, name: str) -> pl.DataFrame:
        part, _, frame = name.partition("_")
        self[name] = pl.read_parquet(self._run / part / f"{frame}.parquet")
        return self[name]


def main(runs: dict[str, Path], folder: Path) -> None:
    """Both phases, each on its own files, as ecampus has them."""
    for phase, run in runs.items():
        for name, keys in CHANGES[phase](Read(run)).items():
            keys.write_parquet(folder / f"{phase}-{name}.parquet")


if __name__ == "__main__":
    main({phase: Path(run) for phase, run in zip(PHASES, sys.argv[1:3], strict=True)}, Path(sys.argv[3]))
