"""The plan of 04h00: «mise à jour de l'offre de formation», in the order in which Moodle can take it."""

from __future__ import annotations

import pandas as pd

from ecampus.changes import categories, courses, keys, plan, recoding
from ecampus.changes.draft import Draft, Inputs
from ecampus.joins import among
from ecampus.rules import links, offer, referential, text, unreadable
from ecampus.words import anomalies

WORD = r"[A-Z0-9_]+"
TOLD_LATER = ("groupe_element",)
"""Views that only inform: their defects are told with the enrolments."""
SHORTEST_CODE = 4  # a shorter code is found by chance in any name


def draft(inputs: Inputs) -> Draft:
    """Rows under their new keys, categories, courses, rows of the old keys, then empty categories."""
    refer, defects = referential.clean(inputs.source, inputs.settings.padding, TOLD_LATER)
    wanted = offer.desired(refer, inputs.memory["links"])
    frozen = offer.frozen_keys(wanted.elements)
    if unreadable.nameless(refer, "element"):
        frozen = pd.concat([frozen, inputs.owned["course"]["key"]], ignore_index=True)
    existing, register = inputs.existing, inputs.owned

    root = categories.root_id(existing["categories"], inputs.settings.managed_root)
    here = categories.by_code(existing["categories"], register["category"])
    wanted = categories.standing(wanted, here)
    category_changes, category_traps = categories.diff(
        wanted.categories, existing["categories"], register["category"], root
    )
    shown = categories.shown(wanted.categories, here, root)
    moved = recoding.moved(wanted, frozen, refer, inputs, here)
    owned = recoding.renamed(register["course"], moved)
    course_changes, course_traps = courses.diff(wanted.courses, frozen, existing["courses"], owned, here, shown)
    if len(moved):
        matched = courses.matched(wanted.courses, courses.live_courses(existing["courses"], owned), here)
        course_changes = recoding.course_changes(course_changes, matched, moved)
    before, after = keys.around(
        courses.moved_keys(course_changes, register["course"]),
        "course_idnumber",
        existing["enrolment_rows"],
        register,
    )
    emptied = deletions(wanted, inputs, category_changes, course_changes, here)
    if unreadable.nameless(refer, "categorie"):
        emptied = plan.empty()
    met = [defects, offer.met(refer, wanted), category_traps, course_traps]
    met += [events(wanted, course_changes, inputs.memory), still_hidden(course_changes, existing, shown)]
    met += [recoding.told(moved, course_changes, inputs), named_after_elements(wanted.elements, inputs)]
    return Draft(
        changes=plan.in_order([before, category_changes, course_changes, after, emptied]),
        anomalies=anomalies.gather(met),
        read={"category": len(wanted.categories), "course": len(wanted.courses)},
        links=links.remembered(wanted.elements, inputs.memory["links"]),
        verdicts={"courses": wanted.verdicts},
    )


def deletions(
    wanted: offer.Offer,
    inputs: Inputs,
    category_changes: pd.DataFrame,
    course_changes: pd.DataFrame,
    here: pd.DataFrame,
) -> pd.DataFrame:
    """The categories that REFER dropped and that tonight's moves leave empty."""
    owned, existing = inputs.owned["category"], inputs.existing
    gone = owned[~among(owned["code"], wanted.categories["code"]) & ~among(owned["code"], wanted.bad_categories)]
    ids = here.set_index("code")["id"]
    return categories.empty_ones(
        gone,
        existing["categories"],
        targets(category_changes, "parent_code", ids),
        _after_moves(existing["courses"], targets(course_changes, "category_code", ids)),
    )


def still_hidden(changes: pd.DataFrame, existing: dict[str, pd.DataFrame], shown: pd.Series) -> pd.DataFrame:
    """COURS_CACHE, the night of the move: a course that its category hid stays hidden when moved out (Moodle 4.5).

    ``shown``: ``categories.shown``.
    """
    moved = changes[(changes["object"] == "course") & (changes["verb"] == "move")]
    into = plan.fields(moved["after"], ["category_code"])["category_code"]
    moved = moved[into.map(shown).eq(True).to_numpy()]
    hidden = existing["categories"].loc[~existing["categories"]["visible"], ["id", "name"]]
    courses_ = existing["courses"].loc[~existing["courses"]["visible"], ["id", "category_id"]]
    rows = moved[["moodle_id", "key", "scope"]].merge(courses_, left_on="moodle_id", right_on="id")
    rows = rows.drop(columns="id").merge(hidden, left_on="category_id", right_on="id")
    rows["raison"] = "alors qu'il quitte la catégorie cachée « " + rows["name"] + " »"
    return anomalies.notes("COURS_CACHE", rows.rename(columns={"scope": "composante"}), ["key"])


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
    return keys_.str.removesuffix(text.FOAD_KEY)


def named_after_elements(elements: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """ESPACE_SUSPECT: espaces complémentaires whose name carries an element's code."""
    spaces = inputs.existing["courses"]
    spaces = spaces[~spaces["id"].isin(inputs.owned["course"]["id"])]
    words = (spaces["shortname"] + " " + spaces["fullname"]).str.upper().str.findall(WORD).explode()
    codes = elements.loc[elements["code"].str.len() >= SHORTEST_CODE, ["code", "composante"]]
    found = words.rename("code").to_frame().merge(codes, on="code", how="left").set_index(words.index)
    found = found[among(found["code"], codes["code"])]
    rows = spaces.loc[found.index].assign(code=found["code"], composante=found["composante"])
    rows["raison"] = "porte dans son nom le code de l'élément " + rows["code"].astype("str")
    return anomalies.notes("ESPACE_SUSPECT", rows.assign(espace=rows["fullname"]), ["shortname", "code"])
