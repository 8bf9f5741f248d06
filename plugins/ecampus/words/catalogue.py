"""Every anomaly staff may read: its trap in the deck («Les pièges connus»), where to mend it, what to tell.

A sentence says what happens, then what to do; its words in braces are columns of the rows it is told of.
"""

from __future__ import annotations

from typing import NamedTuple

from ecampus.words.holding import WAY_OUT


class Anomaly(NamedTuple):
    """A kind of anomaly: the traps of the deck it belongs to, where to mend it, what to tell."""

    traps: tuple[int, ...]
    where: str
    sentence: str
    event: bool = False


CATALOGUE: dict[str, Anomaly] = {
    "IP_SANS_GROUPE": Anomaly(
        (1,),
        "Apogée",
        "L'étudiant {code_etudiant} a une inscription pédagogique à {code_element} mais n'est dans"
        " aucun de ses groupes : il n'est pas inscrit dans l'espace de cours ; l'affecter à un groupe"
        " dans Apogée.",
    ),
    "ELEMENT_SANS_GROUPE": Anomaly(
        (1,),
        "Apogée",
        "L'élément {code_element} n'a aucun groupe {quels}pour ses inscriptions pédagogiques ({nombre}) :"
        " aucun étudiant n'est inscrit dans l'espace de cours ; créer les groupes dans Apogée et y"
        " affecter les étudiants.",
    ),
    "TELE_SANS_CEMU": Anomaly(
        (2,),
        "Apogée",
        "L'étudiant {code_etudiant} est en télé-enseignement mais n'est que dans des groupes"
        " ordinaires de {code_element} : il n'accède pas au cours {code_element}-FOAD ; l'affecter à"
        " un groupe CEMU dans Apogée.",
    ),
    "CEMU_SANS_TELE": Anomaly(
        (2,),
        "Apogée",
        "L'étudiant {code_etudiant} est dans le groupe CEMU {code_groupe} de {code_element} sans"
        " inscription administrative en télé-enseignement : il n'est pas inscrit au cours"
        " {code_element}-FOAD ; cocher « Télé-enseignement » ou changer de groupe dans Apogée.",
    ),
    "CEMU_SUR_PRESENTIEL": Anomaly(
        (2,),
        "Apogée",
        "Le groupe CEMU {code_groupe} est attaché à {code_element}, qui n'est pas « Enseignement à"
        " distance » : le groupe n'est créé nulle part ; cocher la case de l'élément ou renommer le"
        " groupe dans Apogée.",
    ),
    "DISTANCE_SANS_CEMU": Anomaly(
        (2,),
        "Apogée",
        "L'élément {code_element} est « Enseignement à distance » mais n'a aucun groupe CEMU :"
        " personne n'est inscrit au cours {code_element}-FOAD ; créer un groupe CEMU ou décocher la"
        " case dans Apogée.",
    ),
    "DISTANCE_PORTE_SEUL": Anomaly(
        (2, 3),
        "Apogée",
        "L'élément {code_element} est « Enseignement à distance » mais son porteur {porteur} ne l'est"
        " pas : aucun cours FOAD n'est créé ; mettre les deux éléments en cohérence dans Apogée.",
    ),
    "PORTE_DISPARU": Anomaly(
        (3,),
        "Apogée",
        "Le cours {key} est archivé parce que son élément est désormais porté par {porteur} ;"
        " vérifier le lien porteur / porté dans Apogée si ce n'est pas voulu.",
        event=True,
    ),
    "PORTEUR_CHANGE": Anomaly(
        (3,),
        "Apogée",
        "L'élément {code_element} était porté par {avant}, il l'est maintenant par {porteur} : ses"
        " étudiants et enseignants passent du cours {avant} au cours {porteur} ; vérifier le lien dans"
        " Apogée si ce n'est pas voulu.",
        event=True,
    ),
    "GROUPE_NON_COMMUN": Anomaly(
        (3,),
        "Apogée",
        "Le groupe {code_groupe} est attaché à {code_element}, porté par {porteur}, mais pas à"
        " {porteur} : il n'inscrit personne ; associer la collection de groupes au porteur et au porté"
        " dans Apogée.",
    ),
    "PORTE_HORS_GROUPE": Anomaly(
        (3,),
        "Apogée",
        "L'étudiant {code_etudiant} a une inscription pédagogique à {code_element}, porté par"
        " {porteur}, mais n'est dans aucun groupe de {porteur} : il n'est pas inscrit au cours ;"
        " l'affecter à un groupe commun dans Apogée.",
    ),
    "PORTEUR_INCONNU": Anomaly(
        (3,),
        "Apogée",
        "L'élément {code_element} est porté par {code_porteur}, qui mène à un élément inconnu : rien"
        " n'est créé ni modifié pour lui ; corriger le lien porteur / porté dans Apogée.",
    ),
    "PORTAGE_EN_BOUCLE": Anomaly(
        (3,),
        "Apogée",
        "L'élément {code_element} est porté par {code_porteur} en boucle : rien n'est créé ni modifié"
        " pour lui ; corriger le lien porteur / porté dans Apogée.",
    ),
    "ADE_NON_PLANIFIE": Anomaly(
        (4,),
        "ADE",
        "L'enseignant {code_enseignant} est associé à {code_element} sans séance planifiée : il n'est"
        " pas inscrit au cours ; planifier ses séances dans ADE (associer ne suffit pas).",
    ),
    "ADE_OBSOLETE": Anomaly(
        (4,),
        "ADE",
        "L'enseignant {code_enseignant} n'est planifié pour {code_element} que sur une feuille"
        " obsolète : il n'est pas inscrit au cours ; replanifier sur une feuille à jour dans ADE.",
    ),
    "ADE_HORS_APOGEE": Anomaly(
        (4,),
        "ADE",
        "L'enseignant {code_enseignant} n'est planifié pour {code_element} que sur une feuille qui ne"
        " vient pas d'Apogée : il n'est pas inscrit au cours ; planifier sur la feuille issue"
        " d'Apogée dans ADE.",
    ),
    "COURS_CACHE": Anomaly(
        (5,),
        "ecampus",
        "Le cours {key} est encore caché {raison} : les étudiants ne le voient pas ; un enseignant du"
        " cours peut le rendre visible dans ses paramètres, sur ecampus.",
    ),
    "COMPTE_ABSENT": Anomaly(
        (),
        "LDAP",
        "{qui} {code_personne} est connu de REFER mais n'a pas de compte ecampus : aucune inscription"
        " possible ; vérifier sa fiche dans l'annuaire LDAP.",
    ),
    "COMPTE_AMBIGU": Anomaly(
        (),
        "ecampus",
        "Le compte {uid} (code {code_personne}) est laissé tel quel : {raison} ; corriger le compte"
        " sur ecampus ou la fiche dans l'annuaire LDAP.",
    ),
    "COMPTE_AUTRE_AUTH": Anomaly(
        (),
        "ecampus",
        "Le compte {uid} (code {code_personne}) est laissé tel quel : il utilise l'authentification «"
        " {auth} » ; changer sa méthode d'authentification sur ecampus s'il doit suivre l'annuaire.",
    ),
    "EMAIL_ABSENT": Anomaly(
        (),
        "LDAP",
        "La personne {uid} (code {code_personne}) n'a pas d'adresse de courriel valable dans"
        " l'annuaire : {effet} ; renseigner l'adresse dans l'annuaire LDAP.",
    ),
    "EMAIL_DOUBLE": Anomaly(
        (),
        "LDAP",
        "L'adresse de courriel de {uid} (code {code_personne}) appartient déjà à un autre compte :"
        " {effet} ; corriger l'adresse dans l'annuaire LDAP.",
    ),
    "NOM_ABSENT": Anomaly(
        (),
        "LDAP",
        "La personne {uid} (code {code_personne}) n'a pas de nom ou de prénom lisible dans l'annuaire :"
        " {effet} ; compléter sa fiche dans l'annuaire LDAP.",
    ),
    "IDENTIFIANT_REFUSE": Anomaly(
        (),
        "LDAP",
        "L'identifiant {uid} (code {code_personne}) n'est pas de ceux qu'ecampus accepte (100 signes au plus :"
        " lettres sans accent, chiffres, « - », « _ », « . », « @ ») : {effet} ; corriger l'identifiant dans"
        " l'annuaire LDAP.",
    ),
    "FICHE_ILLISIBLE": Anomaly(
        (),
        "LDAP",
        "La fiche de {uid} (code {code_personne}) a dans l'annuaire une valeur illisible ({attributs}) : elle est"
        " ignorée ; la saisir de nouveau, en UTF-8, dans l'annuaire LDAP.",
    ),
    "LIGNE_HERITEE": Anomaly(
        (),
        "ecampus",
        "La ligne {course_idnumber} / {username} / {role} de la table des inscriptions, faite à la main, {raison} ;"
        " la corriger ou la supprimer dans cette table si elle n'est pas pour cette personne.",
        event=True,
    ),
    "CATEGORIE_INCONNUE": Anomaly(
        (),
        "Apogée",
        "L'élément {code_element} est rangé dans la catégorie {code_categorie}, inconnue ou mal"
        " rattachée : rien n'est créé ni modifié pour lui ; corriger son rattachement dans Apogée.",
    ),
    "CATEGORIE_CACHEE": Anomaly(
        (),
        "ecampus",
        "{objet} {key} {raison}.",
    ),
    "COHORTE_SANS_ETAPE": Anomaly(
        (),
        "ecampus",
        "La cohorte {key} n'a plus d'étape dans REFER : elle reste telle quelle ; la supprimer sur"
        " ecampus si plus aucun espace ne s'en sert.",
    ),
    "REFERENCE_INCONNUE": Anomaly(
        (),
        "Apogée",
        "Dans {vue}, {colonne} = {valeur} n'existe pas ou tourne en boucle (lignes ignorées :"
        " {nombre}) ; corriger la donnée dans Apogée ou ADE.",
    ),
    "CODE_DOUBLE": Anomaly(
        (),
        "Apogée",
        "Dans {vue}, les codes {valeurs} {raison} : seul le premier est retenu ; supprimer le doublon dans Apogée.",
    ),
    "CODE_TROP_LONG": Anomaly(
        (),
        "Apogée",
        "Dans {vue}, le code {debut} a {longueur} caractères, et ecampus en prend {limite} au plus : rien n'est créé,"
        " et ce qu'il désigne reste tel quel sur ecampus ; raccourcir le code dans Apogée.",
    ),
    "LIGNE_ILLISIBLE": Anomaly(
        (),
        "Apogée",
        "Dans {vue}, la ligne {ligne} ne peut pas être lue, {defaut} : elle est laissée de côté et ce"
        " qu'elle désigne reste tel quel sur ecampus ; la corriger dans {source}.",
    ),
    "CODE_PRIS": Anomaly(
        (),
        "ecampus",
        "{objet} {key} ne peut pas prendre ce code : il est déjà porté sur ecampus par un objet fait"
        " à la main ; libérer le code sur ecampus ou demander l'adoption de cet objet.",
    ),
    "CODE_CHANGE": Anomaly(
        (),
        "ecampus",
        "L'élément {old} n'est plus dans REFER, et {new}, nouveau dans la même catégorie, lui ressemble ({nom}) : le"
        " cours {old} reste tel quel, avec ses inscrits et ses groupes, et {new} attend ; dire si c'est le même cours"
        f" ({WAY_OUT}).",
    ),
    "LIBELLE_TRONQUE": Anomaly(
        (),
        "Apogée",
        "Le libellé {objet} {key} est trop long pour ecampus ({longueur} caractères) : il est coupé ;"
        " le raccourcir dans Apogée.",
    ),
    "REFUS_MOODLE": Anomaly(
        (),
        "ecampus",
        "ecampus a refusé : {action} ({message}) ; la nuit prochaine réessaiera, corriger la donnée si le refus dure.",
    ),
    "NON_PRIS": Anomaly(
        (),
        "ecampus",
        "L'inscription de {username} au cours {key} ({role}) est publiée mais ecampus ne l'a pas"
        " encore prise ; elle sera revérifiée la nuit prochaine.",
    ),
    "RETRAIT_NON_FAIT": Anomaly(
        (),
        "ecampus",
        "Le retrait de {username} du cours {key} ({role}) est publié mais ecampus ne l'a pas encore"
        " fait ; il sera revérifié la nuit prochaine.",
    ),
    "NON_VU": Anomaly(
        (),
        "ecampus",
        "{action} : c'est fait et cela ne se voit pas sur ecampus ; quelqu'un l'a peut-être défait entre-temps, la nuit"
        " prochaine recommencera.",
    ),
    "APPARTENANCE_DOUTEUSE": Anomaly(
        (),
        "ecampus",
        "{username} est membre de {place}, et une écriture interrompue ne permet pas de savoir si c'est ecampus ou"
        " quelqu'un qui l'y a mis : la synchronisation ne l'en retirera jamais ; le retirer à la main s'il n'a plus à y"
        " être.",
    ),
    "ESPACE_SUSPECT": Anomaly(
        (),
        "ecampus",
        "L'espace complémentaire « {espace} » {raison} : un tel espace ne doit pas servir à"
        " contourner la synchronisation ; voir avec ses enseignants sur ecampus.",
    ),
}
