"""What staff read of what waits for them: the fallen views, the questions, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ecampus.calendar import PHASES, in_french
from ecampus.kinds import OBJECTS
from ecampus.limits import BREAKERS, FEWEST, Limits
from ecampus.words import names
from ecampus.words.progress import figure
from ecampus.words.speech import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


@dataclass(frozen=True)
class Proposal:
    """A question about what is never done without an answer: why it is asked, what is asked, and the two answers."""

    why: str
    asked: str
    yes: str
    no: str


PROPOSALS = {
    "recode_course": Proposal(
        ", parce que REFER n'a plus l'ancien code et qu'un élément nouveau de la même catégorie lui ressemble",
        "Est-ce le même cours ?", "C'est le même cours", "Ce sont deux cours",
    ),
    "recode_account": Proposal(
        ", parce que l'ancien code n'est plus ni dans LDAP ni dans REFER, pour le même identifiant et les mêmes noms",
        "Est-ce la même personne ?", "C'est la même personne", "Ce sont deux personnes",
    ),
}  # fmt: skip
"""By the name of the question."""
WAY_OUT = f"« make approve », ou la question de {names.dag('ecampus_approve')} dans Airflow"


def proposal(question: str) -> Proposal | None:
    """What this question proposes, by its name; null for those that limits and fallen views ask."""
    return PROPOSALS.get(question.partition("/")[0])


def told_of(fell: Any, rests: bool = True) -> str:
    """«La vue refer_groupe a perdu 34 de ses 103 lignes depuis la dernière bonne nuit…». ``fell``: of ``FALLEN``.

    ``rests``: whether something of tonight's plan rests on it.
    """
    if fell.view == "people":
        who = {"student": " d'étudiants", "staff": " de personnels"}.get(fell.scope, "")
        lost = f"L'annuaire LDAP a perdu {figure(fell.lost)} de ses {figure(fell.was)} fiches{who}"
    else:
        where = f", dans la composante {fell.scope}," if isinstance(fell.scope, str) else ""
        lost = f"La vue refer_{fell.view} a perdu{where} {figure(fell.lost)} de ses {figure(fell.was)} lignes"
    unread = f" ({figure(fell.unreadable)} sont illisibles cette nuit)" if fell.unreadable else ""
    then = "ce qui en dépend est retenu, le reste continue" if rests else "rien de ce qui change cette nuit n'en dépend"
    return f"{lost} depuis la dernière bonne nuit{unread} : {then}."


def questions(found: pd.DataFrame, limits: Limits, imagined: str | None = None) -> list[str]:
    """One sentence a question, in the order of ``found`` (columns as ``holds.QUESTIONS``). ``imagined``: below."""
    return [sentence(rows, limits, imagined) for _, rows in found.groupby("question", sort=False)]


def sentence(rows: pd.DataFrame, limits: Limits, imagined: str | None = None) -> str:
    """«Retenu depuis le 24 novembre 2026 : 12 cours à archiver (composante UFR3), …».

    ``imagined``: the night of a run that writes nothing: what it is the first to hold nobody is asked about yet.
    """
    first = rows.iloc[0]
    since = in_french(date.fromisoformat(rows["since"].min()))
    if first["state"] == "undone":
        night = first["question"].partition("/")[2]
        when = f"la nuit du {in_french(date.fromisoformat(night))} avait fait cela, elle a été annulée"
        by = f" par {first['who']}" if isinstance(first["who"], str) and first["who"] else ""
        return f"Annulé, reste annulé : {subject(rows)} ; {when}{by}. Pour le refaire : {released(night)}."
    if first["state"] == "refused":
        refused = f"Refusé par {first['who']} : {located(rows)}."
        return f"{refused} Rien de cela n'est fait ; la question sera reposée après trente nuits."
    if rows["since"].min() == imagined:
        return f"Serait retenu : {located(rows)}{why(rows, limits)}."
    return f"Retenu depuis le {since} : {located(rows)}{why(rows, limits)}. Décider : {WAY_OUT}."


def released(night: str) -> str:
    """How what an undone night had done is done again."""
    return f"« make undo RELEASE={night} », ou {names.dag('ecampus_undo')} avec « release »"


def subject(rows: pd.DataFrame) -> str:
    """«12 cours à archiver, 3 groupes à supprimer»."""
    counts: dict[str, dict[str, int]] = {}
    for kind, units in zip(rows["kind"], rows["units"], strict=True):
        object_, verb = kind.split("|")
        counts.setdefault(object_, {})[verb] = counts.get(object_, {}).get(verb, 0) + int(units)
    return counted(counts, planned=True)


def located(rows: pd.DataFrame) -> str:
    """«12 cours à archiver (composante UFR3)»; the composante when it is one."""
    scopes = rows["scope"].dropna().unique()
    return subject(rows) + (f" (composante {scopes[0]})" if len(scopes) == 1 else "")


def why(rows: pd.DataFrame, limits: Limits) -> str:
    """The view that fell, or the figure beside the limit."""
    first = rows.iloc[0]
    proposed, view = proposal(first["name"]), ""
    if isinstance(first["view"], str):
        view = "l'annuaire LDAP" if first["view"] == "people" else f"la vue refer_{first['view']}"
    if proposed is not None:
        return proposed.why + (f" ; mais {view} a perdu des lignes, à corriger d'abord" if view else "")
    if view:
        return f", parce que {view} a perdu des lignes (corriger la source, ou décider)"
    if first["name"] == "make_again":
        return ", que Moodle dit ne plus avoir et qui reviendraient vides (restaurer d'abord, ou décider)"
    if rows["week"].isna().any() or first["name"] not in BREAKERS:
        return ""
    breaker = limits.breakers[first["name"]]
    limit = breaker.composante if first["question"].count("/") else breaker.site
    if limit is None:
        return ""
    week, base = int(first["week"]), int(first["base"])
    total = f"{figure(week)} en sept nuits sur {figure(base)} {OBJECTS[breaker.of].nouns}"
    if week < FEWEST or week <= min(limit.most, base * limit.percent / 100):
        return f" : c'est tout ce qu'ecampus y tient ({total})"
    return f" : {total}, la limite est de {number(limit.percent)} % et de {figure(limit.most)}"


def number(percent: float) -> str:
    """«2», «2,5»."""
    return f"{percent:g}".replace(".", ",")


def checked(held: int) -> str:
    """The log's last line of ``check``."""
    if not held:
        return "Le plan est sûr : les lectures sont complètes, aucune limite n'est dépassée."
    changes = "changement est retenu" if held == 1 else "changements sont retenus"
    return f"{figure(held)} {changes} jusqu'à une décision ; le reste du plan peut être écrit."


def part(held: int) -> str:
    """After what is planned: «, dont 12 changements retenus»; nothing without any."""
    changes = "changement retenu" if held == 1 else "changements retenus"
    return f", dont {figure(held)} {changes}" if held else ""


def title(phase: str, rows: pd.DataFrame, lines: Sequence[str]) -> str:
    """«Offre de formation : 12 cours à archiver (composante UFR3)»; of a proposal its question and its first line."""
    proposed = proposal(rows["name"].iloc[0])
    if proposed is None:
        return f"{phase_title(phase)} : {located(rows)}"
    return f"{phase_title(phase)} : {proposed.asked} {lines[0].partition(' : ')[2]}"


def bare_title(phase: str, units: int, name: str) -> str:
    """«Offre de formation : 3 changements retenus (archive_course/UFR3)», when the store shows no more of it."""
    changes = "changement retenu" if units == 1 else "changements retenus"
    return f"{phase_title(phase)} : {figure(units)} {changes} ({name})"


def phase_title(phase: str) -> str:
    """«Offre de formation», «Annulation, offre de formation»."""
    undoes, _, name = phase.rpartition("/")
    return f"Annulation, {PHASES[name].lower()}" if undoes else PHASES[phase]


def then(phase: str) -> str:
    """What else is to be done once it is approved: no run comes by itself to undo."""
    return " Une fois approuvé, annuler à nouveau la même nuit." if "/" in phase else ""


LATER = "Plus tard"
WHY = "À remplir pour pouvoir répondre : ce qui sera relu plus tard avec la décision."
WHO_MAY = "Seul un compte qui a le droit d'agir sur les DAG peut répondre."


def options(subject: str, name: str = "") -> list[str]:
    """«Faire : 12 cours à archiver (composante UFR3)», «Ne rien faire», «Plus tard»; of a proposal its own.

    ``name``: of the question.
    """
    if (proposed := proposal(name)) is not None:
        return [proposed.yes, proposed.no, LATER]
    return [f"Faire : {subject.partition(' : ')[2]}", "Ne rien faire", LATER]


def answer_of(chosen: str, options: list[str]) -> bool | None:
    """Whether that option approves; null for «Plus tard»."""
    return None if chosen == LATER else chosen == options[0]


def dated(night: str) -> str:
    """«depuis la nuit du 24 novembre 2026»."""
    return f"depuis la nuit du {in_french(date.fromisoformat(night))}"


def body(told: str, lines: list[str], digest: str) -> str:
    """The question in Markdown: why, the first changes, who may answer; last, unseen, what is asked exactly."""
    return "\n".join([told, "", *(f"- {line}" for line in lines), "", WHO_MAY, "", mark(digest)])


def mark(digest: str) -> str:
    """A definition that no link uses: Markdown shows nothing of it, and the pages know the question by it."""
    return f"[question]: # ({digest})"


def rest(number: int, report: str = "") -> list[str]:
    """«… et 92 de plus, dans le rapport de la nuit : …»; nothing when all are shown. ``report``: where it is."""
    where = f", dans le rapport de la nuit : {report}" if report else ""
    return [f"… et {figure(number)} de plus{where}"] if number > 0 else []


def waiting(number: int) -> str:
    """How many questions are asked."""
    if not number:
        return "Rien n'attend de décision."
    return "1 question attend une réponse." if number == 1 else f"{figure(number)} questions attendent une réponse."


def unanswered(subject: str) -> str:
    """Nobody answered in time."""
    return f"Sans réponse : {subject} ; rien n'est fait, la question sera posée à nouveau."


def said(approved: bool, units: int, who: str) -> str:
    """«Approuvé par camille : 12.»"""
    return f"{'Approuvé' if approved else 'Refusé'} par {who} : {figure(units)}."


def changed(subject: str) -> str:
    """What was asked is no longer what is held."""
    return (
        f"« {subject} » n'est plus ce qui vous a été montré : une nuit est passée depuis, ou quelqu'un a déjà répondu ;"
        " relire la question et répondre à nouveau."
    )
