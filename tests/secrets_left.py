"""A secret looked for in what is left behind: every file, as it is on the disk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

TOKEN = re.compile(rb"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.")
"""What signs in for somebody or for a task: a JSON Web Token."""


def found_in(text: bytes, secrets: Mapping[str, str]) -> set[str]:
    """The names of the secrets that this says."""
    names = {name for name, secret in secrets.items() if secret.encode() in text}
    return names | ({"a token"} if TOKEN.search(text) else set())


def files_that_tell(folder: Path, secrets: Mapping[str, str], but: Iterable[str] = ()) -> dict[str, set[str]]:
    """By file under ``folder``, the secrets that it tells; ``but``: paths that hold them by their nature."""
    told = {
        name: found_in(path.read_bytes(), secrets)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
        if not (name := path.relative_to(folder).as_posix()).startswith(tuple(but))
    }
    return {name: names for name, names in told.items() if names}
