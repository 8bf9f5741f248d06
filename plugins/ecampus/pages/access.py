"""Airflow, for the pages: who may see them, who asks, and what they read. The only file of this room that knows it.

An application mounted in Airflow's is open to everybody unless it closes itself: without an account 401, to whoever may
not see the runs of the five DAGs of the night 403. Each DAG is named: else the address could name another that the
visitor may see, or one DAG, whichever, would be enough. Where the Variable ``ecampus_composantes`` says what each role
sees, an account without such a role is refused too, and one that nobody can read closes the pages to everybody.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.core_api.security import GetUserDep, requires_access_dag
from fastapi import Depends, FastAPI, Request

from ecampus.calendar import PHASES
from ecampus.orchestration import connections
from ecampus.pages.app import application
from ecampus.pages.page import Refused
from ecampus.pages.site import Site
from ecampus.words import visiting

if TYPE_CHECKING:
    from ecampus.register.register import Register


def visitor(request: Request, user: GetUserDep) -> None:
    """Leave the account that asks, and what it sees, where the pages find them. Raises Refused, SettingUnreadable."""
    reach = connections.reaches().of(roles(user))
    if reach is None:
        raise Refused(visiting.NO_COMPOSANTE)
    request.state.visitor, request.state.reach = user.get_name(), reach


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


def pages() -> FastAPI:
    """The pages of this Airflow."""
    site = Site(connections.store, register, connections.freeze, lambda: datetime.now(UTC))
    return application(site, CLOSED)
