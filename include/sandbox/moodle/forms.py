"""Forms as PHP reads them: nested names, and a silent cut after ``max_input_vars``."""

import re
from typing import Any
from urllib.parse import unquote_to_bytes

BRACKETS = re.compile(r"\[([^\]]*)\]")


def parse(encoded: str, max_input_vars: int) -> dict[str, Any]:
    """``a[0][b]=c`` becomes ``{"a": {"0": {"b": "c"}}}``; what exceeds the limit is lost without a word."""
    form: dict[str, Any] = {}
    pairs = [pair for pair in encoded.split("&") if pair]
    for pair in pairs[:max_input_vars]:
        name, _, value = pair.partition("=")
        _place(form, _path(_decode(name)), _decode(value))
    return form


def _decode(text: str) -> str:
    return unquote_to_bytes(text.replace("+", " ")).decode("utf-8", errors="surrogateescape")


def _path(name: str) -> list[str]:
    head, bracket, rest = name.partition("[")
    return [head, *BRACKETS.findall(bracket + rest)]


def _place(form: dict[str, Any], path: list[str], value: str) -> None:
    """Set a value at its path; an empty key appends, a scalar in the way is replaced."""
    level = form
    for key in path[:-1]:
        child = level.setdefault(_key(level, key), {})
        if not isinstance(child, dict):
            child = level[key] = {}
        level = child
    level[_key(level, path[-1])] = value


def _key(level: dict[str, Any], key: str) -> str:
    return key or str(max((int(k) for k in level if k.isdigit()), default=-1) + 1)
