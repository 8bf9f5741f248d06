"""What REFER wants of the offer: its categories and its courses (docs/rules.md, «Offer»)."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from ecampus.joins import among, beside, looked_up
from ecampus.rules import links, text, unreadable
from ecampus.rules.labels import cut_notes
from ecampus.rules.verdicts import first_failing
from ecampus.words import anomalies

COURSE = "COURS"
FROZEN = (links.UNREADABLE, links.LOOP, links.UNKNOWN, "CATEGORIE_INCONNUE")


class Offer(NamedTuple):
    """The offer as REFER wants it.

    categories  code, name, parent_code, composante, depth (0 under the root)
    courses     key (= idnumber = shortname), element, foad, fullname, summary, category_code, composante
    elements    code, libelle, porteur, porte, a_distance (bool), category_code, composante, frozen (bool), defect,
                code_porteur
    astray      codes of the categories that lead to no root
    bad_categories  those, and the ones whose row cannot be read: neither created nor moved
    verdicts    the ladder of courses: ``course_verdicts``
    """

    categories: pd.DataFrame
    courses: pd.DataFrame
    elements: pd.DataFrame
    astray: pd.Series
    bad_categories: pd.Series
    verdicts: pd.DataFrame


def desired(refer: dict[str, pd.DataFrame], before: pd.DataFrame) -> Offer:
    """The offer, from the cleaned ``categorie``, ``element`` and ``porte``.

    ``before``: code, porteur of the portés, as the nights before remember them.
    """
    categories, astray = desired_categories(refer["categorie"])
    elements = known_elements(refer, astray, before)
    verdicts = course_verdicts(elements)
    bad = pd.concat([astray, unreadable.codes(refer, "categorie")], ignore_index=True)
    return Offer(categories, desired_courses(verdicts), elements, astray, bad, verdicts)


def met(refer: dict[str, pd.DataFrame], offer: Offer) -> pd.DataFrame:
    """What is to be told of the offer."""
    elements = offer.elements
    return anomalies.gather(
        [
            *element_anomalies(offer.verdicts),
            category_anomalies(refer, offer.astray),
            cut_notes("de l'élément", elements["code"], elements["libelle"], text.course_room(elements["code"])),
        ]
    )


def desired_categories(categorie: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """A category per row of ``refer_categorie`` that leads to a root; the codes of those that do not."""
    child = categorie[categorie["code_parent"].notna()]
    ends = links.chain_end(child["code"], child["code_parent"])
    roots = categorie.loc[categorie["code_parent"].isna(), "code"]
    usable = among(categorie["code"], roots) | among(looked_up(categorie["code"], ends), roots)
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


def known_elements(refer: dict[str, pd.DataFrame], bad_categories: pd.Series, before: pd.DataFrame) -> pd.DataFrame:
    """Every element with its porteur, its composante, and whether it is frozen (rule 6: left exactly as it is)."""
    known = beside(links.elements(refer), links.found(refer, before), ["code"])
    good = refer["categorie"][~among(refer["categorie"]["code"], bad_categories)]
    known["composante"] = looked_up(known["code_categorie"], good.set_index("code")["code_composante"])
    known["category_known"] = among(known["code_categorie"], good["code"])
    known["frozen"] = known["unreadable"] | known["defect"].notna() | ~known["category_known"]
    known["a_distance"] = known["a_distance"].eq("O")
    return known.rename(columns={"code_categorie": "category_code"})


def course_verdicts(elements: pd.DataFrame) -> pd.DataFrame:
    """The ladder of courses: every element, and its FOAD twin (cas n°2), with the first rung that it fails.

    Columns: those of ``elements``, element, foad (bool), key, verdict:
        ILLISIBLE           the row of the element, or its chain of porteurs, cannot be read      frozen (rule 6)
        BOUCLE              its chain of porteurs loops                                            frozen
        PORTEUR_INCONNU     its chain of porteurs ends on no element                               frozen
        CATEGORIE_INCONNUE  its category is unknown or leads to no root                            frozen
        PORTE               taught in the course of its porteur
        PRESENTIEL          (twin) the element is not «à distance»
        CODE_DOUBLE         the key is that of the FOAD twin of another element, which has the lower code
        COURS               the course is wanted
    """
    rows = pd.concat([elements.assign(foad=False), elements.assign(foad=True)], ignore_index=True)
    rows["element"] = rows["code"]
    rows["key"] = rows["code"].where(~rows["foad"], rows["code"] + text.FOAD_KEY)
    has_a_twin = (rows["a_distance"] | rows["unreadable"]) & (rows["frozen"] | ~rows["porte"])
    rows["verdict"] = first_failing(
        {
            links.UNREADABLE: rows["unreadable"] | rows["defect"].eq(links.UNREADABLE),
            links.LOOP: rows["defect"].eq(links.LOOP),
            links.UNKNOWN: rows["defect"].eq(links.UNKNOWN),
            "CATEGORIE_INCONNUE": ~rows["category_known"],
            "PORTE": rows["porte"],
            "PRESENTIEL": rows["foad"] & ~rows["a_distance"],
            "CODE_DOUBLE": ~rows["foad"] & among(rows["key"], rows.loc[rows["foad"] & has_a_twin, "key"]),
        },
        COURSE,
    )
    return rows


def desired_courses(verdicts: pd.DataFrame) -> pd.DataFrame:
    """The courses that REFER wants, of ``course_verdicts``: created hidden and empty, the twin with 'FOAD' inside."""
    rows = verdicts[verdicts["verdict"] == COURSE].reset_index(drop=True)
    label = text.cut(rows["libelle"], text.course_room(rows["code"]))
    label = label.where(~rows["foad"], label + text.FOAD_LABEL)
    summary = pd.Series("", index=rows.index, dtype="str").mask(rows["foad"], "FOAD")
    rows = rows.assign(fullname=rows["key"] + " - " + label, summary=summary)
    return rows[["key", "element", "foad", "fullname", "summary", "category_code", "composante"]]


def frozen_keys(elements: pd.DataFrame) -> pd.Series:
    """The course keys of frozen elements: their courses, rows and groups stay exactly as they are."""
    codes = elements.loc[elements["frozen"], "code"]
    return pd.concat([codes, codes + text.FOAD_KEY], ignore_index=True)


def located(keys: pd.Series, courses: pd.DataFrame) -> pd.DataFrame:
    """Of which element each course key is, and whether it is the FOAD one: element, foad ('O', 'N'), null if unwanted.

    ``courses``: ``Offer.courses``.
    """
    twins = courses[["key", "element"]].assign(foad=courses["foad"].map({True: "O", False: "N"}).astype("str"))
    return beside(keys.to_frame("key"), twins, ["key"])[["element", "foad"]]


def element_anomalies(verdicts: pd.DataFrame) -> list[pd.DataFrame]:
    """CATEGORIE_INCONNUE, PORTEUR_INCONNU, PORTAGE_EN_BOUCLE, DISTANCE_PORTE_SEUL, CODE_DOUBLE."""
    rows = verdicts[~verdicts["foad"]].rename(columns={"code": "code_element", "category_code": "code_categorie"})
    rows["code_categorie"] = rows["code_categorie"].fillna("(vide)")
    distant = rows.loc[rows["a_distance"] | rows["unreadable"], "code_element"]
    alone = rows["verdict"].eq("PORTE") & rows["a_distance"] & ~among(rows["porteur"], distant)
    double = rows[rows["verdict"] == "CODE_DOUBLE"]
    first = double["key"].str.removesuffix(text.FOAD_KEY)
    double = double.assign(
        vue="refer_element",
        valeur=double["key"],
        valeurs="« " + first + " », « " + double["key"] + " »",
        raison="mènent au même cours " + double["key"],
    )
    told = {
        "CATEGORIE_INCONNUE": "CATEGORIE_INCONNUE",
        "PORTEUR_INCONNU": links.UNKNOWN,
        "PORTAGE_EN_BOUCLE": links.LOOP,
    }
    return [
        *(anomalies.notes(code, rows[rows["verdict"] == rung], ["code_element"]) for code, rung in told.items()),
        anomalies.notes("DISTANCE_PORTE_SEUL", rows[alone], ["code_element"]),
        anomalies.notes("CODE_DOUBLE", double, ["vue", "valeur"]),
    ]


def category_anomalies(refer: dict[str, pd.DataFrame], bad: pd.Series) -> pd.DataFrame:
    """REFERENCE_INCONNUE for categories that lead to no root, unless a row could not be read; LIBELLE_TRONQUE."""
    categorie = refer["categorie"]
    astray = categorie[
        among(categorie["code"], bad) & ~among(categorie["code_parent"], unreadable.codes(refer, "categorie"))
    ]
    astray = astray.groupby("code_parent").size().rename("nombre").reset_index()
    astray = astray.rename(columns={"code_parent": "valeur"}).assign(vue="refer_categorie", colonne="code_parent")
    room = text.name_room(categorie["code"], text.CATEGORY_NAME)
    return anomalies.gather(
        [
            anomalies.notes("REFERENCE_INCONNUE", astray, ["vue", "colonne", "valeur"]),
            cut_notes("de la catégorie", categorie["code"], categorie["libelle"], room),
        ]
    )
