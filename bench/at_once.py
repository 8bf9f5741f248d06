"""A Moodle that answers at once, over HTTP on loopback, in a process of its own: ``python -m bench.at_once``.

It says its port on standard output, creates whatever it is asked to and remembers nothing.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

from ecampus.moodle.answers import WRITES, Applied, Created

FIELD = re.compile(r"\w+\[(\d+)\]\[(\w+)\]")
HEADER = 4  # token, function and two formats come first
NUMBERS = count(1)


@contextmanager
def running() -> Iterator[str]:
    """Its address, as long as the block runs."""
    with subprocess.Popen([sys.executable, "-m", "bench.at_once"], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


def answer(function: str, form: list[tuple[str, str]]) -> Any:
    """What Moodle would say."""
    if function == "core_course_get_courses":
        names = dict.fromkeys(("shortname", "fullname", "idnumber"), "COURS")
        return [names | {"id": int(form[0][1]), "categoryid": 1, "visible": 0}]
    declared = WRITES[function]
    if isinstance(declared, Created):
        return created(declared, form)
    return {"warnings": []} if isinstance(declared, Applied) else None


def created(declared: Created, form: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """An id for each item, and what proves that it is the answer to this call."""
    made: dict[str, dict[str, Any]] = {}
    for name, value in form:
        place, field = FIELD.match(name).groups()  # type: ignore[union-attr]
        row = made.setdefault(place, {})
        if field in declared.echoes:
            row[field] = value
    return [row | {"id": next(NUMBERS)} for row in made.values()]


class Handler(BaseHTTPRequestHandler):
    """Connections stay open; an answer leaves in one piece."""

    protocol_version, wbufsize = "HTTP/1.1", -1

    def do_POST(self) -> None:
        form = parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True)
        body = json.dumps(answer(form[1][1], form[HEADER:])).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        print(server.server_port, flush=True)
        server.serve_forever()
