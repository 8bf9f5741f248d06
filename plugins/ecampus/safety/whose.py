"""Whose Moodle this is: Moodle's mark and the register carry each other's name and number.

The number is raised in both before the first write of a writing phase and after its last: whichever was restored from a
backup, or exchanged for another, is behind the other or does not know it.
"""

from __future__ import annotations

from ecampus.errors import RegisterUnusable
from ecampus.moodle.mark import Mark
from ecampus.register.register import State


def require_same(state: State, mark: Mark | None, url: str) -> None:
    """Raise RegisterUnusable, with what to do, unless the register and Moodle know each other, or neither knows any.

    A number that was being raised when the run was killed counts as raised or not; one that a frozen run had in
    hand may come late.
    """
    if mark is None:
        if state.number:
            raise RegisterUnusable(
                f"Le registre connaît un Moodle (n° {state.number}) et celui de {url} ne porte pas sa marque, la"
                " cohorte « ecampus » : rien n'est écrit ; vérifier les connexions « moodle » et « enrolment_db », et"
                f" si la cohorte a été supprimée, la recréer avec « [ecampus {state.name} {state.number}] » dans sa"
                " description."
            )
        return
    if mark.register != state.name:
        known = "déjà tenu par un autre registre" if state.number else "déjà tenu par un registre, et celui-ci est neuf"
        raise RegisterUnusable(
            f"Le Moodle de {url} est {known} ({mark.register}) : rien n'est écrit ; corriger la connexion"
            " « enrolment_db » pour qu'elle mène à la base où se trouve ce registre."
        )
    if mark.number in (state.number, state.intended, state.late):
        return
    if mark.number > state.number:
        restored = "la base des inscriptions a été restaurée d'une sauvegarde, ou ce n'est pas la bonne"
    else:
        restored = "Moodle a été restauré d'une sauvegarde, ou ce n'est pas le bon"
    raise RegisterUnusable(
        f"Le Moodle de {url} en est au n° {mark.number} et le registre au n° {state.number} : {restored} ; rien n'est"
        " écrit ; vérifier les connexions, puis restaurer les deux au même jour."
    )
