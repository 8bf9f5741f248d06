"""The random bulk of the people: students with their enrolments and groups, teachers with their sessions."""

import random
import unicodedata
from collections import Counter
from datetime import date, timedelta

from sandbox.university.offer import SHORT_COURSE, Etape
from sandbox.university.tables import Tables
from sandbox.university.vocabulary import FAMILY_NAMES, GIVEN_NAMES

FIRST_STUDENT = 22100123
FIRST_TEACHER = 41001


class Names:
    """Draws names and gives each person an address of their own."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._taken: Counter[str] = Counter()

    def draw(self, domain: str) -> tuple[str, str, str]:
        """(sn, given_name, mail)"""
        sn, given = self._rng.choice(FAMILY_NAMES), self._rng.choice(GIVEN_NAMES)
        local = f"{letters(given)}.{letters(sn)}"
        self._taken[local] += 1
        rank = self._taken[local]
        return sn, given, f"{local}{rank if rank > 1 else ''}@{domain}"


def letters(name: str) -> str:
    """The name as in an address: o.connor -> oconnor, Hélène -> helene."""
    plain = unicodedata.normalize("NFKD", name.replace("œ", "oe")).lower()
    return "".join(sign for sign in plain if "a" <= sign <= "z" or sign == "-")


def add_students(tables: Tables, etapes: list[Etape], names: Names, rng: random.Random) -> None:
    """14 to 22 students in each étape: an IA, an IP in every element, one group of each kind.

    The last three students of a distance étape are in télé-enseignement: the CEMU group of what is distance.
    """
    code = FIRST_STUDENT
    for etape in etapes:
        count = rng.randint(14, 22)
        for rank in range(count):
            tele = etape.distance and rank >= count - 3
            _add_student(tables, etape, str(code), rank, tele)
            identity = names.draw("etu.univ-campus.fr")
            tables.add("person", "student", str(code), f"e{code % 10**7}", *identity, 1)
            code += 1
    if etapes:
        for classmate in range(FIRST_STUDENT, FIRST_STUDENT + 5):
            tables.add("refer_inscription_administrative", str(classmate), SHORT_COURSE, "N")
        tables.add("person", "alum", "20100001", "e0100001", *names.draw("etu.univ-campus.fr"), 1)


def _add_student(tables: Tables, etape: Etape, code: str, rank: int, tele: bool) -> None:
    tables.add("refer_inscription_administrative", code, etape.code, "O" if tele else "N")
    for element in etape.elements:
        tables.add("refer_inscription_pedagogique", code, etape.code, element.code)
        for group in element.groups_of(rank, tele):
            tables.add("refer_groupe_etudiant", group, code)


def add_staff(tables: Tables, etapes: list[Etape], names: Names) -> list[str]:
    """Three teachers an étape; gives their codes, padded to eight figures."""
    codes = [f"{FIRST_TEACHER + rank:08}" for rank in range(3 * len(etapes))]
    for code in codes:
        tables.add("person", "staff", code, f"p{code[1:]}", *names.draw("univ-campus.fr"), 1)
    return codes


def add_teaching(tables: Tables, etapes: list[Etape], teachers: list[str], today: date, rng: random.Random) -> None:
    """One or two ADE sheets an element, all planned; most teaching starts within weeks, some has started."""
    activity = 500_000
    for rank, etape in enumerate(etapes):
        for element in etape.elements:
            start = rng.randint(-30, -1) if rng.random() < 0.06 else rng.randint(2, 45)
            for teacher in rng.sample(teachers[3 * rank : 3 * rank + 3], rng.randint(1, 2)):
                activity += 1
                first = (today + timedelta(days=start)).isoformat()
                tables.add(
                    "refer_seance_ade",
                    f"ADE{activity}",
                    element.code,
                    teacher,
                    "APOGEE",
                    "N",
                    rng.randint(2, 24),
                    first,
                )
