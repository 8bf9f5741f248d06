"""How much may change in seven nights before people are asked: one breaker for what is alike.

A breaker counts units of some kinds, over the site and in each composante. The figures are those of
``include/limits.toml``, which the site may change; a breaker cannot be taken away.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from ecampus.errors import SettingUnreadable

FILE = Path(__file__).resolve().parents[2] / "include" / "limits.toml"
FALL, UNKNOWN = "fallen_view", "unknown_people"
FEWEST = 3
"""Below so many units no percentage trips."""
NIGHTS = 7
"""How many nights are counted together, tonight included."""


@dataclass(frozen=True)
class Limit:
    """More than ``percent`` of what is ours, or more than ``most`` units, is too much."""

    percent: float
    most: int


@dataclass(frozen=True)
class Fall:
    """A view fell when more than ``percent`` of its keys vanished, and at least ``fewest``; or all of a composante that
    had at least ``scope``.
    """

    percent: float = 10
    fewest: int = 20
    scope: int = 3


@dataclass(frozen=True)
class Unknown:
    """LDAP was read wrong when more than ``percent`` of REFER's people are not in it, and at least ``fewest``."""

    percent: float = 10
    fewest: int = 3


@dataclass(frozen=True)
class Breaker:
    """``kinds``: what it counts (``object|verb``). ``of``: the kind of ours that the percentage is of.

    ``composante``: null where what is ours has none. ``known``: only what the last good extract already had counts.
    """

    kinds: tuple[str, ...]
    of: str
    site: Limit
    composante: Limit | None = None
    known: bool = False


BREAKERS: dict[str, Breaker] = {
    "archive_course": Breaker(("course|archive",), "course", Limit(2, 40), Limit(10, 10)),
    "rename_course": Breaker(("course|rename", "course|move"), "course", Limit(10, 400), Limit(30, 60)),
    "create_course": Breaker(("course|create",), "course", Limit(20, 500), Limit(50, 200), known=True),
    "drop_group": Breaker(("group|delete", "group|archive"), "group", Limit(5, 200), Limit(15, 40)),
    "create_group": Breaker(("group|create",), "group", Limit(20, 500), Limit(50, 200), known=True),
    "remove_row": Breaker(("enrolment|unenrol", "enrolment|drop_key"), "enrolment", Limit(3, 5000), Limit(10, 1000)),
    "remove_group_member": Breaker(("group_member|remove",), "group_member", Limit(3, 5000), Limit(10, 1000)),
    "remove_cohort_member": Breaker(("cohort_member|remove",), "cohort_member", Limit(10, 1000), Limit(30, 200)),
    "suspend_account": Breaker(("account|suspend",), "account", Limit(2, 200)),
    "rename_account": Breaker(("account|rename",), "account", Limit(1, 50)),
    "delete_category": Breaker(("category|delete",), "category", Limit(5, 20)),
}
"""By the name that ``include/limits.toml`` gives it."""


@dataclass(frozen=True)
class Limits:
    """The figures of one site: by breaker, ``site`` and ``composante`` (percent, most); what a fallen view is; whom
    LDAP may not know.

    Without a breaker nothing is too much: only a night that waits to be approved as a whole is shown so.
    """

    breakers: Mapping[str, Breaker] = field(default_factory=lambda: dict(BREAKERS))
    fall: Fall = Fall()
    unknown: Unknown = Unknown()

    def without_breakers(self) -> Limits:
        """What a fallen view is, and no breaker."""
        return replace(self, breakers={})

    def as_json(self) -> dict[str, Any]:
        """The figures alone."""
        return {FALL: asdict(self.fall), UNKNOWN: asdict(self.unknown)} | {
            name: {scope: asdict(limit) for scope in ("site", "composante") if (limit := getattr(breaker, scope))}
            for name, breaker in self.breakers.items()
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Limits:
        """The breakers with these figures, the others with their own. Raises SettingUnreadable."""
        unknown = [name for name in document if name not in (*BREAKERS, FALL, UNKNOWN)]
        if unknown:
            raise SettingUnreadable(_unreadable(unknown[0], "ce nom n'est pas celui d'une limite"))
        breakers = {name: _with(name, breaker, document.get(name, {})) for name, breaker in BREAKERS.items()}
        reads = {
            name: _figures(name, asdict(like) | dict(document.get(name, {})), like) for name, like in _READS.items()
        }
        return cls(breakers, Fall(**reads[FALL]), Unknown(**reads[UNKNOWN]))


_READS: dict[str, Fall | Unknown] = {FALL: Fall(), UNKNOWN: Unknown()}


def read(path: Path = FILE) -> Limits:
    """The site's limits. Raises SettingUnreadable with the line to mend."""
    try:
        return Limits.from_json(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise SettingUnreadable(
            f"Le fichier des limites (include/limits.toml) ne peut pas être lu ({error}) : le corriger, ou remettre"
            " celui de la distribution."
        ) from None


def _with(name: str, breaker: Breaker, figures: Any) -> Breaker:
    if not isinstance(figures, Mapping):
        raise SettingUnreadable(_unreadable(name, "il y faut « site » et « composante »"))
    if not set(figures) <= {"site", "composante"}:
        raise SettingUnreadable(_unreadable(name, "il n'y faut que « site » et « composante »"))
    limits: dict[str, Any] = {
        scope: _limit(f"{name}.{scope}", getattr(breaker, scope), found) for scope, found in figures.items()
    }
    return replace(breaker, **limits)


def _limit(name: str, known: Limit | None, found: Any) -> Limit:
    if known is None:
        raise SettingUnreadable(_unreadable(name, "cette limite n'existe que pour le site entier"))
    return Limit(**_figures(name, found, known))


def _figures(name: str, found: Any, like: Limit | Fall | Unknown) -> dict[str, Any]:
    """A percentage from 0 to 100, whole numbers for the others; the names are those of ``like``."""
    names = list(asdict(like))
    if not isinstance(found, Mapping) or set(found) != set(names):
        raise SettingUnreadable(_unreadable(name, f"il y faut {' et '.join(f'« {one} »' for one in names)}"))
    for one, value in found.items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or value < 0 or (one == "percent" and value > 100) or (one != "percent" and value != int(value)):
            wanted = "un nombre de 0 à 100" if one == "percent" else "un nombre entier"
            raise SettingUnreadable(_unreadable(name, f"« {one} » vaut {value}, il faut {wanted}"))
    return dict(found)


def _unreadable(name: str, why: str) -> str:
    return f"Dans include/limits.toml, « {name} » : {why} ; le corriger, rien n'est écrit d'ici là."
