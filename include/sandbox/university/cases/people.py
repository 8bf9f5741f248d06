"""Who plays in the cases, and the two étapes that hold them."""

from sandbox.university.cases.facts import Facts, Person, category, etape, ia, student, teacher

_ETU, _UNIV = "@etu.univ-campus.fr", "@univ-campus.fr"

LINA = Person("22900101", "Lina", "Marchand", f"lina.marchand{_ETU}", "e2900101")
NOE = Person("22900102", "Noé", "Lefrançois", f"noe.lefrancois{_ETU}", "e2900102")
HUGO = Person("22900103", "Hugo", "d'Ornano", f"hugo.dornano{_ETU}", "e2900103")
MAYA = Person("22900104", "Maya", "Ben Saïd", f"maya.ben-said{_ETU}", "e2900104")
INES = Person("22900105", "Inès", "Le Goff-Nguyễn", f"ines.legoff{_ETU}", "e2900105")
IRIS = Person("22900106", "Iris", "Peltier", f"iris.peltier{_ETU}", "e2900106")
GUY = Person("22900107", "Guy", "Villeneuve", f"guy.villeneuve{_ETU}", "e2900107")

AMARTIN = Person("00090101", "Anne", "Martin", f"anne.martin-cas{_UNIV}", "p0090101")
BDURAND = Person("00090102", "Bruno", "Durand", f"bruno.durand-cas{_UNIV}", "p0090102")
CROCHE = Person("00090103", "Cécile", "Roche", f"cecile.roche-cas{_UNIV}", "p0090103")

TELE = (MAYA, INES)
"""In télé-enseignement: the others are not."""

FACTS: Facts = [
    *category("LCAS", "licence des cas d'école", "SCIENCES", "SCIENCES"),
    *category("LCAS1_1", "licence 1 des cas d'école", "LCAS", "SCIENCES"),
    *category("MCAS", "master des cas d'école", "DROIT", "DROIT"),
    *category("MCAS1_1", "master 1 des cas d'école", "MCAS", "DROIT"),
    *etape("LCAS1_1", "licence 1 des cas d'école", "SCIENCES"),
    *etape("MCAS1_1", "master 1 des cas d'école", "DROIT"),
    *(fact for person in (LINA, NOE, HUGO, IRIS, GUY) for fact in student(person) + ia(person)),
    *(fact for person in TELE for fact in student(person) + ia(person, tele=True)),
    *(fact for person in (AMARTIN, BDURAND, CROCHE) for fact in teacher(person)),
]
