"""Why somebody has an account or has none, and what to do: the states of ``explain.account``."""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """``told``: the fact, a clause; ``todo``: what to do, '' when nothing; ``where``: where; ``guide``: the anomaly."""

    told: str
    todo: str = ""
    where: str = ""
    guide: str = ""

    def filled(self, words: dict[str, str]) -> Reason:
        """The same with its words."""
        return self._replace(told=self.told.format_map(words), todo=self.todo.format_map(words))


_UID = "corriger l'identifiant dans l'annuaire (lettres sans accent, chiffres, « - », « _ », « . », « @ »)"
_MAIL = "renseigner dans l'annuaire une adresse de courriel valable"
_TWICE = "corriger l'adresse dans l'annuaire : elle appartient déjà à un autre compte"
_NAME = "compléter le nom et le prénom dans l'annuaire"

ACCOUNTS: dict[str, Reason] = {
    "PAS_CALCULE": Reason("inconnu : le traitement « Utilisateurs » n'a encore jamais abouti"),
    "ACTIF": Reason("{identifiant}, actif, vu dans l'annuaire"),
    "ACTIF_EMAIL_ABSENT": Reason(
        "{identifiant}, actif, mais sans adresse de courriel valable dans l'annuaire : il garde celle qu'il a",
        _MAIL, "LDAP", "EMAIL_ABSENT",
    ),
    "ACTIF_EMAIL_DOUBLE": Reason(
        "{identifiant}, actif, mais son adresse de l'annuaire appartient à un autre compte : il garde celle qu'il a",
        _TWICE, "LDAP", "EMAIL_DOUBLE",
    ),
    "ACTIF_NOM_ABSENT": Reason(
        "{identifiant}, actif, mais sans nom ou prénom lisible dans l'annuaire : il garde ceux qu'il a",
        _NAME, "LDAP", "NOM_ABSENT",
    ),
    "ACTIF_IDENTIFIANT_REFUSE": Reason(
        "{identifiant}, actif, mais son identifiant de l'annuaire n'est pas de ceux qu'ecampus accepte",
        _UID, "LDAP", "IDENTIFIANT_REFUSE",
    ),
    "ACTIF_SANS_CODE": Reason(
        "{identifiant}, actif, mais sa fiche de l'annuaire n'a pas de code",
        "renseigner le code de la personne dans l'annuaire", "LDAP",
    ),
    "SUSPENDU": Reason(
        "{identifiant}, suspendu : la personne ne peut pas se connecter",
        "voir qui a suspendu ce compte sur ecampus : la synchronisation ne réactive que ceux qu'elle a suspendus",
        "ecampus",
    ),
    "EXCLU": Reason("{identifiant}, que ce site demande de ne jamais toucher (option « exclude »)"),
    "AMBIGU": Reason(
        "{identifiant}, laissé tel quel : {raison}",
        "corriger le compte sur ecampus ou la fiche dans l'annuaire", "ecampus", "COMPTE_AMBIGU",
    ),
    "AUTRE_AUTH": Reason(
        "{identifiant}, laissé tel quel : il utilise l'authentification « {methode} »",
        "changer sa méthode d'authentification sur ecampus s'il doit suivre l'annuaire",
        "ecampus", "COMPTE_AUTRE_AUTH",
    ),
    "PARTI": Reason(
        "{identifiant}, suspendu parce que la personne n'est plus dans l'annuaire",
        "vérifier sa fiche dans l'annuaire si elle est toujours là", "LDAP",
    ),
    "DISPARU": Reason(
        "{identifiant}, que quelqu'un a supprimé sur ecampus",
        "vérifier sa fiche dans l'annuaire : un compte neuf est fait pour qui y est", "LDAP",
    ),
    "NON_LU": Reason(
        "{identifiant}, qui n'est plus lu avec les autres : rien n'en bouge",
        "corriger le compte sur ecampus", "ecampus", "COMPTE_AMBIGU",
    ),
    "SANS_FICHE": Reason("{identifiant}, que l'annuaire n'explique pas : la synchronisation n'y touche pas"),
    "ABSENT": Reason(
        "aucun, et aucune fiche de l'annuaire n'a ce code",
        "vérifier sa fiche dans l'annuaire", "LDAP", "COMPTE_ABSENT",
    ),
    "SANS_COMPTE_EMAIL_ABSENT": Reason(
        "aucun : sa fiche de l'annuaire n'a pas d'adresse de courriel valable", _MAIL, "LDAP", "EMAIL_ABSENT"
    ),
    "SANS_COMPTE_EMAIL_DOUBLE": Reason(
        "aucun : l'adresse de sa fiche appartient déjà à un autre compte", _TWICE, "LDAP", "EMAIL_DOUBLE"
    ),
    "SANS_COMPTE_NOM_ABSENT": Reason(
        "aucun : sa fiche de l'annuaire n'a pas de nom ou de prénom lisible", _NAME, "LDAP", "NOM_ABSENT"
    ),
    "SANS_COMPTE_IDENTIFIANT_REFUSE": Reason(
        "aucun : l'identifiant {identifiant} n'est pas de ceux qu'ecampus accepte", _UID, "LDAP", "IDENTIFIANT_REFUSE"
    ),
    "SANS_COMPTE_SANS_CODE": Reason(
        "aucun : la fiche de {identifiant} n'a pas de code",
        "renseigner le code de la personne dans l'annuaire", "LDAP",
    ),
    "SANS_COMPTE_AMBIGU": Reason(
        "aucun n'est reconnu : {raison}",
        "corriger le compte sur ecampus ou la fiche dans l'annuaire", "ecampus", "COMPTE_AMBIGU",
    ),
    "SANS_COMPTE_AUTRE_AUTH": Reason(
        "aucun : l'identifiant {identifiant} est celui d'un compte d'une autre authentification",
        "changer la méthode d'authentification de ce compte sur ecampus", "ecampus", "COMPTE_AUTRE_AUTH",
    ),
    "SANS_COMPTE_EXCLU": Reason("aucun : l'identifiant {identifiant} est de ceux que ce site ne touche jamais"),
    "SANS_COMPTE_HELD": Reason("aucun encore : sa création attend une décision. {retenue}"),
    "SANS_COMPTE_REFUSED": Reason(
        "aucun : ecampus a refusé de le créer ({message})",
        "corriger la fiche dans l'annuaire si le refus dure", "LDAP", "REFUS_MOODLE",
    ),
    "SANS_COMPTE_PUT_OFF": Reason("aucun encore : sa création est remise à la nuit prochaine ({message})"),
    "SANS_COMPTE_FROZEN": Reason("aucun encore : rien n'est écrit. {gel}"),
    "SANS_COMPTE_STOPPED": Reason("aucun encore : le traitement des utilisateurs s'est arrêté. {arret}"),
    "SANS_COMPTE_TO_COME": Reason("aucun encore : il sera créé la nuit prochaine"),
}  # fmt: skip

CLAIMED = "une fiche de l'annuaire, qui n'est pas sûrement la sienne, a son code ou son identifiant"
"""Why an account of ours that no entry explains is AMBIGU (``rules.accounts``)."""


def told(name: str, words: dict[str, str]) -> Reason:
    """The reason, its words filled in."""
    return ACCOUNTS[name].filled(words)
