"""«Anomalies»: what a composante has to mend, the new ones first, by where; and the same as a spreadsheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ecampus.calendar import PHASES
from ecampus.words import links
from ecampus.words.catalogue import CATALOGUE
from ecampus.words.progress import figure
from ecampus.words.titles import TITLES
from ecampus.words.tonight import day

WHERE = {"Apogée": "Apogée", "ADE": "ADE", "LDAP": "l'annuaire LDAP", "ecampus": "ecampus"}
"""Where to mend, in the order of the page."""
TRAPS = {
    1: "piège 1, le groupe",
    2: "piège 2, le statut à distance",
    3: "piège 3, porteur / porté",
    4: "piège 4, les séances",
    5: "piège 5, le cours caché",
}
NEVER = "Aucune nuit n'a encore dit ses anomalies."


class Note(NamedTuple):
    """One anomaly of a night, with the first night that it was seen."""

    code: str
    key: str
    composante: str | None
    sentence: str
    first: date
    night: date

    @property
    def where(self) -> str:
        """Where to mend it: a key of ``WHERE``."""
        return CATALOGUE[self.code].where

    @property
    def new(self) -> bool:
        """Whether it was first seen this night."""
        return self.first >= self.night

    @property
    def since(self) -> str:
        """«cette nuit», «depuis 12 nuits»."""
        nights = (self.night - self.first).days
        return "cette nuit" if self.new else f"depuis {nights} nuit{'s' if nights > 1 else ''}"

    @property
    def traps(self) -> str:
        """«piège 1, le groupe»; nothing for what is no trap of the deck."""
        return " ; ".join(TRAPS[trap] for trap in CATALOGUE[self.code].traps)

    @property
    def parts(self) -> list[str]:
        """What it is about, piece by piece."""
        return self.key.split(links.SEPARATOR)

    @property
    def question(self) -> str:
        """What to ask «Pourquoi ?»: as ``links.question``."""
        return links.question(self.code, self.key)


@dataclass(frozen=True)
class Kind:
    """All anomalies of one kind: how many are new, how many in all."""

    where: str
    code: str
    title: str
    new: int
    all: int


def ordered(notes: Iterable[Note]) -> list[Note]:
    """By where to mend, the new ones first, then as the catalogue has them; each told once, by its first night."""
    place = {code: (list(WHERE).index(kind.where), number) for number, (code, kind) in enumerate(CATALOGUE.items())}
    first: dict[tuple[str, str], Note] = {}
    for note in notes:
        known = first.get((note.code, note.key))
        if known is None or note.first < known.first:
            first[note.code, note.key] = note
    return sorted(first.values(), key=lambda n: (place[n.code][0], not n.new, place[n.code][1], n.key))


def kinds(notes: Sequence[Note]) -> list[Kind]:
    """What there is, kind by kind, in the order of ``notes``."""
    every, new = Counter(note.code for note in notes), Counter(note.code for note in notes if note.new)
    places = list(WHERE)
    found = [Kind(CATALOGUE[code].where, code, TITLES[code], new[code], number) for code, number in every.items()]
    return sorted(found, key=lambda kind: (places.index(kind.where), -kind.new))


def title(composante: str | None) -> str:
    """«Anomalies de SCIENCES», «Anomalies»."""
    if composante is None:
        return "Anomalies"
    return f"Anomalies de {composante}" if composante else "Anomalies sans composante"


def unknown(composante: str) -> str:
    """Nothing has such a composante: it is not one without anomaly."""
    return f"Aucune étape et aucune anomalie n'est de la composante « {composante} » : en choisir une autre."


def under(nights: Mapping[str, date], notes: Sequence[Note]) -> str:
    """«Nuit du 25 novembre · 31 à corriger, 4 nouvelles». ``nights``: as in ``few``."""
    last = max(nights.values())
    return few(nights, notes) if last == date.min else f"Nuit du {day(last)} · {few(nights, notes)}"


def few(nights: Mapping[str, date], notes: Sequence[Note]) -> str:
    """«31 à corriger, 4 nouvelles»; «rien à corriger» where every phase was heard.

    ``nights``: of each phase the night that told its anomalies last, ``date.min`` where nobody knows them.
    """
    new = sum(note.new for note in notes)
    more = f", {figure(new)} nouvelle{'s' if new > 1 else ''}" if new else ", aucune nouvelle"
    silent = date.min in nights.values()
    told = f"{figure(len(notes))} à corriger{more}" if notes else "rien de connu" if silent else "rien à corriger"
    return "".join([told, *(f" · {', '.join(_phases(nights, one))} : {_of(one)}" for one in _older(nights))])


def _older(nights: Mapping[str, date]) -> list[date]:
    """The nights before the last that still tell something, the last first; ``date.min`` wherever it is."""
    last = max(nights.values())
    return sorted({night for night in nights.values() if night != last or night == date.min}, reverse=True)


def _phases(nights: Mapping[str, date], night: date) -> list[str]:
    return [title for phase, title in PHASES.items() if nights.get(phase) == night]


def _of(night: date) -> str:
    return "pas connues" if night == date.min else f"celles de la nuit du {day(night)}"


HEADER = ["À corriger dans", "Piège", "Anomalie", "Qui, quoi", "Composante", "Ce qui se passe, que faire", "Depuis"]
"""Of the spreadsheet."""


def row(note: Note) -> list[str]:
    """A line of the spreadsheet; the first night as a date, which a spreadsheet sorts."""
    told = [note.where, note.traps, note.code, note.key, note.composante or "", note.sentence]
    return [*told, note.first.isoformat()]
