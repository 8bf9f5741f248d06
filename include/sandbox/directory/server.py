"""The operations of the directory: bind, search with pages and limits; everything else is declined."""

import socketserver
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Self

from sandbox.directory import messages
from sandbox.directory.entries import BASE, BIND_DN, PASSWORD, ROOT_DSE, Entry, read_entries
from sandbox.directory.filters import fold, predicate
from sandbox.directory.messages import Page, Request, Search


@dataclass
class Faults:
    """What a test can break; pages are counted from 1 in each paged search."""

    close_on_page: int | None = None
    """Send half of this page and hang up."""
    size_limit_on_page: int | None = None
    """Answer this page with sizeLimitExceeded, as OpenLDAP does when the limit holds for the whole search."""


@dataclass
class DirectoryServer:
    """A running directory; its data are read afresh at each search."""

    folder: Path
    host: str
    port: int
    size_limit: int
    faults: Faults = field(default_factory=Faults)
    base: str = BASE
    bind_dn: str = BIND_DN
    password: str = field(default=PASSWORD, repr=False)
    _tcp: "_Tcp | None" = None

    @property
    def url(self) -> str:
        return f"ldap://{self.host}:{self.port}"

    def stop(self) -> None:
        """Stop answering and close the port; the data stay."""
        if self._tcp:
            self._tcp.shutdown()
            self._tcp.server_close()
            self._tcp.hang_up()
            self._tcp = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start(folder: Path, *, port: int = 0, size_limit: int = 1000) -> DirectoryServer:
    """Serve ``folder/directory.db`` on 127.0.0.1, on a free port by default.

    A search without paging gives ``size_limit`` entries and sizeLimitExceeded; paging goes beyond it.
    """
    tcp = _Tcp(("127.0.0.1", port), _Handler)
    tcp.directory = DirectoryServer(folder, "127.0.0.1", tcp.server_address[1], size_limit, _tcp=tcp)
    threading.Thread(target=tcp.serve_forever, args=(0.05,), name="directory", daemon=True).start()
    return tcp.directory


class _Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    directory: DirectoryServer

    def __init__(self, *args: Any) -> None:
        self._open: set[Any] = set()
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        for request in list(self._open):
            self.shutdown_request(request)


@dataclass
class _Cursor:
    """A paged search under way: the entries left, one looked at in advance, and the pages sent."""

    entries: Iterator[Entry]
    pages: int = 0
    ahead: list[Entry] = field(default_factory=list)

    def take(self, count: int) -> list[Entry]:
        """The next entries; one is kept ahead to know whether this is the last page."""
        taken = self.ahead + list(islice(self.entries, count + 1 - len(self.ahead)))
        self.ahead, self.pages = taken[count:], self.pages + 1
        return taken[:count]


class _HungUp(Exception):
    """A fault of a test, or the client's unbind: the connection ends here."""


class _Handler(socketserver.StreamRequestHandler):
    """One client: who it is, and the paged searches that it has not finished."""

    server: _Tcp

    def setup(self) -> None:
        super().setup()
        self._bound = False
        self._cursors: dict[bytes, _Cursor] = {}

    def handle(self) -> None:
        try:
            while request := messages.read_request(self.rfile):
                self._answer(request)
        except (_HungUp, OSError, ValueError):
            return

    def _answer(self, request: Request) -> None:
        tag = request.operation.tag
        if tag == messages.UNBIND:
            raise _HungUp
        if tag == messages.BIND:
            self._bind(request)
        elif tag == messages.SEARCH:
            self._search(request, messages.read_search(request.operation))
        elif response := messages.DECLINED.get(tag):
            self._end(request, messages.UNWILLING_TO_PERFORM, "annuaire en lecture seule", response=response)

    def _bind(self, request: Request) -> None:
        _, name, secret = request.operation.parts
        directory = self.server.directory
        known = _dn(name.text) == _dn(directory.bind_dn) and secret.text == directory.password
        self._bound = secret.tag == messages.SIMPLE and known
        if secret.tag != messages.SIMPLE:
            code = messages.AUTH_METHOD_NOT_SUPPORTED
        else:
            anonymous = not name.body and not secret.body
            code = messages.SUCCESS if known or anonymous else messages.INVALID_CREDENTIALS
        self._end(request, code, response=messages.BIND_RESPONSE)

    def _search(self, request: Request, search: Search) -> None:
        if not search.base and search.scope == 0:
            self._send(request, search, [ROOT_DSE])
            return self._end(request, messages.SUCCESS)
        if not self._bound:
            return self._end(request, messages.INSUFFICIENT_ACCESS, "connexion anonyme")
        try:
            if request.page:
                self._search_page(request, search, request.page)
            else:
                self._search_all(request, search)
        except LookupError:
            self._end(request, messages.NO_SUCH_OBJECT)

    def _search_all(self, request: Request, search: Search) -> None:
        found = self._found(search)
        limit = min(limit or 2**31 for limit in (self.server.directory.size_limit, search.size_limit))
        self._send(request, search, islice(found, limit))
        self._end(request, messages.SIZE_LIMIT_EXCEEDED if next(found, None) else messages.SUCCESS)

    def _search_page(self, request: Request, search: Search, page: Page) -> None:
        cursor = self._cursors.pop(page.cookie, None) or _Cursor(self._found(search))
        faults, entries = self.server.directory.faults, cursor.take(page.size)
        if cursor.pages == faults.close_on_page:
            self._send(request, search, entries[: len(entries) // 2])
            raise _HungUp
        if cursor.pages == faults.size_limit_on_page:
            return self._end(request, messages.SIZE_LIMIT_EXCEEDED)
        self._send(request, search, entries)
        cookie = b"%d" % id(cursor) if cursor.ahead and page.size else b""
        if cookie:
            self._cursors[cookie] = cursor
        self._end(request, messages.SUCCESS, cookie=cookie)

    def _found(self, search: Search) -> Iterator[Entry]:
        """The entries under the base that the filter accepts; LookupError when the base does not exist."""
        entries, base = list(read_entries(self.server.directory.folder)), _dn(search.base)
        if all(_dn(entry.dn) != base for entry in entries):
            raise LookupError(base)
        accepts = predicate(search.filter)
        return (
            entry
            for entry in entries
            if _in_scope(_dn(entry.dn), base, search.scope) and accepts(fold(entry.attributes))
        )

    def _send(self, request: Request, search: Search, entries: Iterable[Entry]) -> None:
        everything = not search.attributes or "*" in search.attributes
        answers = []
        for dn, attributes in entries:
            chosen = {
                name: values for name, values in attributes.items() if everything or name.lower() in search.attributes
            }
            answers.append(messages.entry(request.id, dn, chosen, search.types_only))
        self.wfile.write(b"".join(answers))

    def _end(
        self,
        request: Request,
        code: int,
        text: str = "",
        *,
        response: int = messages.SEARCH_DONE,
        cookie: bytes | None = None,
    ) -> None:
        self.wfile.write(messages.result(request.id, response, code, text, cookie))


def _dn(text: str) -> str:
    return ",".join(part.strip() for part in text.lower().split(","))


def _in_scope(dn: str, base: str, scope: int) -> bool:
    if scope == 0:
        return dn == base
    if scope == 1:
        return dn.partition(",")[2] == base
    return dn == base or dn.endswith("," + base)
