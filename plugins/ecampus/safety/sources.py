"""Which views fell since the last night that read them well, and the same inputs had they not.

What rests on a fallen view needs no table of who hangs on what: it is what the rules ask for tonight and would not ask
for if the rows that vanished were still there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from ecampus import contract
from ecampus.changes.draft import Inputs
from ecampus.errors import ContractBroken
from ecampus.joins import among, has, looked_up
from ecampus.limits import Fall
from ecampus.rules import text
from ecampus.shapes import none, shaped

KEYS, ANNEE = "keys", "annee"
"""Figures of a view: how many keys, and of what year."""
PEOPLE = "people"
FLOORS = {"element": "élément", "groupe": "groupe"}
FALLEN = {"view": "str", "scope": "str", "was": "int64", "lost": "int64", "unreadable": "int64"}

Before = Mapping[str, pd.DataFrame | None]
"""By view, its rows as of the last run that read it well; null where the store has them no more."""


def require_floors(inputs: Inputs) -> None:
    """Raise ContractBroken when a view without which there is no university is empty and never was read before."""
    known = set(inputs.memory["figures"]["subject"])
    for view, what in FLOORS.items():
        if view in inputs.source and inputs.source[view].empty and view not in known:
            raise ContractBroken(
                f"La vue refer_{view} n'a aucun {what} pour l'année {inputs.settings.annee}, et aucune nuit n'en a"
                " encore lu : rien n'est écrit ; vérifier son alimentation et la variable ecampus_annee, puis relancer"
                " la phase."
            )


def fallen(inputs: Inputs, before: Before, phase: str, limits: Fall) -> pd.DataFrame:
    """The views that lost more than 10 % of their keys, and at least 20, or all of a scope of at least 3 (``limits``).

    Columns as ``FALLEN``; ``scope`` (composante, or population of people) is null for the whole view. A view whose old
    rows are lost is judged by its figures (``figures``). In a new year every key is another: a view fell that is still
    empty, or has nothing of a scope.
    """
    found = [_fall(view, inputs, before, phase, limits) for view in views(inputs)]
    fell = [one for one in found if len(one)]
    return pd.concat(fell, ignore_index=True) if fell else none(FALLEN)


def views(inputs: Inputs) -> list[str]:
    """The views of REFER, and LDAP's people, that the phase read."""
    return [view for view in inputs.source if view in contract.REFER or view == PEOPLE]


def restored(inputs: Inputs, before: Before, fell: pd.DataFrame) -> Inputs:
    """The inputs with what vanished from the fallen views, or from their fallen scopes, as it was."""
    source = dict(inputs.source)
    for view, scopes in fell.groupby("view", sort=False)["scope"]:
        previous = before[str(view)]
        if previous is None:
            continue
        back = vanished(str(view), previous, source[str(view)])
        if not scopes.isna().any():
            back = back[among(scopes_of(str(view), back, before), scopes)]
        source[str(view)] = pd.concat([source[str(view)], back], ignore_index=True)
    return replace(inputs, source=source)


def vanished(view: str, previous: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``previous`` whose key, cleaned, is no longer there."""
    return previous[~has(keys(view, previous), keys(view, now), _key(view))]


def keys(view: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The cleaned key of each row: its codes; of people their population and code, or their entry without any."""
    if view == PEOPLE:
        codes = text.clean_codes(rows["code"]).fillna(rows["entry"])
        return pd.DataFrame({"population": rows["population"], "code": codes})
    return pd.DataFrame({name: text.clean_codes(rows[name]) for name in _key(view)})


def figures(inputs: Inputs, phase: str) -> pd.DataFrame:
    """What later nights compare with (``tables.FIGURES``): how many keys each view has, and each scope; its year."""
    year = int(inputs.settings.annee)
    counted: list[tuple[str, str, str | None, str, int]] = []
    for view in views(inputs):
        counted += [(phase, view, scope, KEYS, number) for scope, number in _keys_by_scope(view, inputs)]
        counted.append((phase, view, None, ANNEE, year))
    types = {"phase": "str", "subject": "str", "scope": "str", "figure": "str", "value": "Int64"}
    return pd.DataFrame(counted, columns=list(types)).astype(types)


def _keys_by_scope(view: str, inputs: Inputs) -> list[tuple[str | None, int]]:
    """How many keys the view has, then each of its scopes."""
    rows = inputs.source[view]
    once = rows[~keys(view, rows).duplicated()]
    scopes = scopes_of(view, once, inputs.source).value_counts()
    return [(None, len(once)), *((str(scope), int(number)) for scope, number in scopes.items())]


def scopes_of(view: str, rows: pd.DataFrame, frames: Mapping[str, Any]) -> pd.Series:
    """The composante of each row, or the population of people; null where ``frames`` do not lead to one."""
    if view == PEOPLE:
        return rows["population"]
    if "code_composante" in rows:
        return text.clean_codes(rows["code_composante"])
    if "code_etape" in rows and frames.get("etape") is not None:
        return _looked(rows["code_etape"], frames["etape"], "code", "code_composante")
    if view == "element":
        return _of_categories(rows["code_categorie"], frames)
    if "code_porte" in rows or "code_element" in rows:
        return _of_elements(rows["code_porte" if "code_porte" in rows else "code_element"], frames)
    groups = frames.get("groupe_element")
    if groups is None or view not in ("groupe", "groupe_etudiant"):
        return pd.Series(index=rows.index, dtype="str")
    codes = rows["code" if view == "groupe" else "code_groupe"]
    return _of_elements(_looked(codes, groups, "code_groupe", "code_element"), frames)


def _of_elements(codes: pd.Series, frames: Mapping[str, Any]) -> pd.Series:
    elements = frames.get("element")
    if elements is None:
        return pd.Series(index=codes.index, dtype="str")
    return _of_categories(_looked(codes, elements, "code", "code_categorie"), frames)


def _of_categories(codes: pd.Series, frames: Mapping[str, Any]) -> pd.Series:
    categories = frames.get("categorie")
    if categories is None:
        return pd.Series(index=codes.index, dtype="str")
    return _looked(codes, categories, "code", "code_composante")


def _looked(codes: pd.Series, frame: pd.DataFrame, key: str, column: str) -> pd.Series:
    known = pd.Series(text.clean_codes(frame[column]).array, index=text.clean_codes(frame[key]))
    return looked_up(text.clean_codes(codes), known[~known.index.duplicated()]).astype("str")


def _key(view: str) -> list[str]:
    return ["population", "code"] if view == PEOPLE else list(contract.REFER[view].key)


def _fall(view: str, inputs: Inputs, before: Before, phase: str, limits: Fall) -> pd.DataFrame:
    previous = before.get(view)
    if previous is not None and previous.equals(inputs.source[view]):
        return none(FALLEN)
    losses = _counted(view, inputs, phase) if previous is None else _compared(view, previous, inputs, before)
    share = losses["lost"] * 100 > limits.percent * losses["was"]
    whole = losses["scope"].isna() & share & (losses["lost"] >= limits.fewest)
    scope = (losses["was"] >= limits.scope) & (losses["lost"] == losses["was"])
    if _is_of_another_year(view, inputs, phase):
        rows = inputs.source[view]
        there = scopes_of(view, rows, inputs.source).dropna().unique()
        whole &= rows.empty
        scope &= ~losses["scope"].isin(there) & (losses["scope"].notna() | rows.empty)
    fell = losses[whole] if whole.any() else losses[scope]
    unread = inputs.source["illisible"]["view"].eq(view).sum() if "illisible" in inputs.source else 0
    return shaped(fell.assign(view=view, unreadable=int(unread)), FALLEN)


def _is_of_another_year(view: str, inputs: Inputs, phase: str) -> bool:
    """Whether the view was read well for another year last."""
    known = inputs.memory["figures"]
    years = known[(known["phase"] == phase) & (known["subject"] == view) & (known["figure"] == ANNEE)]["value"]
    return view != PEOPLE and bool(years.ne(int(inputs.settings.annee)).any())


def _compared(view: str, previous: pd.DataFrame, inputs: Inputs, before: Before) -> pd.DataFrame:
    """scope, was, lost: of the view, then of each of its scopes."""
    named = keys(view, previous)
    first = ~named.duplicated()
    gone = ~has(named[first], keys(view, inputs.source[view]), _key(view))
    scopes = scopes_of(view, previous[first], before)
    rows = pd.DataFrame({"scope": scopes, "was": 1, "lost": gone.astype("int64")})
    site = pd.DataFrame({"scope": [None], "was": [len(gone)], "lost": [gone.sum()]}).astype({"scope": "str"})
    return pd.concat([site, rows.groupby("scope", as_index=False)[["was", "lost"]].sum()], ignore_index=True)


def _counted(view: str, inputs: Inputs, phase: str) -> pd.DataFrame:
    """The same from the figures alone: what is fewer vanished at least."""
    known = inputs.memory["figures"]
    known = known[(known["phase"] == phase) & (known["subject"] == view) & (known["figure"] == KEYS)]
    now = dict(_keys_by_scope(view, inputs)) if len(known) else {}
    scopes = [None if pd.isna(scope) else scope for scope in known["scope"]]
    was = known["value"].fillna(0).astype("int64").reset_index(drop=True)
    there = pd.Series([now.get(scope, 0) for scope in scopes], dtype="int64")
    return pd.DataFrame({"scope": pd.Series(scopes, dtype="str"), "was": was, "lost": (was - there).clip(lower=0)})
