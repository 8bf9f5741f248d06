"""The store: extracts, plans, journals, verdicts, reports of every night, and the anomalies of the last one.

    <root>/memory/anomalies-<phase>.parquet, night-<phase>.json   the anomalies told last, and when
    <root>/<night>/<phase>/<run>/                                 one run of one phase
    <root>/rehearsals/<run>/                                      a rehearsal: a store like this one, and its report

A file is either whole or absent: local files are written beside, brought to the disk and then renamed; object stores
put it in one piece. Names of people are in it: local files are for their owner alone (0600, folders 0700).
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ecampus.errors import StoreUnusable

if TYPE_CHECKING:
    import pandas as pd

REPLAY = "~rejeu"
REHEARSALS = "rehearsals"


@dataclass(frozen=True)
class Store:
    """A folder of an object store: ``root`` is a ``pathlib.Path`` or an Airflow ``ObjectStoragePath``."""

    root: Any

    def exists(self, name: str) -> bool:
        """Whether the file is there."""
        with usable(name):
            return bool((self.root / name).exists())

    def read(self, name: str) -> bytes:
        """The file ``name``. Raises StoreUnusable when it cannot be read."""
        with usable(name):
            return bytes((self.root / name).read_bytes())

    def read_json(self, name: str) -> Any:
        """The JSON document ``name``. Raises StoreUnusable when it cannot be read."""
        with usable(name):
            return json.loads((self.root / name).read_text(encoding="utf-8"))

    def write_json(self, name: str, document: Any) -> None:
        """Write a JSON document in one piece."""
        self.write(name, json.dumps(document, ensure_ascii=False, indent=1).encode())

    def read_frame(self, name: str) -> pd.DataFrame:
        """The Parquet file ``name``. Raises StoreUnusable when it cannot be read."""
        import pandas as pd

        with usable(name):
            return pd.read_parquet(io.BytesIO((self.root / name).read_bytes()))

    def write_frame(self, name: str, frame: pd.DataFrame) -> None:
        """Write a frame as Parquet in one piece."""
        buffer = io.BytesIO()
        frame.to_parquet(buffer, index=False)
        self.write(name, buffer.getvalue())

    def write(self, name: str, content: bytes) -> None:
        """Write a file in one piece. Raises StoreUnusable when the store is full or read-only."""
        path = self.root / name
        with usable(name):
            if isinstance(path, Path):
                _write_local(path, content)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)

    def remove(self, name: str) -> None:
        """Remove a file that may be absent."""
        with usable(name):
            (self.root / name).unlink(missing_ok=True)

    def everything(self) -> list[str]:
        """Every file, from the root, sorted; what is behind a link is neither followed nor told."""
        with usable("."):
            if isinstance(self.root, Path):
                return sorted(_below(self.root))
            whole = str(self.root.path).strip("/")
            return sorted(
                str(found).strip("/").removeprefix(f"{whole}/") for found in self.root.fs.find(self.root.path)
            )

    def sweep(self, folder: str) -> None:
        """Take away the empty folders under ``folder``, and itself; an object store has none."""
        there = self.root / folder
        if isinstance(there, Path) and not there.is_symlink():
            for here, _, _ in os.walk(there, topdown=False):
                with suppress(OSError):
                    os.rmdir(here)

    def names(self, folder: str) -> list[str]:
        """The names in a folder, sorted; none when it is absent."""
        path = self.root / folder
        with usable(folder):
            if not path.exists():
                return []
            return sorted(child.name for child in path.iterdir() if not child.name.startswith("."))


@dataclass(frozen=True)
class Run:
    """One run of one phase of one night; ``replay``: from the archive, without any connection nor write."""

    store: Store
    phase: str
    night: date
    run_id: str
    replay: bool = False

    @property
    def name(self) -> str:
        """Its folder, from the store's root. A replay never writes where a real run wrote."""
        return f"{self.night.isoformat()}/{self.phase}/{self.run_id}{REPLAY if self.replay else ''}"

    @property
    def folder(self) -> Any:
        """Its folder as a path."""
        return self.store.root / self.name

    @property
    def files(self) -> Store:
        """Its folder as a store."""
        return Store(self.folder)


def open_store(root: Any) -> Store:
    """The store at ``root`` (an ObjectStoragePath or a local path), as it is now.

    What is at S3 remembers the folders that it has listed as long as the process lives; others write there meanwhile.
    """
    if getattr(root, "protocol", "file") in ("file", "local", ""):
        return Store(Path(getattr(root, "path", None) or str(root)))
    root.fs.invalidate_cache()
    return Store(root)


def _below(root: Path) -> Iterator[str]:
    for here, _, names in os.walk(root):
        for path in (Path(here, name) for name in names):
            if not path.is_symlink():
                yield path.relative_to(root).as_posix()


def _write_local(path: Path, content: bytes) -> None:
    _private(path.parent)
    beside = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _private(folder: Path) -> None:
    """Make ``folder`` and those above it that are missing, each for its owner alone."""
    if not folder.is_dir():
        _private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def usable(name: str) -> Iterator[None]:
    """Turn what the store refuses into one sentence."""
    try:
        yield
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise StoreUnusable(
            f"Le magasin des nuits ne permet pas de lire ou d'écrire « {name} » ({words}) : vérifier la place"
            " disponible et les droits du dossier nommé par ECAMPUS_STORE, puis relancer la phase."
        ) from error
