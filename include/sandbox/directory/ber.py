"""The little of BER (X.690) that LDAP needs: definite lengths, one-byte tags."""

from io import BufferedIOBase
from typing import NamedTuple


class Element(NamedTuple):
    """A tag and the octets that it holds."""

    tag: int
    body: bytes

    @property
    def parts(self) -> list["Element"]:
        """The elements inside a constructed one."""
        found, position = [], 0
        while position < len(self.body):
            start, length = _length(self.body, position + 1)
            found.append(Element(self.body[position], self.body[start : start + length]))
            position = start + length
        return found

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def number(self) -> int:
        return int.from_bytes(self.body, "big", signed=True)


def _length(octets: bytes, position: int) -> tuple[int, int]:
    """Where the body starts and how long it is."""
    first = octets[position]
    if first < 0x80:
        return position + 1, first
    start = position + 1 + (first & 0x7F)
    return start, int.from_bytes(octets[position + 1 : start], "big")


def read(stream: BufferedIOBase) -> Element | None:
    """The next element of a stream, or None when it ends."""
    head = stream.read(2)
    if len(head) < 2:
        return None
    head += stream.read(head[1] & 0x7F) if head[1] & 0x80 else b""
    return Element(head[0], stream.read(_length(head, 1)[1]))


def element(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body


def sequence(*parts: bytes) -> bytes:
    return element(0x30, *parts)


def octets(text: str | bytes) -> bytes:
    """A text, or bytes that may be none."""
    return element(0x04, text if isinstance(text, bytes) else text.encode())


def integer(number: int, tag: int = 0x02) -> bytes:
    """A number that is not negative; one bit is kept for the sign."""
    return element(tag, number.to_bytes(number.bit_length() // 8 + 1, "big"))
