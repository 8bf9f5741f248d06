"""Trap 1: the group enrols, the IP does not."""

from sandbox.university.cases.facts import RULE, Case, element, group, ip
from sandbox.university.cases.people import HUGO, IRIS, LINA, NOE

CASES = (
    Case(
        "IP_SANS_GROUPE",
        "Lina a une IP sur L1CAS101 mais n'est dans aucun de ses groupes ; Noé est dans le TD1.",
        element("L1CAS101", "mécanique du point"),
        group("L1CAS101-TD1", "TD1 mécanique du point", on=["L1CAS101"], members=[NOE]),
        ip("L1CAS101", LINA, NOE),
    ),
    Case(
        "ELEMENT_SANS_GROUPE",
        "Lina, Noé et Hugo ont une IP sur L1CAS102, qui n'a aucun groupe.",
        element("L1CAS102", "statique des fluides"),
        ip("L1CAS102", LINA, NOE, HUGO),
    ),
    Case(
        RULE,
        "Noé est dans le TD1 de L1CAS103 sans y avoir d'IP : il est inscrit au cours.",
        element("L1CAS103", "optique géométrique"),
        group("L1CAS103-TD1", "TD1 optique géométrique", on=["L1CAS103"], members=[NOE]),
    ),
    Case(
        RULE,
        "Le groupe L1CAS104-CM est rattaché à deux éléments : Iris est dans les deux cours et dans les deux "
        "groupes qu'il y devient.",
        element("L1CAS104", "anglais scientifique"),
        element("L1CAS105", "certification en anglais"),
        group("L1CAS104-CM", "CM anglais", on=["L1CAS104", "L1CAS105"], members=[IRIS]),
        ip("L1CAS104", IRIS),
        ip("L1CAS105", IRIS),
    ),
    Case(
        RULE,
        "Le groupe L1CAS106-TD1 est vide et le groupe LCAS-LIBRE n'est rattaché à rien.",
        element("L1CAS106", "méthodologie du travail universitaire"),
        group("L1CAS106-TD1", "TD1 méthodologie", on=["L1CAS106"]),
        group("LCAS-LIBRE", "groupe sans élément", on=[], members=[HUGO]),
    ),
    Case(
        RULE,
        "Deux groupes de L1CAS107 ne diffèrent que par la casse : ils prennent leur code entre parenthèses.",
        element("L1CAS107", "histoire des sciences"),
        group("L1CAS107-TD1", "TD du lundi", on=["L1CAS107"], members=[HUGO]),
        group("L1CAS107-TD2", "td du Lundi", on=["L1CAS107"], members=[IRIS]),
        ip("L1CAS107", HUGO, IRIS),
    ),
)
