"""REFER made regular: codes and labels cleaned, doubles, dead references and what cannot be set aside, told."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from ecampus import contract
from ecampus.joins import among, looked_up, once
from ecampus.rules import text
from ecampus.words import anomalies

VIEW_OF = {"element": "element", "group": "groupe", "etape": "etape"}
"""The view that must have the object whose code another view names; a category has its own rule (offer)."""

CASE = "ne diffèrent que par la casse ou les espaces"
FORM = "ne diffèrent que par leur forme Unicode ou des caractères invisibles"


@dataclass(frozen=True)
class PersonCodes:
    """The site's padding of person codes: zeros on the left up to so many characters (0: none)."""

    student: int = 0
    staff: int = 0


def clean(
    extracts: dict[str, pd.DataFrame], padding: PersonCodes, told_before: Collection[str] = ()
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """The extracts ready for the rules (same columns), and what was met.

    Told: CODE_DOUBLE, REFERENCE_INCONNUE, CODE_TROP_LONG, LIGNE_ILLISIBLE. ``extracts`` may have the rows that the door
    set aside (``illisible``); the answer always has them, their codes cleaned like all others, with those whose own
    code is too long for Moodle: the objects that they name are known, though nothing more is known of them.
    ``told_before``: views whose defects an earlier phase of the night tells.
    """
    views = [name for name in extracts if name in contract.REFER]
    unread = _unread(extracts.get("illisible", contract.aside.none()), padding)
    cleaned: dict[str, pd.DataFrame] = {}
    met: list[tuple[str, pd.DataFrame]] = []
    long = []
    for name in views:
        rows, doubles = without_doubles(name, _cleaned(name, extracts[name], padding), extracts[name])
        cleaned[name], too_long = without_long_codes(name, rows)
        long += [too_long] if len(too_long) else []
        met.append((name, doubles))
    cleaned["illisible"] = pd.concat([unread, *long], ignore_index=True) if long else unread
    for name in views:
        cleaned[name], dead = without_dead_references(name, cleaned)
        met.append((name, dead))
    met += [(rows["view"].iloc[0], long_notes(rows, cleaned)) for rows in long]
    told = [notes for name, notes in met if name not in told_before]
    told.append(unread_notes(unread[~unread["view"].isin(told_before) & unread["view"].isin(views)], cleaned))
    return cleaned, anomalies.gather(told)


def person_codes(codes: pd.Series, width: int) -> pd.Series:
    """Person codes as LDAP and Moodle carry them: cleaned as every code, padded to ``width``."""
    cleaned = text.clean_codes(codes)
    return cleaned.str.zfill(width) if width else cleaned


def _cleaned(name: str, frame: pd.DataFrame, padding: PersonCodes) -> pd.DataFrame:
    declared = contract.REFER[name]
    naming = declared.naming()
    columns = {column: _code(frame[column], naming.get(column), padding) for column in declared.columns("code")}
    columns |= {column: text.clean_labels(frame[column]) for column in declared.columns("label")}
    columns |= {column: text.clean_words(frame[column]) for column in declared.columns("word")}
    key = _key(name)
    return frame.assign(**columns, **({"raw": frame[key].astype("str")} if key else {}))


def _unread(aside: pd.DataFrame, padding: PersonCodes) -> pd.DataFrame:
    """The rows set aside, the codes that they name as the rules know them."""
    if aside.empty:
        return aside
    return aside.assign(**{names: _code(aside[names], names, padding) for names in contract.NAMED})


def _code(codes: pd.Series, names: str | None, padding: PersonCodes) -> pd.Series:
    return person_codes(codes, {"student": padding.student, "teacher": padding.staff}.get(names or "", 0))


def _key(name: str) -> str | None:
    """The column of the view's code; none for a relation, which is no object by itself."""
    key = contract.REFER[name].key
    return key[0] if len(key) == 1 else None


def without_doubles(name: str, frame: pd.DataFrame, raw: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Codes equal once cleaned: the lowest raw code wins; rows of a relation: once each.

    Of a relation in which nothing was to be cleaned (``raw``: as the door let it in) no row comes twice.
    """
    key = _key(name)
    if key is None:
        rows = frame if frame.equals(raw) else once(frame, list(frame)).reset_index(drop=True)
        return rows, anomalies.none()
    if frame[key].is_unique:
        return frame.drop(columns="raw").sort_values(key, kind="stable", ignore_index=True), anomalies.none()
    ranked = frame.sort_values([key, "raw"], kind="stable")
    doubled = ranked[ranked.duplicated(key, keep=False)]
    met = doubled.groupby(key)["raw"].agg(valeurs=_quoted, raison=_unlike).reset_index()
    met = met.rename(columns={key: "valeur"}).assign(vue=f"refer_{name}")
    kept = ranked.drop_duplicates(key).drop(columns="raw").reset_index(drop=True)
    return kept, anomalies.notes("CODE_DOUBLE", met, ["vue", "valeur"])


def without_long_codes(name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows whose object Moodle can hold, and the others (columns of ``illisible``): ``text.LONGEST_CODE``."""
    if name not in text.LONGEST_CODE:
        return frame, contract.aside.none()
    long = frame["code"].str.len() > text.LONGEST_CODE[name]
    if not long.any():
        return frame, contract.aside.none()
    rows = frame[long]
    aside = {"view": name, "key": rows["code"], "column": "code", "value": contract.aside.shown(rows["code"])}
    aside |= {names: rows[column] for column, names in contract.REFER[name].naming().items()}
    told = pd.DataFrame(aside | {"defect": "trop long"}).reindex(columns=contract.aside.ASIDE).astype("str")
    return frame[~long].reset_index(drop=True), told


def long_notes(rows: pd.DataFrame, refer: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """CODE_TROP_LONG. ``rows``: of one view, of ``without_long_codes``; ``refer``: for the composante."""
    facts = rows.rename(columns={"key": "valeur", "value": "debut"}).assign(
        vue="refer_" + rows["view"],
        longueur=rows["key"].str.len(),
        limite=rows["view"].map(text.LONGEST_CODE),
        composante=_composante(rows, refer),
    )
    return anomalies.notes("CODE_TROP_LONG", facts, ["vue", "valeur"])


def _quoted(raws: pd.Series) -> str:
    """Raw codes for people: what one cannot tell by looking is written out («\\u200b»)."""
    return ", ".join(f"« {''.join(map(_shown, raw))} »" for raw in raws)


def _shown(character: str) -> str:
    plain = character.isprintable() and not unicodedata.combining(character)
    return character if plain else ascii(character)[1:-1]


def _unlike(raws: pd.Series) -> str:
    return CASE if raws.str.strip().str.upper().nunique() == 1 else FORM


def without_dead_references(name: str, cleaned: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows that name an object REFER does not have are dropped (only views read in this phase are looked up).

    An object whose own row cannot be read is there. Told and kept: the IA of an unknown étape (its télé-enseignement
    counts, the étape only has no cohort). Kept: a link of portage that a chain from an element goes through.
    """
    frame, met = cleaned[name], []
    for column, names in contract.REFER[name].naming().items():
        view = VIEW_OF.get(names)
        if view in (None, name) or view not in cleaned:
            continue
        dead = ~among(frame[column], _known(cleaned, view, names))
        if name == "porte":
            dead &= ~among(frame[column], _on_the_way(cleaned["porte"], _known(cleaned, view, names)))
        if not dead.any():
            continue
        counted = frame.loc[dead, column].value_counts().rename("nombre").reset_index()
        counted = counted.rename(columns={column: "valeur"}).assign(vue=f"refer_{name}", colonne=column)
        if name == "inscription_administrative":
            counted["nombre"] = counted["nombre"].astype("str") + ", sauf leur télé-enseignement"
        else:
            frame = frame[~dead].reset_index(drop=True)
        met.append(anomalies.notes("REFERENCE_INCONNUE", counted, ["vue", "colonne", "valeur"]))
    return frame, anomalies.gather(met)


def _known(cleaned: dict[str, pd.DataFrame], view: str, names: str) -> pd.Series:
    unread = cleaned["illisible"]
    if unread.empty:
        return cleaned[view]["code"]
    return pd.concat([cleaned[view]["code"], unread.loc[unread["view"] == view, names].dropna()], ignore_index=True)


def _on_the_way(porte: pd.DataFrame, elements: pd.Series) -> pd.Series:
    """The codes to which chains of porteurs lead from ``elements``."""
    reached, fresh = pd.Series(dtype="str"), elements
    while len(fresh):
        further = porte.loc[among(porte["code_porte"], fresh), "code_porteur"].drop_duplicates()
        fresh = further[~among(further, reached)]
        reached = pd.concat([reached, fresh], ignore_index=True)
    return reached


def unread_notes(unread: pd.DataFrame, refer: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """LIGNE_ILLISIBLE, one per row and column. ``unread``: ``illisible``, cleaned; ``refer``: for the composante."""
    if unread.empty:
        return anomalies.none()
    rows = unread.rename(columns={"key": "ligne", "column": "colonne"})
    rows = rows.assign(
        vue="refer_" + rows["view"],
        defaut=[_told(*words) for words in zip(rows["colonne"], rows["value"], rows["defect"], strict=True)],
        source=rows["view"].eq("seance_ade").map({True: "ADE", False: "Apogée"}),
        composante=_composante(rows, refer),
    )
    return anomalies.notes("LIGNE_ILLISIBLE", rows, ["vue", "ligne", "colonne"])


def _told(column: str, value: str | float, defect: str) -> str:
    if not isinstance(value, str):
        return f"{column} est vide"
    return f"{column} = « {value} » ({defect})"


def _composante(rows: pd.DataFrame, refer: Mapping[str, pd.DataFrame]) -> pd.Series:
    """That of the category, of the element's or of the étape that the row names; null where none is known."""
    category, found = rows["category"], pd.Series(index=rows.index, dtype="str")
    if "element" in refer:
        category = category.fillna(_of(refer["element"], "code_categorie", rows["element"]))
    for view, codes in (("categorie", category), ("etape", rows["etape"])):
        if view in refer:
            found = found.fillna(_of(refer[view], "code_composante", codes))
    return found


def _of(view: pd.DataFrame, column: str, codes: pd.Series) -> pd.Series:
    return looked_up(codes, view.set_index("code")[column]).astype("str")
