"""The passwords of the local Airflow's accounts, made here: Airflow prints those that it makes in its log."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

USERS = "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"
FILE = "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"


def passwords(environment: Mapping[str, str]) -> dict[str, str]:
    """The password of each account, made at the first start, kept in a file for its owner alone."""
    file = Path(environment[FILE])
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    names = [user.partition(":")[0].strip() for user in environment[USERS].split(",")]
    if missing := [name for name in names if name not in known]:
        known |= {name: secrets.token_urlsafe(12) for name in missing}
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as kept:
            json.dump(known, kept)
    return known
