"""What a run is, decided once: ``run.json`` in its folder.

``open_night`` writes it and every later task of the run reads it: neither midnight, nor a Variable that changes, nor a
task that is cleared days later makes two tasks of one run disagree.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from ecampus.calendar import Mode
from ecampus.changes.draft import Settings
from ecampus.errors import StoreUnusable
from ecampus.limits import Limits
from ecampus.rules.people import UidForms
from ecampus.rules.referential import PersonCodes
from ecampus.store.files import Run, Store

RUN = "run.json"
OLDER = "ledger"
COMPUTED = (
    "checked.json", "plan.json", "anomalies.parquet", "waiting.parquet", "unseen.parquet", "not_taken.parquet",
    "not_removed.parquet", "questions.parquet", "fallen.parquet", "counted.parquet", "lost.parquet", "told.parquet",
    "report.json", "report.html",
)  # fmt: skip


@dataclass(frozen=True)
class Opening:
    """``reason``: why the run writes nothing, null when it is live. ``freeze``: the Variable as it was.

    ``settings``: the site's choices, the year among them; null for a replay, which has those of its archive.
    ``moodle``: the address that the connection gave, null for a replay. ``carries``: what an earlier phase of the night
    read of Moodle serves again; not in a run that somebody triggered or cleared, who wants to see what is there now.
    ``limits``: the site's breakers. ``only_approved``: the run does what people approved, and nothing else.
    ``undoes``: the night that the run undoes, null when it does what the sources want.
    ``passage``: why the run must be approved as a whole (``safety.passage``), null when it need not, or was.
    ``waits``: of a rehearsal, why the night would write nothing. ``allowed``: what was approved then (breaker, scope,
    units); ``site``: what the night is read from and written to.
    """

    night: date
    mode: Mode
    reason: str | None = None
    freeze: str = ""
    settings: Settings | None = None
    moodle: str | None = None
    carries: bool = False
    limits: Limits = field(default_factory=Limits)
    only_approved: bool = False
    undoes: date | None = None
    passage: str | None = None
    waits: str | None = None
    allowed: list[dict[str, Any]] = field(default_factory=list)
    site: dict[str, str | None] = field(default_factory=dict)
    opened_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def shows(self) -> bool:
        """Whether the run only shows what people may approve as a whole."""
        return self.passage is not None and self.mode == "frozen"

    def as_json(self) -> dict[str, Any]:
        """The document kept."""
        moments = {"night": self.night.isoformat(), "opened_at": self.opened_at.isoformat()}
        undoes = {"undoes": self.undoes.isoformat() if self.undoes else None}
        choices = {"settings": _settings_as_json(self.settings), "limits": self.limits.as_json()}
        return asdict(replace(self, limits=Limits())) | moments | undoes | choices

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Opening:
        """Read it back. Raises KeyError, TypeError, ValueError, AttributeError when the document is something else."""
        moments = {
            "night": date.fromisoformat(document["night"]),
            "opened_at": datetime.fromisoformat(document["opened_at"]),
        }
        undoes = {"undoes": date.fromisoformat(night) if (night := document.get("undoes")) else None}
        choices = {"settings": _settings(document["settings"]), "limits": Limits.from_json(document.get("limits", {}))}
        return cls(**(document | moments | undoes | choices))


def keep(run: Run, opening: Opening) -> None:
    """Write what this run is; from here on its tasks agree. Raises StoreUnusable for a store of an older ecampus."""
    if run.store.exists(OLDER):
        raise StoreUnusable(
            "Le magasin des nuits date d'une version d'ecampus qui y tenait le registre de ce qui est à elle"
            f" (« {OLDER} ») : donner à celle-ci un magasin neuf (ECAMPUS_STORE), ou l'effacer s'il ne sert qu'au bac à"
            " sable."
        )
    run.files.write_json(RUN, opening.as_json())


def find(store: Store, phase: str, night: date, run_id: str) -> Run | None:
    """The run as it was opened last, None when it was not: a night that has passed does not come back."""
    runs = [Run(store, phase, night, run_id, replay) for replay in (True, False)]
    return next((run for run in runs if run.files.exists(RUN)), None)


def read(run: Run) -> Opening:
    """What this run is. Raises StoreUnusable when nothing says it."""
    if not run.files.exists(RUN):
        raise StoreUnusable(_again(run, "absent"))
    try:
        return Opening.from_json(run.files.read_json(RUN))
    except StoreUnusable as error:
        if not isinstance(error.__cause__, ValueError):
            raise
        raise StoreUnusable(_again(run, "illisible")) from None
    except (KeyError, TypeError, ValueError, AttributeError):
        raise StoreUnusable(_again(run, "illisible")) from None


def forget(run: Run) -> None:
    """Before a run is opened, again or not: what it was and what it had computed is no longer so."""
    for attempt in (run, replace(run, replay=True)):
        attempt.files.remove(RUN)
    forget_computed(run)


def forget_computed(run: Run) -> None:
    """Before anything is read or compared again: the figures of an earlier attempt are not those of this one."""
    for name in COMPUTED:
        run.files.remove(name)


def _again(run: Run, state: str) -> str:
    return (
        f"Le fichier « {run.name}/{RUN} », qui dit ce qu'est cette exécution, est {state} :"
        " la relancer depuis la tâche « Ouvrir la nuit »."
    )


def _settings_as_json(settings: Settings | None) -> dict[str, Any] | None:
    if settings is None:
        return None
    return asdict(settings) | {"night": settings.night.isoformat(), "exclude": sorted(settings.exclude)}


def _settings(known: dict[str, Any] | None) -> Settings | None:
    if known is None:
        return None
    special = {
        "padding": PersonCodes(**known["padding"]),
        "forms": UidForms(**known["forms"]),
        "night": date.fromisoformat(known["night"]),
        "exclude": frozenset(known["exclude"]),
    }
    return Settings(**(known | special))
