"""When Airflow tells people: at once, by callbacks that no task waits for; once a night, by ``ecampus_mail``.

A callback runs once its task has ended in Airflow's eyes. Whatever goes wrong in it is a sentence of its log.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from airflow.configuration import conf
from airflow.sdk import TriggerRule, Variable, get_current_context, task

from ecampus.calendar import Freeze, is_past, today
from ecampus.errors import EcampusError, MailNotSent, StoreUnusable
from ecampus.orchestration import connections, post, records
from ecampus.orchestration.step import is_beside, is_recorded, night_of_run, run_of, told
from ecampus.words import mailing, standing
from ecampus.words.mailing import Mail
from ecampus.words.names import TASKS

if TYPE_CHECKING:
    from airflow.sdk.definitions.context import Context

    from ecampus.night.addressees import Addressees
    from ecampus.store.files import Run

log = logging.getLogger("ecampus")

LINE = "line"
UNKNOWN = "Raison inconnue : voir les journaux de ses tâches dans Airflow."
UNTIL = 4 * 3600
"""For so many seconds the line of the night waits for a phase that is at work."""


def opened(context: Context) -> None:
    """After ``open_night``: a freeze that nobody can read, a night that waits to be approved as a whole."""
    with _said():
        from ecampus.store import opening

        run = _run(context)
        known = opening.read(run)
        if not is_recorded(run, context["dag_run"]) or known.mode != "frozen" or not known.reason:
            return
        if Freeze.parse(known.freeze).kind == "unreadable":
            _alert(run.night, mailing.of_freeze(run.night, known.reason, base_url()))
        elif known.shows and Freeze.parse(known.freeze).reason(run.night) is None:
            _alert(run.night, mailing.of_whole_night(run.night, known.reason, base_url()))


def checked(context: Context) -> None:
    """After ``check``: what this night is the first to hold."""
    with _said():
        run = _run(context)
        if not is_recorded(run, context["dag_run"]) or not post.addressees().platform:
            return
        from ecampus.night.mailing import newly_held

        if questions := newly_held(run):
            _alert(run.night, mailing.of_held(run.phase, run.night, questions, base_url()))


def failed(context: Context) -> None:
    """For a DAG's ``on_failure_callback``, after its record; not of what failed only because an earlier phase did."""
    with _said():
        dag_run: Any = context["dag_run"]
        phase, night = _phase(context), night_of_run(dag_run, dag_run.conf or {})
        try:
            reason = _why_it_failed(_run(context), dag_run)
        except StoreUnusable as error:
            reason = str(error)
        if reason:
            _alert(night, mailing.of_failure(phase, night, reason, base_url()))


async def late() -> None:
    """At 06h00, when the night is not done; the event loop of Airflow's triggers waits for nothing."""
    await asyncio.to_thread(_late)


@task.sensor(task_display_name=TASKS["night_over"], poke_interval=300, timeout=UNTIL, mode="reschedule", retries=0)
def night_over() -> bool:
    """Wait while a phase is at work, so that what is told is whole; after ten o'clock it is told as it is."""
    with told(get_current_context()["ti"]):
        return not any(phase.state == "running" for phase in records.standing(connections.store(), today()))


@task(task_display_name=TASKS["mail"], trigger_rule=TriggerRule.ALL_DONE)
def mail() -> None:
    """The line of the night, then to each composante what it can mend; what was sent is not sent again."""
    context = get_current_context()
    with told(context["ti"]):
        night = night_of_run(context["dag_run"], {})
        if is_past(night, today()):
            log.info("%s", mailing.too_late(night))
            return
        addressees = post.addressees()
        if addressees.nobody:
            log.info("%s", mailing.NOBODY)
            return
        unsent = [*_line(night, addressees), *_to_composantes(night, addressees)]
        for error in unsent[1:]:
            log.error("%s", error)
        if unsent:
            raise unsent[0]


def base_url() -> str | None:
    """Where people reach Airflow, null where nobody said it."""
    return conf.get("api", "base_url", fallback=None) or None


def _line(night: date, addressees: Addressees) -> Iterator[MailNotSent]:
    from ecampus.night import mailing as given
    from ecampus.store import mailed

    store = connections.store()
    if not addressees.platform or mailed.is_told(store, night, LINE):
        return
    phases = records.standing(store, night)
    figures = given.figures(store, night, phases, given.anomalies(store))
    try:
        post.send(mailing.of_night(night, phases, figures, base_url()), addressees.platform)
        mailed.tell(store, night, LINE)
    except MailNotSent as error:
        yield error


def _to_composantes(night: date, addressees: Addressees) -> Iterator[MailNotSent]:
    from ecampus.changes.draft import Settings
    from ecampus.night import mailing as given
    from ecampus.store import mailed

    store = connections.store()
    found = given.anomalies(store)
    names = given.composantes(found)
    if silent := [name for name in names if not addressees.composantes.get(name)]:
        log.info("%s", mailing.without_address(silent))
    contact = Variable.get("ecampus_contact", default=None) or Settings.contact
    known = [name for name in names if name not in silent]
    for due in given.due(store, night, found, known, base_url(), contact):
        try:
            post.send(due.mail, addressees.composantes[due.composante])
            mailed.told_to(store, due.composante, night, due.phases)
        except MailNotSent as error:
            yield error


def _late() -> None:
    with _said():
        night = today()
        phases = records.standing(connections.store(), night)
        if not standing.ended(phases):
            _alert(night, mailing.of_lateness(night, phases, base_url()))


def _alert(night: date, alert: Mail) -> None:
    """To the platform, once a night; a store that is down does not keep it from being told."""
    from ecampus.store import mailed

    to, store = post.addressees().platform, connections.store()
    if not to or mailed.is_told(store, night, alert.text):
        return
    post.send(alert, to)
    mailed.tell(store, night, alert.text)


def _why_it_failed(run: Run, dag_run: Any) -> str | None:
    """Null for a replay, a backfill, and what an earlier phase told already."""
    if is_beside(run, dag_run):
        return None
    found = records.read(run.files)
    if found is None:  # as a run leaves that does only what was approved
        from ecampus.night.mailing import reported

        return (reported(run.store, run.name) or {}).get("reason") or UNKNOWN
    return None if found.passed_on or found.state != "failed" else found.reason or UNKNOWN


def _run(context: Context) -> Run:
    dag_run: Any = context["dag_run"]
    return run_of(_phase(context), night_of_run(dag_run, dag_run.conf or {}), dag_run.run_id)


def _phase(context: Context) -> str:
    return str(context["dag"].dag_id).removeprefix("ecampus_")


@contextmanager
def _said() -> Iterator[None]:
    """Nothing that goes wrong here reaches the phase: it is one sentence of the log."""
    try:
        yield
    except EcampusError as error:
        log.warning("%s", error)
    except Exception as error:
        log.warning("Personne n'est prévenu par courriel : erreur imprévue (%s).", type(error).__name__)
