"""An invented university: ``refer.db`` (the views of the REFER contract) and ``directory.db`` (the people).

Reading order: ``tables`` (the columns), ``vocabulary`` (the words), ``offer`` and ``people`` (the random
bulk, which is clean), ``cases`` (every trap, rule and dirty value, written by hand).
"""

import random
from datetime import date
from pathlib import Path

from sandbox.university.cases import CASES, write_cases
from sandbox.university.offer import add_offer
from sandbox.university.people import Names, add_staff, add_students, add_teaching
from sandbox.university.tables import Tables

__all__ = ["CASES", "create"]


def create(folder: Path, *, size: int = 20, seed: int = 1, today: date, annee: str = "2026") -> None:
    """Write ``refer.db`` and ``directory.db`` in ``folder``, replacing those of before.

    ``size`` is the number of étapes of the random bulk (0 to 3,000): 20 give about 180 elements, 400 students
    and 65 teachers. The same arguments always give the same rows; teaching starts around ``today``.
    """
    rng = random.Random(f"{seed}-{size}")
    tables, names = Tables(annee), Names(rng)
    etapes = add_offer(tables, size, rng)
    add_students(tables, etapes, names, rng)
    add_teaching(tables, etapes, add_staff(tables, etapes, names), today, rng)
    write_cases(tables, today)
    folder.mkdir(parents=True, exist_ok=True)
    tables.write(folder)
