"""LIBELLE_TRONQUE: labels that Moodle's columns cannot hold whole."""

from __future__ import annotations

import pandas as pd

from ecampus.words import anomalies


def cut_notes(of: str, codes: pd.Series, labels: pd.Series, limits: pd.Series) -> pd.DataFrame:
    """One anomaly per label longer than its limit (characters). ``of``: «de l'élément», «du groupe»…"""
    rows = pd.DataFrame({"key": codes, "longueur": labels.str.len(), "limit": limits})
    long = rows[rows["longueur"] > rows["limit"]]
    return anomalies.notes("LIBELLE_TRONQUE", long.assign(objet=of, what=of), ["what", "key"])
