"""The account of somebody: there or not, and the first thing that keeps it from being as the directory says."""

from __future__ import annotations

from typing import NamedTuple

from ecampus.explain.facts import Entry, Night, Person, Phase, Planned
from ecampus.explain.writing import Writing, written
from ecampus.words.why_accounts import CLAIMED

PHASE = "users"
ACTIVE, SUSPENDED = "ACTIF", "SUSPENDU"


class Account(NamedTuple):
    """``why``: a name of ``words.why_accounts.ACCOUNTS``; ``words``: what its sentence needs."""

    exists: bool
    why: str
    username: str | None
    words: dict[str, str]


def account(person: Person, night: Night) -> Account:
    """What the ladder of accounts says of this person, and what became of the change that it asked for.

    Of several entries the best known: one that has an account before one that has none.
    """
    phase = night.phases.get(PHASE)
    if person.entries:
        entry = min(person.entries, key=lambda one: (one.id is None, one.uid or ""))
        return _of_an_entry(entry, person, phase)
    if person.left:
        left = person.left[0]
        words = {"identifiant": left.username or "", "raison": CLAIMED, "methode": left.auth or ""}
        return Account(left.verdict != "DISPARU", left.verdict, left.username, words)
    if person.username:
        return Account(True, "SANS_FICHE", person.username, {"identifiant": person.username})
    if phase is None:
        return Account(False, "PAS_CALCULE", None, {})
    return Account(False, "ABSENT", None, {})


def _of_an_entry(entry: Entry, person: Person, phase: Phase | None) -> Account:
    username = entry.username or person.username
    words = {"identifiant": username or entry.uid or "", "raison": entry.reason or "", "methode": entry.auth or ""}
    if entry.id is None and username is None:
        return _missing(entry, person, phase, words)
    suspended = bool(entry.suspended) and not _done(person, "unsuspend")
    why = SUSPENDED if suspended else ACTIVE
    if entry.verdict not in ("COMPTE", "AMBIGU", "AUTRE_AUTH", "EXCLU"):
        why = f"{why}_{entry.verdict}" if not suspended else why
    elif entry.verdict != "COMPTE":
        why = entry.verdict
    return Account(True, why, username, words)


def _missing(entry: Entry, person: Person, phase: Phase | None, words: dict[str, str]) -> Account:
    if entry.verdict != "COMPTE":
        return Account(False, f"SANS_COMPTE_{entry.verdict}", None, words)
    found = written(_planned(person, "create"), phase)
    if found.state == Writing.DONE:
        return Account(True, ACTIVE, entry.uid, words)
    return Account(False, f"SANS_COMPTE_{found.state.name}", None, words | found.words)


def _planned(person: Person, verb: str) -> Planned | None:
    return next((one for one in person.changes if (one.object, one.verb) == ("account", verb)), None)


def _done(person: Person, verb: str) -> bool:
    found = _planned(person, verb)
    return found is not None and found.outcome == "done"
