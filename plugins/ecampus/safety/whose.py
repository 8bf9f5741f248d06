"""Whose Moodle this is: Moodle's mark and the register carry each other's name and number.

The number is raised in both before the first write of a writing phase and after its last: whichever was restored from a
backup, or exchanged for another, is behind the other or does not know it.
"""

from __future__ import annotations

from ecampus.errors import RegisterUnusable
from ecampus.moodle.mark import Mark
from ecampus.register.register import State
from ecampus.words import names

LATEST = 20
"""How far behind a number that comes late may be: two nights of writes. Later, it is a Moodle of another day."""


SAME, NEW, NO_MARK, OTHER = "same", "new", "no_mark", "other"
REGISTER_BEHIND, MOODLE_BEHIND = "register_behind", "moodle_behind"
WAY = f"« make recover » (ou le DAG {names.dag('ecampus_recover')}) dit ce qu'il en est, et reprend ce qui peut l'être"


def difference(state: State, mark: Mark | None) -> str:
    """How the register and Moodle stand to each other: one of the constants.

    A number that was being raised when the run was killed counts as raised or not; one that a frozen run had in
    hand may come late.
    """
    if mark is None:
        return NO_MARK if state.number else NEW
    if mark.register != state.name:
        return OTHER
    late = state.late is not None and state.number - state.late <= LATEST and mark.number == state.late
    if mark.number in (state.number, state.intended) or late:
        return SAME
    return REGISTER_BEHIND if mark.number > state.number else MOODLE_BEHIND


def require_same(state: State, mark: Mark | None, url: str) -> None:
    """Raise RegisterUnusable, with what to do, unless the register and Moodle know each other, or neither knows any."""
    found = difference(state, mark)
    if found in (SAME, NEW):
        return
    if mark is None:
        raise RegisterUnusable(
            f"Le registre connaît un Moodle (n° {state.number}) et celui de {url} ne porte pas sa marque, la"
            " cohorte « ecampus » : rien n'est écrit ; vérifier les connexions « moodle » et « enrolment_db », et"
            f" si la cohorte a été supprimée, {WAY}."
        )
    if found == OTHER:
        known = "déjà tenu par un autre registre" if state.number else "déjà tenu par un registre, et celui-ci est neuf"
        raise RegisterUnusable(
            f"Le Moodle de {url} est {known} ({mark.register}) : rien n'est écrit ; corriger la connexion"
            " « enrolment_db » pour qu'elle mène à la base où se trouve ce registre"
            + ("." if state.number else f" ; s'il est perdu, {WAY}.")
        )
    if found == REGISTER_BEHIND:
        restored = "la base des inscriptions a été restaurée d'une sauvegarde, ou ce n'est pas la bonne"
    else:
        restored = "Moodle a été restauré d'une sauvegarde, ou ce n'est pas le bon"
    raise RegisterUnusable(
        f"Le Moodle de {url} en est au n° {mark.number} et le registre au n° {state.number} : {restored} ; rien n'est"
        f" écrit ; vérifier les connexions, puis {WAY}."
    )
