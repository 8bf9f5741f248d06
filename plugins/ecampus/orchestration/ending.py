"""How a task fails without a traceback: its sentence is in its log, and a person needs no more.

Airflow logs the frames of every exception but ``SystemExit``, of which it says «Task exited»; whether such a task is
tried again is then up to its ``retry_policy``.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import RetryDecision, RetryPolicy


class Failed(SystemExit):
    """The task has failed for good; ``str`` is the sentence that its log has told."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.code = 1


class TryAgain(Failed):
    """It failed, and another attempt may well pass."""


class WorthIt(RetryPolicy):
    """Try again whatever Airflow would, but what no retry mends."""

    def evaluate(self, exception: BaseException, *_: Any, **__: Any) -> RetryDecision:
        """At once for ``Failed``."""
        final = isinstance(exception, Failed) and not isinstance(exception, TryAgain)
        return RetryDecision.fail() if final else RetryDecision.default()
