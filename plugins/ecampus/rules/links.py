"""porteur / porté: «si un élément pédagogique est porté par un autre, il n'est pas créé» (deck, cas n°1)."""

from __future__ import annotations

import pandas as pd

UNKNOWN = "PORTEUR_INCONNU"
LOOP = "PORTAGE_EN_BOUCLE"


def chain_end(child: pd.Series, parent: pd.Series) -> pd.Series:
    """For each child, the last link of its chain of parents, indexed by child; null when the chain loops.

    Path doubling: the number of passes is the logarithm of the longest chain.
    """
    link = pd.Series(parent.to_numpy(), index=child.to_numpy(), dtype="str")
    end = link
    for _ in range(max(1, len(link)).bit_length() + 1):
        end = end.map(end).fillna(end)
    return end.where(~end.isin(link.index))


def porteurs(element: pd.DataFrame, porte: pd.DataFrame) -> pd.DataFrame:
    """The porteur of every element: itself, or the end of its chain of ``porte``.

    Columns: code, porteur (null when unusable), porte (bool), defect (PORTEUR_INCONNU, PORTAGE_EN_BOUCLE or null).
    """
    ends = chain_end(porte["code_porte"], porte["code_porteur"])
    links = element[["code"]].copy()
    links["porte"] = links["code"].isin(ends.index)
    links["porteur"] = links["code"].where(~links["porte"], links["code"].map(ends))
    loops = links["porteur"].isna()
    unknown = ~loops & ~links["porteur"].isin(element["code"])
    links["defect"] = pd.Series(pd.NA, index=links.index, dtype="str").mask(loops, LOOP).mask(unknown, UNKNOWN)
    links["porteur"] = links["porteur"].where(links["defect"].isna())
    return links[["code", "porteur", "porte", "defect"]]


def remembered(links: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """What the next nights must know of ``porteurs``: code, porteur; a link that broke keeps its last good porteur.

    ``before``: code, porteur as remembered until now.
    """
    portes = links[links["porte"]]
    good = portes.loc[portes["porteur"].notna(), ["code", "porteur"]]
    broken = before["code"].isin(portes.loc[portes["porteur"].isna(), "code"])
    return pd.concat([good, before.loc[broken, ["code", "porteur"]]], ignore_index=True)
