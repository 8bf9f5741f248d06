"""The plan of 04h00: «mise à jour de l'offre de formation», in the order in which Moodle can take it."""

from __future__ import annotations

import pandas as pd

from ecampus.changes import categories, courses, keys, plan
from ecampus.changes.draft import Draft, Inputs
from ecampus.rules import offer, referential
from ecampus.rules.links import porteurs, remembered
from ecampus.words import anomalies

WORD = r"[A-Z0-9_]+"
SHORTEST_CODE = 4  # a shorter code is found by chance in any name


def draft(inputs: Inputs) -> Draft:
    """Rows under their new keys, categories, courses, rows of the old keys, then empty categories."""
    refer, met = referential.clean(inputs.source, inputs.settings.padding)
    wanted, traps = offer.desired(refer)
    existing, ledger = inputs.existing, inputs.ledger

    root = categories.root_id(existing["categories"], inputs.settings.managed_root)
    category_changes, category_traps = categories.diff(
        wanted.categories, existing["categories"], ledger["category"], root
    )
    here = categories.by_code(existing["categories"], ledger["category"])
    shown = categories.shown(wanted.categories, here, root)
    course_changes, course_traps = courses.diff(
        wanted.courses, offer.frozen_keys(wanted.elements), existing["courses"], ledger["course"], here, shown
    )
    before, after = keys.around(
        courses.moved_keys(course_changes, ledger["course"]),
        "course_idnumber",
        existing["enrolment_rows"],
        ledger["enrolment"],
    )
    emptied = deletions(wanted, inputs, category_changes, course_changes, here)
    known = [met, traps, category_traps, course_traps, events(wanted, course_changes, inputs.memory)]
    return Draft(
        changes=plan.in_order([before, category_changes, course_changes, after, emptied]),
        anomalies=anomalies.gather([*known, named_after_elements(wanted.elements, inputs)]),
        read={"category": len(wanted.categories), "course": len(wanted.courses)},
        links=remembered(porteurs(refer["element"], refer["porte"]), inputs.memory["links"]),
    )


def deletions(
    wanted: offer.Offer,
    inputs: Inputs,
    category_changes: pd.DataFrame,
    course_changes: pd.DataFrame,
    here: pd.DataFrame,
) -> pd.DataFrame:
    """The categories that REFER dropped and that tonight's moves leave empty."""
    owned, existing = inputs.ledger["category"], inputs.existing
    gone = owned[~owned["code"].isin(wanted.categories["code"]) & ~owned["code"].isin(wanted.bad_categories)]
    ids = here.set_index("code")["id"]
    return categories.empty_ones(
        gone,
        existing["categories"],
        targets(category_changes, "parent_code", ids),
        _after_moves(existing["courses"], targets(course_changes, "category_code", ids)),
    )


def targets(changes: pd.DataFrame, field: str, ids: pd.Series) -> pd.DataFrame:
    """Where the planned moves go: id, target (null for a category created tonight)."""
    moved = changes[changes["verb"] == "move"]
    codes = plan.fields(moved["after"], [field])[field]
    return pd.DataFrame({"id": moved["moodle_id"], "target": codes.map(ids)}).astype("Int64")


def _after_moves(existing: pd.DataFrame, moved: pd.DataFrame) -> pd.DataFrame:
    target = existing["id"].map(moved.set_index("id")["target"])
    gone = existing["id"].isin(moved["id"])
    return existing.assign(category_id=existing["category_id"].astype("Int64").mask(gone, target))


def events(wanted: offer.Offer, changes: pd.DataFrame, memory: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """PORTE_DISPARU and PORTEUR_CHANGE (Piège 3). ``memory['links']``: code, porteur of the night before."""
    elements = wanted.elements.rename(columns={"code": "code_element"})
    portes = elements[elements["porte"] & elements["porteur"].notna()]
    archived = changes[(changes["object"] == "course") & (changes["verb"] == "archive")]
    gone = archived.merge(
        portes.assign(element=portes["code_element"]), left_on=element_of(archived["key"]), right_on="element"
    )
    before = memory["links"].rename(columns={"code": "code_element", "porteur": "avant"})
    changed = portes.merge(before, on="code_element")
    changed = changed[changed["avant"].notna() & (changed["avant"] != changed["porteur"])]
    return anomalies.gather(
        [
            anomalies.notes("PORTE_DISPARU", gone, ["key"]),
            anomalies.notes("PORTEUR_CHANGE", changed, ["code_element", "avant", "porteur"]),
        ]
    )


def element_of(keys_: pd.Series) -> pd.Series:
    """The element's code of a course key."""
    return keys_.str.removesuffix("-FOAD")


def named_after_elements(elements: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """ESPACE_SUSPECT: espaces complémentaires whose name carries an element's code."""
    spaces = inputs.existing["courses"]
    spaces = spaces[~spaces["id"].isin(inputs.ledger["course"]["id"])]
    words = (spaces["shortname"] + " " + spaces["fullname"]).str.upper().str.findall(WORD).explode()
    codes = elements.loc[elements["code"].str.len() >= SHORTEST_CODE, ["code", "composante"]]
    found = words.rename("code").to_frame().merge(codes, on="code", how="left").set_index(words.index)
    found = found[found["code"].isin(codes["code"])]
    rows = spaces.loc[found.index].assign(code=found["code"], composante=found["composante"])
    rows["raison"] = "porte dans son nom le code de l'élément " + rows["code"].astype("str")
    return anomalies.notes("ESPACE_SUSPECT", rows.assign(espace=rows["fullname"]), ["shortname", "code"])
