"""What ecampus writes to people: to a composante what it can mend, to the platform what it must know; pure.

Codes, never a name. A line that begins with «- » is one of a list; an address of a page becomes a link.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ecampus.calendar import PHASES, in_french
from ecampus.words import links, names, standing
from ecampus.words.catalogue import CATALOGUE
from ecampus.words.clean import visible
from ecampus.words.progress import figure
from ecampus.words.standing import Standing

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 50
"""New anomalies told one by one in a mail; the page has them all."""
WHY, SEE, SEE_ALL = "Pourquoi ?", "Voir", "Les voir toutes"
LINK = re.compile(rf"(?:({re.escape(WHY)}|{SEE_ALL}|{SEE})(?: :)? )?(https?://[^\s<>]+)")
ITEM = "- "


@dataclass(frozen=True)
class Mail:
    """One mail; ``text``: its lines."""

    subject: str
    text: str

    @property
    def html(self) -> str:
        """The same for who reads HTML."""
        kinds = groupby(self.text.splitlines(), key=lambda line: line.startswith(ITEM))
        return "\n".join(_listed(lines) if items else _paragraphs(lines) for items, lines in kinds)


def of_composante(
    composante: str, night: date, new: pd.DataFrame, old: pd.DataFrame, base: str | None, contact: str
) -> Mail:
    """What is new, sentence by sentence where to mend it; what is old, in figures. ``new``, ``old``: code, key,
    sentence, first_night.
    """
    name, all_of_it = visible(composante), links.page(base, "anomalies", composante=composante)
    counted = " et ".join([*([_new(len(new))] if len(new) else []), *([_old(len(old))] if len(old) else [])])
    lines = [f"Composante {name}, nuit du {in_french(night)} : {counted}."]
    lines += _by_place(new.head(SHOWN), base)
    if len(new) > SHOWN:
        lines.append(f"… et {figure(len(new) - SHOWN)} de plus.")
    if len(old):
        since = in_french(date.fromisoformat(old["first_night"].min()))
        lines.append(f"Pas encore corrigées : {_places(old)} ; la plus ancienne depuis le {since}.")
    lines += [f"{SEE_ALL} : {all_of_it}"] if all_of_it else []
    lines.append(f"Ce qui est corrigé dans la journée se voit le lendemain matin. En cas de doute : {contact}.")
    return Mail(f"[ecampus] {name} : {counted}", "\n".join(lines))


def of_night(night: date, phases: Sequence[Standing], figures: Mapping[str, int] | None, base: str | None) -> Mail:
    """The one line a night of the platform. ``figures``: ``done``, ``held``, ``new``, ``anomalies``; null unknown."""
    told = standing.sentence(night, phases)
    if figures:
        told = f"{told} {_figures(figures)}"
    return _alert(standing.title(night, phases), [told], links.page(base, "nuit"))


def of_failure(phase: str, night: date, reason: str, base: str | None) -> Mail:
    """At once, when a phase fails."""
    order = list(PHASES)
    later = ", ".join(PHASES[name] for name in order[order.index(phase) + 1 :])
    again = f"relancer {names.dag(f'ecampus_{phase}')} dans Airflow"
    do = f"Corriger, {again}, puis les suivants. Attendent jusque-là : {later}." if later else f"Corriger et {again}."
    told = [reason, do]
    return _alert(f"En échec : {PHASES[phase]}, nuit du {in_french(night)}", told, links.page(base, "nuit"))


def of_held(phase: str, night: date, questions: Sequence[str], base: str | None) -> Mail:
    """At once, when something is held that was not before. ``questions``: a sentence each."""
    title = f"Retenu : {PHASES[phase]}, nuit du {in_french(night)}"
    return _alert(title, questions, links.page(base, "retenus"))


def of_whole_night(night: date, reason: str, base: str | None) -> Mail:
    """At once, when a whole night waits to be approved."""
    return _alert(f"Rien n'est écrit sans réponse, nuit du {in_french(night)}", [reason], links.page(base, "retenus"))


def of_freeze(night: date, reason: str, base: str | None) -> Mail:
    """At once, when the freeze was typed badly."""
    return _alert(f"Gel illisible, nuit du {in_french(night)}", [reason], links.page(base, "nuit"))


def of_lateness(night: date, phases: Sequence[Standing], base: str | None) -> Mail:
    """At 06h00, when the night has not ended."""
    look = "Regarder dans Airflow quelle tâche travaille ou attend, et ce que dit son journal."
    title = f"Pas finie à 06h00 : nuit du {in_french(night)}"
    return _alert(title, [standing.sentence(night, phases), look], links.page(base, "nuit"))


def sent(mail: Mail, number: int) -> str:
    """The log's line of a mail that left; whom it went to is in the Variable."""
    return f"Courriel envoyé ({figure(number)} adresse{'s' if number > 1 else ''}) : {mail.subject}"


def not_sent(mail: Mail, why: str) -> str:
    """The log's line of one that did not."""
    return (
        f"Le courriel « {mail.subject} » n'est pas parti ({why}) : vérifier la connexion Airflow « smtp_default », ou"
        " la variable ecampus_notifier."
    )


NOBODY = "Aucun courriel : la variable Airflow ecampus_mail ne donne aucune adresse."


def without_address(names: Sequence[str]) -> str:
    """The log's line about who has something to mend and no address."""
    shown = ", ".join(visible(name) for name in names)
    return f"Sans adresse dans la variable ecampus_mail, donc sans courriel : {shown}."


def too_late(night: date) -> str:
    """A run of a night that has passed sends nothing."""
    return f"La nuit du {in_french(night)} est passée : aucun courriel n'est envoyé."


def _alert(title: str, told: Sequence[str], page: str | None) -> Mail:
    lines = [visible(line) for line in told]
    return Mail(f"[ecampus] {title}", "\n".join([*lines, *([f"{SEE} : {page}"] if page else [])]))


def _new(number: int) -> str:
    return f"{figure(number)} anomalie{'s' if number > 1 else ''} nouvelle{'s' if number > 1 else ''}"


def _old(number: int) -> str:
    return f"{figure(number)} plus ancienne{'s' if number > 1 else ''}"


def _figures(known: Mapping[str, int]) -> str:
    done, held, new = known["done"], known["held"], known["new"]
    changes = f"{figure(done)} changement{'s' if done > 1 else ''}" if done else "Aucun changement"
    kept = f"{figure(held)} retenu{'s' if held > 1 else ''}, " if held else ""
    if not known["anomalies"]:
        return f"{changes}, {kept}aucune anomalie."
    return f"{changes}, {kept}{_new(new) if new else 'aucune anomalie nouvelle'} sur {figure(known['anomalies'])}."


def _by_place(new: pd.DataFrame, base: str | None) -> list[str]:
    lines: list[str] = []
    where = new["code"].map(lambda code: CATALOGUE[code].where)
    for place in dict.fromkeys(where):
        lines.append(f"À corriger dans {place} :")
        lines += [_line(anomaly, base) for anomaly in new[where.eq(place)].to_dict("records")]
    return lines


def _line(anomaly: Mapping[Any, Any], base: str | None) -> str:
    page = links.why(base, anomaly["code"], anomaly["key"])
    return f"{ITEM}{anomaly['sentence']}{f' {WHY} {page}' if page else ''}"


def _places(old: pd.DataFrame) -> str:
    counts = old["code"].map(lambda code: CATALOGUE[code].where).value_counts()
    return ", ".join(f"{place} {figure(int(number))}" for place, number in counts.items())


def _listed(lines: Any) -> str:
    return "<ul>\n" + "\n".join(f"<li>{_linked(line.removeprefix(ITEM))}</li>" for line in lines) + "\n</ul>"


def _paragraphs(lines: Any) -> str:
    return "\n".join(f"<p>{_linked(line)}</p>" for line in lines)


def _linked(line: str) -> str:
    parts, after = [], 0
    for found in LINK.finditer(line):
        parts.append(escape(line[after : found.start()], quote=False))
        parts.append(f'<a href="{escape(found[2])}">{escape(found[1] or found[2], quote=False)}</a>')
        after = found.end()
    return "".join([*parts, escape(line[after:], quote=False)])
