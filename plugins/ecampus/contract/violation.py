"""What breaks a contract, as one sentence: source, column, count, five examples, never a person's name."""

from __future__ import annotations

import pandas as pd

from ecampus.contract.kinds import Contract
from ecampus.words.clean import printable
from ecampus.words.progress import figure


def sentence(contract: Contract, frame: pd.DataFrame, failures: pd.DataFrame) -> str:
    """``failures`` are the failure cases of pandera, read lazily; the gravest one is told."""
    for check, words in {
        "column_in_dataframe": "n'a pas la colonne attendue",
        "column_in_schema": "a une colonne inattendue",
    }.items():
        names = failures.loc[failures["check"] == check, "failure_case"]
        if not names.empty:
            return f"{contract.place} {words} : {', '.join(sorted(names))} ; corriger la vue ou la requête."
    first = failures.loc[failures["check"] != "multiple_fields_uniqueness"]
    if first.empty:
        return _doubles(contract, frame)
    column, check = first["column"].iloc[0], str(first["check"].iloc[0])
    rows = _culprits(frame, column, check, first)
    return (
        f"{contract.place} a {_many(len(rows), 'valeur fautive', 'valeurs fautives')} dans {column} "
        f"({_defect(check)}), "
        f"par exemple {_examples(rows, [*contract.key, column])} ; corriger la source puis relancer."
    )


def _doubles(contract: Contract, frame: pd.DataFrame) -> str:
    key = list(contract.key)
    doubles = frame.loc[frame.duplicated(key)].drop_duplicates(key)
    return (
        f"{contract.place} a {_many(len(doubles), 'clé', 'clés')} en double dans {', '.join(key)}, "
        f"par exemple {_examples(doubles, key)} ; corriger la source puis relancer."
    )


def _culprits(frame: pd.DataFrame, column: str, check: str, failures: pd.DataFrame) -> pd.DataFrame:
    if check.startswith("dtype("):
        numbers = pd.to_numeric(frame[column], errors="coerce")
        wrong = frame[column].notna() & (numbers.isna() | (numbers % 1 != 0))
        return frame.loc[wrong] if wrong.any() else frame
    same = failures.loc[(failures["column"] == column) & (failures["check"] == check), "index"]
    return frame.loc[frame.index.isin(same)]


def _defect(check: str) -> str:
    if check.startswith("dtype("):
        return "nombre entier attendu" if "int" in check.lower() else f"type attendu : {check}"
    return {"not_nullable": "vide"}.get(check, check)


def _examples(rows: pd.DataFrame, columns: list[str]) -> str:
    shown = rows[list(dict.fromkeys(columns))].head(5)
    return " ; ".join(
        ", ".join(f"{name}={'∅' if pd.isna(value) else printable(value)}" for name, value in row.items())
        for row in shown.to_dict("records")
    )


def _many(count: int, one: str, several: str) -> str:
    return f"{figure(count)} {one if count == 1 else several}"
