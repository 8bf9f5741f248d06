"""``make export`` and ``make erase``: what is kept of one person, told or erased (GDPR)."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from ecampus.errors import EcampusError, PersonRefused
from ecampus.local import box, quiet, services
from ecampus.local.confirming import agreed
from ecampus.local.place import CONNECTIONS, DATA, OPTIONAL, CommandImpossible
from ecampus.words import persons as words

EXPORTS = DATA / "exports"


def main(arguments: list[str] | None = None) -> int:
    """0 when it is done, 2 when it is refused or given up."""
    parser = argparse.ArgumentParser(prog="make export|erase", description="Une personne, dans ce qui est gardé.")
    parser.add_argument("act", choices=["export", "erase"])
    parser.add_argument("person", help="son code ou son identifiant")
    parser.add_argument("--confirmed", action="store_true", help="efface sans demander")
    options = parser.parse_args(arguments)
    services.stop_on_signals()
    try:
        asked = options.person.strip()
        if not asked:
            raise CommandImpossible("Dire de qui : PERSON=22100123, son code ou son identifiant.")
        with _systems() as (store, systems):
            return _export(asked, store, systems) if options.act == "export" else _erase(asked, store, systems, options)
    except EcampusError as error:
        print(error, file=sys.stderr)
        return 2


def _export(asked: str, store: Any, systems: Any) -> int:
    from ecampus.night import persons
    from ecampus.store.files import Store

    person, document = persons.export(asked, store, systems)
    name = "".join(sign if sign.isalnum() or sign in "-_@." else "_" for sign in asked).lstrip(".")
    Store(EXPORTS).write_json(f"{name}.json", document)
    known = words.known_as(_codes(person), person.logins)
    print(words.exported(known, document, str(EXPORTS / f"{name}.json")))
    return 0


def _erase(asked: str, store: Any, systems: Any, options: argparse.Namespace) -> int:
    from ecampus.night import persons

    _require_quiet(store)
    person = persons.pending(store) or persons.find(asked, store, persons.register_of(systems))
    known = words.known_as(_codes(person), person.logins)
    if not options.confirmed and not agreed(words.question(known)):
        print("Rien n'est effacé.")
        return 2
    done = persons.erase(person, store, systems)
    if not (done.files or done.batches or done.accounts):
        raise PersonRefused(words.nothing(asked))
    print(words.erased(known, done.files, done.batches, done.accounts, done.memberships, done.by_hand))
    if person.recycled:
        print(words.left(person.recycled))
    return 0


def _codes(person: Any) -> set[str]:
    return {code for _, code in person.codes}


def _require_quiet(store: Any) -> None:
    """Raises PersonRefused while a run is at work: it has the person in its files."""
    if working := quiet.at_work(store):
        raise PersonRefused(words.at_work(*working))


@contextmanager
def _systems() -> Iterator[tuple[Any, Any]]:
    """The store, and the systems that Airflow knows, else the sandbox's."""
    with ExitStack() as stack:
        stack.enter_context(services.alone(services.settings(services.free_port())))
        os.environ["_AIRFLOW_PROCESS_CONTEXT"] = "server"  # as Airflow's own commands: connections of its database too
        from ecampus.local import preparation

        if not box.all_or_none(preparation.known_connections((*CONNECTIONS, *OPTIONAL))):
            os.environ |= stack.enter_context(box.sandbox(None, None))
        from ecampus.orchestration import connections

        yield connections.store(), connections.Systems()


if __name__ == "__main__":
    sys.exit(main())
