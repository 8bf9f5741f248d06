"""Answers as the REST server writes them: JSON when asked for by name, XML otherwise."""

import json
from dataclasses import dataclass
from html import escape
from typing import Any

from sandbox.moodle.errors import MoodleError

XML_HEAD = '<?xml version="1.0" encoding="UTF-8" ?>\n'


@dataclass(frozen=True)
class Answer:
    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def page(status: int, html: str, *headers: tuple[str, str]) -> Answer:
    """An HTML answer: the pages of the site, and what web servers send in place of Moodle."""
    return Answer(status, "text/html; charset=utf-8", html.encode(), headers)


def success(result: Any, as_json: bool) -> Answer:
    if as_json:
        return Answer(200, "application/json", json.dumps(result).encode())
    body = f"{XML_HEAD}<RESPONSE>\n{_xml(result) if result is not None else ''}</RESPONSE>\n"
    return Answer(200, "application/xml; charset=utf-8", body.encode())


def failure(error: MoodleError, as_json: bool) -> Answer:
    if as_json:
        return Answer(200, "application/json", json.dumps(error.envelope()).encode())
    body = (
        f'{XML_HEAD}<EXCEPTION class="{error.kind}">\n<ERRORCODE>{escape(error.code)}</ERRORCODE>\n'
        f"<MESSAGE>{escape(error.message)}</MESSAGE>\n</EXCEPTION>\n"
    )
    return Answer(200, "application/xml; charset=utf-8", body.encode())


def _xml(value: Any) -> str:
    if isinstance(value, dict):
        keys = "".join(f'<KEY name="{key}">{_xml(item)}</KEY>\n' for key, item in value.items())
        return f"<SINGLE>\n{keys}</SINGLE>\n"
    if isinstance(value, list):
        return f"<MULTIPLE>\n{''.join(map(_xml, value))}</MULTIPLE>\n"
    if value is None:
        return '<VALUE null="null"/>\n'
    return f"<VALUE>{escape(str(int(value) if isinstance(value, bool) else value))}</VALUE>\n"
