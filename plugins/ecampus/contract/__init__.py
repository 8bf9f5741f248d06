"""Every frame that enters, declared once: columns, types, nulls, allowed values, keys.

``validate`` is the door: a frame that breaks its contract stops the phase. Spaces and case of codes are not
violations, the rules clean them. Reading order: kinds, sources, moodle, violation.
"""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from ecampus.contract import violation
from ecampus.contract.moodle import MOODLE
from ecampus.contract.sources import DIRECTORY, ENROLMENT, REFER
from ecampus.errors import ContractBroken

CONTRACTS = {**REFER, **DIRECTORY, **MOODLE, **ENROLMENT}


def validate(name: str, frame: pd.DataFrame, annee: str | None = None) -> pd.DataFrame:
    """``frame`` itself when it keeps the contract ``name``; ``annee`` is only for the sentence.

    Raises ContractBroken, also when no row at all means a failed read.
    """
    contract = CONTRACTS[name]
    if frame.empty and not contract.may_be_empty:
        year = f" pour l'année {annee}" if annee else ""
        raise ContractBroken(f"{contract.place} est vide{year} : vérifier la source avant de relancer.")
    try:
        contract.schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as broken:
        raise ContractBroken(violation.sentence(contract, frame, broken.failure_cases)) from None
    return frame
