"""HTTP on loopback: the REST address, the login form, the pages, and what web servers answer themselves."""

import os
import socket
import struct
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from urllib.parse import urlsplit

from sandbox.moodle import forms, site_pages
from sandbox.moodle.database import Database
from sandbox.moodle.envelope import Answer, page
from sandbox.moodle.faults import Broken, Cut, Hang, Reset

REST, LOGIN = "/webservice/rest/server.php", "/login/index.php"
LOOPBACK = "127.0.0.1"
FORM = "application/x-www-form-urlencoded"
TOO_LARGE = page(413, "<html><body><h1>413 Request Entity Too Large</h1></body></html>")
REFUSED = page(401, "<p>Connexion refusée : compte inconnu ou suspendu.</p>")
MAINTENANCE = page(
    503, "<html><body><h1>Ce site est en cours de maintenance</h1></body></html>", ("Retry-After", "300")
)


TOO_BUSY = page(503, "<html><body><h1>503 Service Unavailable</h1></body></html>", ("Retry-After", "1"))


@dataclass
class SiteSettings:
    """What an administrator can set; ``maintenance`` is ``cli``, ``ui`` or empty.

    ``most_at_once``: calls that the web server lets in at the same time.
    """

    max_input_vars: int = 1000
    max_body: int = 1_048_576
    latency: float = 0.0
    most_at_once: int = 1000
    maintenance: str = ""
    web_services: bool = True


class SiteHTTP(ThreadingHTTPServer):
    """The listening socket and its connections, kept alive until ``close()`` ends them all."""

    daemon_threads = False
    request_queue_size = 32

    def __init__(
        self,
        port: int,
        answer: Callable[[dict[str, Any]], Answer | Broken],
        login: Callable[[str], int | None],
        db: Database,
        settings: SiteSettings,
    ) -> None:
        self.answer, self.login, self.db, self.settings = answer, login, db, settings
        self.closing = threading.Event()
        self.connections: set[socket.socket] = set()
        super().__init__((LOOPBACK, port), Handler)

    def server_bind(self) -> None:
        """Bind without asking the name service for the name of this machine, which may take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no event; anything else is a defect of ours, shown whole."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        self.closing.set()
        self.shutdown()
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RD)
            except OSError:
                continue  # the client has already gone
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    server: SiteHTTP
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def do_GET(self) -> None:
        self._reply(self._route(b""))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._reply(TOO_LARGE if len(body) > self.server.settings.max_body else self._route(body))

    def _route(self, body: bytes) -> Answer | Broken:
        address = urlsplit(self.path)
        if self.server.settings.maintenance == "cli":
            return MAINTENANCE
        if address.path == REST:
            return self._rest(address.query, body)
        if address.path == LOGIN:
            return self._login(body)
        return site_pages.show(self.server.db, address.path)

    def _rest(self, query: str, body: bytes) -> Answer | Broken:
        if not self.server.settings.web_services:
            return Answer(403, "text/html; charset=utf-8", b"")
        return self.server.answer(self._parse(query) | self._form(body))

    def _parse(self, encoded: str) -> dict[str, Any]:
        return forms.parse(encoded, self.server.settings.max_input_vars)

    def _form(self, body: bytes) -> dict[str, Any]:
        """The body, if it is a form: PHP sees nothing of a JSON one."""
        is_form = self.headers.get("Content-Type", "").startswith(FORM)
        return self._parse(body.decode("ascii", "ignore")) if is_form else {}

    def _login(self, body: bytes) -> Answer:
        user = self.server.login(str(self._form(body).get("username", "")))
        return REFUSED if user is None else page(303, "", ("Location", f"/user/{user}"))

    def _reply(self, answer: Answer | Broken) -> None:
        if isinstance(answer, Hang):
            self.server.closing.wait(answer.seconds)
            self.close_connection = True
        elif isinstance(answer, Cut):
            self._write(Answer(200, "application/json", b'[{"id": 1, "na'), missing=1000)
            self.close_connection = True
        elif isinstance(answer, Reset):
            self._break_off()
        else:
            self._write(answer)

    def _break_off(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.server.connections.discard(self.connection)
        os.close(self.connection.detach())
        self.close_connection = True

    def _write(self, answer: Answer, missing: int = 0) -> None:
        """Send an answer, its length announced with the bytes that will be missing."""
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body) + missing))
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the names of people would go to the terminal."""
