"""A mail server on loopback that keeps what it is given, and tells Airflow where it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from ecampus.local.services import free_port

CONNECTION = "AIRFLOW_CONN_SMTP_DEFAULT"
FROM = "ecampus@univ.example"


class Postbox:
    """``mails``: what came, in its order; ``to``: by mail, to whom."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.to: list[list[str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        self.to.append(list(envelope.rcpt_tos))
        return "250 OK"

    @property
    def subjects(self) -> list[str]:
        return [str(mail["subject"]) for mail in self.mails]

    def html(self, number: int) -> str:
        body = self.mails[number].get_body(("html",))
        assert body is not None
        return str(body.get_content()).strip()


@contextmanager
def opened() -> Iterator[tuple[Postbox, str]]:
    """The box, and the connection that leads to it."""
    box = Postbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, connection(port)
    finally:
        controller.stop()


def connection(port: int) -> str:
    """``smtp_default`` at that port of loopback, in clear."""
    plain = {"disable_ssl": True, "disable_tls": True, "from_email": FROM, "retry_limit": 0, "timeout": 5}
    return json.dumps({"conn_type": "smtp", "host": "127.0.0.1", "port": port, "extra": plain})
