"""A question, as somebody typed it, answered from a store: what the page and ``make why`` show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ecampus.explain import cohort, course, facts, person
from ecampus.explain.answer import Answer, answer
from ecampus.explain.cohort import Cohort
from ecampus.explain.course import Life, OneGroup
from ecampus.explain.person import Portrait
from ecampus.explain.reach import EVERYTHING, Reach
from ecampus.history import departures, duck, offer, people, phases, places, questions
from ecampus.history.asked import Asked
from ecampus.history.lately import lately
from ecampus.history.rows import Reader
from ecampus.store.files import Store


@dataclass(frozen=True)
class Desk:
    """Where questions are answered, with what the last night of one store knows. ``reach``: of who asks."""

    asked: Asked
    night: facts.Night
    reach: Reach = EVERYTHING

    def persons(self, who: str) -> list[facts.Person]:
        """Whom a code, a login or a name may be; several where they are several. Who is out of reach is nobody."""
        if found := people.persons(self.asked, questions.cleaned(who)):
            return people.within(self.asked, found, self.reach)
        called = people.within(self.asked, people.called(self.asked, who), self.reach)[: people.MOST + 1]
        return [people.whole(self.asked, called[0])] if len(called) == 1 else called

    def seat(self, who: facts.Person, where: str) -> Answer:
        """Why this person is, or is not, in that course."""
        return answer(who, questions.course(self.asked, where), self.night)

    def portrait(self, who: facts.Person) -> Portrait:
        """All the courses of this person that are within reach."""
        offered = offer.offer(self.asked, person.elements(who))
        return person.portrait(self.reach.of(who, offered), offered, self.night)

    def hidden(self, where: str) -> frozenset[str] | None:
        """Null: the course of this code may be seen; else the composantes that it is of, none where nobody says."""
        asked = questions.course(self.asked, where)
        mine = (one for one in asked.offer.elements if one.code in (asked.element.code, asked.porteur))
        return self.reach.hides(one.composante for one in mine)

    def life(self, where: str) -> Life:
        """What a course is, and who is in it."""
        asked = questions.course(self.asked, where)
        return course.life(asked, offer.roster(self.asked, asked), self.night, departures.departure(self.asked, asked))

    def group(self, code: str) -> OneGroup | None:
        """What a group is, of what is within reach; null when REFER has none of this code there."""
        code = questions.cleaned(code)
        found = offer.group(self.asked, code)
        places, seats = self.reach.attached(*found)
        if places:
            return course.group(code, places, seats, self.night)
        alone = offer.unattached(self.asked, code) if self.reach.whole and not found[0] else None
        return course.unattached(code, *alone, self.night) if alone else None

    def cohort(self, code: str) -> Cohort | None:
        """What an étape is; null when nobody has an IA for one of this code, or when it is out of reach."""
        etape = questions.cleaned(code)
        name, rows = people.cohort(self.asked, etape)
        rows = tuple(row for row in rows if self.reach.sees(row.composante))
        return cohort.cohort(etape, name, rows, self.night) if rows else None

    def called(self, name: str) -> list[places.Place]:
        """The courses, the groups and the étapes of this name, within reach."""
        return places.called(self.asked, name, self.reach)


@contextmanager
def desk(store: Store, reach: Reach = EVERYTHING) -> Iterator[Desk]:
    """A desk for some questions of who sees this much. Raises StoreUnusable when the store cannot be read."""
    known = lately(store)
    with duck.reading(store) as base:
        yield Desk(Asked(Reader(base), known), phases.night(known), reach)
