"""``make undo``: what undoing a night would do, then, once a person agreed, it is done; or its release."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from datetime import datetime
from typing import Any

from ecampus.calendar import PARIS, Frozen, today
from ecampus.errors import EcampusError
from ecampus.local import box, services
from ecampus.local.confirming import agreed
from ecampus.local.place import CommandImpossible


def main(arguments: list[str] | None = None) -> int:
    """0 when it is done, 1 when something of it waits for a decision, 2 when it is refused or given up."""
    options = _parser().parse_args(arguments)
    services.stop_on_signals()
    try:
        if not options.night and not options.release:
            raise CommandImpossible(
                "Dire quelle nuit : NIGHT=2026-11-25 pour l'annuler, RELEASE=2026-11-25 pour libérer."
            )
        return _with_systems(options)
    except EcampusError as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make undo", description="Annuler ce qu'une nuit a fait.")
    parser.add_argument("--night", default="", help="la nuit à annuler, par exemple 2026-11-25")
    parser.add_argument(
        "--phases", default="", help="les traitements, par exemple « offer enrolments » ; sans : les cinq"
    )
    parser.add_argument("--release", default="", help="la nuit annulée que les nuits à venir peuvent refaire")
    parser.add_argument("--who", default=getpass.getuser(), help="qui décide")
    parser.add_argument("--why", default="", help="pourquoi")
    parser.add_argument("--confirmed", action="store_true", help="ne demande pas")
    return parser


def _with_systems(options: argparse.Namespace) -> int:
    with services.alone(services.settings(services.free_port())), box.systems() as sandbox:
        os.environ |= sandbox
        from ecampus.orchestration import connections
        from ecampus.register.register import Register

        systems = connections.Systems()
        register = Register(systems.enrolment_hook())
        register.prepare()
        if options.release:
            return _release(options, register)
        return _undo(options, register, connections.store(), systems)


def _release(options: argparse.Namespace, register: Any) -> int:
    from ecampus.night import undoing
    from ecampus.words import undoing as words

    night = undoing.Undoing.of(options.release, "", "").night
    print(words.released(night, undoing.release(register, night, today(), options.who, options.why), options.who))
    return 0


def _undo(options: argparse.Namespace, register: Any, store: Any, systems: Any) -> int:
    from ecampus.night import undoing
    from ecampus.words import undoing as words

    name = f"annulation__{datetime.now(PARIS):%Y-%m-%dT%H-%M-%S}"
    asked = undoing.Undoing.of(options.night, options.phases, name)
    live()
    print("Lecture…", flush=True)
    found = undoing.preview(store, systems, asked, today())
    print("\n".join(words.preview(asked.night, found.reports)), flush=True)
    if not found.changes:
        print(words.NOTHING_LEFT)
        return 0
    if not options.confirmed and not agreed("Faire ces changements ? (oui / non) "):
        print("Rien n'est fait.")
        return 2
    undoing.decide(register, asked, found.digest, True, today(), options.who, options.why)
    reports = {phase: undoing.undo(store, systems, asked, phase, today(), live) for phase in asked.phases}
    print(words.done(asked.night, reports))
    return 1 if any(made["held"] for made in reports.values()) else 0


def live() -> None:
    """Raises Frozen while nothing may be written."""
    from ecampus.orchestration import connections

    if reason := connections.freeze().reason(today()):
        raise Frozen(reason)


if __name__ == "__main__":
    sys.exit(main())
