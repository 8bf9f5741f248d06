"""Frames that are read again and again from the same bytes of Parquet."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from unittest.mock import patch

import pandas as pd


@contextmanager
def once() -> Iterator[None]:
    """The same bytes of Parquet are the same frame: they are decoded once, and each reader has a copy."""
    real = pd.read_parquet

    @lru_cache(maxsize=512)
    def decoded(content: bytes) -> pd.DataFrame:
        return real(io.BytesIO(content))

    def read_parquet(source: Any, *how: Any, **more: Any) -> pd.DataFrame:
        if isinstance(source, io.BytesIO) and not how and not more:
            return decoded(source.getvalue()).copy(deep=False)
        return real(source, *how, **more)

    with patch.object(pd, "read_parquet", read_parquet):
        yield
