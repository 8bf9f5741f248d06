"""Every frame that enters, declared once: columns, types, nulls, allowed values, keys.

``validate`` is the door: a frame that breaks its contract stops the phase. Spaces and case of codes are not
violations, the rules clean them. A row of REFER that cannot be read is set aside by ``admit``, the others go on.
Reading order: characters, kinds, sources, moodle, violation, aside.
"""

from __future__ import annotations

import pandas as pd

from ecampus.contract import aside, violation
from ecampus.contract.moodle import MOODLE
from ecampus.contract.sources import DIRECTORY, ENROLMENT, REFER, UNREAD
from ecampus.contract.sources import NAMED as NAMED
from ecampus.errors import ContractBroken
from ecampus.shapes import cast

CONTRACTS = {**REFER, **DIRECTORY, **MOODLE, **ENROLMENT, **UNREAD}


def validate(name: str, frame: pd.DataFrame, annee: str | None = None, looked_at: bool = False) -> pd.DataFrame:
    """``frame`` when it keeps the contract ``name``, its texts of dtype ``str``; ``annee`` is only for the sentence.

    ``looked_at``: each value was. Raises ContractBroken, also when no row at all means a failed read.
    """
    contract = CONTRACTS[name]
    if frame.empty and not contract.may_be_empty:
        year = f" pour l'année {annee}" if annee else ""
        raise ContractBroken(f"{contract.place} est vide{year} : vérifier la source avant de relancer.")
    from pandera.errors import SchemaErrors

    try:
        (contract.shape if looked_at else contract.schema).validate(frame, lazy=True)
    except SchemaErrors as broken:
        raise ContractBroken(violation.sentence(contract, frame, broken.failure_cases)) from None
    return cast(frame, {name: kind for name, kind in contract.types().items() if kind == "str"})


def admit(name: str, frame: pd.DataFrame, annee: str | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of the view ``name`` of REFER that keep the contract, and what is wrong with the others.

    The second frame keeps the contract ``illisible``. Raises ContractBroken as ``validate`` does for a column that is
    missing, identical raw keys or an empty view; and when too many rows cannot be read (``aside.set_aside``).
    """
    contract = CONTRACTS[name]
    if frame.empty or set(frame.columns) != set(contract.declared):
        return validate(name, frame, annee), aside.none()
    good, wrong = aside.set_aside(name, contract, frame)
    return good if good.empty else validate(name, good, annee, looked_at=True), wrong


def admitted(views: dict[str, pd.DataFrame], annee: str | None = None) -> dict[str, pd.DataFrame]:
    """These views of REFER as ``admit`` lets them in, and ``illisible``: what is wrong with the rows set aside."""
    admissions = {name: admit(name, frame, annee) for name, frame in views.items()}
    wrong = [unread for _, unread in admissions.values() if len(unread)]
    together = pd.concat(wrong, ignore_index=True) if wrong else aside.none()
    return {name: good for name, (good, _) in admissions.items()} | {"illisible": together}
