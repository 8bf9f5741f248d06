"""What is told of labels and codes that Moodle cannot hold as they are: LIBELLE_TRONQUE, CODE_DOUBLE."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ecampus.words import anomalies

ONE_CODE = "sont un même code pour Moodle"


def cut_notes(of: str, codes: pd.Series, labels: pd.Series, limits: pd.Series) -> pd.DataFrame:
    """One anomaly per label longer than its limit (characters). ``of``: «de l'élément», «du groupe»…"""
    rows = pd.DataFrame({"key": codes, "longueur": labels.str.len(), "limit": limits})
    long = rows[rows["longueur"] > rows["limit"]]
    return anomalies.notes("LIBELLE_TRONQUE", long.assign(objet=of, what=of), ["what", "key"])


def double_notes(view: str, rows: pd.DataFrame, why: str | pd.Series, place: Sequence[str] = ()) -> pd.DataFrame:
    """One anomaly per code that Moodle takes for another (``code``, ``lower``: the one that has it).

    ``why``: what they are for Moodle. ``place``: the columns that say where, when the code alone does not.
    """
    both = "« " + rows["lower"] + " », « " + rows["code"] + " »"
    return anomalies.notes("CODE_DOUBLE", rows.assign(vue=view, valeurs=both, raison=why), ["vue", *place, "code"])
