"""Findings as they come: an error is one of them, and the looking goes on."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from ecampus.errors import EcampusError
from ecampus.words.findings import BAD, GOOD, NOT_LOOKED_AT, UNSEEN, WARNING, Finding

LOG = logging.getLogger("ecampus")
T = TypeVar("T")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""This machine: what goes there goes over no network."""


@dataclass
class Inspection:
    """What was found so far, and what is good to know besides."""

    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def part(self, name: str) -> Part:
        """A part of the installation."""
        return Part(name, self.findings)


@dataclass(frozen=True)
class Part:
    """One part of the installation, whose findings join the others."""

    name: str
    findings: list[Finding]

    def good(self, subject: str, sentence: str) -> None:
        self._found(subject, GOOD, sentence)

    def warning(self, subject: str, sentence: str) -> None:
        self._found(subject, WARNING, sentence)

    def bad(self, subject: str, sentence: str) -> None:
        self._found(subject, BAD, sentence)

    def unseen(self, *subjects: str) -> None:
        """What a ✗ before it keeps from being looked at."""
        for subject in subjects:
            self._found(subject, UNSEEN, NOT_LOOKED_AT)

    def tried(self, subject: str, look: Callable[[], T], good: Callable[[T], str] | None = None) -> T | None:
        """What ``look`` gives, told by ``good`` if given; null when it raises: ✗ with its sentence."""
        try:
            seen = look()
        except EcampusError as error:
            self.bad(subject, str(error))
        except Exception as error:
            self.bad(subject, _unforeseen(error))
        else:
            if good:
                self.good(subject, good(seen))
            return seen
        return None

    def held(self, subject: str, require: Callable[[], object], good: str) -> bool:
        """Whether ``require`` raises nothing, told by ``good``; else ✗ with its sentence."""

        def seen() -> bool:
            require()
            return True

        return self.tried(subject, seen, lambda _: good) is not None

    def _found(self, subject: str, sign: str, sentence: str) -> None:
        self.findings.append(Finding(self.name, subject, sign, sentence))


def _unforeseen(error: Exception) -> str:
    """Without its words, which may hold a password; where it came from is in the log."""
    if isinstance(error, ImportError):
        return f"La bibliothèque « {error.name} » manque : installer le fournisseur d'Airflow qui l'apporte."
    LOG.warning("%s, venue de :\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
    return f"Erreur imprévue ({type(error).__name__}) : la montrer aux développeurs, avec le journal."
