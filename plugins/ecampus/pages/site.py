"""What the pages are given: the store, the register, the freeze, the clock. Nothing is opened before a page asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ecampus.calendar import Freeze
from ecampus.pages.asking import Asking

if TYPE_CHECKING:
    from ecampus.register.register import Register
    from ecampus.store.files import Store


@dataclass(frozen=True)
class Site:
    """``register``: the register if its tables are made, else null; a page never makes them.

    ``asking``: what Airflow asks people at this moment.
    """

    store: Callable[[], Store]
    register: Callable[[], Register | None]
    freeze: Callable[[], Freeze]
    now: Callable[[], datetime]
    asking: Callable[[], Asking]
