"""``make watch``: did the night end? For the host's cron or the site's supervision, outside the Airflow it watches.

One sentence on the standard output. It needs neither Airflow's scheduler nor its pages, writes nothing, and runs beside
them: what it reads are the records in the store, and the register.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, date, datetime
from typing import Any

from ecampus.errors import EcampusError
from ecampus.local import services
from ecampus.local.place import DATA
from ecampus.words import watching
from ecampus.words.watching import BAD, Told

REGISTER = "enrolment_db"
SANDBOX = DATA / "sandbox" / "enrolments.db"


def main() -> int:
    """0 all is well, 1 people are waited for, 2 the night is not done or nobody can tell."""
    os.environ |= services.settings(0) | {"AIRFLOW__LOGGING__LOGGING_LEVEL": "CRITICAL"}
    code, sentence = told(datetime.now(UTC))
    print(sentence)
    return code


def told(now: datetime) -> Told:
    """What is said at that moment."""
    try:
        said = _of_night(now)
        return said if said[0] == BAD else _with_questions(said, watching.night_of(now))
    except EcampusError as error:
        return BAD, str(error)


def _of_night(now: datetime) -> Told:
    from ecampus.orchestration import connections, records
    from ecampus.store.files import Store

    store = connections.store()
    night = records.standing(store, watching.night_of(now))
    runs = [phase.run for phase in night if phase.run]
    openings = [Store(store.root / run).read_json("run.json") for run in runs if store.exists(f"{run}/run.json")]
    return watching.of_night(now, night, str(openings[-1].get("freeze") or "") if openings else "")


def _with_questions(said: Told, night: date) -> Told:
    """What waits, by the register; one that was never made asks nothing."""
    _find_register()
    from ecampus.night import approving
    from ecampus.orchestration import connections
    from ecampus.register.register import Register

    register = Register(connections.Systems().enrolment_hook())
    number, since = approving.waiting(register) if register.found() else (0, None)
    return watching.waiting(said, night, number, since)


def _find_register() -> None:
    """Its connection: in the environment, in Airflow's own database, or the sandbox's file when nobody gave one."""
    from ecampus.local import preparation

    preparation.see_what_airflow_keeps()
    if not preparation.known_connections([REGISTER]) and SANDBOX.exists():
        given: dict[str, Any] = {"conn_type": "sqlite", "host": str(SANDBOX)}
        os.environ[f"AIRFLOW_CONN_{REGISTER.upper()}"] = json.dumps(given)


if __name__ == "__main__":
    sys.exit(main())
