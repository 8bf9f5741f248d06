"""A search filter (RFC 4511, 4.5.1.7) as a predicate on attributes, compared without case."""

from collections.abc import Callable, Mapping, Sequence

from sandbox.directory.ber import Element

Folded = Mapping[str, list[str]]
"""Attributes with names and values in lower case."""

Predicate = Callable[[Folded], bool]

AND, OR, NOT, EQUALITY, SUBSTRINGS, PRESENT = 0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0x87
INITIAL, FINAL = 0x80, 0x82


def fold(attributes: Mapping[str, Sequence[str | bytes]]) -> Folded:
    return {name.lower(): [_text(value).lower() for value in values] for name, values in attributes.items()}


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("utf-8", "replace")


def predicate(condition: Element) -> Predicate:
    """Compile a filter: and, or, not, equality, substrings, present.

    Ordering, approximate and extensible matches match nothing, as on a server that has no rule for them.
    """
    if condition.tag in (AND, OR, NOT):
        return _combined(condition.tag, [predicate(part) for part in condition.parts])
    if condition.tag == PRESENT:
        name = condition.text.lower()
        return lambda entry: name in entry
    if condition.tag == EQUALITY:
        name, value = (part.text.lower() for part in condition.parts)
        return lambda entry: value in entry.get(name, ())
    if condition.tag == SUBSTRINGS:
        kind, pieces = condition.parts
        return _substrings(kind.text.lower(), [(piece.tag, piece.text.lower()) for piece in pieces.parts])
    return lambda entry: False


def _combined(tag: int, parts: list[Predicate]) -> Predicate:
    if tag == NOT:
        return lambda entry: not parts[0](entry)
    quantifier = all if tag == AND else any
    return lambda entry: quantifier(part(entry) for part in parts)


def _substrings(name: str, pieces: list[tuple[int, str]]) -> Predicate:
    return lambda entry: any(_holds(value, pieces) for value in entry.get(name, ()))


def _holds(value: str, pieces: list[tuple[int, str]]) -> bool:
    """The pieces stand in the value in this order, without overlap."""
    rest = value
    for tag, piece in pieces:
        if tag == FINAL:
            return rest.endswith(piece)
        if tag == INITIAL and not rest.startswith(piece):
            return False
        _, found, rest = rest.partition(piece)
        if not found:
            return False
    return True
