"""What an account sees of the pages: all of it, or the composantes of its roles (the Variable ``ecampus_composantes``).

Whatever is not said is not seen: a role that is not named gives nothing, a Variable that nobody can read closes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ecampus.errors import SettingUnreadable
from ecampus.explain.facts import Element, Offer, Person, Place, Seat, Sheet
from ecampus.words.clean import quoted

EVERY = "*"
EXAMPLE = '{"scol_sciences": ["SCIENCES"], "scol_centrale": "*"}'


@dataclass(frozen=True)
class Reach:
    """``composantes``: their codes; null: every one, and what belongs to none."""

    composantes: frozenset[str] | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is hidden."""
        return self.composantes is None

    @property
    def codes(self) -> list[str]:
        """The composantes that are seen, where not all are."""
        return sorted(self.composantes or ())

    def sees(self, composante: str | None) -> bool:
        """Whether what belongs to this composante is seen; null belongs to none."""
        return self.composantes is None or composante in self.composantes

    def hides(self, composantes: Iterable[str | None]) -> frozenset[str] | None:
        """Null where one of them is seen; else which they are: none where nobody knows."""
        known = [*composantes]
        if self.whole or any(self.sees(one) for one in known):
            return None
        return frozenset(one for one in known if one)

    def keys(self, elements: Iterable[Element]) -> frozenset[str]:
        """The codes of those of these elements that are seen, and of their courses."""
        mine = [one for one in elements if self.sees(one.composante)]
        return frozenset(name for one in mine for name in (one.code, one.key))

    def of(self, person: Person, offer: Offer) -> Person:
        """Somebody with the rows that are seen alone: their element, or the course where it is taught, is."""
        if self.whole:
            return person
        mine = self.keys(offer.elements)
        return replace(
            person,
            seats=tuple(row for row in person.seats if named(row, mine)),
            sheets=tuple(row for row in person.sheets if named(row, mine)),
            cohorts=tuple(row for row in person.cohorts if self.sees(row.composante)),
            lines=tuple(line for line in person.lines if line.course_idnumber.upper() in mine),
        )

    def attached(self, places: Iterable[Place], seats: Iterable[Seat]) -> tuple[tuple[Place, ...], tuple[Seat, ...]]:
        """Where a group is attached, and its students there, of what is seen."""
        mine = tuple(place for place in places if self.sees(place.composante))
        there = {place.code_element for place in mine}
        return mine, tuple(seat for seat in seats if seat.code_element in there)


EVERYTHING = Reach()


@dataclass(frozen=True)
class Reaches:
    """What each role gives; null: nobody said, and everybody sees everything."""

    by_role: Mapping[str, Reach] | None = None

    @classmethod
    def parse(cls, text: str | None) -> Reaches:
        """What the Variable says: ``{role: [codes] or "*"}``. Raises SettingUnreadable."""
        if not (text or "").strip():
            return cls()
        try:
            known = json.loads(text or "")
        except ValueError:
            known = None
        if not isinstance(known, dict):
            raise SettingUnreadable(_unreadable("ce n'est pas du JSON"))
        return cls({role.strip(): _reach(role, given) for role, given in known.items()})

    def of(self, roles: Iterable[str]) -> Reach | None:
        """What an account of these roles sees; null is nothing."""
        if self.by_role is None:
            return EVERYTHING
        found = [self.by_role[role] for role in roles if role in self.by_role]
        if any(one.whole for one in found):
            return EVERYTHING
        mine = frozenset(code for one in found for code in one.codes)
        return Reach(mine) if mine else None


def named(row: Seat | Sheet, mine: frozenset[str]) -> bool:
    """Whether it is of one of these: the element, or the course where it is taught."""
    return row.code_element in mine or row.key in mine


def _reach(role: str, given: Any) -> Reach:
    if given == EVERY:
        return EVERYTHING
    codes: list[Any] = given if isinstance(given, list) else [None]
    if not all(isinstance(code, str) and code.strip() not in ("", EVERY) for code in codes):
        raise SettingUnreadable(_unreadable(f"{quoted(role)} n'a ni une liste de codes de composantes, ni « * »"))
    return Reach(frozenset(" ".join(code.split()).upper() for code in codes))


def _unreadable(why: str) -> str:
    return (
        f"La variable Airflow ecampus_composantes ne peut pas être lue ({why}), les pages restent fermées à tous : y"
        f" mettre par exemple {EXAMPLE}, ou la laisser vide pour que chacun voie tout."
    )
