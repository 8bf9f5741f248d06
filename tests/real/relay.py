"""A wire between a client and a server, that a test cuts or blocks after so many bytes of answers."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from programs import HOST

PIECE = 4096


class Relay(socketserver.ThreadingTCPServer):
    """Passes bytes both ways. After ``limit`` bytes of answers it hangs up, or says nothing more if ``silent``."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, target: int, limit: int, silent: bool = False) -> None:
        super().__init__((HOST, 0), _Wire)
        self.target, self.limit, self.silent = target, limit, silent
        self.passed, self.over = 0, threading.Event()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class _Wire(socketserver.BaseRequestHandler):
    server: Relay

    def handle(self) -> None:
        with socket.create_connection((HOST, self.server.target)) as server, suppress(OSError):
            threading.Thread(target=self._questions, args=(server,), daemon=True).start()
            while answer := server.recv(PIECE):
                left = self.server.limit - self.server.passed
                self.request.sendall(answer[:left])
                self.server.passed += len(answer[:left])
                if len(answer) > left:
                    break
            if self.server.silent:
                self.server.over.wait()

    def _questions(self, server: socket.socket) -> None:
        with suppress(OSError):
            while question := self.request.recv(PIECE):
                server.sendall(question)


@contextmanager
def relay(target: int, limit: int, silent: bool = False) -> Iterator[Relay]:
    """A relay to the port ``target``, gone at the end of the block."""
    with Relay(target, limit, silent) as wire:
        threading.Thread(target=wire.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield wire
        wire.over.set()
        wire.shutdown()
