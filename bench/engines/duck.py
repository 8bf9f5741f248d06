"""DuckDB, on one thread. ``python -m bench.engines.duck RUNS FOLDER``: ``RUNS`` holds a folder for each phase."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from bench.engines import PHASES

SQL = Path(__file__).parent / "sql"


def main(runs: dict[str, Path], folder: Path) -> None:
    """Both phases, each on its own files, as ecampus has them."""
    for phase, run in runs.items():
        with duckdb.connect(config={"threads": 1}) as base:
            for file in run.glob("*/*.parquet"):
                base.execute(f"CREATE VIEW {file.parent.name}_{file.stem} AS FROM '{file}'")
            for name in ("offer", "seats", phase):
                base.execute((SQL / f"{name}.sql").read_text())
            for name in ("add", "remove"):
                base.execute(f"COPY changes_to_{name} TO '{folder / f'{phase}-{name}.parquet'}'")


if __name__ == "__main__":
    main({phase: Path(run) for phase, run in zip(PHASES, sys.argv[1:3], strict=True)}, Path(sys.argv[3]))
