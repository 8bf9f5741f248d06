"""Airflow's ``[core] hostname_callable`` where several machines are played on one."""

import os


def name() -> str:
    """The machine that this process belongs to."""
    return os.environ["HOSTNAME"]
