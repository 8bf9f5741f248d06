"""The scheduler of the local Airflow, which has loaded what its tasks run: they are forks of it, and need not.

To load pandas once for each task is a third of the work of a small night. What is changed in the code serves tasks once
the command is begun again.
"""

from __future__ import annotations

import importlib

LOADED = ("airflow.sdk.execution_time.task_runner", "ecampus.night.reconcile")


def main() -> None:
    """As ``airflow`` itself."""
    from airflow import __main__

    for name in LOADED:
        importlib.import_module(name)
    __main__.main()


if __name__ == "__main__":
    main()
