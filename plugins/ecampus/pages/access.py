"""Airflow, for the pages: who may see them, who asks, and what they read. The only file of this room that knows it.

An application mounted in Airflow's is open to everybody unless it closes itself: without an account 401, to whoever may
not see the runs of the five DAGs of the night 403. Each DAG is named: else the address could name another that the
visitor may see, or one DAG, whichever, would be enough. Where the Variable ``ecampus_composantes`` says what each role
sees, an account without such a role is refused too, and one that nobody can read closes the pages to everybody.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import GetUserDep, get_auth_manager, requires_access_dag
from airflow.models.dag import DagModel
from airflow.models.dagrun import DagRun
from airflow.models.hitl import HITLDetail
from airflow.models.taskinstance import TaskInstance
from airflow.utils.session import create_session
from airflow.utils.state import State
from fastapi import Depends, FastAPI, Request
from sqlalchemy import select

from ecampus.calendar import PHASES
from ecampus.orchestration import connections
from ecampus.pages.app import application
from ecampus.pages.asking import DAG, Asking, Task
from ecampus.pages.page import Refused
from ecampus.pages.site import Site
from ecampus.words import visiting

if TYPE_CHECKING:
    from ecampus.register.register import Register


def visitor(request: Request, user: GetUserDep) -> None:
    """Leave the account that asks where the pages find it, what it sees, and whether it may answer, which few of them
    ask. Raises Refused, SettingUnreadable.
    """
    reach = connections.reaches().of(roles(user))
    if reach is None:
        raise Refused(visiting.NO_COMPOSANTE)

    def may_answer() -> bool:
        details = DagDetails(id=DAG, team_name=DagModel.get_team_name(DAG))
        entity = DagAccessEntity.HITL_DETAIL
        return get_auth_manager().is_authorized_dag(method="PUT", access_entity=entity, details=details, user=user)

    request.state.visitor, request.state.reach = user.get_name(), reach
    request.state.may_answer = may_answer


def roles(user: Any) -> list[str]:
    """Those of an account: FAB gives several (a group of the directory each), the simple sign-in one, others none."""
    if (several := getattr(user, "roles", None)) is not None:
        return [role.name for role in several]
    return [role] if isinstance(role := getattr(user, "role", None), str) else []


CLOSED = [
    *(Depends(requires_access_dag("GET", DagAccessEntity.RUN, f"ecampus_{phase}")) for phase in PHASES),
    Depends(visitor),
]


def register() -> Register | None:
    """The register, null where its tables were never made."""
    from ecampus.register.register import Register

    found = Register(connections.Systems().enrolment_hook())
    return found if found.found() else None


def asking() -> Asking:
    """What Airflow asks people at this moment, by its own tables: no other place knows who has not answered yet."""
    task, asked = TaskInstance, HITLDetail
    rows = (
        select(task.run_id, task.task_id, task.map_index, task.state, asked.body, asked.responded_at)
        .join(DagRun, (DagRun.dag_id == task.dag_id) & (DagRun.run_id == task.run_id))
        .outerjoin(asked, asked.ti_id == task.id)
        .where(task.dag_id == DAG, task.task_id.in_(("questions", "ask")), DagRun.state.in_(State.unfinished_dr_states))
    )
    with create_session() as session:
        dag = session.get(DagModel, DAG)
        tasks = [Task(*row[:-1], row[-1] is not None) for row in session.execute(rows)]
    return Asking(dag is not None and not dag.is_paused, tasks)


def pages() -> FastAPI:
    """The pages of this Airflow."""
    site = Site(connections.store, register, connections.freeze, lambda: datetime.now(UTC), asking)
    return application(site, CLOSED)
