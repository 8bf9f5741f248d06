"""Codes that are unknown, double, or already taken."""

from sandbox.university.cases.facts import (
    RULE,
    Case,
    Person,
    carried,
    category,
    element,
    etape,
    group,
    ia,
    ip,
    session,
)
from sandbox.university.cases.people import AMARTIN, GUY, HUGO, IRIS, LINA, NOE

CODE_TAKEN = "M1CAS401"
"""The idnumber and shortname of a course of the sandbox's Moodle that somebody made by hand."""

SUSPECT = "M1CAS402"
"""The code that stands in the name of a hand-made space of the sandbox's Moodle."""

CASES = (
    Case(
        "CATEGORIE_INCONNUE",
        "M1CAS301 est dans une catégorie qui n'existe pas ; M1CAS302 est dans LCASORPH, "
        "dont la catégorie mère n'existe pas.",
        element("M1CAS301", "criminologie", "NEANT_1"),
        group("M1CAS301-TD1", "TD1 criminologie", on=["M1CAS301"], members=[GUY]),
        category("LCASORPH", "catégorie orpheline", "NEANT", "DROIT"),
        element("M1CAS302", "victimologie", "LCASORPH"),
    ),
    Case(
        "CATEGORIE_INCONNUE",
        "Les catégories LCASBCL1 et LCASBCL2 se contiennent l'une l'autre ; M1CAS303 est dans la première.",
        category("LCASBCL1", "boucle 1", "LCASBCL2", "DROIT"),
        category("LCASBCL2", "boucle 2", "LCASBCL1", "DROIT"),
        element("M1CAS303", "philosophie du droit", "LCASBCL1"),
    ),
    Case(
        "REFERENCE_INCONNUE",
        "Un lien de chaque sorte vise un objet qui n'existe pas (NEANT…).",
        element("M1CAS304", "droit comparé", "MCAS1_1"),
        group("M1CAS304-TD1", "TD1 droit comparé", on=["M1CAS304", "NEANT001"], members=[GUY]),
        [("refer_groupe_element", ("NEANT-TD1", "M1CAS304"))],
        [("refer_groupe_etudiant", ("NEANT-TD2", GUY.code))],
        ia(HUGO, "NEANT1_1"),
        ip("NEANT002", GUY),
        ip("M1CAS304", IRIS, etape="NEANT1_1"),
        carried("NEANT003", by="M1CAS304"),
        session("ADE900701", "NEANT004", AMARTIN),
    ),
    Case(
        "CODE_DOUBLE",
        "M1CAS305 existe aussi en minuscules suivi d'une espace, un groupe aussi : "
        "le plus petit code tel que saisi l'emporte.",
        element("M1CAS305", "droit rural", "MCAS1_1"),
        element("m1cas305 ", "droit rural (doublon)", "MCAS1_1"),
        group("M1CAS305-TD1", "TD1 droit rural", on=["M1CAS305"], members=[GUY]),
        group("m1cas305-td1", "TD1 droit rural (doublon)", on=["m1cas305 "], members=[NOE]),
    ),
    Case(
        RULE,
        "M1CAS306 est saisi avec des espaces et en minuscules : il devient M1CAS306 et garde ses groupes.",
        element(" m1cas306", "droit maritime", "mcas1_1 "),
        group(" M1CAS306-td1", "TD1 droit maritime", on=["M1CAS306 "], members=[LINA]),
        ip("M1cas306", LINA, etape="MCAS1_1"),
    ),
    Case(
        "CODE_DOUBLE",
        "Moodle confond les groupes «7» et «007» de M1CAS307 : seul le plus petit code tel que saisi, 007, est envoyé.",
        element("M1CAS307", "droit bancaire", "MCAS1_1"),
        group("007", "groupe 007", on=["M1CAS307"], members=[HUGO]),
        group("7", "groupe 7", on=["M1CAS307"], members=[IRIS]),
    ),
    Case(
        "CODE_PRIS",
        f"Un cours fait à la main dans ecampus porte déjà le code {CODE_TAKEN}.",
        element(CODE_TAKEN, "droit de l'environnement", "MCAS1_1"),
        group(f"{CODE_TAKEN}-TD1", "TD1 environnement", on=[CODE_TAKEN], members=[GUY]),
    ),
    Case(
        "ESPACE_SUSPECT",
        f"Un espace complémentaire fait à la main dans ecampus porte le code {SUSPECT} dans son nom.",
        element(SUSPECT, "droit de l'urbanisme", "MCAS1_1"),
        session("ADE900702", SUSPECT, AMARTIN),
    ),
)

LAST_YEAR = Case(
    RULE,
    "L'an passé existaient M1CAS501, son groupe, MCAS9_1 et une étudiante : cette année n'en sait rien.",
    category("MCAS9_1", "master 9 de l'an passé", "MCAS", "DROIT"),
    etape("MCAS9_1", "master 9 de l'an passé", "DROIT"),
    element("M1CAS501", "droit de l'an passé", "MCAS9_1"),
    element("M1CAS304", "droit comparé (libellé de l'an passé)", "MCAS9_1"),
    group("M1CAS501-TD1", "TD1 de l'an passé", on=["M1CAS501", "M1CAS304"], members=[GUY]),
    carried("M1CAS304", by="M1CAS501"),
    ia(Person("22900140", "Ancienne", "Étudiante", None, "e2900140"), "MCAS9_1"),
    session("ADE900799", "M1CAS304", AMARTIN, first_in=-365),
)
"""Written under the year before: whoever forgets to filter by year sees M1CAS304 porté and renamed."""
