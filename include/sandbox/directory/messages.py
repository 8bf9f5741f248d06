"""The messages of LDAP v3 (RFC 4511) that a read-only directory receives and sends."""

from collections.abc import Mapping, Sequence
from io import BufferedIOBase
from typing import NamedTuple

from sandbox.directory import ber
from sandbox.directory.ber import Element

PAGED = "1.2.840.113556.1.4.319"
"""Simple paged results (RFC 2696)."""

BIND, UNBIND, SEARCH = 0x60, 0x42, 0x63
BIND_RESPONSE, SEARCH_ENTRY, SEARCH_DONE = 0x61, 0x64, 0x65
DECLINED = {0x66: 0x67, 0x68: 0x69, 0x4A: 0x6B, 0x6C: 0x6D, 0x6E: 0x6F, 0x77: 0x78}
"""Modify, add, delete, modify DN, compare, extended: the tag of each request and of its answer."""

SIMPLE = 0x80

SUCCESS, SIZE_LIMIT_EXCEEDED, AUTH_METHOD_NOT_SUPPORTED, NO_SUCH_OBJECT = 0, 4, 7, 32
INVALID_CREDENTIALS, INSUFFICIENT_ACCESS, UNWILLING_TO_PERFORM = 49, 50, 53


class Page(NamedTuple):
    """The paging control of a request: entries a page, and where the client stands."""

    size: int
    cookie: bytes


class Request(NamedTuple):
    id: int
    operation: Element
    page: Page | None


class Search(NamedTuple):
    """What a search asks for; ``attributes`` in lower case, empty for all."""

    base: str
    scope: int
    size_limit: int
    types_only: bool
    filter: Element
    attributes: frozenset[str]


def read_request(stream: BufferedIOBase) -> Request | None:
    """The next request, or None when the client has hung up."""
    message = ber.read(stream)
    if message is None:
        return None
    number, operation, *controls = message.parts
    return Request(number.number, operation, _page(controls[0].parts if controls else []))


def _page(controls: list[Element]) -> Page | None:
    for control in controls:
        kind, *_, value = control.parts
        if kind.text == PAGED:
            size, cookie = Element(0x30, value.body).parts[0].parts
            return Page(size.number, cookie.body)
    return None


def read_search(operation: Element) -> Search:
    base, scope, _, size_limit, _, types_only, condition, attributes = operation.parts
    return Search(
        base.text,
        scope.number,
        size_limit.number,
        types_only.number != 0,
        condition,
        frozenset(attribute.text.lower() for attribute in attributes.parts),
    )


def entry(request_id: int, dn: str, attributes: Mapping[str, Sequence[str | bytes]], types_only: bool) -> bytes:
    """A SearchResultEntry."""
    listed = (
        ber.sequence(ber.octets(name), ber.element(0x31, *(() if types_only else map(ber.octets, values))))
        for name, values in attributes.items()
    )
    body = ber.element(SEARCH_ENTRY, ber.octets(dn), ber.sequence(*listed))
    return ber.sequence(ber.integer(request_id), body)


def result(request_id: int, response: int, code: int, text: str = "", cookie: bytes | None = None) -> bytes:
    """The end of an operation; with ``cookie`` (empty on the last page) it carries the paging control."""
    body = ber.element(response, ber.integer(code, 0x0A), ber.octets(""), ber.octets(text))
    if cookie is None:
        return ber.sequence(ber.integer(request_id), body)
    value = ber.element(0x04, ber.sequence(ber.integer(0), ber.element(0x04, cookie)))
    controls = ber.element(0xA0, ber.sequence(ber.octets(PAGED), value))
    return ber.sequence(ber.integer(request_id), body, controls)
