"""The preflight on a real PostgreSQL and a real MariaDB: each right taken away in turn, and nothing written."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from moodle_tables import MoodleTables, filled

from databases import Database
from ecampus.moodle import reads
from ecampus.night.preflight import moodle, moodle_database, register
from ecampus.night.preflight.inspection import Inspection
from ecampus.register import rights
from ecampus.words.findings import BAD, GOOD, WARNING
from registers import content, run
from registrar import TABLES, shared
from sandbox.box import Box, open_box
from university import NIGHT, BoxSystems

READ_ONLY = {"postgresql": {"options": "-c default_transaction_read_only=on"}, "mariadb": {}}


def inspected(hook: Any) -> dict[str, tuple[str, str]]:
    """What is not ✓, subject by subject; Moodle is not looked at."""
    register.look(found := Inspection(), SimpleNamespace(enrolment_hook=lambda: hook), None)
    return {one.subject: (one.sign, one.sentence) for one in found.findings if one.sign == BAD}


def good(hook: Any, subject: str) -> str:
    register.look(found := Inspection(), SimpleNamespace(enrolment_hook=lambda: hook), None)
    return next(one.sentence for one in found.findings if (one.subject, one.sign) == (subject, GOOD))


@contextlib.contextmanager
def revoked(database: Database, what: str, table: str) -> Iterator[None]:
    database.run(f"REVOKE {what} ON {table} FROM ecampus")
    yield
    database.run(f"GRANT {what} ON {table} TO ecampus")


def lacking(verbs: str, table: str) -> tuple[str, str]:
    return BAD, (
        f"le compte de la connexion « enrolment_db » n'a pas le droit {verbs} : GRANT {verbs} ON {table} TO ce compte."
    )


def test_each_right_on_the_table_and_on_the_register_taken_away_in_turn_is_named(database):
    hook = shared(database).hook("ecampus", **READ_ONLY[database.ddl])
    assert inspected(hook) == {}
    assert set(rights.made(hook)) == set(TABLES)
    for verb in rights.ENROLMENT:
        with revoked(database, verb, "enrolments"):
            assert inspected(hook) == {"table enrolments": lacking(verb, "enrolments")}
    taken = dict(
        zip(["ecampus_batch", "ecampus_course", "ecampus_group", "ecampus_figure"], rights.REGISTER, strict=True)
    )
    with contextlib.ExitStack() as stack:
        for table, verb in [*taken.items(), ("ecampus_link", "UPDATE, DELETE")]:
            stack.enter_context(revoked(database, verb, table))
        assert inspected(hook) == {
            **{table: lacking(verb, table) for table, verb in taken.items()},
            "ecampus_link": lacking("UPDATE, DELETE", "ecampus_link"),
        }
    assert inspected(hook) == {}


def test_nothing_is_written_and_no_lock_is_kept(register, hook, database):
    before = content(hook), run(hook, "SELECT fence, holder, beats FROM ecampus_lease")
    assert inspected(hook) == {}
    assert (content(hook), run(hook, "SELECT fence, holder, beats FROM ecampus_lease")) == before
    database.run("DROP TABLE ecampus_link")
    assert list(inspected(hook)) == ["ecampus_link"]


def test_tables_that_are_not_there_are_said_to_be_made_or_not_and_are_not_made(bare):
    told = "ses tables seront faites par la première phase qui lira ecampus, le droit y est"
    assert good(bare.hook("registrar"), "registre") == told
    found = inspected(bare.hook("ecampus"))
    assert list(found) == ["registre"]
    assert "include/sql/register" in found["registre"][1]
    for table in TABLES:
        with pytest.raises(Exception, match=r"does not exist|doesn't exist"):
            bare.run(f"SELECT * FROM {table}")


def test_a_server_that_went_away_or_a_wrong_password_is_one_line(database):
    with database.process.stopped():
        assert list(inspected(database.hook("ecampus"))) == ["connexion"]
    found = inspected(database.hook("ecampus", "wr0ng"))
    assert list(found) == ["connexion"]
    assert "wr0ng" not in found["connexion"][1]


def test_both_clocks_are_those_of_this_machine(database):
    import time

    assert abs(rights.now(database.hook("ecampus")) - time.time()) < 5


@pytest.fixture(scope="module")
def box(tmp_path_factory) -> Iterator[Box]:
    with open_box(tmp_path_factory.mktemp("box"), size=2, today=NIGHT, sync_every=None) as box:
        box.moodle.sync()
        yield box


@pytest.fixture(scope="module", params=["postgresql", "mariadb"])
def tables(request, box) -> MoodleTables:
    made = filled(request.getfixturevalue(f"{request.param}_server"), "mdl_", box.moodle.db.path)
    for grant in made.grants("preflight_grants").values():
        made.server.run(grant)
    return made


def looked(box: Box, tables: MoodleTables) -> dict[str, str]:
    """✗ and ! of Moodle's database, as its account sees it."""
    client = BoxSystems(box).moodle()
    site, settings = moodle.Site(client, reads.site(client)), BoxSystems(box).settings(NIGHT)
    moodle_database.look(found := Inspection(), tables.read(), settings, site)
    return {one.subject: one.sign for one in found.findings if one.sign in (BAD, WARNING)}


HIDES = {
    "user": {"connexion": BAD},
    "config": {"méthode cas": BAD, "enrol_database": BAD, "site_admins": BAD, "capacités": WARNING},
    "role": {"rôles": BAD, "enrolled": BAD, "enrolment_methods": BAD},
    "role_capabilities": {"capacités": WARNING},
    "config_plugins": {"réglages": WARNING},
    "task_scheduled": {"tâche": WARNING},
}
"""What is told without the right to read a table; the others are those of a phase (``test_moodle_database_on_servers``)."""


def test_with_the_rights_of_the_two_files_everything_of_moodles_database_is_seen(box, tables):
    assert looked(box, tables) == {}


def test_each_of_these_rights_taken_away_in_turn_is_told(box, tables):
    grants = tables.grants() | tables.grants("preflight_grants")
    for table, hidden in HIDES.items():
        tables.server.run(grants[f"mdl_{table}"].replace("GRANT", "REVOKE").replace(" TO ", " FROM "))
        assert looked(box, tables) == hidden, table
        tables.server.run(grants[f"mdl_{table}"])
    assert looked(box, tables) == {}


def test_a_setting_that_destroys_is_seen_there_as_in_the_sandbox(box, tables):
    tables.run("UPDATE {prefix}config_plugins SET value = '0' WHERE name = 'unenrolaction'")
    assert looked(box, tables) == {"enrol_database.unenrolaction": BAD}
    tables.run("UPDATE {prefix}config_plugins SET value = '3' WHERE name = 'unenrolaction'")
