"""``make why WHO=22100123 WHERE=L1CAS101``: why somebody is in a course or is not; what a course or a group is."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from ecampus.errors import EcampusError
from ecampus.local import services
from ecampus.local.place import CommandImpossible
from ecampus.words import asking, searching, why, why_courses

if TYPE_CHECKING:
    from ecampus.history.answers import Desk
    from ecampus.store.files import Store


def main(arguments: list[str] | None = None) -> int:
    """0 when there is an answer, 1 when nothing is known of what was asked, 2 when the command could not do its job."""
    parser = argparse.ArgumentParser(prog="make why", description="Pourquoi quelqu'un est, ou n'est pas, là.")
    parser.add_argument("--who", default="", help="le code, l'identifiant ou le nom de la personne")
    parser.add_argument(
        "--where", default="", help="le code ou le nom de l'élément, de l'espace, du groupe ou de l'étape"
    )
    options = parser.parse_args(arguments)
    try:
        who, where = options.who.strip(), options.where.strip()
        if not who and not where:
            raise CommandImpossible("Dire de qui, ou de quoi : WHO=22100123, WHERE=L1CAS101, ou les deux.")
        told, unknown = _told(who, where)
    except EcampusError as error:
        print(error, file=sys.stderr)
        return 2
    print(told or unknown)
    return 0 if told else 1


def _told(who: str, where: str) -> tuple[str, str]:
    """The answer, '' when there is none, and what is said then."""
    os.environ |= services.settings(services.free_port()) | {"AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR"}
    from ecampus.explain import answer
    from ecampus.history import answers
    from ecampus.orchestration import connections

    store = connections.store()
    with answers.desk(store) as desk:
        if not desk.night.phases:
            raise CommandImpossible(why.nothing())
        return "\n\n".join(_answers(desk, store, who, where)), asking.unknown(who, answer.never(desk.night))


def _answers(desk: Desk, store: Store, who: str, where: str) -> list[str]:
    from ecampus.explain.answer import login
    from ecampus.history import people

    if not who:
        return _about(desk, store, where)
    found = desk.persons(who)
    if len(found) > 1:
        return [
            asking.several([searching.choice("", one.student, one.staff, login(one)) for one in found], people.MOST)
        ]
    if where:
        return [desk.seat(one, where).ticket for one in found]
    return [asking.portrait(desk.portrait(one)) for one in found]


def _about(desk: Desk, store: Store, where: str) -> list[str]:
    from ecampus.history.life import recoded
    from ecampus.history.questions import cleaned

    if group := desk.group(where):
        return [asking.group(group)]
    life = desk.life(where)
    if life.known:
        return [asking.life(life)]
    if became := recoded(store, cleaned(where)):
        return [*map(why_courses.recoded, became), asking.life(desk.life(became[-1].key))]
    if etape := desk.cohort(where):
        return [asking.cohort(etape)]
    return ["\n".join(searching.place(*one) for one in desk.called(where)) or asking.life(life)]


if __name__ == "__main__":
    sys.exit(main())
