"""What the contract needs of a Moodle besides REST: its task, its settings, the enrolment table beside it."""

from __future__ import annotations

import os
import shlex
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from corner import HIDDEN, MARK, NotATestSite

from ecampus.sources import sql
from sandbox import moodle
from sandbox.moodle import categories
from sandbox.moodle.errors import CAPABILITIES
from sandbox.moodle.releases import DEFAULT, RELEASES

TASK = r"\enrol_database\task\sync_enrolments"
LOCK_SECONDS = 60
GONE = "gone"
"""An authentication method of which no site has the plugin."""
ROLES = {"": "", "student": "5", "teacher": "4"}


class Host(Protocol):
    """A Moodle. What a real one was not given skips the test that asks for it, with its name."""

    url: str
    token: str
    auth: str
    """The managed authentication method."""

    def enrolment_hook(self) -> sql.Hook:
        """The database of the enrolment table."""

    def sync(self) -> str:
        """Run the task of enrol_database; what it says."""

    def plugin(self, name: str, value: str) -> AbstractContextManager[None]:
        """A context in which a setting of enrol_database (``removal``, ``default_role``, ``ignore_hidden``) differs."""

    def shut(self, how: str) -> AbstractContextManager[None]:
        """A context in which the site is in maintenance (``cli``, ``ui``), or without web services (``off``)."""

    def powerless(self) -> AbstractContextManager[str]:
        """A context that gives a token that may use REST and nothing else."""

    def uninstalled(self, user: int) -> AbstractContextManager[None]:
        """A context in which the method of an account is not installed, as after an upgrade without its plugin."""


class Sandboxed:
    """The sandbox, started here."""

    auth = "cas"

    def __init__(self, folder: Path, release: str = DEFAULT, marked: bool = True) -> None:
        self.server = moodle.start(folder, release=release)
        self.url, self.token = self.server.url, self.server.token
        with closing(self._connect()) as table:
            table.execute(sql.statement("enrolment/sqlite.sql"))
        if marked:
            mark = categories.create_category(self.server.db, "Contract", idnumber=MARK)
            categories.hide(self.server.db, categories.create_category(self.server.db, "Shade", mark, idnumber=HIDDEN))

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.server.enrol_database.settings.table_path)

    def enrolment_hook(self) -> sql.Hook:
        return _Hook(self._connect)

    def sync(self) -> str:
        before = len(self.server.task_log())
        self.server.sync()
        return "\n".join(self.server.task_log()[before:])

    @contextmanager
    def plugin(self, name: str, value: str) -> Iterator[None]:
        settings = self.server.enrol_database.settings
        field, kind = {
            "removal": ("removal", lambda text: moodle.Removal(int(text))),
            "default_role": ("default_role", str),
            "ignore_hidden": ("ignore_hidden_courses", lambda text: text == "1"),
        }[name]
        before = getattr(settings, field)
        setattr(settings, field, kind(value))
        try:
            yield
        finally:
            setattr(settings, field, before)

    @contextmanager
    def shut(self, how: str) -> Iterator[None]:
        settings = self.server.settings
        settings.maintenance, settings.web_services = how.replace("off", ""), how != "off"
        try:
            yield
        finally:
            settings.maintenance, settings.web_services = "", True

    @contextmanager
    def powerless(self) -> Iterator[str]:
        others = [name for name in CAPABILITIES if name != "webservice/rest:use"]
        for name in others:
            self.server.deny(name)
        try:
            yield self.token
        finally:
            for name in others:
                self.server.allow(name)

    @contextmanager
    def uninstalled(self, user: int) -> Iterator[None]:
        self.server.db.update("user", user, auth=GONE)
        try:
            yield
        finally:
            self.server.db.update("user", user, auth=self.auth)


class _Hook:
    def __init__(self, connect: Any) -> None:
        self.get_conn = connect


class Real:
    """The Moodle that the environment names, see docs/moodle.md."""

    def __init__(self) -> None:
        self.url, self.token = os.environ["MOODLE_URL"], os.environ["MOODLE_TOKEN"]
        self.auth = os.environ.get("MOODLE_AUTH") or Sandboxed.auth

    def enrolment_hook(self) -> sql.Hook:
        return _hook("MOODLE_ENROLMENT_DB")

    def sync(self) -> str:
        """Again while the cron holds the task's lock."""
        command = given("MOODLE_SYNC")
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            said = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
            if "synchronisation finished" in said.stdout:
                return said.stdout
            assert "lock" in said.stdout + said.stderr, said.stdout + said.stderr
            assert time.monotonic() < deadline, "the cron never lets the task go"

    @contextmanager
    def plugin(self, name: str, value: str) -> Iterator[None]:
        setting = {"removal": "unenrolaction", "default_role": "defaultrole", "ignore_hidden": "ignorehiddencourses"}
        sent = ROLES[value] if name == "default_role" else value
        with self._setting("--component=enrol_database", f"--name={setting[name]}", sent):
            yield

    @contextmanager
    def _setting(self, *name_and_value: str) -> Iterator[None]:
        *name, value = name_and_value
        before = self._cli("cfg.php", *name).strip()
        self._cli("cfg.php", *name, f"--set={value}")
        try:
            yield
        finally:
            self._cli("cfg.php", *name, f"--set={before}")

    @contextmanager
    def shut(self, how: str) -> Iterator[None]:
        if how == "cli":
            self._cli("maintenance.php", "--enable")
            try:
                yield
            finally:
                self._cli("maintenance.php", "--disable")
        else:
            name, value = {"ui": ("maintenance_enabled", "1"), "off": ("enablewebservices", "0")}[how]
            with self._setting(f"--name={name}", value):
                yield

    def _cli(self, script: str, *arguments: str) -> str:
        command = shlex.split(given("MOODLE_CLI").replace("{}", script))
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{script}: {done.stdout}{done.stderr}"
        return done.stdout

    @contextmanager
    def powerless(self) -> Iterator[str]:
        yield given("MOODLE_WEAK_TOKEN")

    @contextmanager
    def uninstalled(self, user: int) -> Iterator[None]:
        with closing(_hook("MOODLE_DB").get_conn()) as there:
            _set_method(there, user, GONE)
            try:
                yield
            finally:
                _set_method(there, user, self.auth)


def _hook(name: str) -> sql.Hook:
    """Of the connection that this variable writes as Airflow's are."""
    from airflow.sdk.bases.hook import BaseHook

    os.environ[f"AIRFLOW_CONN_{name}_CONTRACT"] = given(name)
    hook: sql.Hook = BaseHook.get_hook(f"{name.lower()}_contract")
    return hook


def _set_method(connection: Any, user: int, method: str) -> None:
    """In its own database: no web service accepts a method without a plugin."""
    table = f"{os.environ.get('MOODLE_PREFIX') or 'mdl_'}user"
    with closing(connection.cursor()) as cursor:
        cursor.execute(f"UPDATE {table} SET auth = %s WHERE id = %s", (method, user))
    connection.commit()


def named() -> bool:
    """Whether the environment names a real Moodle; raises NotATestSite when it half does."""
    both = [name for name in ("MOODLE_URL", "MOODLE_TOKEN") if os.environ.get(name)]
    if len(both) == 1:
        raise NotATestSite(f"{both[0]} is given alone: MOODLE_URL and MOODLE_TOKEN go together")
    return bool(both)


def played() -> list[str]:
    """The releases of the sandbox; of a real Moodle, only the one it has."""
    return ["real"] if os.environ.get("MOODLE_URL") else list(RELEASES)


def given(name: str) -> str:
    """The value of an environment variable; skips without it."""
    if not os.environ.get(name):
        pytest.skip(f"{name} is not given")
    return os.environ[name]
