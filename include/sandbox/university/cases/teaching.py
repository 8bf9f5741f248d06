"""Traps 4 and 5: «Associer ne suffit pas !», and the course that stays hidden."""

from sandbox.university.cases.facts import RULE, Case, element, group, session
from sandbox.university.cases.people import AMARTIN, BDURAND, CROCHE, GUY, INES

CASES = (
    Case(
        "ADE_NON_PLANIFIE",
        "Mme Martin est associée à la fiche ADE de L1CAS401 sans aucune séance ; M. Durand y a zéro séance.",
        element("L1CAS401", "programmation fonctionnelle"),
        session("ADE900401", "L1CAS401", AMARTIN, planned=None, first_in=None),
        session("ADE900401", "L1CAS401", BDURAND, planned=0, first_in=None),
    ),
    Case(
        "ADE_OBSOLETE",
        "Mme Roche est planifiée sur une fiche obsolète de L1CAS402.",
        element("L1CAS402", "compilation"),
        session("ADE900402", "L1CAS402", CROCHE, obsolete=True),
    ),
    Case(
        "ADE_HORS_APOGEE",
        "Mme Roche est planifiée sur une fiche de L1CAS403 créée à la main dans ADE.",
        element("L1CAS403", "architecture des ordinateurs"),
        session("ADE900403", "L1CAS403", CROCHE, origin="MANUEL"),
    ),
    Case(
        RULE,
        "Mme Martin est planifiée sur une fiche de L1CAS404 et sans séance sur une autre : elle enseigne.",
        element("L1CAS404", "bases de données avancées"),
        session("ADE900404", "L1CAS404", AMARTIN),
        session("ADE900405", "L1CAS404", AMARTIN, planned=0, first_in=None),
    ),
    Case(
        RULE,
        "M. Durand est planifié sur L1CAS405, à distance : dans l'espace ordinaire, jamais dans le FOAD.",
        element("L1CAS405", "sécurité informatique", distance=True),
        group("L1CAS405-CEMU", "CEMU sécurité informatique", on=["L1CAS405"], members=[INES]),
        session("ADE900406", "L1CAS405", BDURAND),
    ),
    Case(
        "COURS_CACHE",
        "L1CAS501 a commencé il y a dix jours ; son enseignante ne l'a pas encore ouvert.",
        element("L1CAS501", "intelligence artificielle"),
        group("L1CAS501-TD1", "TD1 intelligence artificielle", on=["L1CAS501"], members=[GUY]),
        session("ADE900501", "L1CAS501", CROCHE, first_in=-10),
    ),
)
