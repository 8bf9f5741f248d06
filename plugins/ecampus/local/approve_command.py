"""``make approve``: what is held and why, and the answers of the person at the keyboard."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from ecampus.calendar import in_french, today
from ecampus.errors import EcampusError
from ecampus.local import box, services
from ecampus.local.place import CommandImpossible
from ecampus.words.progress import figure

if TYPE_CHECKING:
    from ecampus.night.question import Question

YES, NO = "oui", "non"


def main(arguments: list[str] | None = None) -> int:
    """0 when nothing waits any more, 1 when something still does, 2 when the command could not do its job."""
    options = parser().parse_args(arguments)
    services.stop_on_signals()
    try:
        return _approve(options, ask if sys.stdin.isatty() and options.answer is None else None)
    except EcampusError as error:
        print(error, file=sys.stderr)
        return 2


def parser() -> argparse.ArgumentParser:
    """Of the answers."""
    words = argparse.ArgumentParser(prog="make approve", description="Ce qui est retenu, et ce que l'on en décide.")
    words.add_argument("--answer", help="les réponses, par exemple « 1=oui 2=non »")
    words.add_argument("--who", default=getpass.getuser(), help="qui décide")
    words.add_argument("--why", default="", help="pourquoi")
    return words


def ask(question: str) -> str:
    """The answer typed; nothing is «plus tard»."""
    return input(question).strip().lower()


def _approve(options: argparse.Namespace, asking: Callable[[str], str] | None) -> int:
    with services.alone(services.settings(services.free_port())), box.systems() as sandbox:
        os.environ |= sandbox
        return answered(options, asking)


def answered(options: argparse.Namespace, asking: Callable[[str], str] | None) -> int:
    """Show what waits in the register of this process's connections, and note the answers; as ``main``."""
    from ecampus.night import approving, undoing
    from ecampus.orchestration import connections
    from ecampus.register.register import Register
    from ecampus.words import holding

    register = Register(connections.Systems().enrolment_hook())
    register.prepare()
    waiting = approving.questions(register, connections.store())
    undone = stays(undoing.told(register))
    if not waiting:
        print("\n".join([*undone, "Rien n'attend de décision."]))
        return 0
    answers = answers_of(options.answer, len(waiting))
    left = 0
    for number, question in enumerate(waiting, 1):
        print(shown(number, question), flush=True)
        said = answers.get(number) or (asking(prompt(question)) if asking else "")
        if said not in (YES, NO):
            left += 1
            continue
        units = approving.answer(register, question, said == YES, today(), options.who, options.why)
        print(f"  {holding.said(said == YES, units, options.who)}", flush=True)
    print("\n".join(["", *undone]) if undone else "", end="", flush=True)
    print(ending(left, answered=len(waiting) - left))
    return 1 if left else 0


def answers_of(text: str | None, number: int) -> dict[int, str]:
    """«1=oui 2=non» by number of the question. Raises CommandImpossible."""
    found: dict[int, str] = {}
    for word in (text or "").split():
        left, _, right = word.partition("=")
        if not left.isdigit() or not 1 <= int(left) <= number or right.lower() not in (YES, NO):
            raise CommandImpossible(
                f"« {word} » n'est pas une réponse : écrire le numéro d'une question, de 1 à {number}, et oui ou non,"
                ' par exemple make approve ANSWER="1=oui 2=non".'
            )
        found[int(left)] = right.lower()
    return found


def prompt(question: Question) -> str:
    """«Appliquer ces changements ?», or what a proposal asks."""
    from ecampus.words import holding

    proposal = holding.proposal(question.name)
    asked = proposal.asked if proposal else "Appliquer ces changements ?"
    return f"  {asked} ({YES} / {NO} / plus tard) "


def shown(number: int, question: Question) -> str:
    """The question, its first changes, and what the answers to a proposal mean."""
    from ecampus.words import holding

    proposal = holding.proposal(question.name)
    answers = [f"    {YES} : {proposal.yes} ; {NO} : {proposal.no}"] if proposal else []
    return "\n".join([f"\n{number}. {question.told}", *(f"    {line}" for line in question.lines), *answers])


def stays(lines: list[str]) -> list[str]:
    """What a night that was undone had done, and that no night does again."""
    return ["Annulé, reste annulé :", *(f"  {line}" for line in lines)] if lines else []


def ending(left: int, answered: int) -> str:
    """What happens next."""
    night = in_french(today())
    parts = []
    if answered:
        parts.append(
            f"Noté le {night}. Ce qui est approuvé se fera la nuit prochaine, ou tout de suite si l'on relance le"
            " traitement (« make night », ou dans Airflow avec « approved »)."
        )
    if left:
        parts.append(f'Sans réponse : {figure(left)}. Répondre par make approve ANSWER="1=oui 2=non" WHY="…".')
    return "\n" + "\n".join(parts)


if __name__ == "__main__":
    sys.exit(main())
