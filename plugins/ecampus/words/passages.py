"""What staff read of a night that waits to be approved as a whole."""

from __future__ import annotations

from datetime import date

from ecampus.calendar import NOTHING_WRITTEN, PHASES, in_french
from ecampus.words import names
from ecampus.words.holding import LATER, WAY_OUT, part
from ecampus.words.progress import figure
from ecampus.words.speech import counted

TITLES = {
    "first": "Première nuit sur ce Moodle",
    "thaw": "Sortie du gel",
    "year": "Première nuit de la nouvelle année",
    "site": "Première nuit avec d'autres systèmes",
}
SETTINGS = {"annee": "l'année", "managed_root": "la catégorie racine", "refer": "REFER", "ldap": "l'annuaire LDAP"}
NIGHT = "Nuit entière"
YES, NO = "Ouvrir la nuit suivante", "Ne rien écrire"
ELSEWHERE = (
    "Gelé par une autre installation d'ecampus qui tient le même registre avec d'autres réglages :"
    f" {NOTHING_WRITTEN} ; finir ce gel là-bas, ou donner à chacune son registre."
)


def waits(reason: str, other: tuple[str, str | None, str | None] | None = None) -> str:
    """Why a run writes nothing before somebody approves. ``other``: a setting, what it was and what it is."""
    why = TITLES[reason]
    if other is not None:
        name, was, now = other
        why = f"{why} ({SETTINGS[name]} : {was or 'aucune'} jusqu'ici, {now or 'aucune'} maintenant)"
    return f"{why} : {NOTHING_WRITTEN} avant qu'une personne l'approuve. Décider : {WAY_OUT}."


def told(reason: str, night: str) -> str:
    """The question: what is approved, and until when."""
    shown = in_french(date.fromisoformat(night))
    return (
        f"{TITLES[reason]} : voici ce que la nuit suivante ferait, d'après celle du {shown}. Approuver vaut pour la"
        " nuit suivante, à ses heures, dans les sept jours ; ce qui dépasserait ces chiffres de plus que les limites"
        " habituelles serait retenu."
    )


def line(phase: str, counts: dict[str, dict[str, int]] | None, units: int, held: int = 0) -> str:
    """«Cohortes : 4 cohortes à créer». ``counts``: as ``plan.counts``, null where the store shows them no more.

    ``held``: how many of these an approval would not do.
    """
    if counts is None:
        changes = f"{figure(units)} changement{'s' if units > 1 else ''} que comptent les limites"
        return f"{PHASES[phase]} : {changes} ; le magasin ne montre plus les autres"
    return f"{PHASES[phase]} : {counted(counts, planned=True)}{part(held)}"


def taken(number: int) -> str:
    """How many objects of others carry a code that the night would make, and what to do first."""
    objects = "objet de Moodle porte" if number == 1 else "objets de Moodle portent"
    return (
        f"{figure(number)} {objects} déjà un code que REFER demande, et la nuit n'y touche pas : dire d'abord ce qui en"
        f" est à ecampus (make owned, ou le DAG {names.dag('ecampus_owned')}), ou approuver sans"
    )


def options() -> list[str]:
    """«Ouvrir la nuit suivante», «Ne rien écrire», «Plus tard»."""
    return [YES, NO, LATER]
