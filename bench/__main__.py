"""``make bench``: every figure of docs/performance.md, as Markdown on standard output.

What is written is written under ``--work``: the archived runs of each size stay there, so that the drafts of two
versions of the code can be compared on the same inputs (``--digests``).
"""

from __future__ import annotations

import argparse
from fractions import Fraction
from pathlib import Path

from bench import archives, asked, beside, child, drafts, history, pages, why, writes

WORK = Path(__file__).parent / ".work"
PARTS = {
    "drafts": drafts.section, "beside": beside.section, "writer": writes.section, "calls": asked.section,
    "history": history.section, "why": why.section, "pages": pages.section,
}  # fmt: skip


def main() -> None:
    """Print the parts that were asked for, one after the other."""
    asked = _arguments()
    stores = {size: archives.ready(asked.work, size) for size in asked.sizes}
    if asked.digests:
        for size, store in stores.items():
            for line in child.run("bench.digests", store).said:
                print(f"{size} {line}", flush=True)
        return
    for part in asked.parts:
        for line in PARTS[part](stores, asked.repeat):
            print(line, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="How fast ecampus is at the size of a university.")
    parser.add_argument("--sizes", default=["1/3", "1", "3"], type=_sizes, help="in Caen: 1/3 1 3")
    parser.add_argument("--parts", default=list(PARTS), type=_parts, help=" ".join(PARTS))
    parser.add_argument("--repeat", default=1, type=int, help="keep the quickest of so many")
    parser.add_argument("--work", default=WORK, type=Path, help="where all is written")
    parser.add_argument("--digests", action="store_true", help="only the digests of what is drafted")
    return parser.parse_args()


def _sizes(text: str) -> list[str]:
    if not all(0 < Fraction(size) <= 3 for size in text.split()):
        raise argparse.ArgumentTypeError(f"sizes go to 3: {text}")
    return text.split()


def _parts(text: str) -> list[str]:
    if unknown := set(text.split()) - set(PARTS):
        raise argparse.ArgumentTypeError(f"no part is called {' '.join(sorted(unknown))}")
    return text.split()


if __name__ == "__main__":
    main()
