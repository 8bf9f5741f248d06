"""What staff read of whose objects are: what is ours, what merely looks so, what was adopted or given up."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ecampus.kinds import OBJECTS
from ecampus.words import names
from ecampus.words.clean import quoted
from ecampus.words.progress import figure

KINDS = ("category", "course", "cohort", "group")
SHOWN = 50
"""Lines of one kind, at most."""
EXAMPLES = 20
WAY = (
    'Adopter : make owned ADOPT="tout", ou les seuls codes voulus, ADOPT="cours:L1CAS101 cohorte:LCAS1_1", avec'
    f" WHO= et WHY= ; ou le DAG {names.dag('ecampus_owned')}. L'adoption ne change que le registre : ecampus fait le"
    " reste la nuit suivante, nom, place, membres."
)
SYSTEM_ONLY = (
    "Sans « moodle_db », rien ne distingue une cohorte de catégorie d'une cohorte système : n'adopter que des cohortes"
    " système."
)
PHASES = {"cohorts": "cohortes", "offer": "offre de formation", "groups": "groupes"}
WHY_NOT = {
    "several": "plusieurs objets portent ce code : n'en laisser qu'un sur ecampus",
    "held": "tenue par une extension ou par une catégorie de Moodle",
    "other_number": "c'est son nom abrégé, son numéro d'identification est autre : corriger l'un ou l'autre",
    "spelt": "son code s'écrit autrement : le corriger sur ecampus",
}


def ours(owned: Mapping[str, pd.DataFrame]) -> str:
    """What is ours, by kind."""
    lines = ["À ecampus :"]
    for kind in KINDS:
        rows, what = owned[kind], OBJECTS[kind]
        archived = int(rows["archived"].notna().sum()) if "archived" in rows else 0
        more = f", dont {figure(archived)} {'archivés' if archived > 1 else 'archivé'}" if archived else ""
        lines.append(f"  {what.nouns} : {figure(len(rows))}{more}")
    accounts = owned["account"].drop_duplicates("user_id")
    suspended = int(accounts["suspended"].sum())
    more = f", dont {figure(suspended)} {'suspendus' if suspended > 1 else 'suspendu'} par ecampus" if suspended else ""
    lines.append(f"  comptes : {figure(len(accounts))}{more}")
    for kind, words in (("cohort_member", "membres de cohortes"), ("group_member", "membres de groupes")):
        lines.append(f"  {words} : {figure(len(owned[kind]))}")
    lines.append(f"  lignes de la table des inscriptions : {figure(len(owned['enrolment']))}")
    return "\n".join(lines)


def looking_so(listed: pd.DataFrame, accounts: Sequence[str], unread: Sequence[str], cohorts_seen_whole: bool) -> str:
    """The adoption list, what is not adoptable and why, what was not looked at, the way.

    ``listed``: as ``adoptable.listed``. ``accounts``: sentences of COMPTE_AMBIGU. ``unread``: phases.
    ``cohorts_seen_whole``: Moodle's own database says which cohorts live in a category.
    """
    good, bad = listed[listed["doubt"].isna()], listed[listed["doubt"].notna()]
    lines = []
    if len(good):
        lines += ["Y ressemble, et n'est pas à ecampus :", *_by_kind(good), WAY]
        if not cohorts_seen_whole and good["object"].eq("cohort").any():
            lines.append(SYSTEM_ONLY)
    if len(bad):
        lines += ["Porte un code d'ecampus et ne peut pas être adopté :", *_by_kind(bad)]
    if accounts:
        lines.append("Comptes laissés tels quels, à corriger avant que la nuit ne les reconnaisse :")
        lines += [f"  {sentence}" for sentence in accounts[:EXAMPLES]]
        lines += _more(len(accounts), EXAMPLES)
    if unread:
        names = ", ".join(PHASES[phase] for phase in unread)
        lines.append(f"Pas encore regardé ({names}) : aucune nuit ni répétition ne l'a lu ; lancer make rehearsal.")
    if not lines:
        return "Rien d'autre ne porte un code voulu par REFER."
    return "\n".join(lines)


def adopted(changes: pd.DataFrame) -> str:
    """«Adopté : 12 cours, 3 cohortes ; avec eux 40 membres de cohortes, 120 inscriptions.»"""
    objects = changes[changes["object"].isin(KINDS)]
    told = f"Adopté : {_counted(_sizes(objects))}"
    inside = _counted(_sizes(changes.drop(objects.index)))
    return f"{told} ; avec cela, ce qui coïncide : {inside}." if inside else f"{told}."


def released(sizes: Mapping[str, int]) -> str:
    """What was given up: no longer ours, and unchanged in Moodle."""
    return f"Rendu : {_counted(sizes)} ; rien ne change dans Moodle, ecampus n'y touche plus."


def nothing_chosen() -> str:
    """Nothing on the list was adoptable."""
    return "Rien à adopter : aucun objet adoptable."


def unknown(word: str) -> str:
    """A code that names nothing of the list."""
    return f"{quoted(word)} n'est pas dans la liste : rien n'est fait ; make owned la montre."


def several_kinds(word: str, kinds: Sequence[str]) -> str:
    """A code of several kinds of objects."""
    nouns = [OBJECTS[kind].noun for kind in kinds]
    named = " ou ".join(f"{noun}:{word}" for noun in nouns)
    return f"{quoted(word)} est le code de plusieurs objets ({', '.join(nouns)}) : rien n'est fait ; écrire {named}."


def not_adoptable(keys: Sequence[str]) -> str:
    """Named, and in doubt."""
    return f"Ne peut pas être adopté : {', '.join(keys[:5])} : rien n'est fait ; make owned dit pourquoi."


def kind_of(noun: str) -> str | None:
    """The kind that a person named: «cours», «catégorie» or «categorie»…; null for anything else."""
    plain = {_plain(word): kind for kind in KINDS for word in (OBJECTS[kind].noun, OBJECTS[kind].nouns)}
    return plain.get(_plain(noun))


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFD", text.strip().lower())
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def _by_kind(rows: pd.DataFrame) -> list[str]:
    lines: list[str] = []
    for kind in KINDS:
        mine = rows[rows["object"] == kind]
        lines += [_line(row) for row in mine.head(SHOWN).itertuples()]
        lines += _more(len(mine), SHOWN, "dans les anomalies CODE_PRIS de la nuit")
    return lines


def _line(row: Any) -> str:
    """«  cours L1CAS101 : n° 42 « algèbre », REFER : « L1CAS101 - algèbre linéaire »»"""
    told = f"  {OBJECTS[str(row.object)].noun} {row.key} : n° {row.moodle_id} {quoted(row.found)}"
    if isinstance(row.doubt, str):
        return f"{told} ; {WHY_NOT[row.doubt]}"
    return told if row.found == row.name else f"{told}, pour REFER {quoted(row.name)}"


def _more(number: int, shown: int, where: str = "dans le rapport de la nuit") -> list[str]:
    return [f"  … et {figure(number - shown)} de plus, {where}"] if number > shown else []


def _sizes(changes: pd.DataFrame) -> dict[str, int]:
    return {str(kind): int(number) for kind, number in changes.groupby("object", sort=False).size().items()}


def _counted(sizes: Mapping[str, int]) -> str:
    return ", ".join(_number(kind, number) for kind, number in sizes.items() if number)


def _number(kind: str, number: int) -> str:
    what = OBJECTS[kind]
    return f"{figure(number)} {what.nouns if number > 1 else what.noun}"
