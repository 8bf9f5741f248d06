"""Whether the changes found by each are the same: ``python -m bench.engines.compare FOLDER FOLDER…``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd

from bench.engines import PHASES


def counted(folders: list[Path]) -> dict[str, int]:
    """How many changes of each kind. Raises RuntimeError when two of these folders do not hold the same ones."""
    found = {}
    for name in [f"{phase}-{verb}" for phase in PHASES for verb in ("add", "remove")]:
        ours, *others = (sorted(pd.read_parquet(folder / f"{name}.parquet")["key"]) for folder in folders)
        for folder, theirs in zip(folders[1:], others, strict=True):
            if ours != theirs:
                apart = sorted(set(ours) ^ set(theirs))
                raise RuntimeError(f"{name}: {folder} has other changes, among them {apart[:5]}")
        found[name] = len(ours)
    return found


if __name__ == "__main__":
    print(json.dumps(counted([Path(folder) for folder in sys.argv[1:]])))
