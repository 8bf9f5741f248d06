"""``make faults``: so many schedules, from a seed on; a line for each, and what was injected, compared and found.

Ctrl-C ends it there, and what was played by then is told.
"""

from __future__ import annotations

import argparse
import gc
import logging
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from campus import Cron

import decoding
from ecampus.night import taking
from faults import tally
from faults.night import Result, played
from faults.prepared import SEEDS, Prepared, prepared, two_nights
from faults.schedule import drawn

MEMORY = Path("/dev/shm")
"""Where files cost no time, if there is room."""
ROOM = 2 * 2**30
CRON = Cron()
READY: list[Prepared] = []


def main() -> int:
    """Play them; 1 if anything differs."""
    asked = _arguments()
    logging.disable(logging.CRITICAL)
    taking.wait = partial(taking.wait, clock=CRON.clock, pause=CRON.pause)
    began = time.monotonic()
    with _folder() as folder:
        seeds = range(asked.start, asked.start + asked.seeds)
        _make_ready(folder, {drawn(seed).university for seed in seeds})
        print(f"# {len(READY)} universities ready after {time.monotonic() - began:.0f} s", flush=True)
        found = []
        gc.collect()
        gc.freeze()
        with (
            decoding.once(),
            multiprocessing.get_context("fork").Pool(asked.jobs, _deaf) as pool,
            suppress(KeyboardInterrupt),  # what was played by then is told
        ):
            for result in pool.imap_unordered(play, seeds):
                found.append(result)
                for line in tally.told(result):
                    print(line, flush=True)
    for line in tally.table(found, time.monotonic() - began):
        print(line)
    return int(any(result.differences for result in found))


def _deaf() -> None:
    """Ctrl-C is for the one who tells."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def play(seed: int) -> Result:
    """One schedule."""
    schedule = drawn(seed)
    twin = next(one for one in READY if one.folder.name == f"{schedule.university}")
    return played(schedule, twin, CRON, twin.folder)


def _make_ready(folder: Path, universities: set[int]) -> None:
    for number in sorted(universities):
        there = folder / f"{number}"
        there.mkdir()
        READY.append(prepared(two_nights(there / "campus", CRON, SEEDS[number]), there, CRON))


@contextmanager
def _folder() -> Iterator[Path]:
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    with tempfile.TemporaryDirectory(prefix="ecampus-faults-", dir=MEMORY if roomy else None) as name:
        yield Path(name)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make faults", description="Nights that go wrong, judged beside a twin.")
    parser.add_argument("--seeds", default=500, type=int, help="how many schedules")
    parser.add_argument("--from", default=0, type=int, dest="start", help="the first seed")
    parser.add_argument("--jobs", default=os.cpu_count() or 1, type=int, help="how many at once")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
