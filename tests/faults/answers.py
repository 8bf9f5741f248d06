"""What comes back in place of Moodle's answer: one function of the true answer and of the answers before it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sandbox.moodle.envelope import Answer, page
from sandbox.moodle.faults import EXPIRED, HTTP_500, HTTP_502, LOST_IN_XML, Broken, Cut, Hang, Reset

SILENCE = 1.5
"""Seconds without a word; those who are struck so wait ``PATIENCE``."""
PATIENCE = 0.8


@dataclass
class Past:
    """What Moodle answered before: by function, the oldest; and the last of all, with its function."""

    oldest: dict[str, Answer] = field(default_factory=dict)
    last: tuple[str, Answer] | None = None

    def note(self, function: str, answer: Answer) -> None:
        self.oldest.setdefault(function, answer)
        self.last = (function, answer)


def json_of(value: object) -> Answer:
    return Answer(200, "application/json", json.dumps(value).encode())


ALONE: dict[str, Answer | Broken] = {
    "500": HTTP_500,
    "502": HTTP_502,
    "503": page(503, "<html><body><h1>503 Service Unavailable</h1></body></html>"),
    "503 at once": page(503, "<html><body>503</body></html>", ("Retry-After", "1")),
    "408": page(408, "<html><body>408 Request Timeout</body></html>"),
    "429": page(429, "<html><body>429 Too Many Requests</body></html>", ("Retry-After", "1")),
    "page": page(200, "<!DOCTYPE html><html><body><form action='/login/index.php'>Connexion</form></body></html>"),
    "XML": LOST_IN_XML,
    "expired": EXPIRED,
    "null": json_of(None),
    "three": json_of(3),
    "list": json_of([{}]),
    "nested": Answer(200, "application/json", b"[" * 60_000 + b"]" * 60_000),
    "nothing": Answer(200, "application/json", b""),
    "reset": Reset(),
    "cut": Cut(),
    "silence": Hang(SILENCE),
}
"""Whatever was asked, and whether it was done or not."""


def truncated(real: Answer) -> Answer:
    """Its first half, with the length of a half: nothing but the JSON tells."""
    return replace(real, body=real.body[: len(real.body) // 2])


def notice(real: Answer) -> Answer:
    """What PHP says of a setting, before it."""
    return replace(real, body=b"<br />\n<b>Notice</b>: Undefined index in <b>/var/www/moodle</b><br />\n" + real.body)


def shorter(real: Answer) -> Answer:
    """A list without its last line, as of a request of which PHP dropped the end."""
    value = json.loads(real.body)
    return json_of(value[:-1]) if isinstance(value, list) and value else truncated(real)


SPOILT: dict[str, Callable[[Answer], Answer]] = {"truncated": truncated, "notice": notice, "shorter": shorter}


def given(name: str, function: str, real: Answer, past: Past) -> Answer | Broken | None:
    """What comes in place of ``real``; null where this kind has nothing to say (no answer before this one)."""
    name = name.removesuffix(" after")
    if name in SPOILT:
        return SPOILT[name](real)
    if name == "older":
        return past.oldest.get(function)
    if name == "another's":
        return past.last[1] if past.last and past.last[0] != function else None
    return ALONE[name]
