"""What stands between our client and Moodle: it lets calls pass, counts them, and spoils one, or all from one on."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from threading import Lock
from typing import Any

from ecampus.moodle.answers import is_read
from faults.answers import Past, given
from faults.kinds import LIES, LOST
from sandbox.moodle.envelope import Answer
from sandbox.moodle.faults import Broken
from sandbox.moodle.server import MoodleServer

SLOW = 0.05


class Wire:
    """In front of a running site. ``calls``, ``writes``: how many came; ``struck``: how many were not let pass."""

    def __init__(self, server: MoodleServer, log_in: Callable[[], object]) -> None:
        self._server, self._log_in, self._past, self._lock = server, log_in, Past(), Lock()
        self._kind: str | None = None
        self._at, self._lasting, self._counts, self._seen = 0, False, "call", 0
        self.passed: Counter[str] = Counter()
        self.struck = 0
        server._http.answer = self.answer

    def arm(self, kind: str, at: int, lasting: bool, counts: str) -> None:
        """Spoil the call number ``at`` from here on, of those that are counted (``call``, ``write``)."""
        self._kind, self._at, self._lasting, self._counts = kind, at, lasting, counts
        self._seen, self.struck = 0, 0

    def disarm(self) -> None:
        self._kind = None

    def answer(self, form: dict[str, Any]) -> Answer | Broken:
        """What the client gets."""
        function = str(form.get("wsfunction", ""))
        kind = self._due(function)
        if kind is None:
            return self._asked(function, form)
        if kind in ("slow", "login"):
            time.sleep(SLOW) if kind == "slow" else self._log_in()
            return self._asked(function, form)
        if kind == "login between":
            real = self._asked(function, form)
            self._log_in()
            return real
        with self._lock:
            past = Past(dict(self._past.oldest), self._past.last)
        done = kind in LOST or (kind in LIES and is_read(function))
        real = self._asked(function, form) if done else Answer(200, "application/json", b"null")
        instead = real if isinstance(real, Broken) else given(kind, function, real, past)
        return self._asked(function, form) if instead is None and not done else instead or real

    def _due(self, function: str) -> str | None:
        with self._lock:
            writes = bool(function) and not is_read(function)
            self.passed.update({"call": 1, "write": int(writes)})
            if self._kind is None or (self._counts == "write" and not writes):
                return None
            self._seen += 1
            if self._seen == self._at or (self._lasting and self._seen > self._at):
                self.struck += 1
                return self._kind
            return None

    def _asked(self, function: str, form: dict[str, Any]) -> Answer | Broken:
        real = self._server.answer(form)
        if isinstance(real, Answer):
            with self._lock:
                self._past.note(function, real)
        return real
