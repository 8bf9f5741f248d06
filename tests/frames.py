"""What every frame must be like, from the door to the plan: one type of text, masks without NA."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any
from unittest.mock import patch

import pandas as pd
from pandas.core.indexing import _LocIndexer


def assert_typed(frame: pd.DataFrame, where: str) -> None:
    """Texts are of dtype ``str`` (null: NaN), truths of dtype ``bool``; nothing is a Python object. ``where`` is for the message."""
    wrong = {name: str(kind) for name, kind in frame.dtypes.items() if not _plain(kind)}
    assert not wrong, f"{where}: {wrong}"


def _plain(kind: object) -> bool:
    text = isinstance(kind, pd.StringDtype) and kind == "str"
    return text or str(kind) in ("bool", "int64", "Int64", "float64")


@contextmanager
def strict_masks() -> Iterator[None]:
    """Inside, a frame or a column that is filtered by a mask of another dtype than ``bool`` fails the test."""
    owners = [(pd.DataFrame, "__getitem__"), (pd.Series, "__getitem__"), (_LocIndexer, "__getitem__")]
    owners += [(pd.DataFrame, name) for name in ("where", "mask")] + [(pd.Series, name) for name in ("where", "mask")]
    with ExitStack() as patches:
        for owner, name in owners:
            patches.enter_context(patch.object(owner, name, _strict(getattr(owner, name))))
        yield


def _strict(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def checked(self: Any, key: Any, *others: Any, **named: Any) -> Any:
        for part in key if isinstance(key, tuple) else (key,):
            if isinstance(part, pd.Series) and str(part.dtype) in ("boolean", "object") and _truths(part):
                raise AssertionError(f"a mask of dtype {part.dtype}: {part.head().tolist()}")
        return original(self, key, *others, **named)

    return checked


def _truths(values: pd.Series) -> bool:
    return pd.api.types.infer_dtype(values, skipna=True) in ("boolean", "empty") and len(values) > 0
