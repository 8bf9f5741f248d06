"""The offer of an invented university: categories, étapes, elements, portés, FOAD twins, groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

ETAPES = 900  # of Caen
ELEMENTS = 17  # of an étape
COMPOSANTES = 12
LABELS = ["Analyse", "Algèbre", "Droit public", "Histoire moderne", "Génétique", "Anglais", "Mécanique", "Économie"]
KINDS = ["licence", "master", "diplôme d'université"]
NO_HOST = -1


@dataclass
class Offer:
    """What the rest of REFER is drawn from.

    etapes    rank = index; code, libelle, code_composante, distance (bool)
    elements  rank = index; code, libelle, etape, a_distance, porte (bool), host (rank of the porteur's end of chain, of
              itself when it is not porté), link (rank of its first porteur, or NO_HOST), td (number of TD groups),
              cm (bool), first (rank of its first TD)
    groups    rank = index; code, libelle, element (rank), kind: TD, CM, CEMU
    """

    etapes: pd.DataFrame
    elements: pd.DataFrame
    groups: pd.DataFrame


def offer(factor: float, rng: np.random.Generator) -> Offer:
    """The offer of ``factor`` Caen."""
    etapes = _etapes(max(4, round(ETAPES * factor)))
    elements = _elements(etapes, rng)
    return Offer(etapes, elements, _groups(elements))


def numbered(letter: str, numbers: np.ndarray | pd.Series, width: int) -> pd.Series:
    """``U000105``: a letter and a number of so many figures."""
    return letter + pd.Series(np.asarray(numbers)).astype("str").str.zfill(width)


def picked(words: list[str], ranks: np.ndarray) -> pd.Series:
    """One of ``words`` for each rank."""
    return pd.Series(np.asarray(words, dtype="object")[np.asarray(ranks) % len(words)], dtype="str")


def _etapes(number: int) -> pd.DataFrame:
    rank = np.arange(number)
    code = numbered("E", rank, 4) + "_1"
    return pd.DataFrame(
        {
            "code": code,
            "libelle": picked(KINDS, rank // 3) + " " + picked(LABELS, rank) + " parcours " + numbered("", rank, 1),
            "code_composante": numbered("COMP", rank % COMPOSANTES, 2),
            "distance": rank % 40 == 3,
        }
    )


def _elements(etapes: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    etape = np.repeat(np.arange(len(etapes)), ELEMENTS)
    place = np.tile(np.arange(ELEMENTS), len(etapes))
    rank = np.arange(len(etape))
    porte = (place == ELEMENTS - 1) & (etape > 0) & (rng.random(len(rank)) < 0.9)
    distant = etapes["distance"].to_numpy()[etape]
    link = np.where(porte, rank - ELEMENTS - 1, NO_HOST)
    chained = porte & (rng.random(len(rank)) < 0.03)  # a chain of two: the porteur is porté itself
    link = np.where(chained, rank - ELEMENTS, link)
    host = np.where(porte, link, rank)
    host = host[host]
    for _ in range(len(etapes)):
        if (host[host] == host).all():
            break
        host = host[host]
    td = 1 + (rng.random(len(rank)) < 0.58)
    td = np.where((rng.random(len(rank)) < 0.03) | porte, 0, td)  # no group at all
    elements = pd.DataFrame(
        {
            "code": numbered("U", etape, 4) + numbered("", place + 1, 2),
            "libelle": picked(LABELS, rank) + " " + picked(["théorique", "appliquée", "et travaux"], rank // 7)
            + " " + numbered("", place + 1, 1),
            "etape": etape, "a_distance": distant, "porte": porte, "link": link, "host": host, "td": td,
            "cm": (rng.random(len(rank)) < 0.16) & (td > 0),
        }
    )  # fmt: skip
    return elements.assign(first=elements["td"].cumsum() - elements["td"])


def _groups(elements: pd.DataFrame) -> pd.DataFrame:
    """TD first, so that ``first`` + n is the rank of an element's n-th TD; then CM; then CEMU."""
    td = elements.loc[elements.index.repeat(elements["td"])]
    number = np.arange(len(td)) - td["first"].to_numpy() + 1
    cm = elements[elements["cm"]]
    cemu = elements[elements["a_distance"] & ~elements["porte"]]
    parts = [
        _named(td, "TD", numbered("TD", number, 1)),
        _named(cm, "CM", pd.Series("CM", index=range(len(cm)))),
        _named(cemu, "CEMU", pd.Series("CEMU", index=range(len(cemu)))),
    ]
    return pd.concat(parts, ignore_index=True)


def _named(elements: pd.DataFrame, kind: str, names: pd.Series) -> pd.DataFrame:
    own = elements.reset_index(names="rank")
    return pd.DataFrame(
        {
            "code": own["code"] + "-" + names,
            "libelle": names + " " + own["libelle"],
            "element": own["rank"],
            "kind": kind,
        }
    )
