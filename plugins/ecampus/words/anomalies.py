"""The known traps («Les pièges connus») and the anomalies met on the way, one French sentence each.

A frame of anomalies has the columns ``code, key, composante, sentence``: ``key`` names the objects and stays the
same from night to night, so that the first night is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from string import Formatter

import pandas as pd

from ecampus.joins import once, slashed
from ecampus.words.catalogue import CATALOGUE
from ecampus.words.clean import visible

COLUMNS = ["code", "key", "composante", "sentence"]
PLACES = {code: place for place, code in enumerate(CATALOGUE)}
EVENT_NIGHTS = 7
_NONE = pd.DataFrame(columns=COLUMNS).astype("str")


def none() -> pd.DataFrame:
    """No anomaly."""
    return _NONE.copy(deep=False)


def notes(code: str, rows: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """One anomaly of kind ``code`` per row; the sentence takes its words from the row's columns, whoever wrote them.

    ``key``: the columns that name the objects. ``composante`` is taken from the rows where they have it.
    """
    if rows.empty:
        return none()
    facts, sentence = once(rows, key), CATALOGUE[code].sentence
    identity = slashed(facts, key).tolist()
    words = dict.fromkeys(word for _, word, _, _ in Formatter().parse(sentence) if word)
    told = [identity if word == "key" and word not in facts else facts[word].tolist() for word in words]
    sentences = [visible(sentence.format(**dict(zip(words, row, strict=True)))) for row in zip(*told, strict=True)]
    composante = facts["composante"].tolist() if "composante" in facts else [None] * len(facts)
    made = {"code": [code] * len(facts), "key": identity, "composante": composante, "sentence": sentences}
    return pd.DataFrame(made, index=facts.index, dtype="str")


def gather(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All the parts as one frame, in the catalogue's order then by key."""
    filled = [part for part in parts if not part.empty]
    if not filled:
        return none()
    whole = pd.concat(filled, ignore_index=True) if len(filled) > 1 else filled[0]
    first: dict[tuple[str, str], int] = {}
    for place, pair in enumerate(zip(whole["code"].tolist(), whole["key"].tolist(), strict=True)):
        first.setdefault(pair, place)
    ordered = sorted(first, key=lambda pair: (PLACES[pair[0]], str(pair[1])))  # a null key sorts too
    return whole.take([first[pair] for pair in ordered]).reset_index(drop=True)


def dated(tonight: pd.DataFrame, known: pd.DataFrame, night: str, events_until: str) -> pd.DataFrame:
    """Tonight's anomalies with ``first_night``; events of earlier nights stay shown while they are recent.

    ``known``: the same columns and ``first_night``, as of the last run that succeeded. ``events_until``: the
    oldest first night (ISO date) for which an event is still shown.
    """
    events = {code for code, kind in CATALOGUE.items() if kind.event}
    recent = known[known["code"].isin(events) & (known["first_night"] >= events_until)]
    first = known.set_index(["code", "key"])["first_night"]
    shown = gather([tonight, recent[COLUMNS]])
    pairs = pd.MultiIndex.from_frame(shown[["code", "key"]])
    return shown.assign(first_night=pd.Series(first.reindex(pairs).to_numpy(), index=shown.index).fillna(night))
