"""porteur / porté: «si un élément pédagogique est porté par un autre, il n'est pas créé» (deck, cas n°1)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ecampus.joins import among, looked_up
from ecampus.rules import unreadable
from ecampus.shapes import cast

UNKNOWN = "PORTEUR_INCONNU"
LOOP = "BOUCLE"
UNREADABLE = "ILLISIBLE"
_NOWHERE = ""  # where a link that cannot be read leads: no code is empty


def chain_end(child: pd.Series, parent: pd.Series) -> pd.Series:
    """For each child, the last link of its chain of parents, indexed by child; null when the chain loops.

    Path doubling: the number of passes is the logarithm of the longest chain.
    """
    link = pd.Series(parent.to_numpy(), index=child.to_numpy(), dtype="str")
    end = link
    for _ in range(max(1, len(link)).bit_length() + 1):
        end = end.map(end).fillna(end)
    return end.where(~among(end, link.index))


def porteurs(element: pd.DataFrame, porte: pd.DataFrame) -> pd.DataFrame:
    """The porteur of every element: itself, or the end of its chain of ``porte``.

    The chain goes through any codes, elements or not; only its end must be an element.
    Columns: code, porteur (null when unusable), porte (bool), defect (PORTEUR_INCONNU, BOUCLE, ILLISIBLE or null),
    code_porteur (the first link, null when there is none).
    """
    ends = chain_end(porte["code_porte"], porte["code_porteur"])
    links = element[["code"]].copy()
    links["porte"] = among(links["code"], ends.index)
    links["porteur"] = links["code"].where(~links["porte"], looked_up(links["code"], ends))
    loops = links["porteur"].isna()
    unread = links["porteur"].eq(_NOWHERE)
    unknown = ~loops & ~unread & ~among(links["porteur"], element["code"])
    defects = pd.Series(pd.NA, index=links.index, dtype="str")
    links["defect"] = defects.mask(loops, LOOP).mask(unread, UNREADABLE).mask(unknown, UNKNOWN)
    links["porteur"] = links["porteur"].where(links["defect"].isna())
    links["code_porteur"] = looked_up(links["code"], porte.set_index("code_porte")["code_porteur"])
    return links[["code", "porteur", "porte", "defect", "code_porteur"]]


def found(refer: Mapping[str, pd.DataFrame], before: pd.DataFrame) -> pd.DataFrame:
    """``porteurs`` of the cleaned views: elements and links whose row cannot be read are there, and lead nowhere.

    ``before``: code, porteur as remembered until now: what an unreadable row that names nobody may be about.
    """
    unread = unreadable.codes(refer, "porte")
    if unreadable.nameless(refer, "porte"):
        unread = pd.concat([unread, before["code"]])
    unread = unread[~among(unread, refer["porte"]["code_porte"])].drop_duplicates()
    nowhere = pd.DataFrame({"code_porte": unread, "code_porteur": _NOWHERE}, dtype="str")
    porte = pd.concat([refer["porte"][["code_porte", "code_porteur"]], nowhere], ignore_index=True)
    return porteurs(elements(refer), porte)


def elements(refer: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The elements of REFER, those whose row cannot be read included: the view's columns, unreadable (bool)."""
    unread = unreadable.codes(refer, "element").drop_duplicates()
    others = unread[~among(unread, refer["element"]["code"])].rename("code").to_frame().assign(libelle="")
    every = cast(pd.concat([refer["element"], others], ignore_index=True), refer["element"].dtypes.to_dict())
    return every.assign(unreadable=among(every["code"], unread))


def remembered(links: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """What the next nights must know of ``porteurs``: code, porteur; a link that broke keeps its last good porteur.

    ``before``: code, porteur as remembered until now.
    """
    portes = links[links["porte"]]
    good = portes.loc[portes["porteur"].notna(), ["code", "porteur"]]
    broken = among(before["code"], portes.loc[portes["porteur"].isna(), "code"])
    return pd.concat([good, before.loc[broken, ["code", "porteur"]]], ignore_index=True)
