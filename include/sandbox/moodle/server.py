"""A running site: what the sandbox and the tests hold of it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sandbox.moodle.database import Database
from sandbox.moodle.enrol_database import UNREADABLE, EnrolDatabase, PluginSettings
from sandbox.moodle.envelope import Answer, failure, success
from sandbox.moodle.errors import MoodleError, write_failed
from sandbox.moodle.faults import Broken, Fault, Faults, Run
from sandbox.moodle.install import open_database
from sandbox.moodle.service import call
from sandbox.moodle.web import TOO_BUSY, SiteHTTP, SiteSettings

DEADLOCKING = {"core_course_create_courses", "core_course_create_categories"}


class MoodleServer:
    """A running Moodle; use it as a context manager, or ``stop()`` it."""

    def __init__(
        self,
        db: Database,
        settings: SiteSettings,
        plugin: PluginSettings,
        port: int,
        sync_every: float | None,
    ) -> None:
        self.db, self.settings, self.faults = db, settings, Faults()
        self.enrol_database = EnrolDatabase(db, plugin)
        self.enrol_database.show_settings()
        self.calls: list[str] = []
        self.inner_calls: list[str] = []
        self._deadlocks = {name: threading.Lock() for name in DEADLOCKING}
        self._running, self._counting = 0, threading.Lock()
        self._stopping = threading.Event()
        self._http = SiteHTTP(port, self.answer, self.login, db, self.settings)
        self._threads = [threading.Thread(target=self._http.serve_forever, args=(0.005,), daemon=True)]
        if sync_every is not None:
            self._threads.append(threading.Thread(target=self._sync_loop, args=(sync_every,), daemon=True))
        for thread in self._threads:
            thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def token(self) -> str:
        return self.db.setting("token")

    def __enter__(self) -> "MoodleServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._stopping.set()
        self._http.close()
        for thread in self._threads:
            thread.join()
        self.db.close()

    def allow(self, capability: str) -> None:
        self.db.allow(capability)

    def deny(self, capability: str) -> None:
        self.db.run("DELETE FROM mdl_role_capabilities WHERE capability = ?", (capability,))

    def offer(self, function: str) -> None:
        self.db.run("INSERT OR IGNORE INTO sandbox_service (name) VALUES (?)", (function,))

    def withdraw(self, function: str) -> None:
        self.db.run("DELETE FROM sandbox_service WHERE name = ?", (function,))

    def sync(self) -> int:
        """Run the task of ``enrol_database`` now."""
        return self.enrol_database.sync()

    def login(self, username: str) -> int | None:
        """Let someone log in, which applies their rows of the external table: their id, None if refused."""
        user = self.db.same("user", "username", username)
        if user is None or self.db.get("user", user)["suspended"]:
            return None
        self.enrol_database.sync_user(user)
        return user

    def task_log(self) -> list[str]:
        """Lines of the task of ``enrol_database``, oldest first."""
        return [row["line"] for row in self.db.all("SELECT line FROM sandbox_task_log ORDER BY id")]

    def _sync_loop(self, every: float) -> None:
        """The schedule; a pass is spared while the table is untouched and nobody has called."""
        seen: object = None
        while not self._stopping.wait(every):
            before = (_stamp(self.enrol_database.settings.table_path), len(self.calls))
            if before != seen and self.sync() != UNREADABLE:
                seen = before

    def answer(self, form: dict[str, Any]) -> Answer | Broken:
        """What a call gets, unless there are too many at once."""
        with self._counting:
            self._running += 1
            full = self._running > self.settings.most_at_once
        try:
            return TOO_BUSY if full else self._answer(form)
        finally:
            with self._counting:
                self._running -= 1

    def _answer(self, form: dict[str, Any]) -> Answer | Broken:
        """The ordered faults included."""
        name = str(form.get("wsfunction", ""))
        self.calls.append(name)
        time.sleep(self.settings.latency)
        fault, after = self.faults.take(name)
        if not after and (instead := _strike(fault, form)):
            return instead
        real = self._real_answer(name, form)
        return (_strike(fault, form) if after else None) or real

    def _real_answer(self, name: str, form: dict[str, Any]) -> Answer:
        try:
            with self._deadlock(name), self.db.lock:
                return success(call(self.db, form, self.settings.maintenance == "ui", self._meet), _wants_json(form))
        except MoodleError as error:
            return failure(error, _wants_json(form))

    def _meet(self, name: str) -> None:
        """A call inside another one: only Moodle's own refusals can strike it."""
        self.inner_calls.append(name)
        fault, _ = self.faults.take(name)
        if isinstance(fault, MoodleError):
            raise fault

    @contextmanager
    def _deadlock(self, name: str) -> Iterator[None]:
        """Two creations of courses, or of categories, at once: the second one fails (moodle.md, Speed)."""
        lock = self._deadlocks.get(name)
        if lock is None:
            yield
            return
        if not lock.acquire(blocking=False):
            raise write_failed()
        try:
            yield
        finally:
            lock.release()


def _wants_json(form: dict[str, Any]) -> bool:
    return form.get("moodlewsrestformat") == "json"


def _strike(fault: Fault | None, form: dict[str, Any]) -> Answer | Broken | None:
    """What the client gets in place of the real answer, if anything."""
    if isinstance(fault, Run):
        fault.action()
        return None
    return failure(fault, _wants_json(form)) if isinstance(fault, MoodleError) else fault


def _stamp(path: Path) -> list[int]:
    """When the external table last changed, its journal included."""
    files = (path, path.with_name(f"{path.name}-wal"))
    return [file.stat().st_mtime_ns for file in files if file.exists()]


def start(
    data_folder: str | Path,
    *,
    port: int = 0,
    token: str | None = None,
    settings: SiteSettings | None = None,
    plugin: PluginSettings | None = None,
    sync_every: float | None = None,
    release: str | None = None,
) -> MoodleServer:
    """A Moodle on loopback whose state is ``moodle.db`` in the folder, installed there on first use.

    ``port`` 0 takes a free one; ``plugin`` names the external table (by default ``enrolments.db`` in the
    folder); ``sync_every`` is the schedule of its task in seconds, None for never; ``release`` (4.5, 5.1) is fixed at
    the installation.
    """
    folder = Path(data_folder)
    db = open_database(folder / "moodle.db", token, release)
    plugin = plugin or PluginSettings(folder / "enrolments.db")
    return MoodleServer(db, settings or SiteSettings(), plugin, port, sync_every)
