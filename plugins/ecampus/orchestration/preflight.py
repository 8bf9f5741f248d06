"""The preflight on what Airflow knows: its connections, its Variables, the store."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import Connection, get_current_context, task

from ecampus import calendar
from ecampus.errors import NotReady, SettingUnreadable
from ecampus.orchestration import connections, post
from ecampus.orchestration.step import told
from ecampus.words import findings
from ecampus.words.findings import BAD, WARNING
from ecampus.words.names import TASKS

if TYPE_CHECKING:
    from ecampus.night.preflight.inspection import Inspection

log = logging.getLogger("ecampus")


class Looked(connections.Systems):
    """The systems, only looked at: a file of SQLite that is not there is not made by opening it."""

    def refer_hook(self) -> Any:
        return _there("refer", super().refer_hook())

    def enrolment_hook(self) -> Any:
        return _there("enrolment_db", super().enrolment_hook())


def inspected() -> Inspection:
    """What is found of the installation as Airflow knows it; nothing is written."""
    from ecampus.night import preflight

    return preflight.inspect(
        preflight.Installation(
            Looked(),
            calendar.today(),
            connections.annee,
            connections.freeze,
            connections.keeping,
            post.reached,
            connections.reaches,
            connections.store,
        )
    )


def _there(name: str, hook: Any) -> Any:
    known = Connection.get(name)
    path = known.host or ""
    if known.conn_type == "sqlite" and path and not Path(path).exists():
        raise SettingUnreadable(
            f"La connexion « {name} » nomme le fichier {path}, qui n'existe pas : corriger la connexion, ou faire ce"
            " fichier."
        )
    return hook


@task(task_display_name=TASKS["inspect"])
def inspect() -> str:
    """Look at the whole installation: the log is the table; fail when a point is to be mended."""
    with told(get_current_context()["ti"]):
        seen = inspected()
        for line in findings.table(seen.findings, seen.notes).splitlines():
            log.log(LEVELS.get(line.strip()[:1], logging.INFO), "%s", line)
        sentence = findings.verdict(seen.findings)
        if not findings.ready(seen.findings):
            raise NotReady(sentence)
        log.info("%s", sentence)
        return sentence


LEVELS = {BAD: logging.ERROR, WARNING: logging.WARNING}
"""Of a line of the table, by its sign."""
