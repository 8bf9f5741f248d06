"""What stands between us and LDAP: a wire of bytes, cut, reset or filled with noise after so many of them."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

HOST = "127.0.0.1"
PIECE = 4096
NOISE = b"HTTP/1.1 400 Bad Request\r\n\r\n"


class People(socketserver.ThreadingTCPServer):
    """A relay to the port ``target``. ``passed``: bytes of answers so far; ``struck``: how many lines it broke."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, target: int) -> None:
        super().__init__((HOST, 0), _Wire)
        self.target, self.passed, self.struck = target, 0, 0
        self.kind: str | None = None
        self.left = 0

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def arm(self, kind: str, at: int) -> None:
        """Break after ``at`` bytes of answers from here on."""
        self.kind, self.left, self.struck = kind, 0 if kind == "away" else at, 0


class _Wire(socketserver.BaseRequestHandler):
    server: People

    def handle(self) -> None:
        with socket.create_connection((HOST, self.server.target)) as there, suppress(OSError):
            threading.Thread(target=self._questions, args=(there,), daemon=True).start()
            while answer := there.recv(PIECE):
                if self.server.kind is not None and len(answer) > self.server.left:
                    self.request.sendall(answer[: self.server.left])
                    return self._break()
                self.request.sendall(answer)
                self.server.passed += len(answer)
                self.server.left -= len(answer)

    def _break(self) -> None:
        self.server.struck += 1
        self.server.left = 0
        if self.server.kind == "garbage":
            self.request.sendall(NOISE)
        if self.server.kind == "reset":
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _questions(self, there: socket.socket) -> None:
        with suppress(OSError):
            while question := self.request.recv(PIECE):
                there.sendall(question)


@contextmanager
def between(target: int) -> Iterator[People]:
    """A relay to the port ``target``, gone at the end of the block."""
    with People(target) as people:
        threading.Thread(target=people.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield people
        people.shutdown()
