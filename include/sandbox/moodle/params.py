"""Descriptions of parameters, and Moodle's strict validation of what a call sends.

A ``dict`` describes a structure, a one-item ``list`` a list of them, a ``Kind`` a value; an optional
key is wrapped in ``Optional``, with the value it takes when it is not sent (``ABSENT``: no key at all).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.moodle.errors import invalid_parameter
from sandbox.moodle.text import strip_tags

ABSENT: Any = object()
INTEGER = re.compile(r"-?[1-9]\d{0,18}|0")
USERNAME = re.compile(r"[-.@_a-z0-9]*")
LANGS = {"", "en", "fr"}


@dataclass(frozen=True)
class Kind:
    """A scalar type: whether Moodle's cleaning would leave the text alone, and the value it reads."""

    unchanged: Callable[[str], bool]
    read: Callable[[str], Any] = str


@dataclass(frozen=True)
class Optional:
    description: Any
    default: Any = ABSENT


def _sound(text: str) -> bool:
    """Valid UTF-8 without a null byte: Moodle would take the rest away."""
    return "\0" not in text and (text.isascii() or text.encode(errors="ignore").decode() == text)


def _untagged(text: str) -> bool:
    return _sound(text) and strip_tags(text) == text


RAW = Kind(_sound)
RAW_TRIMMED = Kind(lambda text: _sound(text) and text == text.strip())
TEXT = Kind(_untagged)
INT = Kind(lambda text: INTEGER.fullmatch(text) is not None, int)
BOOL = Kind(lambda text: text in ("0", "1"), lambda text: text == "1")
USER_NAME = Kind(lambda text: USERNAME.fullmatch(text) is not None)
LANG = Kind(lambda text: text in LANGS)
WORD = Kind(lambda text: text.replace("_", "").replace("-", "").isalnum() or not text)


def validate(description: Any, value: Any) -> Any:
    """The value read through its description.

    Raises ``invalidparameter`` for a missing or unknown key, a value that cleaning would change, or a
    structure where a scalar is wanted (and the reverse).
    """
    if isinstance(description, dict):
        return _structure(description, value)
    if isinstance(description, list):
        return [validate(description[0], item) for item in _items(value).values()]
    if not isinstance(value, str) or not description.unchanged(value):
        raise invalid_parameter()
    return description.read(value)


def _items(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise invalid_parameter()
    return value


def _structure(description: dict[str, Any], value: Any) -> dict[str, Any]:
    sent = _items(value)
    if sent.keys() - description.keys():
        raise invalid_parameter()
    result = {}
    for key, part in description.items():
        inner = part.description if isinstance(part, Optional) else part
        if key in sent:
            result[key] = validate(inner, sent[key])
        elif not isinstance(part, Optional):
            raise invalid_parameter()
        elif part.default is not ABSENT:
            result[key] = part.default
    return result
