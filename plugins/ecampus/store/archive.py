"""What a run keeps of what it read, and how a past night is replayed from it without any connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, Literal

import pandas as pd

from ecampus import contract
from ecampus.calendar import in_french
from ecampus.changes import plan
from ecampus.changes.draft import Inputs, Settings
from ecampus.errors import NightRefused
from ecampus.register import owned
from ecampus.rules.people import UidForms
from ecampus.rules.referential import PersonCodes
from ecampus.store import journal
from ecampus.store.files import REPLAY, Run, Store
from ecampus.words import anomalies, reporting

TOLD = {
    "not_taken": "NON_PRIS",
    "not_removed": "RETRAIT_NON_FAIT",
    "unseen": "NON_VU",
    "doubtful": "APPARTENANCE_DOUTEUSE",
}
"""What the writes of a run leave to be told, by file."""
MEMORY = {
    "links": ["code", "porteur"],
    "following": ["course_idnumber", "username", "role", "verb", "night"],
    "anomalies": [*anomalies.COLUMNS, "first_night"],
}
ARCHIVE = "archive.json"


def keep(run: Run, part: str, frames: Mapping[str, pd.DataFrame]) -> None:
    """Write frames under ``part/``, then the list that says they are complete."""
    run.files.remove(f"{part}.json")
    for name, frame in frames.items():
        run.files.write_frame(f"{part}/{name}.parquet", frame)
    run.files.write_json(f"{part}.json", {name: len(frame) for name, frame in frames.items()})


def frames(run: Run, part: str) -> dict[str, pd.DataFrame]:
    """The frames of a complete ``part``."""
    return {
        name: typed(part, name, run.files.read_frame(f"{part}/{name}.parquet"))
        for name in run.files.read_json(f"{part}.json")
    }


def typed(part: str, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Parquet gives an all-null or empty column back without its type: the contract's is put back, str for texts."""
    if part == "ledger":
        return owned.shaped(name, frame)
    if part in ("memory", "links"):
        return frame.reindex(columns=MEMORY[name]).astype("str")
    if part in ("recognised", "forgotten"):
        shape = owned.SHAPES[name]
        return frame.astype({column: shape[column] for column in frame})
    declared = contract.CONTRACTS.get("enrolled" if name == "space_teachers" else name)
    if part not in ("source", "existing") or declared is None:
        return frame
    return frame.astype({column: kind for column, kind in declared.types().items() if column in frame})


def keep_settings(run: Run, settings: Settings) -> None:
    """Record the night's settings."""
    known: dict[str, Any] = asdict(settings)
    run.files.write_json(
        "settings.json", known | {"night": settings.night.isoformat(), "exclude": sorted(settings.exclude)}
    )


def settings(run: Run) -> Settings:
    """The night's settings as they were."""
    known = run.files.read_json("settings.json")
    padding, forms = PersonCodes(**known.pop("padding")), UidForms(**known.pop("forms"))
    night, exclude = date.fromisoformat(known.pop("night")), frozenset(known.pop("exclude"))
    return Settings(night=night, exclude=exclude, padding=padding, forms=forms, **known)


def inputs(run: Run) -> Inputs:
    """All that the run read; for a replay, all that the archived run read."""
    origin = archived(run) if run.replay else run
    return Inputs(
        settings(origin),
        frames(origin, "source"),
        frames(origin, "existing"),
        frames(origin, "ledger"),
        frames(origin, "memory"),
    )


def archives(run: Run) -> list[Run]:
    """The real runs of this phase and night that read everything, the last begun last."""
    folder = f"{run.night.isoformat()}/{run.phase}"
    runs = [Run(run.store, run.phase, run.night, n) for n in run.store.names(folder) if not n.endswith(REPLAY)]
    whole = [found for found in runs if found.files.exists("source.json") and found.files.exists("existing.json")]
    return sorted(whole, key=_began)


def archived(run: Run) -> Run:
    """The real run that this replay replays. Raises NightRefused without one."""
    found = archives(run)
    if not found:
        raise NightRefused(
            f"La nuit du {in_french(run.night)} ne peut pas être rejouée : le magasin n'a pas d'archive de cette nuit"
            " pour cette phase ; choisir une nuit archivée, ou laisser la date vide pour cette nuit."
        )
    return found[-1]


def _began(run: Run) -> str:
    """When a run began, by its record; one that left none comes first."""
    return str(run.files.read_json("record.json")["started_at"]) if run.files.exists("record.json") else ""


def find(run: Run, part: str) -> str:
    """Say which archive a replay reads."""
    origin = archived(run)
    counted = origin.files.read_json(f"{part}.json")
    return f"Rejeu depuis l'archive {origin.name} : " + ", ".join(f"{name} {n}" for name, n in counted.items())


def memory(store: Store, phase: str) -> dict[str, pd.DataFrame]:
    """The anomalies of this phase as of the last run that succeeded."""
    path = f"memory/anomalies-{phase}.parquet"
    columns = MEMORY["anomalies"]
    found = store.read_frame(path) if store.exists(path) else pd.DataFrame(columns=columns)
    return {"anomalies": found.astype(dict.fromkeys(columns, "str"))}


def remember(run: Run) -> None:
    """Keep tonight's anomalies, with their first night, for the next one."""
    run.store.write_frame(f"memory/anomalies-{run.phase}.parquet", told(run))


def told(run: Run) -> pd.DataFrame:
    """Tonight's anomalies, those of the writes included, with the first night each was seen."""
    parts = [run.files.read_frame("anomalies.parquet")] if run.files.exists("anomalies.parquet") else []
    parts.append(reporting.refusals(journal.read(run.files)))
    for name, code in TOLD.items():
        if run.files.exists(f"{name}.parquet"):
            parts.append(reporting.told_of(code, run.files.read_frame(f"{name}.parquet")))
    until = (run.night - timedelta(days=anomalies.EVENT_NIGHTS - 1)).isoformat()
    return anomalies.dated(anomalies.gather(parts), _known(run), run.night.isoformat(), until)


def _known(run: Run) -> pd.DataFrame:
    """The anomalies of the night before, as this night, or the night that is replayed, knew them."""
    origins = archives(run) if run.replay else [run]
    for origin in reversed(origins):
        if origin.files.exists("memory.json"):
            return frames(origin, "memory")["anomalies"]
    return pd.DataFrame(columns=MEMORY["anomalies"], dtype="str")


def report(run: Run, state: Literal["success", "failed"], reason: str | None) -> dict[str, Any]:
    """Write ``report.json`` and ``report.html``; returns the former."""
    entries, notes = journal.read(run.files), told(run)
    known = run.files.read_json("plan.json") if run.files.exists("plan.json") else {}
    made = reporting.document(run, state, reason, known, entries, notes, contact(run))
    changes = run.files.read_frame("plan.parquet") if known else plan.empty()
    waiting = run.files.read_frame("waiting.parquet") if known else pd.DataFrame()
    page = reporting.page(made, changes if run.replay or entries.empty else entries, notes, waiting)
    run.files.write_json("report.json", made)
    run.files.write("report.html", page.encode())
    return made


def contact(run: Run) -> tuple[str, str | None]:
    """Whom staff are told to ask, and where."""
    if not run.files.exists("settings.json"):
        return Settings.contact, None
    known = settings(run)
    return known.contact, known.contact_link
