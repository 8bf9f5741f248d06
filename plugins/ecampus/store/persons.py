"""Who somebody is, by all that is kept; what the store keeps of them, and its going.

A login and a code may pass from one person to another: who is meant is decided by the codes that one Moodle account, or
one entry of one reading of the directory, links.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from ecampus.changes import plan
from ecampus.errors import PersonRefused
from ecampus.store import carried
from ecampus.store import person as of
from ecampus.store.files import Store
from ecampus.store.person import Person, bare
from ecampus.store.retention import CUT

PENDING = "erasing.json"
"""Who is being erased, until they are: what is erased does not say any more who they were."""
FACTS = ["population", "code", "login", "user_id", "address", "idnumber", "link"]
OF_A_CHANGE = {"role": "population", "place": "code", "key": "login", "moodle_id": "user_id"}
TELLING = ("people", "users", "account", "plan")
"""The frames that say who is who, by the names of their files; the journal's and the accounts of a night too."""


def facts(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """``FACTS`` that a frame tells of people; rows of a same ``link`` are of one person. None of most frames."""
    if {"population", "code", "uid", "entry", "mail"} <= {*frame}:
        told = frame.rename(columns={"uid": "login", "mail": "address"})
        told = told.assign(link=f"{name} " + told["entry"].astype("str"))
    elif {"population", "code", "user_id", "address"} <= {*frame}:
        told = frame.assign(link=frame["user_id"].astype("str"))
    elif {"id", "username", "idnumber", "email"} <= {*frame}:
        told = frame.rename(columns={"id": "user_id", "username": "login", "email": "address"})
    elif {"object", "moodle_id", "place"} <= {*frame}:
        told = frame.loc[frame["object"] == "account", [*OF_A_CHANGE, "after"]].rename(columns=OF_A_CHANGE)
        told = told.assign(address=plan.fields(told["after"], ["email"])["email"])
    else:
        return pd.DataFrame(columns=FACTS)
    told = told.reindex(columns=FACTS).drop_duplicates(ignore_index=True)
    return told.assign(login=told["login"].astype("str").str.lower(), user_id=pd.to_numeric(told["user_id"]))


def identified(asked: str, known: Iterable[pd.DataFrame]) -> Person:
    """Whom a code or a login names. ``known``: ``facts``. Somebody whom no fact tells has the code that was asked.

    Raises PersonRefused when it names several people.
    """
    told = pd.concat([pd.DataFrame(columns=FACTS), *known], ignore_index=True).drop_duplicates()
    pairs = _pairs(told[told["code"].notna() & told["code"].map(lambda code: bare(str(code))).eq(bare(asked))])
    ids: set[int] = set()
    if not pairs:
        mine = told[told["login"].eq(asked.lower())]
        ids = _ids(mine[mine["code"].isna()])
        pairs = _pairs(mine) | _pairs(told[told["user_id"].isin(ids) & told["link"].notna()])
    one = _linked(set(sorted(pairs)[:1]), told)
    if pairs - one:
        raise PersonRefused(_several(asked, pairs, told))
    if not one and not ids:
        return Person(frozenset({("student", asked), ("staff", asked)}), frozenset({asked}))
    return _person(one, ids, told)


def frames(store: Store) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every frame that says who is who, with its name in the store."""
    for name in store.everything():
        last, folder = name.rpartition("/")[2], name.split("/")[-2:-1]
        stem = last.removesuffix(".parquet")
        telling = stem in TELLING or folder == ["journal"] or carried.NAME.fullmatch(last)
        if name.endswith(".parquet") and not CUT.fullmatch(stem) and telling:
            yield name, store.read_frame(name)


def kept(store: Store, person: Person) -> dict[str, Any]:
    """What the store keeps of them, by file: rows, or texts that name them."""
    found: dict[str, Any] = {}
    for name in _files(store):
        if name.endswith(".parquet"):
            frame = store.read_frame(name)
            if (mask := of.about(frame, person) | of.named(frame, person)).any():
                found[name] = of.records(frame[mask])
        elif lines := of.lines_about(_text(store, name), person):
            found[name] = lines
    return found


def erased(store: Store, person: Person) -> int:
    """Erase them from every file, each in one piece; how many changed. What killed writes left goes too."""
    changed = 0
    for name in store.everything():
        if CUT.fullmatch(name.rpartition("/")[2]):
            store.remove(name)
    for name in _files(store):
        if name.endswith(".parquet"):
            frame = store.read_frame(name)
            if (clean := of.without(frame, person)) is not frame:
                store.write_frame(name, clean)
                changed += 1
        elif name.endswith(".json"):
            document = store.read_json(name)
            if (kept := of.document_without(document, person)) != document:
                store.write_json(name, kept)
                changed += 1
        elif person.named.search(text := _text(store, name)):
            store.write(name, of.without_name(text, person).encode())
            changed += 1
    return changed


def _files(store: Store) -> list[str]:
    """Those that may name people; unknown ones are not ours to rewrite."""
    return [
        name
        for name in store.everything()
        if name.endswith((".parquet", ".json", ".html")) and not name.rpartition("/")[2].startswith(".")
        if name != PENDING
    ]


def _text(store: Store, name: str) -> str:
    if name.endswith(".json"):
        return json.dumps(store.read_json(name), ensure_ascii=False, indent=1)
    return store.read(name).decode("utf-8", errors="replace")


def _person(pairs: set[tuple[str, str]], ids: set[int], told: pd.DataFrame) -> Person:
    others = {code for _, code in _pairs(told) - pairs}
    alone = {code for _, code in pairs} - others
    mine = _of(pairs, told)
    ids = ids | _ids(told[mine & told["user_id"].notna()])
    ids |= _ids(told[told["idnumber"].isin(alone) & told["user_id"].notna()])
    mine |= told["user_id"].isin(ids)
    logins = {*told.loc[mine, "login"].dropna()}
    borne = told[told["login"].isin(logins) & ~mine]
    recycled = {*borne.loc[borne["code"].notna() | borne["user_id"].notna(), "login"]}
    return Person(
        frozenset(pairs),
        frozenset(alone),
        frozenset(logins - recycled),
        frozenset(ids),
        frozenset({*told.loc[mine, "address"].dropna()}),
        frozenset(recycled),
    )


def _linked(pairs: set[tuple[str, str]], told: pd.DataFrame) -> set[tuple[str, str]]:
    """These codes and those that an account or an entry links to them."""
    links = {*told.loc[_of(pairs, told), "link"].dropna()}
    more = pairs | _pairs(told[told["link"].isin(links)])
    return pairs if more == pairs else _linked(more, told)


def _of(pairs: set[tuple[str, str]], told: pd.DataFrame) -> pd.Series:
    return pd.Series(
        [pair in pairs for pair in zip(told["population"], told["code"], strict=True)], index=told.index, dtype="bool"
    )


def _pairs(told: pd.DataFrame) -> set[tuple[str, str]]:
    rows = told.dropna(subset=["population", "code"])
    return {(str(population), str(code)) for population, code in zip(rows["population"], rows["code"], strict=True)}


def _ids(told: pd.DataFrame) -> set[int]:
    return {int(id_) for id_ in told["user_id"].dropna()}


def _several(asked: str, pairs: set[tuple[str, str]], told: pd.DataFrame) -> str:
    shown = []
    for population, code in sorted(pairs):
        logins = ", ".join(sorted({*told.loc[_of({(population, code)}, told), "login"].dropna()}))
        shown.append(f"{code} ({'étudiant' if population == 'student' else 'personnel'}{logins and f', {logins}'})")
    return (
        f"« {asked} » a désigné plusieurs personnes : {', '.join(shown)} ; redemander par ce qui n'est qu'à une seule,"
        " son code ou son identifiant."
    )
