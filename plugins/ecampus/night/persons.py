"""What is kept of one person, in the store and in the register; and its going.

What Moodle must keep is ours by its id alone: the account's row of the register loses its code and its address, what
was written for the person is taken out of the batches, and the store forgets every row.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from typing import Any

import pandas as pd

from ecampus.changes import plan
from ecampus.errors import PersonRefused
from ecampus.night.intake import Systems
from ecampus.register.batches import Batch
from ecampus.register.lease import Lease
from ecampus.register.register import Register
from ecampus.store import person as of
from ecampus.store import persons
from ecampus.store.files import REHEARSALS, Store
from ecampus.store.person import Person
from ecampus.words import persons as words

HOLDER = "effacement d'une personne"
NAMELESS = "EFFACE-{}"
"""The code of an account that has no name any more, by its id: no university gives such a one."""
TABLES = ("account", "cohort_member", "group_member", "enrolment")
REMEMBERED = ("following", "decisions")


@dataclass(frozen=True)
class Erased:
    """What an erasure did, and what it left because it must."""

    files: int
    batches: int
    accounts: list[int]
    memberships: int
    by_hand: int


def find(asked: str, store: Store, register: Register) -> Person:
    """Whom a code or a login names, by all that is kept. Raises PersonRefused when it names several people."""
    known = [persons.facts(name, frame) for name, frame in persons.frames(store)]
    known.append(persons.facts("register", register.owned()["account"]))
    known += [persons.facts("batch", plan.of_items(batch.items)) for batch in register.all_batches()]
    return persons.identified(asked, known)


def export(asked: str, store: Store, systems: Systems) -> tuple[Person, dict[str, Any]]:
    """All that is kept of somebody, as one JSON document. Raises PersonRefused when there is nothing."""
    register = register_of(systems)
    person = find(asked, store, register)
    rows = _rows(register, person)
    tables = {name: of.records(frame) for name, frame in rows.items() if len(frame)}
    written = [
        {"lot": batch.number, "nuit": batch.about.night, "changements": mine}
        for batch in register.all_batches()
        if (mine := _mine(batch, person))
    ]
    kept = persons.kept(store, person)
    if not (tables or written or kept):
        raise PersonRefused(words.nothing(asked))
    return person, {"personne": person.as_json(), "registre": tables, "écritures": written, "magasin": kept}


def erase(person: Person, store: Store, systems: Systems) -> Erased:
    """Erase somebody; killed anywhere, the same again ends it. Raises PersonRefused, AlreadyRunning."""
    register = register_of(systems)
    with register.lease(HOLDER) as lease:
        rows = _rows(register, person)
        _require_gone(person, store, rows, register)
        store.write_json(persons.PENDING, person.as_json())
        files = persons.erased(store, person)
        batches = _without_name(lease, register, person, rows)
        lease.commit()
        lease.unfollow(rows["following"])
        lease.unhold(rows["decisions"])
    store.remove(persons.PENDING)
    memberships = len(rows["cohort_member"]) + len(rows["group_member"])
    accounts = sorted({int(id_) for id_ in rows["account"]["user_id"]})
    return Erased(files, batches, accounts, memberships, len(rows["enrolments"]))


def pending(store: Store) -> Person | None:
    """Whom an erasure that was killed had begun to erase."""
    return Person.from_json(store.read_json(persons.PENDING)) if store.exists(persons.PENDING) else None


def register_of(systems: Systems) -> Register:
    """The register, its tables made."""
    register = Register(systems.enrolment_hook())
    register.prepare()
    return register


def _rows(register: Register, person: Person) -> dict[str, pd.DataFrame]:
    """By table, the rows that are about them or name them; ``enrolments`` is the enrolment table, that Moodle reads."""
    owned, memory = register.owned(), register.memory()
    whole = {name: owned[name] for name in TABLES} | {name: memory[name] for name in REMEMBERED}
    whole |= {"enrolments": register.table.rows()}
    return {
        name: frame[of.about(frame, person) | of.named(frame, person)].reset_index(drop=True)
        for name, frame in whole.items()
    }


def _require_gone(person: Person, store: Store, rows: dict[str, pd.DataFrame], register: Register) -> None:
    """Who is still here would be back the next night; who is enrolled by us would stay so for ever."""
    if enrolled := len(rows["enrolment"]):
        raise PersonRefused(words.still_enrolled(enrolled))
    if night := _last_seen(store, person):
        raise PersonRefused(words.still_there(night))
    if any(_mine(batch, person) for batch in register.open_batches()):
        raise PersonRefused(words.in_flight())


def _last_seen(store: Store, person: Person) -> str | None:
    """The last night that read the directory, if they were in it."""
    whole = [name for name in store.everything() if name.endswith("/source/people.parquet")]
    read = [name for name in whole if not name.startswith(f"{REHEARSALS}/")]
    if not read:
        return None
    last = max(read)
    return last.partition("/")[0] if of.about(store.read_frame(last), person).any() else None


def _mine(batch: Batch, person: Person) -> list[dict[str, Any]]:
    """The items of a batch that are about them."""
    changes = plan.of_items(batch.items)
    return [item for item, mine in zip(batch.items, of.about(changes, person), strict=True) if mine]


def _without_name(lease: Lease, register: Register, person: Person, rows: dict[str, pd.DataFrame]) -> int:
    """The register without their name; how many batches changed."""
    accounts = rows["account"]
    lease.own("account", accounts.assign(code=accounts["user_id"].map(NAMELESS.format).astype("str"), address=None))
    changed = 0
    for batch in register.all_batches():
        if batch.outcomes is None:
            continue
        kept = ~of.about(plan.of_items(batch.items), person)
        items = [of.document_without(item, person) for item in compress(batch.items, kept)]
        if items != batch.items:
            lease.rewrite(batch.number, items, [*compress(batch.outcomes, kept)])
            changed += 1
    return changed
