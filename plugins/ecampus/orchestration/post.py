"""How a mail leaves: Airflow's SMTP notifier, or whatever notifier the Variable ``ecampus_notifier`` names."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING, Any

from airflow.sdk import Variable

from ecampus.errors import MailNotSent, SettingUnreadable
from ecampus.orchestration import connections
from ecampus.words import mailing
from ecampus.words.mailing import Mail

if TYPE_CHECKING:
    from ecampus.night.addressees import Addressees

log = logging.getLogger("ecampus")

WITHIN = 15
"""Seconds that a mail may take: Airflow kills a callback after twenty (``task_success_overtime``), without a word."""


@dataclass(frozen=True)
class Notifier:
    """A class of Airflow's notifiers, by its path, and its arguments: those that are ``{to}``, ``{subject}``,
    ``{text}`` or ``{html}`` are that of the mail.
    """

    path: str = "airflow.providers.smtp.notifications.smtp.SmtpNotifier"
    arguments: dict[str, Any] = field(
        default_factory=lambda: {
            "to": "{to}",
            "subject": "{subject}",
            "html_content": "{html}",
            "smtp_conn_id": connections.SMTP,
        }
    )

    @classmethod
    def parse(cls, text: str | None) -> Notifier:
        """What the Variable says: ``{"class": "…", "arguments": {…}}``; nothing is SMTP. Raises SettingUnreadable."""
        if not (text or "").strip():
            return cls()
        try:
            known = json.loads(text or "")
            return cls(str(known["class"]), dict(known["arguments"]))
        except (ValueError, KeyError, TypeError):
            raise SettingUnreadable(
                "La variable Airflow ecampus_notifier ne peut pas être lue, aucun courriel n'est envoyé : y mettre"
                ' {"class": "…", "arguments": {…}}, ou la laisser vide pour envoyer par SMTP.'
            ) from None

    def notify(self, mail: Mail, to: Sequence[str]) -> None:
        """Make it and let it tell; whatever it raises. Its templates are not rendered: the words are of others."""
        module, _, name = self.path.rpartition(".")
        words = {"{to}": ", ".join(to), "{subject}": mail.subject, "{text}": mail.text, "{html}": mail.html}
        made = getattr(import_module(module), name)(**_filled(self.arguments, words))
        made.notify({})


def addressees() -> Addressees:
    """Whom mails go to. Raises SettingUnreadable."""
    from ecampus.night.addressees import Addressees

    return Addressees.parse(Variable.get("ecampus_mail", default=None))


def reached() -> Addressees:
    """The same, when a mail to them could leave. Raises SettingUnreadable where it cannot."""
    known, notifier = addressees(), _notifier()
    if not known.nobody and notifier == Notifier():
        connections.smtp()
    return known


def send(mail: Mail, to: Sequence[str]) -> None:
    """Send it and say so in the log. Raises MailNotSent, whose words hold neither an address nor a secret."""
    notifier = _notifier()
    if notifier == Notifier() and not connections.defined(connections.SMTP):
        raise MailNotSent(mailing.not_sent(mail, "cette connexion n'est pas définie"))
    try:
        _within(WITHIN, lambda: notifier.notify(mail, to))
    except Exception as error:  # any class may be named: what it raises stops no phase
        raise MailNotSent(mailing.not_sent(mail, type(error).__name__)) from None
    log.info("%s", mailing.sent(mail, len(to)))


def _within(seconds: float, act: Callable[[], None]) -> None:
    """Do it, in a thread that is left alone after so long: a server may say nothing at all."""
    done: Future[None] = Future()

    def work() -> None:
        try:
            act()
            done.set_result(None)
        except BaseException as error:
            done.set_exception(error)

    Thread(target=work, daemon=True).start()
    done.result(timeout=seconds)


def _notifier() -> Notifier:
    return Notifier.parse(Variable.get("ecampus_notifier", default=None))


def _filled(given: Any, words: dict[str, str]) -> Any:
    if isinstance(given, dict):
        return {name: _filled(value, words) for name, value in given.items()}
    if isinstance(given, list):
        return [_filled(value, words) for value in given]
    return words.get(given, given) if isinstance(given, str) else given
