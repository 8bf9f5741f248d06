"""Every reason of «Pourquoi ?», to the letter."""

from __future__ import annotations

import pytest

from ecampus.words import why_accounts, why_courses, why_seats
from ecampus.words.anomalies import CATALOGUE

WORDS = {
    "qui": "l'étudiant 22100123",
    "ou": "L2CAS204",
    "cle": "L1CAS101",
    "porteur": "L1CAS101",
    "code_porteur": "L1CAS999",
    "annee": "2026",
    "groupe": "L2CAS204-TD9",
    "contact": "pôle plateforme",
    "par": "inscrit par son groupe L1CAS101-TD1",
    "archive": " depuis la nuit du 3 septembre 2026, sous le code ex_L2CAS204",
    "garde": "REFER n'a plus l'élément",
    "retenue": "Retenu depuis le 24 novembre 2026 : 12 cours à archiver.",
    "message": "nom pris",
    "gel": "Gel : rien n'est écrit.",
    "arret": "Moodle ne répond pas.",
    "compte": "aucun",
    "compte_a_faire": "corriger le compte",
    "identifiant": "e2100123",
    "raison": "deux fiches",
    "methode": "manual",
    "traitement": "Inscriptions",
}

SEATS = {
    "INSCRIT": ("inscrit par son groupe L1CAS101-TD1", ""),
    "A_LA_MAIN": (
        "par une ligne de la table des inscriptions que la synchronisation n'a pas posée : elle n'y touche pas",
        "",
    ),
    "AUTREMENT": ("autrement que par la synchronisation (à la main, par une cohorte…) : elle n'y touche pas", ""),
    "DANS_L_ARCHIVE": ("l'espace L1CAS101 est une archive : les personnes y restent, avec son contenu", ""),
    "GARDE": (
        "les règles ne l'y inscriraient plus (REFER n'a plus l'élément), mais rien ne lui est retiré tant que cela dure",
        "",
    ),
    "RETRAIT_HELD": (
        "les règles ne l'y inscrivent plus ; son retrait attend une décision. Retenu depuis le 24 novembre 2026 : 12 cours à archiver.",
        "",
    ),
    "RETRAIT_REFUSED": ("les règles ne l'y inscrivent plus ; son retrait a été refusé (nom pris)", ""),
    "RETRAIT_FROZEN": ("les règles ne l'y inscrivent plus ; son retrait n'est pas fait. Gel : rien n'est écrit.", ""),
    "RETRAIT_STOPPED": ("les règles ne l'y inscrivent plus ; son retrait n'est pas fait. Moodle ne répond pas.", ""),
    "RETRAIT_NON_FAIT": (
        "son retrait est publié, mais ecampus ne l'a pas encore fait",
        "rien ; ce sera revérifié la nuit prochaine",
    ),
    "A_VERIFIER": ("son inscription vient d'être publiée ; on n'a pas encore vu si ecampus l'a prise", ""),
    "NON_PRIS": (
        "son inscription est publiée, mais ecampus ne l'a pas encore prise",
        "rien ; ce sera revérifié la nuit prochaine",
    ),
    "A_PUBLIER_DONE": ("son inscription a été publiée, puis retirée de la table par quelqu'un d'autre", ""),
    "A_PUBLIER_UNDONE": (
        "son inscription a été publiée, puis annulée par une personne (« Annuler une nuit »)",
        "",
    ),
    "PAS_CALCULE": ("le traitement « Inscriptions » n'a encore jamais abouti : personne n'a regardé", ""),
    "A_PUBLIER_HELD": (
        "tout est en règle ; son inscription attend une décision. Retenu depuis le 24 novembre 2026 : 12 cours à archiver.",
        "",
    ),
    "A_PUBLIER_REFUSED": (
        "tout est en règle ; son inscription a été refusée (nom pris)",
        "rien ; la nuit prochaine réessaiera",
    ),
    "A_PUBLIER_PUT_OFF": ("tout est en règle ; son inscription est remise à la nuit prochaine (nom pris)", ""),
    "A_PUBLIER_FROZEN": ("tout est en règle, mais rien n'est écrit. Gel : rien n'est écrit.", ""),
    "A_PUBLIER_STOPPED": (
        "tout est en règle, mais le traitement des inscriptions s'est arrêté. Moodle ne répond pas.",
        "",
    ),
    "A_PUBLIER_TO_COME": ("tout est en règle ; son inscription sera publiée la nuit prochaine", ""),
    "AUCUN_GROUPE": (
        "dans aucun groupe de L2CAS204, et sans inscription pédagogique à L2CAS204",
        "l'inscrire à L2CAS204 et l'affecter à un de ses groupes, s'il doit y être",
    ),
    "HORS_REFER": (
        "REFER ne connaît pour 2026 ni inscription administrative, ni inscription pédagogique, ni groupe de l'étudiant 22100123",
        "vérifier ses inscriptions de l'année 2026",
    ),
    "IP_SANS_GROUPE": (
        "inscription pédagogique à L2CAS204, mais dans aucun de ses groupes : c'est le groupe qui inscrit",
        "l'affecter à l'un des groupes de L2CAS204",
    ),
    "ELEMENT_SANS_GROUPE": (
        "inscription pédagogique à L2CAS204, mais L2CAS204 n'a aucun groupe qui inscrive : personne n'est inscrit",
        "créer les groupes de L2CAS204 et y affecter les étudiants",
    ),
    "PORTE_HORS_GROUPE": (
        "inscription pédagogique à L2CAS204, porté par L1CAS101, mais dans aucun groupe de L1CAS101",
        "l'affecter à un groupe commun à L1CAS101 et L2CAS204",
    ),
    "PORTE": (
        "dans le groupe L2CAS204-TD9 de L2CAS204, porté par L1CAS101, mais ce groupe n'est pas attaché à L1CAS101",
        "attacher le groupe L2CAS204-TD9 (sa collection) à L1CAS101 aussi",
    ),
    "CHEZ_LE_PORTEUR": ("dans le groupe L2CAS204-TD9, qui inscrit dans l'espace du porteur L1CAS101", ""),
    "CEMU_SUR_PRESENTIEL": (
        "dans le groupe CEMU L2CAS204-TD9, mais L2CAS204 n'est pas « Enseignement à distance » : ce groupe n'inscrit personne",
        "cocher « Enseignement à distance » pour L2CAS204, ou renommer le groupe",
    ),
    "CEMU_SANS_TELE": (
        "dans le groupe CEMU L2CAS204-TD9, mais sans inscription administrative en télé-enseignement",
        "cocher « Télé-enseignement » dans son inscription administrative, ou changer de groupe",
    ),
    "TELE_SANS_CEMU": (
        "en télé-enseignement, mais dans aucun groupe CEMU de L2CAS204",
        "l'affecter à un groupe CEMU de L2CAS204",
    ),
    "PAS_EN_TELE": (
        "sans inscription administrative en télé-enseignement : l'espace à distance n'est pas pour lui",
        "cocher « Télé-enseignement » et l'affecter à un groupe CEMU, s'il étudie à distance",
    ),
    "PAS_A_DISTANCE": (
        "L2CAS204 n'a pas d'espace à distance : l'élément n'est pas « Enseignement à distance »",
        "cocher la case de l'élément, s'il est enseigné à distance",
    ),
    "FOAD_MANUEL": (
        "les enseignants des espaces à distance sont inscrits à la main, jamais par la synchronisation",
        "demander à un enseignant de l'espace (pôle plateforme sinon)",
    ),
    "AUCUNE_SEANCE": ("aucune fiche d'ADE ne l'associe à L2CAS204", "planifier ses séances de L2CAS204"),
    "NON_PLANIFIE": (
        "associé à L2CAS204 sans séance planifiée : associer ne suffit pas",
        "planifier ses séances de L2CAS204",
    ),
    "HORS_APOGEE": (
        "planifié pour L2CAS204 sur une fiche qui ne vient pas d'Apogée",
        "planifier ses séances sur la fiche issue d'Apogée",
    ),
    "OBSOLETE": ("planifié pour L2CAS204 sur une fiche obsolète", "planifier ses séances sur une fiche à jour"),
    "PORTEUR_INCONNU": (
        "L2CAS204 est porté par un élément inconnu : rien n'est créé ni modifié pour l'élément L2CAS204",
        "corriger le lien porteur / porté de L2CAS204",
    ),
    "CODE_DOUBLE": (
        "le code L2CAS204 est déjà celui d'un autre espace : L2CAS204 n'a pas d'espace à lui",
        "supprimer le doublon",
    ),
    "ILLISIBLE": (
        "une ligne de REFER qui en décide ne peut pas être lue : rien n'est changé pour lui",
        "corriger la ligne illisible, que la page Anomalies donne",
    ),
    "ELEMENT_ILLISIBLE": (
        "la ligne de l'élément, ou de son porteur, ne peut pas être lue : rien n'est créé ni modifié pour l'élément L2CAS204",
        "corriger la ligne illisible, que la page Anomalies donne",
    ),
    "ELEMENT_BOUCLE": (
        "L2CAS204 est porté en boucle : rien n'est créé ni modifié pour l'élément L2CAS204",
        "corriger le lien porteur / porté de L2CAS204",
    ),
    "ELEMENT_PORTEUR_INCONNU": (
        "L2CAS204 est porté par L1CAS999, un élément inconnu : rien n'est créé ni modifié pour l'élément L2CAS204",
        "corriger le lien porteur / porté de L2CAS204",
    ),
    "ELEMENT_CATEGORIE_INCONNUE": (
        "L2CAS204 est rangé dans une catégorie inconnue ou mal rattachée : rien n'est créé ni modifié pour l'élément L2CAS204",
        "corriger le rattachement de L2CAS204",
    ),
    "ARCHIVE": (
        "REFER n'a plus l'élément L2CAS204 pour 2026 : son espace est archivé depuis la nuit du 3 septembre 2026, sous le code ex_L2CAS204, avec ses personnes",
        "remettre l'élément L2CAS204 dans l'offre de 2026, s'il doit y être : l'espace reviendra tel qu'il était",
    ),
    "ESPACE_A_LA_MAIN": (
        "L2CAS204 est un espace fait à la main : la synchronisation n'y inscrit ni n'en retire personne",
        "demander à un enseignant de cet espace",
    ),
    "ELEMENT_INCONNU": (
        "REFER n'a pas d'élément L2CAS204 pour 2026, et aucun espace n'a ce code",
        "vérifier le code, puis l'élément dans l'offre de 2026",
    ),
    "COMPTE_ABSENT": ("pas de compte que la synchronisation reconnaisse : aucun", ""),
    "COMPTE_GELE": ("son compte est laissé tel quel, rien n'est ajouté ni retiré : aucun", "corriger le compte"),
    "COURS_EN_ATTENTE": (
        "l'espace L1CAS101 attend une décision : est-ce un cours nouveau, ou un cours dont le code a changé ?",
        "répondre à la question (pôle plateforme)",
    ),
    "CODE_PRIS": (
        "un espace fait à la main porte déjà le code L1CAS101 : la synchronisation n'y touche pas",
        "libérer ce code, ou demander l'adoption de cet espace (pôle plateforme)",
    ),
    "COURS_CODE_CHANGE": ("quelqu'un a changé le code de l'espace L1CAS101 ; la nuit prochaine le remettra", ""),
    "COURS_DONE": ("l'espace L1CAS101 vient d'être créé ; son inscription suivra la nuit prochaine", ""),
    "COURS_HELD": (
        "l'espace L1CAS101 n'existe pas encore : sa création attend une décision. Retenu depuis le 24 novembre 2026 : 12 cours à archiver.",
        "",
    ),
    "COURS_REFUSED": (
        "l'espace L1CAS101 n'existe pas : ecampus a refusé de le créer (nom pris)",
        "signaler le refus s'il dure (pôle plateforme)",
    ),
    "COURS_PUT_OFF": ("l'espace L1CAS101 n'existe pas encore : sa création est remise (nom pris)", ""),
    "COURS_FROZEN": ("l'espace L1CAS101 n'existe pas encore, et rien n'est écrit. Gel : rien n'est écrit.", ""),
    "COURS_STOPPED": (
        "l'espace L1CAS101 n'existe pas encore : le traitement de l'offre s'est arrêté. Moodle ne répond pas.",
        "",
    ),
    "COURS_TO_COME": ("l'espace L1CAS101 n'existe pas encore ; il sera créé la nuit prochaine", ""),
}
ACCOUNTS = {
    "PAS_CALCULE": ("inconnu : le traitement « Utilisateurs » n'a encore jamais abouti", ""),
    "ACTIF": ("e2100123, actif, vu dans l'annuaire", ""),
    "ACTIF_EMAIL_ABSENT": (
        "e2100123, actif, mais sans adresse de courriel valable dans l'annuaire : il garde celle qu'il a",
        "renseigner dans l'annuaire une adresse de courriel valable",
    ),
    "ACTIF_EMAIL_DOUBLE": (
        "e2100123, actif, mais son adresse de l'annuaire appartient à un autre compte : il garde celle qu'il a",
        "corriger l'adresse dans l'annuaire : elle appartient déjà à un autre compte",
    ),
    "ACTIF_NOM_ABSENT": (
        "e2100123, actif, mais sans nom ou prénom lisible dans l'annuaire : il garde ceux qu'il a",
        "compléter le nom et le prénom dans l'annuaire",
    ),
    "ACTIF_IDENTIFIANT_REFUSE": (
        "e2100123, actif, mais son identifiant de l'annuaire n'est pas de ceux qu'ecampus accepte",
        "corriger l'identifiant dans l'annuaire (lettres sans accent, chiffres, « - », « _ », « . », « @ »)",
    ),
    "ACTIF_SANS_CODE": (
        "e2100123, actif, mais sa fiche de l'annuaire n'a pas de code",
        "renseigner le code de la personne dans l'annuaire",
    ),
    "SUSPENDU": (
        "e2100123, suspendu : la personne ne peut pas se connecter",
        "voir qui a suspendu ce compte sur ecampus : la synchronisation ne réactive que ceux qu'elle a suspendus",
    ),
    "EXCLU": ("e2100123, que ce site demande de ne jamais toucher (option « exclude »)", ""),
    "AMBIGU": ("e2100123, laissé tel quel : deux fiches", "corriger le compte sur ecampus ou la fiche dans l'annuaire"),
    "AUTRE_AUTH": (
        "e2100123, laissé tel quel : il utilise l'authentification « manual »",
        "changer sa méthode d'authentification sur ecampus s'il doit suivre l'annuaire",
    ),
    "PARTI": (
        "e2100123, suspendu parce que la personne n'est plus dans l'annuaire",
        "vérifier sa fiche dans l'annuaire si elle est toujours là",
    ),
    "DISPARU": (
        "e2100123, que quelqu'un a supprimé sur ecampus",
        "vérifier sa fiche dans l'annuaire : un compte neuf est fait pour qui y est",
    ),
    "NON_LU": ("e2100123, qui n'est plus lu avec les autres : rien n'en bouge", "corriger le compte sur ecampus"),
    "SANS_FICHE": ("e2100123, que l'annuaire n'explique pas : la synchronisation n'y touche pas", ""),
    "ABSENT": ("aucun, et aucune fiche de l'annuaire n'a ce code", "vérifier sa fiche dans l'annuaire"),
    "SANS_COMPTE_EMAIL_ABSENT": (
        "aucun : sa fiche de l'annuaire n'a pas d'adresse de courriel valable",
        "renseigner dans l'annuaire une adresse de courriel valable",
    ),
    "SANS_COMPTE_EMAIL_DOUBLE": (
        "aucun : l'adresse de sa fiche appartient déjà à un autre compte",
        "corriger l'adresse dans l'annuaire : elle appartient déjà à un autre compte",
    ),
    "SANS_COMPTE_NOM_ABSENT": (
        "aucun : sa fiche de l'annuaire n'a pas de nom ou de prénom lisible",
        "compléter le nom et le prénom dans l'annuaire",
    ),
    "SANS_COMPTE_IDENTIFIANT_REFUSE": (
        "aucun : l'identifiant e2100123 n'est pas de ceux qu'ecampus accepte",
        "corriger l'identifiant dans l'annuaire (lettres sans accent, chiffres, « - », « _ », « . », « @ »)",
    ),
    "SANS_COMPTE_SANS_CODE": (
        "aucun : la fiche de e2100123 n'a pas de code",
        "renseigner le code de la personne dans l'annuaire",
    ),
    "SANS_COMPTE_AMBIGU": (
        "aucun n'est reconnu : deux fiches",
        "corriger le compte sur ecampus ou la fiche dans l'annuaire",
    ),
    "SANS_COMPTE_AUTRE_AUTH": (
        "aucun : l'identifiant e2100123 est celui d'un compte d'une autre authentification",
        "changer la méthode d'authentification de ce compte sur ecampus",
    ),
    "SANS_COMPTE_EXCLU": ("aucun : l'identifiant e2100123 est de ceux que ce site ne touche jamais", ""),
    "SANS_COMPTE_HELD": (
        "aucun encore : sa création attend une décision. Retenu depuis le 24 novembre 2026 : 12 cours à archiver.",
        "",
    ),
    "SANS_COMPTE_REFUSED": (
        "aucun : ecampus a refusé de le créer (nom pris)",
        "corriger la fiche dans l'annuaire si le refus dure",
    ),
    "SANS_COMPTE_PUT_OFF": ("aucun encore : sa création est remise à la nuit prochaine (nom pris)", ""),
    "SANS_COMPTE_FROZEN": ("aucun encore : rien n'est écrit. Gel : rien n'est écrit.", ""),
    "SANS_COMPTE_STOPPED": ("aucun encore : le traitement des utilisateurs s'est arrêté. Moodle ne répond pas.", ""),
    "SANS_COMPTE_TO_COME": ("aucun encore : il sera créé la nuit prochaine", ""),
}


@pytest.mark.parametrize("name", why_seats.REASONS)
def test_why_somebody_is_in_a_course_or_is_not_and_what_to_do(name):
    reason = why_seats.told(name, WORDS)
    assert (reason.told, reason.todo) == SEATS[name]


@pytest.mark.parametrize("name", why_accounts.ACCOUNTS)
def test_why_somebody_has_an_account_or_has_none_and_what_to_do(name):
    reason = why_accounts.told(name, WORDS)
    assert (reason.told, reason.todo) == ACCOUNTS[name]


def test_what_is_to_be_done_says_where_and_the_guide_has_its_section():
    known = [*why_seats.REASONS.values(), *why_accounts.ACCOUNTS.values()]
    assert {reason.guide for reason in known if reason.guide} <= {*CATALOGUE}
    assert [reason.told for reason in known if reason.todo and not reason.where and "rien" not in reason.todo] == []


def test_an_etape_in_a_sentence():
    assert (
        why_courses.cohort("V1 - licence", 22, 22) == "L'étape V1 - licence a 22 inscrits, tous membres de sa cohorte."
    )
    assert why_courses.cohort("V1 - licence", 1, 1) == "L'étape V1 - licence a 1 inscrit, membre de sa cohorte."
    assert why_courses.cohort("V1 - licence", 20, 22) == "L'étape V1 - licence a 22 inscrits, dont 20 dans sa cohorte."
    assert {*why_courses.COHORTS} == {"MEMBRE", "ETAPE_INCONNUE", "COMPTE_ABSENT", "COMPTE_GELE", "CODE_PRIS"}


def test_each_rung_of_a_list_in_a_few_words():
    assert why_courses.VERDICTS == {
        "INSCRIT": "inscrit",
        "ELEMENT_GELE": "l'élément est laissé tel quel",
        "CHEZ_LE_PORTEUR": "dans l'espace du porteur",
        "PORTE": "groupe qui n'est pas attaché au porteur",
        "CEMU_SUR_PRESENTIEL": "groupe CEMU d'un élément qui n'est pas à distance",
        "CODE_DOUBLE": "code déjà pris par un autre espace",
        "SANS_GROUPE": "inscription pédagogique, mais dans aucun groupe",
        "ILLISIBLE": "ligne illisible dans REFER",
        "CEMU_SANS_TELE": "groupe CEMU sans télé-enseignement",
        "COMPTE_ABSENT": "pas de compte reconnu",
        "COMPTE_GELE": "compte laissé tel quel",
        "COURS_EN_ATTENTE": "l'espace attend une décision",
        "COURS_ABSENT": "l'espace n'existe pas encore",
        "NON_PLANIFIE": "associé sans séance planifiée",
        "HORS_APOGEE": "fiche d'ADE qui ne vient pas d'Apogée",
        "OBSOLETE": "fiche d'ADE obsolète",
        "PORTEUR_INCONNU": "porteur inconnu",
        "GROUPE": "inscrit ses étudiants",
    }
