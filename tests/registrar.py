"""The register on a real server: an account that makes its tables, or tables that the administrator made."""

from __future__ import annotations

import registers
from databases import Database
from ecampus.register.register import Register

TABLES = [*registers.TABLES, "ecampus_lease", "ecampus_schema"]
ACCOUNT = {
    "postgresql": [
        "DO $$ BEGIN CREATE ROLE registrar LOGIN PASSWORD 's3cret'; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        "ALTER ROLE registrar SET lock_timeout = '800ms'",
        "GRANT CREATE ON SCHEMA public TO registrar",
        "GRANT SELECT, INSERT, DELETE ON enrolments TO registrar",
    ],
    "mariadb": [
        "CREATE USER IF NOT EXISTS registrar IDENTIFIED BY 's3cret'",
        "GRANT CREATE, SELECT, INSERT, UPDATE, DELETE ON ecampus.* TO registrar",
    ],
}


def welcomed(database: Database) -> Database:
    """The server with an empty enrolment table, this account, and no register."""
    for table in TABLES:
        database.run(f"DROP TABLE IF EXISTS {table}")
    for statement in ACCOUNT[database.ddl]:
        database.run(statement)
    return database


def shared(database: Database) -> Database:
    """The server with an empty enrolment table and a register, whose tables ecampus's account may use and not make."""
    database.create()
    welcomed(database)
    Register(database.hook()).prepare()
    for table in TABLES:
        database.run(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO ecampus")
    return database
