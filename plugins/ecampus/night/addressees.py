"""Whom the mails go to: the Airflow Variable ``ecampus_mail``, addresses by composante and of the platform."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ecampus.errors import SettingUnreadable
from ecampus.words.clean import quoted

PLATFORM = "plateforme"
ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+")
EXAMPLE = '{"plateforme": ["exploitation@univ.fr"], "SCI": ["scolarite.sciences@univ.fr"]}'


@dataclass(frozen=True)
class Addressees:
    """The addresses of the platform, and those of each composante by its code."""

    platform: tuple[str, ...] = ()
    composantes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str | None) -> Addressees:
        """What the Variable says; nothing is nobody. Raises SettingUnreadable."""
        if not (text or "").strip():
            return cls()
        try:
            known = json.loads(text or "")
        except ValueError:
            known = None
        if not isinstance(known, dict):
            raise SettingUnreadable(_unreadable("ce n'est pas du JSON"))
        found = {name.strip(): _addresses(name, given) for name, given in known.items()}
        return cls(found.pop(PLATFORM, ()), found)

    @property
    def nobody(self) -> bool:
        """Whether no mail goes to anybody."""
        return not self.platform and not any(self.composantes.values())


def _addresses(name: str, given: Any) -> tuple[str, ...]:
    listed = [given] if isinstance(given, str) else given
    if not isinstance(listed, list):
        raise SettingUnreadable(_unreadable(f"{quoted(name)} n'a pas une liste d'adresses"))
    wrong = [one for one in listed if not isinstance(one, str) or not ADDRESS.fullmatch(one.strip())]
    if wrong:
        raise SettingUnreadable(_unreadable(f"{quoted(name)} a une adresse qui n'en est pas une"))
    return tuple(one.strip() for one in listed)


def _unreadable(why: str) -> str:
    return (
        f"La variable Airflow ecampus_mail ne peut pas être lue ({why}), aucun courriel n'est envoyé : y mettre par"
        f" exemple {EXAMPLE}."
    )
