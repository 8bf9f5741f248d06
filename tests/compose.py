"""``docker-compose.yaml`` as read: its services, and the environment that it gives to each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docker-compose.yaml"
REFERENCE = re.compile(r"\$(?:(?P<escaped>\$)|(?P<bare>\w+)|\{(?P<name>\w+)(?:(?P<unless>:[-?])(?P<word>[^}]*))?\})")

Compose = dict[str, Any]


def read(path: Path = FILE) -> Compose:
    """The document, its anchors and merge keys resolved."""
    return dict(yaml.safe_load(path.read_text()))


def ours(compose: Compose) -> dict[str, Compose]:
    """The services that run Airflow, by name."""
    return {name: service for name, service in compose["services"].items() if name.startswith("airflow-")}


def interpolated(text: str, variables: Mapping[str, str]) -> str:
    """``text`` as docker compose reads it: ``$NAME``, ``${NAME:-default}``, ``${NAME:?why}``, ``$$``."""

    def value(found: re.Match[str]) -> str:
        if found["escaped"]:
            return "$"
        name = found["bare"] or found["name"]
        if given := variables.get(name):
            return given
        assert found["unless"] != ":?", f"{name} is required: {found['word']}"
        return found["word"] or ""

    return REFERENCE.sub(value, text)


def environment(service: Compose, variables: Mapping[str, str]) -> dict[str, str]:
    """What the processes of a service find in their environment."""
    return {name: interpolated(str(value), variables) for name, value in service["environment"].items()}
