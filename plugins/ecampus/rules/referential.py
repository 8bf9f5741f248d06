"""REFER made regular: codes and labels cleaned, doubles and dead references set aside."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import pandas as pd

from ecampus.rules import text
from ecampus.words import anomalies


@dataclass(frozen=True)
class View:
    """What the rules know of a view: its key when it is one code, its other codes, and what these refer to."""

    key: str | None = None
    codes: tuple[str, ...] = ()
    label: str | None = None
    words: tuple[str, ...] = ()
    students: str | None = None
    staff: str | None = None
    references: dict[str, str] = field(default_factory=dict)


VIEWS: dict[str, View] = {
    "categorie": View(key="code", codes=("code_parent", "code_composante"), label="libelle"),
    "element": View(key="code", codes=("code_categorie",), label="libelle", words=("a_distance",)),
    "porte": View(key="code_porte", codes=("code_porteur",), references={"code_porte": "element"}),
    "groupe": View(key="code", label="libelle"),
    "groupe_element": View(
        codes=("code_groupe", "code_element"),
        references={"code_groupe": "groupe", "code_element": "element"},
    ),
    "groupe_etudiant": View(codes=("code_groupe",), students="code_etudiant", references={"code_groupe": "groupe"}),
    "etape": View(key="code", codes=("code_composante",), label="libelle"),
    "inscription_administrative": View(
        codes=("code_etape",),
        words=("tele_enseignement",),
        students="code_etudiant",
        references={"code_etape": "etape"},
    ),
    "inscription_pedagogique": View(
        codes=("code_etape", "code_element"),
        students="code_etudiant",
        references={"code_etape": "etape", "code_element": "element"},
    ),
    "seance_ade": View(
        codes=("code_element",),
        words=("origine", "obsolete"),
        staff="code_enseignant",
        references={"code_element": "element"},
    ),
}


@dataclass(frozen=True)
class PersonCodes:
    """The site's padding of person codes: zeros on the left up to so many characters (0: none)."""

    student: int = 0
    staff: int = 0


def clean(
    extracts: dict[str, pd.DataFrame], padding: PersonCodes, told_before: Collection[str] = ()
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """The extracts ready for the rules (same columns), and what was met: CODE_DOUBLE, REFERENCE_INCONNUE.

    ``told_before``: views whose defects an earlier phase of the night tells.
    """
    cleaned: dict[str, pd.DataFrame] = {}
    met: list[tuple[str, pd.DataFrame]] = []
    for name, frame in extracts.items():
        cleaned[name], doubles = without_doubles(name, _cleaned(VIEWS[name], frame, padding))
        met.append((name, doubles))
    for name in extracts:
        cleaned[name], dead = without_dead_references(name, cleaned)
        met.append((name, dead))
    told = [notes for name, notes in met if name not in told_before]
    return cleaned, anomalies.gather(told)


def person_codes(codes: pd.Series, width: int) -> pd.Series:
    """Person codes as LDAP and Moodle carry them: trimmed, upper case, padded to ``width``."""
    cleaned = text.clean_codes(codes)
    return cleaned.str.zfill(width) if width else cleaned


def _cleaned(view: View, frame: pd.DataFrame, padding: PersonCodes) -> pd.DataFrame:
    columns: dict[str, pd.Series] = {}
    for column in (view.key, *view.codes):
        if column:
            columns[column] = text.clean_codes(frame[column])
    if view.label:
        columns[view.label] = text.clean_labels(frame[view.label])
    for column in view.words:
        columns[column] = frame[column].astype("str").str.strip()
    if view.students:
        columns[view.students] = person_codes(frame[view.students], padding.student)
    if view.staff:
        columns[view.staff] = person_codes(frame[view.staff], padding.staff)
    raw = {"raw": frame[view.key].astype("str")} if view.key else {}
    return frame.assign(**columns, **raw)


def without_doubles(name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Codes equal once cleaned: the lowest raw code wins; rows of a relation: once each."""
    key = VIEWS[name].key
    if key is None:
        return frame.drop_duplicates(ignore_index=True), anomalies.none()
    ranked = frame.sort_values([key, "raw"], kind="stable")
    doubled = ranked[ranked.duplicated(key, keep=False)]
    met = (
        doubled.groupby(key)["raw"]
        .agg(lambda raws: ", ".join(f"« {raw} »" for raw in raws))
        .rename("valeurs")
        .reset_index()
        .rename(columns={key: "valeur"})
        .assign(vue=f"refer_{name}", ecart="ne diffèrent que par la casse ou les espaces")
    )
    kept = ranked.drop_duplicates(key).drop(columns="raw").reset_index(drop=True)
    return kept, anomalies.notes("CODE_DOUBLE", met, ["vue", "valeur"])


def without_dead_references(name: str, cleaned: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows that name an object REFER does not have are dropped (only views read in this phase are looked up)."""
    frame, met = cleaned[name], []
    for column, target in VIEWS[name].references.items():
        if target not in cleaned:
            continue
        dead = ~frame[column].isin(cleaned[target]["code"])
        counted = frame.loc[dead, column].fillna("(vide)").value_counts().rename("nombre").reset_index()
        counted = counted.rename(columns={column: "valeur"}).assign(vue=f"refer_{name}", colonne=column)
        met.append(anomalies.notes("REFERENCE_INCONNUE", counted, ["vue", "colonne", "valeur"]))
        frame = frame[~dead]
    return frame.reset_index(drop=True), anomalies.gather(met)
