"""What each of the many ways in which Moodle says no means, as one of three errors with one French sentence.

Moodle answers almost every error with HTTP 200 and a JSON object; a maintenance, a crash or a lost parameter come
as HTML or XML, and what stands before Moodle has words of its own. Unreachable (try later), refused (a person must
act), or a refusal of the items sent (``MoodleRefusal``, worth splitting the batch).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import requests

from ecampus.errors import EcampusError, SourceRefused, SourceUnreachable
from ecampus.moodle import answers
from ecampus.words.clean import printable, quoted, shortened

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

PASSING = {408: "n'a pas reçu à temps la requête", 429: "reçoit trop de requêtes et refuse"}
UNKNOWN = "on ignore si l'écriture a été faite, relancer la phase, qui relira l'état avant d'écrire"
LOOK = "regarder son état et ses journaux, puis relancer"
CERTIFICATE = re.compile(r"verify failed: (.*?) ?(?:\(_ssl|$)")
PHP_MESSAGE = re.compile(r"\b(?:Notice|Warning|Deprecated|Fatal error|Parse error)\b.*? on line ", re.DOTALL)
ADODB_MESSAGE = re.compile(r"adodb|^\s*Could not connect : ", re.IGNORECASE)
"""What enrol_database's library writes before an answer, whatever «display_errors»: run on Moodle 4.5.6."""
LONGEST = 500
"""Characters of Moodle's words that are told: some of its errors carry a whole page."""
START = 4_000
"""Bytes of an answer that are looked at to say what it is."""
PEOPLE = re.compile(r'("(?:username|firstname|lastname|fullname|email|idnumber)") ?: ?"(?:[^"\\]|\\.)*"?')


class MoodleRefusal(EcampusError):
    """Moodle refuses the items it was sent: all were rolled back, and one alone may be the bad one."""

    def __init__(self, errorcode: str, message: str) -> None:
        super().__init__(f"Moodle a refusé : {message or errorcode} ({errorcode}).")
        self.errorcode = errorcode
        self.words = message or errorcode


@dataclass(frozen=True)
class Told:
    """The sentences of one Moodle; its token is in none of them, nor anything that cannot be seen."""

    url: str
    token: str = field(repr=False)

    def clean(self, text: object) -> str:
        """Words of others, on one line."""
        words = str(text)
        return printable(words.replace(self.token, "***") if self.token else words)

    def cause(self, error: Exception) -> Exception:
        """What a traceback may show of an error of ``requests``."""
        return RuntimeError(f"{type(error).__name__}: {self.clean(error)}")

    def late(self, function: str) -> SourceUnreachable:
        then = _then(function, "relancer plus tard")
        return SourceUnreachable(f"Moodle ({self.url}) n'a pas répondu à temps à {function} : {then}.")

    def away(self, function: str, error: Exception) -> SourceUnreachable:
        then = _then(function, "vérifier le serveur et l'adresse de la connexion « moodle », puis relancer")
        return SourceUnreachable(
            f"Moodle ({self.url}) est injoignable pendant {function} ({type(error).__name__}) : {then}."
        )

    def untrusted(self, function: str, error: Exception) -> EcampusError:
        """TLS that cannot be: a certificate that nobody vouches for, unless the line was only cut."""
        words = self.clean(error)
        if "EOF" in words:
            then = _then(function, "regarder le serveur web et ce qui est devant lui, puis relancer")
            return SourceUnreachable(f"Moodle ({self.url}) a coupé la liaison chiffrée pendant {function} : {then}.")
        why = CERTIFICATE.search(words)
        return SourceRefused(
            f"Le certificat de Moodle ({self.url}) n'est pas reconnu{f' ({why[1]})' if why else ''} : un administrateur"
            " installe sur le serveur web un certificat valable d'une autorité connue, ou ajoute la sienne à celles"
            " d'Airflow (REQUESTS_CA_BUNDLE)."
        )

    def check_status(self, function: str, response: requests.Response) -> None:
        """Raise what a status other than 200 means."""
        status = response.status_code
        if status == 403:
            raise SourceRefused(
                f"Moodle ({self.url}) répond 403 à {function} : les services web ou le protocole REST sont "
                "désactivés ; un administrateur les active dans Administration › Fonctions avancées."
            )
        if 300 <= status < 400:
            target = self.clean(response.headers.get("Location", "une autre adresse"))
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
        if status in PASSING:
            then = _then(function, "relancer plus tard")
            raise SourceUnreachable(f"Moodle ({self.url}) {PASSING[status]} {function} ({status}) : {then}.")
        if status >= 500:
            raise SourceUnreachable(
                f"Moodle ({self.url}) répond une erreur {status} à {function} : relancer, "
                "et regarder les journaux du serveur si cela dure."
            )
        if status >= 400:
            raise SourceRefused(
                f"Moodle ({self.url}) répond {status} à {function} : vérifier l'adresse de la connexion « moodle »."
            )

    def not_json(self, function: str, body: bytes) -> SourceUnreachable:
        start = body[:START].decode("utf-8", "replace")
        what, then = f"{_kind(start)} au lieu de JSON", LOOK
        if ADODB_MESSAGE.search(start):
            what = "un message d'enrol_database avant ou au lieu de JSON"
            then = (
                "un administrateur corrige les réglages de cette méthode d'inscription : le pilote « mysqli » au lieu"
                " de « mariadb », les accès à la base, « debugdb » désactivé"
            )
        elif PHP_MESSAGE.search(start):
            what = "un message de PHP avant ou au lieu de JSON"
            then = (
                "un administrateur corrige ce que dit ce message (pour enrol_database, le pilote « mysqli » au lieu de"
                " « mariadb ») et met « display_errors » à Off dans php.ini"
            )
        shown = f" ({self._start(body)})" if body.strip() else ""
        unknown = "" if answers.is_read(function) else f"{UNKNOWN} ; "
        return SourceUnreachable(f"Moodle ({self.url}) a répondu {what} à {function}{shown} : {unknown}{then}.")

    def not_its_answer(self, function: str, body: bytes) -> SourceUnreachable:
        return SourceUnreachable(
            f"Moodle ({self.url}) a répondu {self._start(body)} à {function}, ce qui n'est pas la réponse de cette"
            f" fonction : {_then(function, LOOK)}."
        )

    def _start(self, body: bytes) -> str:
        """The first characters of what came, without the names of people that they may hold."""
        return quoted(PEOPLE.sub(r"\1:…", self.clean(body[:START].decode("utf-8", "replace"))))

    def error(self, function: str, answer: dict[str, Any]) -> EcampusError:
        """What an exception of Moodle means."""
        code = self.clean(answer.get("errorcode") or answer["exception"]) or "exception"
        words = shortened(self.clean(answer.get("message") or ""), LONGEST)
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
        if code in CAPABILITY or answer["exception"].endswith("required_capability_exception"):
            return SourceRefused(
                f"Moodle ({self.url}) refuse {function} au compte du jeton, une capacité lui manque : "
                f"{words or code}. Un administrateur l'ajoute à son rôle."
            )
        if code in ACCOUNT:
            return SourceRefused(
                f"Moodle ({self.url}) n'accepte pas le compte du jeton : {words or code}. "
                "Un administrateur débloque ce compte."
            )
        if code == DEADLOCK and answers.is_read(function):
            return self.unable_to_write(words or code)
        if code == "invalidrecord" and "external_functions" in words:
            return self.unknown(function)
        return MoodleRefusal(code, words)

    def unknown(self, function: str) -> SourceRefused:
        return SourceRefused(
            f"Moodle ({self.url}) ne connaît pas {function} : vérifier sa version (4.5 ou 5 attendue)."
        )

    def unable_to_write(self, words: str) -> SourceUnreachable:
        """Moodle notes each call in its own database: when even a read fails so, that database is full or read-only."""
        return SourceUnreachable(
            f"Moodle ({self.url}) n'arrive plus à écrire dans sa base ({words}) : un administrateur vérifie la place et"
            " l'état de cette base, puis relancer la phase, qui reprendra ce qui manque."
        )


def _then(function: str, advice: str) -> str:
    """What to do when a call got no answer of its own: of a write nobody knows whether it happened."""
    return advice if answers.is_read(function) else UNKNOWN


def _kind(text: str) -> str:
    start = text.lstrip()[:200].lower()
    if not start:
        return "une page vide"
    if start.startswith("<?xml"):
        return "du XML"
    return "du HTML" if start.startswith("<") else "autre chose"
