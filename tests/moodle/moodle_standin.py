"""A Moodle of a few lines: answers are functions of the decoded form, every call is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import requests

TOKEN = "s3cr3t-t0ken"


def refusal(errorcode: str, message: str = "", exception: str = "core\\exception\\moodle_exception") -> dict:
    return {"exception": exception, "errorcode": errorcode, "message": message}


def reply(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response._content = body if isinstance(body, bytes) else _text(body).encode()
    response.headers.update(headers or {})
    return response


def _text(body: Any) -> str:
    return body if isinstance(body, str) else json.dumps(body)


class StandIn:
    """Plays ``requests.Session``; ``answer(function, form)`` gives JSON, a Response, or raises."""

    def __init__(self) -> None:
        self.answer: Callable[[str, dict[str, str]], Any] = lambda function, form: None
        self.calls: list[dict[str, str]] = []

    def post(self, url: str, data: list[tuple[str, str]], **_: Any) -> requests.Response:
        assert url == "http://moodle.test/webservice/rest/server.php"
        form = dict(data)
        self.calls.append(form)
        answer = self.answer(form["wsfunction"], form)
        return answer if isinstance(answer, requests.Response) else reply(answer)


def ids(form: dict[str, str], param: str) -> list[int]:
    """The ids of one list of a form."""
    return [int(value) for name, value in form.items() if re.match(rf"{param}\[", name)]


def sent(form: dict[str, str], param: str, field: str) -> list[str]:
    """Values of ``field`` of the items of one call, in order."""
    pattern = re.compile(rf"{param}\[\d+\](\[{field}\])?$")
    return [value for name, value in form.items() if pattern.match(name)]
