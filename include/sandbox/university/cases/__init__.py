"""The hand-written cases: every trap, rule and dirty value, one after the other, in words and in rows.

Reading order: ``facts`` (the vocabulary), ``people`` (who plays), then the cases: ``groups`` (trap 1),
``distance`` (trap 2), ``portage`` (trap 3), ``teaching`` (traps 4 and 5), ``accounts``, ``labels`` and
``codes``. Their elements are L1CAS… and M1CAS…, in the étapes LCAS1_1 (SCIENCES) and MCAS1_1 (DROIT).
"""

from datetime import date

from sandbox.university.cases import accounts, codes, distance, groups, labels, people, portage, teaching
from sandbox.university.cases.facts import Case, write_facts
from sandbox.university.tables import Tables

__all__ = ["CASES", "Case", "write_cases"]

CASES: tuple[Case, ...] = (
    *groups.CASES,
    *distance.CASES,
    *portage.CASES,
    *teaching.CASES,
    *accounts.CASES,
    *labels.CASES,
    *codes.CASES,
)
"""Several cases may show the same anomaly; ``RULE`` stands for a rule that raises none."""


def write_cases(tables: Tables, today: date) -> None:
    """Add the places, the people and the rows of every case."""
    write_facts(tables, people.FACTS, today)
    for case in (*CASES, codes.LAST_YEAR):
        tables.add("sandbox_cas", case.anomaly, case.story)
        last_year = str(int(tables.annee) - 1) if case is codes.LAST_YEAR else None
        write_facts(tables, case.facts, today, annee=last_year)
