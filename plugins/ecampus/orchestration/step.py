"""One task of one run of a phase: its night, whether it may write, and what becomes of its errors."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowException, AirflowSkipException, AirflowTaskTimeout

from ecampus import calendar as nights
from ecampus.calendar import Frozen, TooLate
from ecampus.errors import AlreadyRunning, EcampusError, MailNotSent, SourceUnreachable
from ecampus.orchestration import connections, records
from ecampus.orchestration.ending import Failed, TryAgain
from ecampus.words import names
from ecampus.words.lines import broken

if TYPE_CHECKING:
    from airflow.sdk.definitions.context import Context

    from ecampus.store.files import Run
    from ecampus.store.opening import Opening

log = logging.getLogger("ecampus")

REASON = "reason"
"""The XCom in which a task that failed or was skipped leaves its sentence."""
STOPPED = "stopped"
"""The XCom in which ``apply`` says that it had to stop on its way."""
WORTH_A_RETRY = (SourceUnreachable, AlreadyRunning, MailNotSent)


@dataclass(frozen=True)
class Step:
    """What a task needs to know of the run it belongs to: what ``open_night`` decided, and nothing of the clock."""

    phase: str
    context: Context

    @cached_property
    def night(self) -> date:
        """The night of this run."""
        return night_of_run(self.context["dag_run"], self.context["params"])

    @property
    def systems(self) -> connections.Systems:
        """The systems, opened when asked for."""
        return connections.Systems()

    @cached_property
    def run(self) -> Run:
        """Where and how this phase of this night runs, as it was opened."""
        return run_of(self.phase, self.night, self.context["dag_run"].run_id)

    @cached_property
    def opening(self) -> Opening:
        """What ``open_night`` decided. Raises StoreUnusable when nothing says it any more."""
        from ecampus.store import opening

        return opening.read(self.run)

    @property
    def beside(self) -> bool:
        """Whether this run is not tonight's (replay, backfill): no phase waits for it, its failure is no alert."""
        return is_beside(self.run, self.context["dag_run"])

    @property
    def recorded(self) -> bool:
        """As ``is_recorded``."""
        return is_recorded(self.run, self.context["dag_run"])

    def open(self) -> Opening:
        """Decide what this run is, and write it down for all its tasks; done anew when the whole run is cleared."""
        from ecampus.night import passage
        from ecampus.store import opening

        today, dag_run = nights.today(), self.context["dag_run"]
        run = _place(self.phase, self.night, dag_run.run_id, today)
        first = not run.files.exists(opening.RUN)
        opening.forget(run)
        text = connections.freeze_text()
        mode, reason = nights.decide(self.night, today, dag_run.run_type, nights.Freeze.parse(text))
        known = opening.Opening(self.night, mode, reason, text)
        if mode != "replay":
            settings, moodle = self.systems.settings(self.night), connections.moodle_url()
            carries = first and dag_run.run_type == "scheduled"
            known = replace(
                known,
                settings=settings,
                moodle=moodle,
                carries=carries,
                limits=self.systems.limits,
                only_approved=bool(self.context["params"].get("approved")),
            )
            known = passage.opened(known, self.phase, self.systems)
        opening.keep(run, known)
        if is_recorded(run, dag_run):
            records.begin(run)
        return known

    def kept(self, part: str) -> str | None:
        """Why ``part`` is not read again, once the night has passed: the archive of a night holds what it read."""
        late = not self.run.replay and nights.why_too_late(self.night, nights.today())
        if not late or not self.run.files.exists(f"{part}.json"):
            return None
        return f"La nuit du {nights.in_french(self.night)} est passée : ce qu'elle avait lu est gardé tel quel."

    def may_be_foreseen(self) -> None:
        """Raise ``Frozen``, with the reason, unless this run begins a night that writes."""
        run_type, freeze = self.context["dag_run"].run_type, connections.freeze()
        _, reason = nights.decide(self.night, nights.today(), run_type, freeze)
        if not reason and not self.recorded:
            reason = "Seulement ce qui a été approuvé : le reste de la nuit n'est pas prévu."
        if reason:
            raise Frozen(reason)

    def may_begin(self) -> None:
        """Raise ``Frozen``, with the reason, unless this run may begin to write: it is live, and its night not over."""
        if late := nights.why_too_late(self.night, nights.today()):
            raise TooLate(self.opening.reason or late)
        self.may_write()

    def may_write(self) -> None:
        """Raise ``Frozen``, with the reason, unless writing is allowed; the freeze is looked at again each time."""
        freeze = connections.freeze()
        reason = self.opening.reason or freeze.reason(self.night) or freeze.reason(nights.today())
        if reason:
            raise Frozen(reason)


def run_of(phase: str, night: date, run_id: str) -> Run:
    """One run of one phase in the store, as it was opened; one that never was: a past night would be replayed."""
    from ecampus.store import opening

    return opening.find(connections.store(), phase, night, run_id) or _place(phase, night, run_id, nights.today())


def night_of_run(dag_run: Any, params: Any) -> date:
    """The night of an Airflow run: its ``night`` parameter, else its Paris date."""
    return nights.night_of(params.get("night"), dag_run.logical_date, dag_run.run_after)


def is_recorded(run: Run, dag_run: Any) -> bool:
    """Whether the next phase goes by this run: not one beside the night, nor one that does only what was approved."""
    return not is_beside(run, dag_run) and not (getattr(dag_run, "conf", None) or {}).get("approved")


def is_beside(run: Run, dag_run: Any) -> bool:
    """As ``Step.beside``."""
    return bool(run.replay or dag_run.run_type == "backfill")


def _place(phase: str, night: date, run_id: str, today: date) -> Run:
    from ecampus.store.files import Run

    return Run(connections.store(), phase, night, run_id, nights.is_past(night, today))


@contextmanager
def step(phase: str, *, opened: bool = True) -> Iterator[Step]:
    """Around the body of every task: the run is marked as at work, its errors become one French sentence.

    An ``EcampusError`` fails the task at once, unless a retry may help; ``Frozen`` shows it as skipped. Anything
    else is a defect of ours and goes through with its traceback. ``opened``: refuse a run that nothing describes.
    """
    context = get_current_context()
    with told(context["ti"]):
        current = Step(phase, context)
        if opened:
            _ = current.opening
        if current.recorded:
            records.begin(current.run)
        yield current


@contextmanager
def told(ti: Any) -> Iterator[None]:
    """Log the sentence of an error, leave it for the report, and tell Airflow what to do with the task."""
    try:
        yield
    except Frozen as frozen:
        log.warning("%s", broken(str(frozen)))
        ti.xcom_push(key=REASON, value=str(frozen))
        raise AirflowSkipException(str(frozen)) from None
    except EcampusError as error:
        log.error("%s", broken(str(error)))
        ti.xcom_push(key=REASON, value=str(error))
        again = isinstance(error, WORTH_A_RETRY)
        raise (TryAgain if again else Failed)(str(error)) from None
    except AirflowTaskTimeout:
        late = f"La tâche {names.task(ti.task_id)} n'a pas fini dans le temps imparti."
        log.error("%s", late)
        ti.xcom_push(key=REASON, value=late)
        raise TryAgain(late) from None
    except AirflowException:
        raise
    except Exception as error:
        defect = f"Erreur imprévue dans la tâche {names.task(ti.task_id)} ({type(error).__name__}) : voir son journal."
        ti.xcom_push(key=REASON, value=defect)
        raise
