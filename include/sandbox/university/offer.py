"""The random bulk of the offer: categories, étapes, elements and their groups. It is clean: no anomaly."""

import random
from dataclasses import dataclass, field
from string import ascii_uppercase

from sandbox.university.tables import Tables
from sandbox.university.vocabulary import COMPOSANTES, LEVELS, SUBJECTS, Subject

LARGEST = 3_000
ROOT = "UNIV"
SHORT_COURSE = "DUFLE_1"
"""An étape without category nor element: its students have another IA."""

_GROUPS = (("TD1", "TD2"), ("TD1", "TD2"), ("CM", "TD1", "TD2"), ("CM",), ("CM", "TD1", "TD2", "TP1", "TP2"))


@dataclass
class Element:
    """An element of the bulk; the groups are those of its porteur when it is porté."""

    code: str
    distance: bool = False
    porte: bool = False
    groups: list[str] = field(default_factory=list)

    def groups_of(self, rank: int, tele: bool) -> list[str]:
        """The groups of the étape's student of this rank: one of each kind (CM, TD, TP), or the CEMU one."""
        cemu = [code for code in self.groups if code.endswith("-CEMU")]
        if tele and cemu:
            return cemu
        kinds: dict[str, list[str]] = {}
        for code in self.groups:
            if code not in cemu:
                kinds.setdefault(code.rpartition("-")[2][:2], []).append(code)
        return [codes[rank % len(codes)] for codes in kinds.values()]


@dataclass
class Etape:
    """A year of a degree; its category has the same code."""

    code: str
    letters: str
    level: str
    subject: Subject
    distance: bool
    elements: list[Element] = field(default_factory=list)


def add_offer(tables: Tables, size: int, rng: random.Random) -> list[Etape]:
    """Add ``size`` étapes with all that they hold; a few are distance, a few elements are portés."""
    if not 0 <= size <= LARGEST:
        raise ValueError(f"La taille de l'université va de 0 à {LARGEST} étapes : {size} est demandé.")
    _add_composantes(tables)
    etapes: list[Etape] = []
    for rank in range(size):
        etapes.append(_etape(tables, rank))
        host = etapes[-2].elements[-1] if etapes[-1].level in ("L2", "M2") else None
        _add_elements(tables, etapes[-1], host, rng)
    return etapes


def _add_composantes(tables: Tables) -> None:
    tables.add("refer_categorie", ROOT, "Université", None, ROOT)
    for code, label in COMPOSANTES.items():
        tables.add("refer_categorie", code, label, ROOT, code)
    tables.add("refer_categorie", "PREP0", "préparation de la rentrée prochaine", "SCIENCES", "SCIENCES")
    tables.add("refer_etape", SHORT_COURSE, "diplôme d'université français langue étrangère", "LANGUES")


def _etape(tables: Tables, rank: int) -> Etape:
    parcours, position = divmod(rank // len(LEVELS), len(SUBJECTS))
    subject, level = SUBJECTS[position], list(LEVELS)[rank % len(LEVELS)]
    letters, mnemonic = _letters(subject.mnemonic, parcours)
    diploma, name = f"{level[0]}{mnemonic}", subject.name + (f" parcours {parcours + 1}" if parcours else "")
    kind = "licence" if level[0] == "L" else "master"
    if level in ("L1", "M1"):
        tables.add("refer_categorie", diploma, f"{kind} {name}", subject.composante, subject.composante)
    code, label = f"{diploma}{level[1]}_1", f"{kind} {level[1]} {name}"
    tables.add("refer_categorie", code, label, diploma, subject.composante)
    tables.add("refer_etape", code, label, subject.composante)
    return Etape(code, letters, level, subject, distance=rank % 6 == 3)


def _letters(mnemonic: str, parcours: int) -> tuple[str, str]:
    """The three letters of elements and the four of étapes: MAT, MATH; in the parcours 2: MA1, MAT1."""
    if parcours == 0:
        return mnemonic[:3], mnemonic
    free = [sign for sign in "123456789" + ascii_uppercase if sign not in mnemonic[2:]]
    return mnemonic[:2] + free[parcours - 1], mnemonic[:3] + free[parcours - 1]


def _add_elements(tables: Tables, etape: Etape, host: Element | None, rng: random.Random) -> None:
    """Six to eight elements; the last one is taught inside ``host``, an element of the year before."""
    titles = rng.sample(etape.subject.titles, rng.randint(6, 8))
    for rank, title in enumerate(titles):
        code = f"{etape.level}{etape.letters}{1 + rank % 2}{1 + rank // 2:02}"
        element = Element(code, distance=etape.distance and rank < 2)
        label = title + LEVELS[etape.level]
        tables.add("refer_element", code, label, etape.code, "O" if element.distance else "N")
        if host and title is titles[-1]:
            _carry(tables, element, host)
        else:
            _add_groups(tables, element, label, rng)
        etape.elements.append(element)


def _add_groups(tables: Tables, element: Element, label: str, rng: random.Random) -> None:
    for name in rng.choice(_GROUPS) + (("CEMU",) if element.distance else ()):
        code = f"{element.code}-{name}"
        tables.add("refer_groupe", code, f"{name} {label}", f"{element.code}-{name[:2]}")
        tables.add("refer_groupe_element", code, element.code)
        element.groups.append(code)


def _carry(tables: Tables, porte: Element, porteur: Element) -> None:
    """Their groups are common: those of the porteur, attached to both."""
    porte.porte, porte.groups = True, porteur.groups
    tables.add("refer_porte", porte.code, porteur.code)
    for code in porteur.groups:
        tables.add("refer_groupe_element", code, porte.code)
