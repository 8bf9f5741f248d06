"""A new register on SQLite."""

from __future__ import annotations

import pytest

from ecampus.register.register import Register
from registers import sqlite_hook


@pytest.fixture
def hook(tmp_path):
    return sqlite_hook(tmp_path)


@pytest.fixture
def register(hook):
    register = Register(hook)
    register.prepare()
    return register
