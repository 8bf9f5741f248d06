"""Where the local commands work, and how they refuse."""

from __future__ import annotations

from pathlib import Path

from ecampus.errors import EcampusError

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / ".ecampus"
CONNECTIONS = ("refer", "ldap", "moodle", "enrolment_db")
OPTIONAL = ("moodle_db",)


class CommandImpossible(EcampusError):
    """A command cannot do its job: one line says what is missing."""
