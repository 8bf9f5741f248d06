"""Trap 3: an element taught inside another has no course; its groups must be common to both."""

from sandbox.university.cases.facts import RULE, Case, carried, element, group, ip, session
from sandbox.university.cases.people import BDURAND, GUY, HUGO, IRIS, LINA

CASES = (
    Case(
        RULE,
        "L1CAS303 est porté par L1CAS302, lui-même porté par L1CAS301 : seul L1CAS301 a un cours, "
        "où sont Hugo, par le groupe commun, et M. Durand, planifié sur L1CAS303.",
        element("L1CAS301", "statistique"),
        element("L1CAS302", "statistique pour biologistes"),
        element("L1CAS303", "statistique pour géologues"),
        carried("L1CAS303", by="L1CAS302"),
        carried("L1CAS302", by="L1CAS301"),
        group("L1CAS301-CM", "CM statistique", on=["L1CAS301", "L1CAS302", "L1CAS303"], members=[HUGO]),
        ip("L1CAS303", HUGO),
        session("ADE900301", "L1CAS303", BDURAND),
    ),
    Case(
        "GROUPE_NON_COMMUN",
        "L1CAS305 est porté par L1CAS304, mais son TD n'est rattaché qu'à lui : il n'inscrit personne.",
        element("L1CAS304", "électricité"),
        element("L1CAS305", "électricité pour chimistes"),
        carried("L1CAS305", by="L1CAS304"),
        group("L1CAS304-CM", "CM électricité", on=["L1CAS304", "L1CAS305"], members=[IRIS]),
        group("L1CAS305-TD1", "TD1 électricité", on=["L1CAS305"], members=[IRIS, GUY]),
        ip("L1CAS305", IRIS, GUY),
    ),
    Case(
        "PORTE_HORS_GROUPE",
        "Lina a une IP sur L1CAS307, porté par L1CAS306, et n'est dans aucun groupe de L1CAS306.",
        element("L1CAS306", "thermodynamique classique"),
        element("L1CAS307", "énergétique"),
        carried("L1CAS307", by="L1CAS306"),
        group("L1CAS306-CM", "CM thermodynamique", on=["L1CAS306", "L1CAS307"], members=[HUGO]),
        ip("L1CAS307", LINA, HUGO),
    ),
    Case(
        "PORTEUR_INCONNU",
        "L1CAS308 est porté par ZZCAS999, qui n'est pas un élément de l'année.",
        element("L1CAS308", "acoustique"),
        carried("L1CAS308", by="ZZCAS999"),
        group("L1CAS308-TD1", "TD1 acoustique", on=["L1CAS308"], members=[GUY]),
        ip("L1CAS308", GUY),
    ),
    Case(
        "PORTAGE_EN_BOUCLE",
        "L1CAS309 et L1CAS310 se portent l'un l'autre.",
        element("L1CAS309", "cristallographie"),
        element("L1CAS310", "minéralogie"),
        carried("L1CAS309", by="L1CAS310"),
        carried("L1CAS310", by="L1CAS309"),
        group("L1CAS309-TD1", "TD1 minéraux", on=["L1CAS309", "L1CAS310"], members=[GUY]),
        ip("L1CAS309", GUY),
    ),
)
