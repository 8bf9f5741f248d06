"""Enrolments and groups as a process, by ecampus, by DuckDB and by Polars: the same files in, the same changes out.

Each reads the archived run of a phase as Parquet and leaves ``<phase>-add.parquet`` and ``<phase>-remove.parquet``:
the keys of the changes of rows and of memberships, as the plan has them. DuckDB and Polars know the rules only: no
anomaly, no verdict of those who are left out, no row of REFER that cannot be read (none shields anybody here).
"""

PHASES = ("enrolments", "groups")
