"""Why somebody is in a course or is not, and what to do: the reasons of ``explain.seats``."""

from __future__ import annotations

from ecampus.words import names
from ecampus.words.why_accounts import Reason

_FROZEN = "rien n'est créé ni modifié pour l'élément {ou}"

REASONS: dict[str, Reason] = {
    "INSCRIT": Reason("{par}"),
    "A_LA_MAIN": Reason(
        "par une ligne de la table des inscriptions que la synchronisation n'a pas posée : elle n'y touche pas"
    ),
    "AUTREMENT": Reason(
        "autrement que par la synchronisation (à la main, par une cohorte…) : elle n'y touche pas"
    ),
    "DANS_L_ARCHIVE": Reason("l'espace {cle} est une archive : les personnes y restent, avec son contenu"),
    "GARDE": Reason("les règles ne l'y inscriraient plus ({garde}), mais rien ne lui est retiré tant que cela dure"),
    "RETRAIT_HELD": Reason("les règles ne l'y inscrivent plus ; son retrait attend une décision. {retenue}"),
    "RETRAIT_REFUSED": Reason("les règles ne l'y inscrivent plus ; son retrait a été refusé ({message})"),
    "RETRAIT_FROZEN": Reason("les règles ne l'y inscrivent plus ; son retrait n'est pas fait. {gel}"),
    "RETRAIT_STOPPED": Reason("les règles ne l'y inscrivent plus ; son retrait n'est pas fait. {arret}"),
    "RETRAIT_NON_FAIT": Reason(
        "son retrait est publié, mais ecampus ne l'a pas encore fait",
        "rien ; ce sera revérifié la nuit prochaine", "", "RETRAIT_NON_FAIT",
    ),
    "A_VERIFIER": Reason("son inscription vient d'être publiée ; on n'a pas encore vu si ecampus l'a prise"),
    "NON_PRIS": Reason(
        "son inscription est publiée, mais ecampus ne l'a pas encore prise",
        "rien ; ce sera revérifié la nuit prochaine", "", "NON_PRIS",
    ),
    "A_PUBLIER_DONE": Reason("son inscription a été publiée, puis retirée de la table par quelqu'un d'autre"),
    "A_PUBLIER_UNDONE": Reason(
        f"son inscription a été publiée, puis annulée par une personne ({names.dag('ecampus_undo')})"
    ),
    "A_PUBLIER_HELD": Reason("tout est en règle ; son inscription attend une décision. {retenue}"),
    "A_PUBLIER_REFUSED": Reason(
        "tout est en règle ; son inscription a été refusée ({message})",
        "rien ; la nuit prochaine réessaiera", "", "REFUS_MOODLE",
    ),
    "A_PUBLIER_PUT_OFF": Reason("tout est en règle ; son inscription est remise à la nuit prochaine ({message})"),
    "A_PUBLIER_FROZEN": Reason("tout est en règle, mais rien n'est écrit. {gel}"),
    "A_PUBLIER_STOPPED": Reason("tout est en règle, mais le traitement des inscriptions s'est arrêté. {arret}"),
    "A_PUBLIER_TO_COME": Reason("tout est en règle ; son inscription sera publiée la nuit prochaine"),
    "AUCUN_GROUPE": Reason(
        "dans aucun groupe de {ou}, et sans inscription pédagogique à {ou}",
        "l'inscrire à {ou} et l'affecter à un de ses groupes, s'il doit y être", "Apogée", "IP_SANS_GROUPE",
    ),
    "HORS_REFER": Reason(
        "REFER ne connaît pour {annee} ni inscription administrative, ni inscription pédagogique, ni groupe de {qui}",
        "vérifier ses inscriptions de l'année {annee}", "Apogée",
    ),
    "IP_SANS_GROUPE": Reason(
        "inscription pédagogique à {ou}, mais dans aucun de ses groupes : c'est le groupe qui inscrit",
        "l'affecter à l'un des groupes de {ou}", "Apogée", "IP_SANS_GROUPE",
    ),
    "ELEMENT_SANS_GROUPE": Reason(
        "inscription pédagogique à {ou}, mais {ou} n'a aucun groupe qui inscrive : personne n'est inscrit",
        "créer les groupes de {ou} et y affecter les étudiants", "Apogée", "ELEMENT_SANS_GROUPE",
    ),
    "PORTE_HORS_GROUPE": Reason(
        "inscription pédagogique à {ou}, porté par {porteur}, mais dans aucun groupe de {porteur}",
        "l'affecter à un groupe commun à {porteur} et {ou}", "Apogée", "PORTE_HORS_GROUPE",
    ),
    "PORTE": Reason(
        "dans le groupe {groupe} de {ou}, porté par {porteur}, mais ce groupe n'est pas attaché à {porteur}",
        "attacher le groupe {groupe} (sa collection) à {porteur} aussi", "Apogée", "GROUPE_NON_COMMUN",
    ),
    "CHEZ_LE_PORTEUR": Reason("dans le groupe {groupe}, qui inscrit dans l'espace du porteur {porteur}"),
    "CEMU_SUR_PRESENTIEL": Reason(
        "dans le groupe CEMU {groupe}, mais {ou} n'est pas « Enseignement à distance » : ce groupe n'inscrit personne",
        "cocher « Enseignement à distance » pour {ou}, ou renommer le groupe", "Apogée", "CEMU_SUR_PRESENTIEL",
    ),
    "CEMU_SANS_TELE": Reason(
        "dans le groupe CEMU {groupe}, mais sans inscription administrative en télé-enseignement",
        "cocher « Télé-enseignement » dans son inscription administrative, ou changer de groupe",
        "Apogée", "CEMU_SANS_TELE",
    ),
    "TELE_SANS_CEMU": Reason(
        "en télé-enseignement, mais dans aucun groupe CEMU de {ou}",
        "l'affecter à un groupe CEMU de {ou}", "Apogée", "TELE_SANS_CEMU",
    ),
    "PAS_EN_TELE": Reason(
        "sans inscription administrative en télé-enseignement : l'espace à distance n'est pas pour lui",
        "cocher « Télé-enseignement » et l'affecter à un groupe CEMU, s'il étudie à distance", "Apogée",
    ),
    "PAS_A_DISTANCE": Reason(
        "{ou} n'a pas d'espace à distance : l'élément n'est pas « Enseignement à distance »",
        "cocher la case de l'élément, s'il est enseigné à distance", "Apogée",
    ),
    "FOAD_MANUEL": Reason(
        "les enseignants des espaces à distance sont inscrits à la main, jamais par la synchronisation",
        "demander à un enseignant de l'espace ({contact} sinon)", "ecampus",
    ),
    "AUCUNE_SEANCE": Reason(
        "aucune fiche d'ADE ne l'associe à {ou}", "planifier ses séances de {ou}", "ADE", "ADE_NON_PLANIFIE",
    ),
    "NON_PLANIFIE": Reason(
        "associé à {ou} sans séance planifiée : associer ne suffit pas",
        "planifier ses séances de {ou}", "ADE", "ADE_NON_PLANIFIE",
    ),
    "HORS_APOGEE": Reason(
        "planifié pour {ou} sur une fiche qui ne vient pas d'Apogée",
        "planifier ses séances sur la fiche issue d'Apogée", "ADE", "ADE_HORS_APOGEE",
    ),
    "OBSOLETE": Reason(
        "planifié pour {ou} sur une fiche obsolète",
        "planifier ses séances sur une fiche à jour", "ADE", "ADE_OBSOLETE",
    ),
    "PORTEUR_INCONNU": Reason(
        "{ou} est porté par un élément inconnu : " + _FROZEN,
        "corriger le lien porteur / porté de {ou}", "Apogée", "PORTEUR_INCONNU",
    ),
    "CODE_DOUBLE": Reason(
        "le code {ou} est déjà celui d'un autre espace : {ou} n'a pas d'espace à lui",
        "supprimer le doublon", "Apogée", "CODE_DOUBLE",
    ),
    "ILLISIBLE": Reason(
        "une ligne de REFER qui en décide ne peut pas être lue : rien n'est changé pour lui",
        "corriger la ligne illisible, que la page Anomalies donne", "Apogée", "LIGNE_ILLISIBLE",
    ),
    "ELEMENT_ILLISIBLE": Reason(
        "la ligne de l'élément, ou de son porteur, ne peut pas être lue : " + _FROZEN,
        "corriger la ligne illisible, que la page Anomalies donne", "Apogée", "LIGNE_ILLISIBLE",
    ),
    "ELEMENT_BOUCLE": Reason(
        "{ou} est porté en boucle : " + _FROZEN,
        "corriger le lien porteur / porté de {ou}", "Apogée", "PORTAGE_EN_BOUCLE",
    ),
    "ELEMENT_PORTEUR_INCONNU": Reason(
        "{ou} est porté par {code_porteur}, un élément inconnu : " + _FROZEN,
        "corriger le lien porteur / porté de {ou}", "Apogée", "PORTEUR_INCONNU",
    ),
    "ELEMENT_CATEGORIE_INCONNUE": Reason(
        "{ou} est rangé dans une catégorie inconnue ou mal rattachée : " + _FROZEN,
        "corriger le rattachement de {ou}", "Apogée", "CATEGORIE_INCONNUE",
    ),
    "ARCHIVE": Reason(
        "REFER n'a plus l'élément {ou} pour {annee} : son espace est archivé{archive}, avec ses personnes",
        "remettre l'élément {ou} dans l'offre de {annee}, s'il doit y être : l'espace reviendra tel qu'il était",
        "Apogée",
    ),
    "ESPACE_A_LA_MAIN": Reason(
        "{ou} est un espace fait à la main : la synchronisation n'y inscrit ni n'en retire personne",
        "demander à un enseignant de cet espace", "ecampus",
    ),
    "ELEMENT_INCONNU": Reason(
        "REFER n'a pas d'élément {ou} pour {annee}, et aucun espace n'a ce code",
        "vérifier le code, puis l'élément dans l'offre de {annee}", "Apogée",
    ),
    "COMPTE_ABSENT": Reason("pas de compte que la synchronisation reconnaisse : {compte}"),
    "COMPTE_GELE": Reason(
        "son compte est laissé tel quel, rien n'est ajouté ni retiré : {compte}", "{compte_a_faire}", "ecampus",
        "COMPTE_AMBIGU",
    ),
    "COURS_EN_ATTENTE": Reason(
        "l'espace {cle} attend une décision : est-ce un cours nouveau, ou un cours dont le code a changé ?",
        "répondre à la question ({contact})", "ecampus", "CODE_CHANGE",
    ),
    "CODE_PRIS": Reason(
        "un espace fait à la main porte déjà le code {cle} : la synchronisation n'y touche pas",
        "libérer ce code, ou demander l'adoption de cet espace ({contact})", "ecampus", "CODE_PRIS",
    ),
    "COURS_CODE_CHANGE": Reason("quelqu'un a changé le code de l'espace {cle} ; la nuit prochaine le remettra"),
    "PAS_CALCULE": Reason("le traitement « {traitement} » n'a encore jamais abouti : personne n'a regardé"),
    "COURS_DONE": Reason("l'espace {cle} vient d'être créé ; son inscription suivra la nuit prochaine"),
    "COURS_HELD": Reason("l'espace {cle} n'existe pas encore : sa création attend une décision. {retenue}"),
    "COURS_REFUSED": Reason(
        "l'espace {cle} n'existe pas : ecampus a refusé de le créer ({message})",
        "signaler le refus s'il dure ({contact})", "ecampus", "REFUS_MOODLE",
    ),
    "COURS_PUT_OFF": Reason("l'espace {cle} n'existe pas encore : sa création est remise ({message})"),
    "COURS_FROZEN": Reason("l'espace {cle} n'existe pas encore, et rien n'est écrit. {gel}"),
    "COURS_STOPPED": Reason("l'espace {cle} n'existe pas encore : le traitement de l'offre s'est arrêté. {arret}"),
    "COURS_TO_COME": Reason("l'espace {cle} n'existe pas encore ; il sera créé la nuit prochaine"),
}  # fmt: skip


def told(name: str, words: dict[str, str]) -> Reason:
    """The reason, its words filled in."""
    return REASONS[name].filled(words)
