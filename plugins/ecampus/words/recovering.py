"""What staff read when the register and Moodle do not go together any more, and of what was mended."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ecampus.kinds import OBJECTS
from ecampus.words import names
from ecampus.words.progress import figure

Frames = Mapping[str, pd.DataFrame]
EXAMPLES = 10
NOTHING = "Rien à reprendre : le registre et Moodle se connaissent."
NEITHER = "Rien à reprendre : ni le registre ni Moodle n'ont encore servi."
CONFIRM = (
    "Rien n'est encore écrit. Vérifier d'abord que les connexions « moodle » et « enrolment_db » mènent aux bonnes"
    f" bases, puis confirmer : make recover CONFIRM=1, ou le DAG {names.dag('ecampus_recover')} avec « confirm »."
)
DONE = "Repris. Rien n'a été écrit dans Moodle{but} ; la nuit prochaine fait le reste."


def found(case: str, url: str, register: int, moodle: int | None) -> str:
    """What is the matter. ``case``: as of ``night.recovering``; ``register``, ``moodle``: their numbers."""
    match case:
        case "register_behind":
            return (
                f"Moodle ({url}) en est au n° {moodle} et le registre au n° {register} : la base des inscriptions a été"
                " restaurée. Ce que les journaux disent avoir fait depuis, et que Moodle montre, redevient à ecampus."
            )
        case "moodle_behind":
            return (
                f"Le registre en est au n° {register} et Moodle ({url}) au n° {moodle} : Moodle a été restauré. Ce qui"
                " n'y est plus, ou y est autre chose, n'est plus à ecampus ; ce qui y revient le redevient."
            )
        case "no_mark":
            return f"Moodle ({url}) n'a plus la marque du registre, la cohorte « ecampus » : elle est refaite."
        case "lost":
            return (
                f"Le registre est vide et Moodle ({url}) est tenu par un autre, au n° {moodle}. Si cet autre existe"
                " encore, ne pas confirmer : corriger la connexion « enrolment_db ». S'il est perdu, celui-ci prend son"
                " nom et son numéro, et ce que les journaux disent et que Moodle montre redevient à ecampus ; le reste"
                " s'adopte (make owned)."
            )
        case "emptied":
            return (
                f"Le registre et Moodle ({url}) en sont au même n° {moodle}, et le registre ne dit plus rien de ce qui"
                " est à ecampus : ses tables ont été vidées. Ce que les journaux disent et que Moodle montre redevient"
                " à ecampus ; le reste s'adopte (make owned)."
            )
        case "new":
            return NEITHER
    return NOTHING


def emptied(url: str, number: int, way: str) -> str:
    """Why a phase stops on a register whose tables were emptied."""
    return (
        f"Le registre connaît le Moodle de {url} (n° {number}) et ne dit plus rien de ce qui y est à ecampus : ses"
        f" tables ont été vidées, ou restaurées en partie ; rien n'est écrit ; {way}."
    )


def matching(alike: int, of: int) -> str:
    """How much of what is ours this Moodle has."""
    return f"Sur les {figure(of)} objets à ecampus, {figure(alike)} y sont tels quels."


def changes(gained: Frames, lost: Frames, unseen: Frames) -> str:
    """What becomes ours, what is no longer, and what the journals say and nothing shows; lines, with examples."""
    lines = [
        *_lines("Redevient à ecampus, ou y est connu autrement", gained),
        *_lines("N'est plus à ecampus", lost),
        *_lines("Dit par les journaux, et que rien ne montre : laissé", unseen),
    ]
    return "\n".join(lines) or "Rien d'autre ne change dans le registre."


def rows(come: int, gone: int) -> str:
    """What the enrolment table, restored, lacks and has again."""
    return (
        f"La table des inscriptions a été restaurée aussi : {figure(come)} lignes publiées depuis y manquent,"
        f" {figure(gone)} retirées depuis y sont revenues ; elles y sont remises et retirées."
    )


def rows_back(number: int) -> str:
    """The rows that follow the logins of a Moodle that was restored."""
    if number == 1:
        return "1 inscription nomme un identifiant que son compte n'a plus : elle nomme celui qu'il a de nouveau."
    return (
        f"{figure(number)} inscriptions nomment un identifiant que leur compte n'a plus : elles nomment celui qu'il a."
    )


def frozen(reason: str) -> str:
    """Nothing may be written tonight."""
    return (
        f"{reason} Reprendre écrirait la marque de Moodle ou la table des inscriptions : rien n'est fait ; attendre la"
        " fin du gel, ou le lever."
    )


def done(marked: bool) -> str:
    """It is done."""
    return DONE.format(but=", que sa marque" if marked else "")


def another_register(ours: str, theirs: str, url: str) -> str:
    """The mark of another register, while this one is full."""
    return (
        f"Rien à reprendre ici : le Moodle de {url} est tenu par le registre {theirs}, et celui de la connexion"
        f" « enrolment_db » est {ours}, qui connaît un autre Moodle. Corriger « enrolment_db » pour qu'elle mène à la"
        " base de l'un, ou « moodle » pour qu'elle mène au Moodle de l'autre."
    )


def another_moodle(url: str, alike: int, of: int) -> str:
    """A Moodle without a mark that is not the one that the register knows."""
    return (
        f"Le Moodle de {url} n'est pas celui que ce registre connaît : sur {figure(of)} objets à ecampus, il n'en a que"
        f" {figure(alike)} tels quels, et rien n'est repris. Corriger la connexion « moodle » ; à une nouvelle"
        " plateforme il faut un registre neuf : une base vide dans la connexion « enrolment_db »."
    )


def _lines(title: str, frames: Frames) -> list[str]:
    lines = []
    for kind, rows in frames.items():
        codes = _codes(kind, rows)
        more = f" … et {figure(len(codes) - EXAMPLES)} de plus" if len(codes) > EXAMPLES else ""
        lines.append(f"  {_number(kind, len(rows))} : {', '.join(codes[:EXAMPLES])}{more}")
    return [f"{title} :", *lines] if lines else []


def _codes(kind: str, rows: pd.DataFrame) -> list[str]:
    """Codes of objects and of courses; Moodle's numbers of memberships; never a name."""
    column = {"course": "idnumber", "enrolment": "course_idnumber"}.get(kind, "code")
    if column in rows:
        return sorted(set(rows[column].dropna()))
    container = "cohort_id" if "cohort_id" in rows else "group_id"
    return [f"n° {id_}" for id_ in sorted(set(rows[container]))]


def _number(kind: str, number: int) -> str:
    what = OBJECTS[kind]
    return f"{figure(number)} {what.nouns if number > 1 else what.noun}"
