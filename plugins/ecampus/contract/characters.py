"""Codes and labels as one writes them: what is the same text to a reader is the same text here.

Every text is cleaned once, however often a frame holds it. Cleaning twice is cleaning once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

UNREADABLE = "\ufdd0"
"""Stands before the words for a value that is no text. A noncharacter: Unicode keeps it for programs."""

JOINER = "\u200d"
JOINED = re.compile(r"(?<=[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d(?=[\u2600-\u27bf\U0001f000-\U0001faff])")
INVISIBLE_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef"
NONCHARACTERS = "\ufdd0-\ufdef" + "".join(f"{chr(end - 1)}{chr(end)}" for end in range(0xFFFF, 0x110000, 0x10000))
PLAIN_CODE = "[!-`{-~]+"
PLAIN_LABEL = "[!-;=?-~\u00c0-\u017e]+( [!-;=?-~\u00c0-\u017e]+)*"
"""What is clean beyond doubt: most of what there is. ASCII and letters of Latin in one piece."""
UNSEEN = re.compile(f"[{INVISIBLE_LETTERS}]")
NOT_TEXT = re.compile(f"[{NONCHARACTERS}]")


def clean_codes(codes: pd.Series) -> pd.Series:
    """Codes in NFC and upper case, without control, format (bidirectional ones too) or invisible characters, trimmed.

    A white space inside, of whatever width, is one space. Null and blank become null.
    """
    return _each(codes, code, PLAIN_CODE)


def clean_labels(labels: pd.Series) -> pd.Series:
    """Labels in NFC, white space collapsed, then without control and format characters, ``<`` ``>`` as ``‹`` ``›``.

    Null becomes ''. A joiner between two emojis stays: it makes them one.
    """
    return clean_words(labels).fillna("")


def clean_words(words: pd.Series) -> pd.Series:
    """As labels, but null and blank become null: flags, dates, what rules compare as it is."""
    return _each(words, label, PLAIN_LABEL)


def readable(values: pd.Series) -> pd.Series:
    """Which values are text, as far as the driver could tell (bool)."""
    return ~values.str.startswith(UNREADABLE, na=False).astype("bool")


def code(raw: str) -> str | None:
    """One code, cleaned; None when nothing is left of it."""
    if raw.isascii() and raw.isprintable():
        return raw.strip().upper() or None
    return _settled(_code, raw)


def label(raw: str) -> str | None:
    """One label, cleaned; None when nothing is left of it."""
    return _settled(_label, raw)


def _settled(cleaned: Callable[[str], str], raw: str) -> str | None:
    """Upper case and Unicode's composition may call for each other once more."""
    while (once := cleaned(raw)) != raw:
        raw = once
    return raw or None


def _code(raw: str) -> str:
    shown = "".join(" " if _category(c)[0] == "Z" else c for c in raw if _category(c) not in ("Cc", "Cf"))
    seen = UNSEEN.sub("", NOT_TEXT.sub("", unicodedata.normalize("NFC", shown)))
    return unicodedata.normalize("NFC", seen.strip().upper())


def _label(raw: str) -> str:
    spaced = " ".join(raw.split())
    joined = {match.start() for match in JOINED.finditer(spaced)}
    kept = "".join(c for at, c in enumerate(spaced) if _category(c) not in ("Cc", "Cf") or at in joined)
    plain = unicodedata.normalize("NFC", NOT_TEXT.sub("", kept)).replace("<", "‹").replace(">", "›")
    return " ".join(plain.split())


_category = cache(unicodedata.category)


def _each(texts: pd.Series, cleaned: Callable[[str], str | None], plain: str) -> pd.Series:
    """Each distinct text cleaned; one that is ``plain`` is as it is."""
    if texts.dtype != "str":
        texts = texts.astype("str")
    if pc.all(_are(plain, texts.array), min_count=0).as_py():
        return texts
    places, distinct = pd.factorize(texts)
    values = pd.array(distinct, dtype="str", copy=True)
    odd = np.flatnonzero(pc.invert(_are(plain, values)).to_numpy(zero_copy_only=False))
    values[odd] = [cleaned(text) for text in values[odd]]
    return pd.Series(values.take(places, allow_fill=True), index=texts.index, name=texts.name)


def _are(plain: str, texts: pd.api.extensions.ExtensionArray) -> pa.Array:
    """Which texts are wholly of this kind; null where they are."""
    return pc.match_substring_regex(pa.array(texts), f"^({plain})$")
