"""The mark that the register leaves in Moodle: whose Moodle this is, and how far the register that knows it had come.

A hidden system cohort without members, whose description carries the name and the number of the register. It is in no
frame of ``reads`` or ``database``: no rule knows of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from ecampus.errors import RegisterUnusable, SourceUnreachable
from ecampus.moodle.batches import send
from ecampus.moodle.client import MoodleClient
from ecampus.moodle.passing import settled
from ecampus.words.clean import printable, quoted

IDNUMBER = "ecampus"
NAME = "ecampus (ne pas supprimer)"
DESCRIPTION = (
    "Cette cohorte dit à la synchronisation quel registre connaît ce site et où il en est : ne pas la modifier, ne pas"
    " la supprimer. [{idnumber} {register} {number}]"
)
SIGN = re.compile(rf"\[\s*{IDNUMBER}\s+(\S+)\s+(\d{{1,18}})\s*\]", re.IGNORECASE)
TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Mark:
    """The cohort's ``id``, and the name and number of the register that it carries."""

    id: int
    register: str
    number: int


def is_mark(idnumber: str | None) -> bool:
    """Whether a cohort of this idnumber is the mark; Moodle does not tell cases apart."""
    return (idnumber or "").strip().lower() == IDNUMBER


def read(client: MoodleClient) -> Mark | None:
    """The mark of this Moodle, null when there is none.

    Raises RegisterUnusable when there are two, or one that nobody can read.
    """
    rows = [row for row in settled(client, "core_cohort_get_cohorts") if is_mark(row["idnumber"])]
    if len(rows) > 1:
        numbers = ", ".join(str(row["id"]) for row in rows)
        raise RegisterUnusable(
            f"Moodle ({client.url}) a {len(rows)} cohortes « {IDNUMBER} » (n° {numbers}) là où une seule dit quel"
            " registre le connaît : un administrateur supprime celle qu'il a ajoutée."
        )
    return _read(client, rows[0]) if rows else None


def create(client: MoodleClient, register: str, number: int) -> Mark:
    """Make the mark. Raises RegisterUnusable when Moodle refuses it."""
    outcome = _written(client, "core_cohort_create_cohorts", _cohort(register, number))
    return Mark(outcome or 0, register, number)


def raise_to(client: MoodleClient, mark: Mark, number: int) -> Mark:
    """Write another number, and look that it is written: the answer is void, and anything on the way can give it.

    Raises RegisterUnusable when Moodle refuses it, SourceUnreachable when it does not show.
    """
    _written(client, "core_cohort_update_cohorts", {"id": mark.id, **_cohort(mark.register, number)})
    raised = replace(mark, number=number)
    if read(client) != raised:
        raise SourceUnreachable(
            f"Moodle ({client.url}) dit avoir mis la cohorte « {IDNUMBER} » au n° {number} et ne l'y montre pas :"
            " relancer la phase, et si cela se répète, chercher ce qui répond à la place de Moodle entre Airflow et lui"
            " (cache, relais)."
        )
    return raised


def _read(client: MoodleClient, row: dict[str, Any]) -> Mark:
    """Moodle or a person may have put HTML around the sign, or inside it."""
    text = printable(unescape(TAG.sub(" ", row.get("description") or "")))
    found = set(SIGN.findall(text))
    if len(found) != 1:
        raise RegisterUnusable(
            f"La cohorte « {IDNUMBER} » de Moodle ({client.url}, n° {row['id']}) ne dit plus quel registre le connaît :"
            f" sa description est {quoted(text)} ; un administrateur y remet « [{IDNUMBER} nom numéro] », que dit"
            " le registre."
        )
    register, number = found.pop()
    return Mark(row["id"], register, int(number))


def _cohort(register: str, number: int) -> dict[str, Any]:
    return {
        "categorytype": {"type": "system", "value": ""},
        "name": NAME,
        "idnumber": IDNUMBER,
        "description": DESCRIPTION.format(idnumber=IDNUMBER, register=register, number=number),
        "descriptionformat": 1,
        "visible": False,
    }


def _written(client: MoodleClient, function: str, cohort: dict[str, Any]) -> int | None:
    outcome = send(client, function, "cohorts", [cohort], size=1)[0]
    if outcome.error is not None:
        raise RegisterUnusable(
            f"Moodle ({client.url}) refuse la cohorte « {IDNUMBER} », qui dit quel registre le connaît :"
            f" {outcome.error} ; un administrateur regarde cette cohorte et les droits du compte du jeton."
        )
    return outcome.id
