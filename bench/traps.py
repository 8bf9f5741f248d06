"""A few of each trap of the deck, so that anomalies cost what they cost."""

from __future__ import annotations

import numpy as np
import pandas as pd

Frames = dict[str, pd.DataFrame]


def spoiled(source: Frames, rng: np.random.Generator) -> Frames:
    """``source`` with a few rows of each view as nobody wants them."""
    made = dict(source)
    made["groupe_element"] = _attachments(source, rng)
    made["groupe_etudiant"] = _members(source, rng)
    made["inscription_administrative"] = _ia(source["inscription_administrative"], rng)
    made["element"] = _elements(source["element"], rng)
    made["groupe"] = _groups(source["groupe"], rng)
    made["porte"] = _links(source["porte"], source["element"], rng)
    made["seance_ade"] = _sheets(source["seance_ade"], rng)
    made["people"] = _people(source["people"], rng)
    return made


def some(frame: pd.DataFrame, share: float, rng: np.random.Generator) -> np.ndarray:
    """The places of so many rows, at least one."""
    return rng.choice(len(frame), max(1, round(share * len(frame))), replace=False)


def put(frame: pd.DataFrame, places: np.ndarray, column: str, values: object) -> pd.DataFrame:
    """``frame`` with other values of a column of text at these places."""
    whole = frame[column].astype("object").to_numpy(copy=True)
    whole[places] = values
    return frame.assign(**{column: pd.Series(whole, index=frame.index, dtype="str")})


def _attachments(source: Frames, rng: np.random.Generator) -> pd.DataFrame:
    """Groups of a porté that its porteur has not; CEMU groups on what is not at a distance; dead references."""
    rows, porte, groups = source["groupe_element"], source["porte"], source["groupe"]
    at = some(porte, 0.03, rng)
    foreign = pd.DataFrame(
        {
            "code_groupe": groups["code"].iloc[some(groups, 0.001, rng)[: len(at)]].to_numpy(),
            "code_element": porte["code_porte"].iloc[at[: max(1, round(0.001 * len(groups)))]].to_numpy(),
        }
    ) if len(porte) else rows[:0]  # fmt: skip
    cemu = groups.loc[groups["code"].str.endswith("-CEMU"), "code"]
    stray = pd.DataFrame(
        {
            "code_groupe": cemu.iloc[some(cemu.to_frame(), 0.03, rng)].to_numpy(),
            "code_element": source["element"].loc[source["element"]["a_distance"] == "N", "code"].iloc[0],
        }
    )
    dead = pd.DataFrame({"code_groupe": ["DISPARU-TD1"], "code_element": [source["element"]["code"].iloc[0]]})
    whole = pd.concat([rows, foreign, stray, dead], ignore_index=True).drop_duplicates(ignore_index=True)
    return _lowered(whole, "code_groupe", rng)


def _lowered(frame: pd.DataFrame, column: str, rng: np.random.Generator) -> pd.DataFrame:
    """Some codes in lower case, some with spaces around."""
    low, wide = some(frame, 0.001, rng), some(frame, 0.001, rng)
    values = frame[column].to_numpy(dtype="object", copy=True)
    values[low] = [code.lower() for code in values[low]]
    values[wide] = [f" {code} " for code in values[wide]]
    return frame.assign(**{column: pd.Series(values, index=frame.index, dtype="str")})


def _members(source: Frames, rng: np.random.Generator) -> pd.DataFrame:
    """People in CEMU groups who are not in télé-enseignement; students whom LDAP does not know; dead groups."""
    rows, groups = source["groupe_etudiant"], source["groupe"]
    cemu = groups.loc[groups["code"].str.endswith("-CEMU"), "code"].to_numpy()
    near = source["inscription_administrative"].query("tele_enseignement == 'N'")["code_etudiant"]
    who = near.iloc[some(near.to_frame(), 0.001, rng)].to_numpy()
    stray = pd.DataFrame({"code_groupe": rng.choice(cemu, len(who)), "code_etudiant": who})
    unknown = pd.DataFrame(
        {"code_groupe": rows["code_groupe"].iloc[:3], "code_etudiant": ["29999991", "29999992", "29999993"]}
    )
    dead = rows.iloc[:2].assign(code_groupe="DISPARU-TD1")
    whole = pd.concat([rows, stray, unknown, dead], ignore_index=True).drop_duplicates(ignore_index=True)
    return _lowered(whole, "code_groupe", rng)


def _ia(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    unknown = rows.iloc[some(rows, 0.0005, rng)].assign(code_etape="E9999_1")
    return pd.concat([rows, unknown], ignore_index=True)


def _elements(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Long labels, unknown categories, codes that differ by their case only, one row that cannot be read."""
    rows = put(rows, some(rows, 0.0005, rng), "libelle", "Un libellé beaucoup trop long pour Moodle " * 7)
    rows = put(rows, some(rows, 0.0003, rng), "code_categorie", "INCONNUE")
    doubled = rows.iloc[some(rows, 0.0002, rng)]
    doubled = doubled.assign(code=doubled["code"].str.lower())
    unread = rows.iloc[[len(rows) // 2]].assign(code="UILLISIBLE", a_distance="?")
    return pd.concat([rows, doubled, unread], ignore_index=True)


def _groups(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Groups of one course with one label (they take their code), long labels, one that cannot be read."""
    second = rows["code"].str.endswith("-TD2").to_numpy().nonzero()[0]
    some_second = rng.choice(second, max(1, len(second) // 100), replace=False)
    rows = put(rows, some_second, "libelle", rows["libelle"].to_numpy()[some_second - 1])
    rows = put(rows, some(rows, 0.0005, rng), "libelle", "Groupe " + "x" * 260)
    unread = rows.iloc[[0]].assign(code="GILLISIBLE", libelle=" ")
    return pd.concat([rows, unread], ignore_index=True)


def _links(rows: pd.DataFrame, elements: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """A loop, and porteurs that are no element."""
    rows = put(rows, some(rows, 0.005, rng), "code_porteur", "UINCONNU")
    free = elements.loc[~elements["code"].isin([*rows["code_porte"], *rows["code_porteur"]]), "code"].iloc[-2:]
    loop = pd.DataFrame({"code_porte": free.to_numpy(), "code_porteur": free.to_numpy()[::-1]})
    return pd.concat([rows, loop], ignore_index=True)


def _sheets(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Teachers whom LDAP does not know, dead references."""
    rows = put(rows, some(rows, 0.0005, rng), "code_enseignant", "00099999")
    return put(rows, some(rows, 0.0005, rng), "code_element", "UDISPARU")


def _people(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Entries without a code or an address, an address that two have, a login that Moodle refuses."""
    alone = rows.index[~rows.duplicated("entry", keep=False)].to_numpy()
    own = rows.loc[alone]
    for column, share, value in (
        ("code", 0.0003, None),
        ("mail", 0.0005, None),
        ("mail", 0.0005, "commune@univ-campus.fr"),
        ("uid", 0.0002, "é,interdit"),
        ("given_name", 0.0002, " "),
    ):
        own = put(own, some(own, share, rng), column, value)
    return pd.concat([own, rows.drop(index=alone)], ignore_index=True)
