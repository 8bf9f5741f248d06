"""One Moodle REST endpoint: how a call is written, and what each of its many ways to say no means.

Moodle 4.5 answers almost every error with HTTP 200 and a JSON object; a maintenance, a crash or a lost
parameter come as HTML or XML. Everything becomes one of three errors here: unreachable (try later),
refused (a person must act), or a refusal of the items sent (``MoodleRefusal``, worth splitting the batch).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import requests
import tenacity
from tenacity.wait import wait_base

from ecampus.errors import EcampusError, SourceRefused, SourceUnreachable

REST = "/webservice/rest/server.php"
MAX_VARIABLES = 999
"""PHP's ``max_input_vars`` is 1,000 by default; what lies above is cut without a word."""
HEADER_VARIABLES = 4
DEADLOCK = "dmlwriteexception"
"""A deadlock, a value that the database refuses, or a database that takes nothing any more."""

AWAY = {"sitemaintenance", "upgraderunning", "dbconnectionfailed"}
TOKEN = {"invalidtoken", "invalidsecuritykey"}
CAPABILITY = {"nopermissions", "nopermission"}
SERVICE = {"accessexception", "servicenotavailable", "servicerequireslogin", "restrictedcontextexception"}
ACCOUNT = {
    "forcepasswordchangenotice",
    "passwordisexpired",
    "requireloginerror",
    "sitepolicynotagreed",
    "usernotconfirmed",
    "usernotfullysetup",
    "wsaccessuserdeleted",
    "wsaccessuserexpired",
    "wsaccessusernologin",
    "wsaccessusersuspended",
    "wsaccessuserunconfirmed",
}


class MoodleRefusal(EcampusError):
    """Moodle refuses the items it was sent: all were rolled back, and one alone may be the bad one."""

    def __init__(self, errorcode: str, message: str) -> None:
        super().__init__(f"Moodle a refusé : {message or errorcode} ({errorcode}).")
        self.errorcode = errorcode
        self.words = message or errorcode


class MoodleClient:
    """Calls web-service functions of one Moodle; safe to share between threads that only read."""

    def __init__(
        self,
        session: requests.Session,
        url: str,
        token: str,
        timeout: tuple[float, float] = (10, 600),
        attempts: int = 4,
        wait: wait_base | None = None,
    ) -> None:
        """``timeout`` is (connection, silence) in seconds; ``attempts`` and ``wait`` concern reads only."""
        self.session = session
        self.url = url.rstrip("/")
        self.writes_lost = 0
        self._token = token
        self._timeout = timeout
        self._reading = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(SourceUnreachable),
            stop=tenacity.stop_after_attempt(attempts),
            wait=wait or tenacity.wait_exponential_jitter(initial=1, max=30),
            reraise=True,
        )

    def call(self, function: str, **params: Any) -> Any:
        """Answer of ``function`` (decoded JSON, None for a void success).

        Reads (``_get_``) are tried again when Moodle is away. Writes never are: after a time-out nobody
        knows whether they happened, and only a new read of the state can tell.
        Raises SourceUnreachable, SourceRefused, MoodleRefusal.
        """
        form = self._form(function, params)
        if "_get_" in function:
            return self._reading.copy()(self._once, function, form)
        return self._once(function, form)

    def _form(self, function: str, params: dict[str, Any]) -> list[tuple[str, str]]:
        header = [
            ("wstoken", self._token),
            ("wsfunction", function),
            ("moodlewsrestformat", "json"),
            ("moodlewssettingraw", "1"),
        ]
        form = header + [pair for name, value in params.items() for pair in flatten(name, value)]
        if len(form) > MAX_VARIABLES:
            raise AssertionError(f"{function}: {len(form)} variables in one call, PHP would cut at 1,000")
        return form

    def _once(self, function: str, form: list[tuple[str, str]]) -> Any:
        try:
            response = self.session.post(self.url + REST, data=form, timeout=self._timeout, allow_redirects=False)
        except requests.Timeout as error:
            raise SourceUnreachable(self._late(function)) from self._scrubbed(error)
        except requests.RequestException as error:
            raise SourceUnreachable(
                f"Moodle ({self.url}) est injoignable pendant {function} ({type(error).__name__}) : "
                "vérifier le serveur et l'adresse de la connexion « moodle », puis relancer."
            ) from self._scrubbed(error)
        self._check_status(function, response)
        return self._decode(function, response)

    def _late(self, function: str) -> str:
        known = (
            "relancer plus tard"
            if "_get_" in function
            else "on ignore si l'écriture a été faite, relancer la phase, qui relira l'état avant d'écrire"
        )
        return f"Moodle ({self.url}) n'a pas répondu à temps à {function} : {known}."

    def _scrubbed(self, error: Exception) -> Exception:
        return RuntimeError(f"{type(error).__name__}: {self._clean(str(error))}")

    def _clean(self, text: str) -> str:
        return text.replace(self._token, "***") if self._token else text

    def _check_status(self, function: str, response: requests.Response) -> None:
        status = response.status_code
        if status == 403:
            raise SourceRefused(
                f"Moodle ({self.url}) répond 403 à {function} : les services web ou le protocole REST sont "
                "désactivés ; un administrateur les active dans Administration › Fonctions avancées."
            )
        if 300 <= status < 400:
            target = self._clean(response.headers.get("Location", "une autre adresse"))
            raise SourceRefused(
                f"Moodle ({self.url}) renvoie vers {target} : corriger l'adresse de la connexion « moodle »."
            )
        if status == 413:
            raise SourceRefused(
                f"Le serveur web de Moodle trouve trop grosse la requête {function} (413) : "
                "un administrateur augmente la taille admise des requêtes."
            )
        if status == 503:
            raise SourceUnreachable(f"Moodle ({self.url}) est en maintenance (503) : relancer quand elle est finie.")
        if status >= 500 or status == 429:
            raise SourceUnreachable(
                f"Moodle ({self.url}) répond une erreur {status} à {function} : relancer, "
                "et regarder les journaux du serveur si cela dure."
            )
        if status >= 400:
            raise SourceRefused(
                f"Moodle ({self.url}) répond {status} à {function} : vérifier l'adresse de la connexion « moodle »."
            )

    def _decode(self, function: str, response: requests.Response) -> Any:
        try:
            answer = response.json()
        except ValueError:
            raise SourceUnreachable(
                f"Moodle ({self.url}) a répondu {_kind(response.text)} au lieu de JSON à {function} : "
                "regarder son état et ses journaux, puis relancer."
            ) from None
        if isinstance(answer, dict) and "exception" in answer:
            raise self._error(function, answer)
        return answer

    def _error(self, function: str, answer: dict[str, Any]) -> EcampusError:
        code = str(answer.get("errorcode") or answer["exception"])
        words = self._clean(" ".join(str(answer.get("message") or "").split()))
        if code in AWAY:
            return SourceUnreachable(f"Moodle ({self.url}) est indisponible : {words or code}. Relancer plus tard.")
        if code in TOKEN:
            return SourceRefused(
                f"Moodle ({self.url}) refuse le jeton de la connexion « moodle » : un administrateur en crée "
                "un nouveau dans Administration › Serveur › Services web › Gérer les jetons."
            )
        if code in SERVICE:
            return SourceRefused(
                f"Moodle ({self.url}) refuse l'accès à {function} ({words or code}) : un administrateur "
                "vérifie le service web du jeton (fonctions, utilisateur, adresse IP, date)."
            )
        if code in CAPABILITY or str(answer["exception"]).endswith("required_capability_exception"):
            return SourceRefused(
                f"Moodle ({self.url}) refuse {function} au compte du jeton, une capacité lui manque : "
                f"{words or code}. Un administrateur l'ajoute à son rôle."
            )
        if code in ACCOUNT:
            return SourceRefused(
                f"Moodle ({self.url}) n'accepte pas le compte du jeton : {words or code}. "
                "Un administrateur débloque ce compte."
            )
        if code == DEADLOCK and "_get_" in function:
            return self.unable_to_write(words or code)
        if code == "invalidrecord" and "external_functions" in words:
            return SourceRefused(f"Moodle ({self.url}) ne connaît pas {function} : vérifier sa version (4.5 attendue).")
        return MoodleRefusal(code, words)

    def unable_to_write(self, words: str) -> SourceUnreachable:
        """Moodle notes each call in its own database: when even a read fails so, that database is full or read-only."""
        return SourceUnreachable(
            f"Moodle ({self.url}) n'arrive plus à écrire dans sa base ({words}) : un administrateur vérifie la place et"
            " l'état de cette base, puis relancer la phase, qui reprendra ce qui manque."
        )


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


def _kind(text: str) -> str:
    start = text.lstrip()[:200].lower()
    if not start:
        return "une page vide"
    if start.startswith("<?xml"):
        return "du XML"
    return "du HTML" if start.startswith("<") else "autre chose"
