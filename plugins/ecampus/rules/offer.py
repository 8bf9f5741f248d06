"""What REFER wants of the offer: its categories and its courses (docs/rules.md, «Offer»)."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from ecampus.rules import text
from ecampus.rules.labels import cut_notes
from ecampus.rules.links import chain_end, porteurs
from ecampus.words import anomalies


class Offer(NamedTuple):
    """The offer as REFER wants it.

    categories  code, name, parent_code, composante, depth (0 under the root)
    courses     key (= idnumber = shortname), element, foad, fullname, summary, category_code, composante
    elements    code, porteur, porte, a_distance (bool), category_code, composante, frozen (bool)
    bad_categories  codes of REFER that are neither created nor moved
    """

    categories: pd.DataFrame
    courses: pd.DataFrame
    elements: pd.DataFrame
    bad_categories: pd.Series


def desired(refer: dict[str, pd.DataFrame]) -> tuple[Offer, pd.DataFrame]:
    """The offer and its anomalies, from the cleaned ``categorie``, ``element`` and ``porte``."""
    categories, bad = desired_categories(refer["categorie"])
    elements = known_elements(refer["element"], refer["porte"], refer["categorie"], bad)
    courses = desired_courses(elements)
    met = [
        *element_anomalies(elements, refer["porte"]),
        category_anomalies(refer["categorie"], bad),
        cut_notes("de l'élément", elements["code"], elements["libelle"], text.course_room(elements["code"])),
    ]
    return Offer(categories, courses, elements, bad), anomalies.gather(met)


def desired_categories(categorie: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """A category per row of ``refer_categorie`` that leads to a root; the codes of those that do not."""
    child = categorie[categorie["code_parent"].notna()]
    ends = chain_end(child["code"], child["code_parent"])
    roots = categorie.loc[categorie["code_parent"].isna(), "code"]
    usable = categorie["code"].isin(roots) | categorie["code"].map(ends).isin(roots)
    kept = categorie[usable]
    wanted = pd.DataFrame(
        {
            "code": kept["code"],
            "name": text.named(kept["code"], kept["libelle"], text.CATEGORY_NAME),
            "parent_code": kept["code_parent"],
            "composante": kept["code_composante"],
        }
    )
    wanted["depth"] = depths(wanted)
    return wanted.sort_values(["depth", "code"], ignore_index=True), categorie.loc[~usable, "code"]


def depths(categories: pd.DataFrame) -> pd.Series:
    """How far each category is from its root (0 for a root)."""
    parent = categories.set_index("code")["parent_code"]
    depth = pd.Series(0, index=categories.index)
    above = categories["parent_code"]
    while above.notna().any():
        depth = depth + above.notna().astype(int)
        above = above.map(parent)
    return depth


def known_elements(
    element: pd.DataFrame, porte: pd.DataFrame, categorie: pd.DataFrame, bad_categories: pd.Series
) -> pd.DataFrame:
    """Every element with its porteur, its composante, and whether it is frozen (rule 6: left exactly as it is)."""
    known = element.merge(porteurs(element, porte), on="code")
    good = categorie[~categorie["code"].isin(bad_categories)]
    known["composante"] = known["code_categorie"].map(good.set_index("code")["code_composante"])
    known["category_known"] = known["code_categorie"].isin(good["code"])
    known["frozen"] = known["defect"].notna() | ~known["category_known"]
    known["a_distance"] = known["a_distance"] == "O"
    return known.rename(columns={"code_categorie": "category_code"})


def desired_courses(elements: pd.DataFrame) -> pd.DataFrame:
    """A course per element that is neither porté nor frozen, and its FOAD twin when it is distance (cas n°2)."""
    own = elements[~elements["porte"] & ~elements["frozen"]].reset_index(drop=True)
    label = text.cut(own["libelle"], text.course_room(own["code"]))
    plain = pd.DataFrame(
        {
            "key": own["code"],
            "element": own["code"],
            "foad": False,
            "fullname": own["code"] + " - " + label,
            "summary": "",
            "category_code": own["category_code"],
            "composante": own["composante"],
        }
    )
    twins = plain[own["a_distance"]].assign(foad=True, summary="FOAD")
    twins["key"] = twins["element"] + text.FOAD_KEY
    twins["fullname"] = twins["key"] + " - " + label[own["a_distance"]] + text.FOAD_LABEL
    return pd.concat([plain, twins], ignore_index=True).drop_duplicates("key", ignore_index=True)


def frozen_keys(elements: pd.DataFrame) -> pd.Series:
    """The course keys of frozen elements: their courses, rows and groups stay exactly as they are."""
    codes = elements.loc[elements["frozen"], "code"]
    return pd.concat([codes, codes + text.FOAD_KEY], ignore_index=True)


def element_anomalies(elements: pd.DataFrame, porte: pd.DataFrame) -> list[pd.DataFrame]:
    """CATEGORIE_INCONNUE, PORTEUR_INCONNU, PORTAGE_EN_BOUCLE, DISTANCE_PORTE_SEUL."""
    rows = elements.rename(columns={"code": "code_element", "category_code": "code_categorie"})
    rows = rows.merge(porte, left_on="code_element", right_on="code_porte", how="left")
    rows["code_categorie"] = rows["code_categorie"].fillna("(vide)")
    distant = elements.loc[elements["a_distance"], "code"]
    alone = rows["a_distance"] & rows["porte"] & rows["defect"].isna() & ~rows["porteur"].isin(distant)
    return [
        anomalies.notes("CATEGORIE_INCONNUE", rows[~rows["category_known"]], ["code_element"]),
        *(
            anomalies.notes(kind, rows[rows["defect"] == kind], ["code_element"])
            for kind in ("PORTEUR_INCONNU", "PORTAGE_EN_BOUCLE")
        ),
        anomalies.notes("DISTANCE_PORTE_SEUL", rows[alone], ["code_element"]),
    ]


def category_anomalies(categorie: pd.DataFrame, bad: pd.Series) -> pd.DataFrame:
    """REFERENCE_INCONNUE for categories that lead to no root, LIBELLE_TRONQUE."""
    astray = categorie[categorie["code"].isin(bad)].groupby("code_parent").size().rename("nombre").reset_index()
    astray = astray.rename(columns={"code_parent": "valeur"}).assign(vue="refer_categorie", colonne="code_parent")
    room = text.name_room(categorie["code"], text.CATEGORY_NAME)
    return anomalies.gather(
        [
            anomalies.notes("REFERENCE_INCONNUE", astray, ["vue", "colonne", "valeur"]),
            cut_notes("de la catégorie", categorie["code"], categorie["libelle"], room),
        ]
    )
