"""One Moodle REST endpoint: how a call is written, and what is believed of what comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd
import requests
import tenacity
from tenacity.wait import wait_base

from ecampus.errors import EcampusError, SourceUnreachable
from ecampus.moodle import answers
from ecampus.moodle.pace import BUSY, Pace
from ecampus.moodle.refusals import DEADLOCK, MoodleRefusal, Told

__all__ = ["DEADLOCK", "MoodleClient", "MoodleRefusal", "flatten"]

REST = "/webservice/rest/server.php"
SITE = "core_webservice_get_site_info"
NAMELESS = "invalidrecordunknown"
"""A record that is missing, of a table that Moodle does not name: all of them since 5.0."""
MAX_VARIABLES = 999
"""PHP's ``max_input_vars`` is 1,000 by default; what lies above is cut without a word."""
HEADER_VARIABLES = 4
TIMEOUT = (10, 600)
"""Seconds that a call waits for the connection, then for a sign of life: it is given up after both."""


class Busy(SourceUnreachable):
    """Moodle has too much to do (429, 503).

    ``untouched``: it says so itself, before it does anything; a bare 503 may come from a server that lost it midway.
    """

    def __init__(self, sentence: str, untouched: bool) -> None:
        super().__init__(sentence)
        self.untouched = untouched


class Form(NamedTuple):
    """What a call sends, and the values that it was made of."""

    variables: list[tuple[str, str]]
    params: dict[str, Any]


class MoodleClient:
    """Calls web-service functions of one Moodle; safe to share between threads that only read."""

    def __init__(
        self,
        session: requests.Session,
        url: str,
        token: str,
        timeout: tuple[float, float] = TIMEOUT,
        attempts: int = 4,
        wait: wait_base | None = None,
        pace: Pace | None = None,
    ) -> None:
        """``timeout`` is (connection, silence) in seconds; ``attempts`` and ``wait`` concern reads only.

        ``pace``: how many calls at once; one that several clients share, else its own. ``date`` is then what the web
        server said at its last answer.
        """
        self.session = session
        self.url = url.rstrip("/")
        self.writes_lost = 0
        self.pace = pace or Pace()
        self.told = Told(self.url, token)
        self.date: str | None = None
        self._token = token
        self._timeout = timeout
        self._reading = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(SourceUnreachable),
            stop=tenacity.stop_after_attempt(attempts),
            wait=wait or tenacity.wait_exponential_jitter(initial=1, max=30),
            reraise=True,
        )

    def call(self, function: str, **params: Any) -> Any:
        """Answer of ``function`` (decoded JSON, None for a void success), of the shape declared in ``answers``.

        Reads are tried again when Moodle is away. Writes are not: after a time-out, or an answer that proves nothing,
        nobody knows whether they happened, and only a new read of the state can tell. Raises SourceUnreachable,
        SourceRefused, MoodleRefusal; Busy when Moodle has too much to do: ``batches`` knows which may be sent again.
        """
        form = self._form(function, params)
        if answers.is_read(function):
            return self._reading.copy()(self._once, function, form)
        return self._once(function, form)

    def offers(self, function: str) -> bool:
        """Whether the service of the token has it; Moodle is asked once."""
        return function in self._offered

    def together(self, function: str, asked: Sequence[dict[str, Any]]) -> list[Any]:
        """The answer of a read to each of ``asked``, in one request: up to the first that Moodle refuses.

        Each is believed as if it had come alone. Raises as ``call``.
        """
        calls = [{"function": function, "arguments": json.dumps(params), "settingraw": 1} for params in asked]
        responses = self.call(answers.TOGETHER, requests=calls)["responses"]
        given = [one["data"].encode() for one in responses if not one["error"]]
        return [self._believed(function, params, data) for params, data in zip(asked, given, strict=False)]

    def pause(self, seen: int) -> None:
        """Wait as before a ``seen``-th new attempt."""
        state = tenacity.RetryCallState(self._reading, None, (), {})
        state.attempt_number = seen
        self._reading.sleep(self._reading.wait(state))

    def _form(self, function: str, params: dict[str, Any]) -> Form:
        header = [
            ("wstoken", self._token),
            ("wsfunction", function),
            ("moodlewsrestformat", "json"),
            ("moodlewssettingraw", "1"),
        ]
        variables = header + [pair for name, value in params.items() for pair in flatten(name, value)]
        if len(variables) > MAX_VARIABLES:
            raise AssertionError(f"{function}: {len(variables)} variables in one call, PHP would cut at 1,000")
        return Form(variables, params)

    def _once(self, function: str, form: Form) -> Any:
        try:
            with self.pace.turn(function, len(form.variables)):
                response = self.session.post(
                    self.url + REST, data=form.variables, timeout=self._timeout, allow_redirects=False
                )
        except requests.Timeout as error:
            raise self.told.late(function) from self.told.cause(error)
        except requests.exceptions.SSLError as error:
            raise self.told.untrusted(function, error) from self.told.cause(error)
        except OSError as error:
            raise self.told.away(function, error) from self.told.cause(error)
        self.date = response.headers.get("Date")
        self._check_status(function, response)
        return self._believed(function, form.params, response.content)

    def _check_status(self, function: str, response: requests.Response) -> None:
        try:
            self.told.check_status(function, response)
        except SourceUnreachable as error:
            if response.status_code not in BUSY:
                raise
            retry_after = response.headers.get("Retry-After")
            self.pace.refused(response.status_code, retry_after)
            raise Busy(str(error), untouched=response.status_code == 429 or retry_after is not None) from None

    def _believed(self, function: str, params: dict[str, Any], body: bytes) -> Any:
        answer = self._decoded(function, body)
        if answers.refusal(answer):
            raise self._refusal(function, answer)
        if not answers.believed(function, params, answer):
            raise self.told.not_its_answer(function, body)
        return answer

    def _refusal(self, function: str, answer: dict[str, Any]) -> EcampusError:
        """Moodle 5 says the same of an unknown function and of any unknown object: its list of functions tells."""
        if answer.get("errorcode") == NAMELESS and function not in self._offered:
            return self.told.unknown(function)
        return self.told.error(function, answer)

    @cached_property
    def _offered(self) -> frozenset[str]:
        site = self.call(SITE)
        return frozenset(function["name"] for function in site["functions"])

    def _decoded(self, function: str, body: bytes) -> Any:
        """JSON as Moodle writes it: UTF-8, no NaN, not nested without end."""
        try:
            return json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise self.told.not_json(function, body) from None


def flatten(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """PHP form variables of a nested value: ``users[0][id]=7``; booleans are 0/1, nulls are left out."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flatten(f"{name}[{key}]", inner)
    elif isinstance(value, (list, tuple)):
        for position, inner in enumerate(value):
            yield from flatten(f"{name}[{position}]", inner)
    elif not pd.isna(value):
        yield name, str(int(value)) if pd.api.types.is_bool(value) else str(value)


def weight(value: Any) -> int:
    """How many form variables ``flatten`` makes of it."""
    if isinstance(value, dict):
        return sum(map(weight, value.values()))
    if isinstance(value, (list, tuple)):
        return sum(map(weight, value))
    return 0 if pd.isna(value) else 1


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
