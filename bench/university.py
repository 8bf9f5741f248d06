"""REFER and LDAP of an invented university as frames that pass the door; the same for one size and one seed.

One *Caen*: 36,000 accounts, 15,000 courses of REFER, 25,000 groups, 500,000 memberships, 450,000 enrolments.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from bench import offer as offers
from bench import people, traps
from bench.offer import NO_HOST, Offer, numbered
from ecampus import contract

Frames = dict[str, pd.DataFrame]
ROOT = "UNIV"


def university(factor: float, seed: int = 1) -> Frames:
    """The ten views of REFER and ``people``, as extracted; with a few of each trap of the deck."""
    rng = np.random.default_rng(seed)
    offer = offers.offer(factor, rng)
    crowd = people.students(offer, factor, rng)
    staff = people.staff_codes(factor)
    source = {
        **_offer_views(offer),
        **_student_views(offer, crowd, rng),
        "seance_ade": people.sheets(offer, staff, rng),
        "people": people.directory(crowd.people["code"], staff),
    }
    return typed(traps.spoiled({name: frame.reset_index(drop=True) for name, frame in source.items()}, rng))


def typed(source: Frames) -> Frames:
    """The frames with the types that the readers give."""
    return {
        name: frame[list(contract.CONTRACTS[name].types())].astype(contract.CONTRACTS[name].types())
        for name, frame in source.items()
    }


def _offer_views(offer: Offer) -> Frames:
    etapes, elements, groups = offer.etapes, offer.elements, offer.groups
    carried = elements[elements["link"] != NO_HOST]
    return {
        "categorie": _categories(etapes),
        "element": pd.DataFrame(
            {
                "code": elements["code"],
                "libelle": elements["libelle"],
                "code_categorie": etapes["code"].to_numpy()[elements["etape"]],
                "a_distance": np.where(elements["a_distance"], "O", "N"),
            }
        ),
        "porte": pd.DataFrame(
            {"code_porte": carried["code"], "code_porteur": elements["code"].to_numpy()[carried["link"]]}
        ),
        "groupe": groups[["code", "libelle"]].assign(code_collection=groups["code"].str.slice(0, 7)),
        "groupe_element": _attachments(offer),
        "etape": etapes[["code", "libelle", "code_composante"]],
    }


def _categories(etapes: pd.DataFrame) -> pd.DataFrame:
    """The university, its composantes, three étapes a diploma, the étapes."""
    composantes = pd.Series(sorted(etapes["code_composante"].unique()), dtype="str")
    diploma = numbered("D", np.arange(len(etapes)) // (3 * offers.COMPOSANTES) * offers.COMPOSANTES
                       + np.arange(len(etapes)) % offers.COMPOSANTES, 4)  # fmt: skip
    own = etapes.assign(code_parent=diploma)
    diplomas = own.drop_duplicates("code_parent").assign(code=lambda rows: rows["code_parent"])
    diplomas = diplomas.assign(code_parent=diplomas["code_composante"], libelle="mention " + diplomas["libelle"])
    rows = [
        pd.DataFrame({"code": [ROOT], "libelle": ["Université"], "code_parent": [None], "code_composante": [ROOT]}),
        pd.DataFrame(
            {"code": composantes, "libelle": "UFR " + composantes, "code_parent": ROOT, "code_composante": composantes}
        ),
        diplomas,
        own,
    ]
    return pd.concat([part.reindex(columns=rows[0].columns) for part in rows], ignore_index=True)


def _attachments(offer: Offer) -> pd.DataFrame:
    """Each group on its element; those of a porteur on its portés too, for they are common."""
    elements, groups = offer.elements, offer.groups
    own = pd.DataFrame({"group": groups.index, "element": groups["element"]})
    portes = elements[elements["porte"]].reset_index(names="rank")[["rank", "host"]]
    near = own[groups["kind"].ne("CEMU").to_numpy()]
    common = portes.merge(near, left_on="host", right_on="element")[["group", "rank"]]
    every = pd.concat([own, common.rename(columns={"rank": "element"})], ignore_index=True)
    return pd.DataFrame(
        {
            "code_groupe": groups["code"].to_numpy()[every["group"]],
            "code_element": elements["code"].to_numpy()[every["element"]],
        }
    )


def _student_views(offer: Offer, crowd: people.Students, rng: np.random.Generator) -> Frames:
    codes, etapes = crowd.people["code"].to_numpy(), offer.etapes["code"].to_numpy()
    members, taken = people.members(offer, crowd), crowd.taken[rng.random(len(crowd.taken)) < 0.97]
    first = pd.DataFrame(
        {
            "code_etudiant": codes,
            "code_etape": etapes[crowd.people["etape"]],
            "tele_enseignement": np.where(crowd.people["tele"], "O", "N"),
        }
    )
    second = first[rng.random(len(first)) < 0.05].copy()
    second["code_etape"] = etapes[(crowd.people["etape"].to_numpy()[second.index] + 1) % len(etapes)]
    return {
        "groupe_etudiant": pd.DataFrame(
            {
                "code_groupe": offer.groups["code"].to_numpy()[members["group"]],
                "code_etudiant": codes[members["student"]],
            }
        ),
        "inscription_administrative": pd.concat([first, second], ignore_index=True),
        "inscription_pedagogique": pd.DataFrame(
            {
                "code_etudiant": codes[taken["student"]],
                "code_etape": etapes[crowd.people["etape"].to_numpy()[taken["student"]]],
                "code_element": offer.elements["code"].to_numpy()[taken["element"]],
            }
        ),
    }
