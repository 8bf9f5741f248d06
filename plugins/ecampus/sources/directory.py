"""People of the LDAP directory (SUPANN): one paged search for students, one for staff."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import ldap3
import pandas as pd
from ldap3.core.exceptions import (
    LDAPConfigurationError,
    LDAPException,
    LDAPInvalidDnError,
    LDAPInvalidFilterError,
    LDAPPasswordIsMandatoryError,
)
from ldap3.core.results import (
    RESULT_ADMIN_LIMIT_EXCEEDED,
    RESULT_INSUFFICIENT_ACCESS_RIGHTS,
    RESULT_INVALID_CREDENTIALS,
    RESULT_INVALID_DN_SYNTAX,
    RESULT_SIZE_LIMIT_EXCEEDED,
    RESULT_SUCCESS,
    RESULT_TIME_LIMIT_EXCEEDED,
)

from ecampus.errors import EcampusError, SettingUnreadable, SourceRefused, SourceUnreachable, TruncatedRead

CONNECT_SECONDS = 10
SILENCE_SECONDS = 120
OURS = (LDAPConfigurationError, LDAPInvalidDnError, LDAPInvalidFilterError, LDAPPasswordIsMandatoryError)
"""What ldap3 itself refuses to send: a setting of the connection is wrong."""
NONSENSE = (IndexError, ValueError)
"""What ldap3 stumbles on when the answer is no LDAP."""
COLUMNS = ["population", "code", "uid", "sn", "given_name", "mail"]


@dataclass(frozen=True)
class DirectorySettings:
    """Where people are; defaults after Caen's public settings, each one a key of the extra."""

    base: str = "ou=people"
    students: str = "(&(uid=e*)(eduPersonAffiliation=student))"
    staff: str = "(uid=p*)"
    student_code: str = "supannEtuId"
    staff_code: str = "supannEmpId"
    uid: str = "uid"
    sn: str = "sn"
    given_name: str = "givenName"
    mail: str = "mail"
    page_size: int = 500
    student_code_length: int = 0
    staff_code_length: int = 0

    @classmethod
    def of(cls, extra: dict[str, Any]) -> DirectorySettings:
        """Settings named by the extra of a connection, which may hold other keys too."""
        given: dict[str, Any] = {}
        for field in fields(cls):
            if extra.get(field.name) not in (None, ""):
                given[field.name] = _setting(field.name, extra[field.name], type(field.default))
        return cls(**given)


def connect(
    host: str, port: int | None, login: str | None, password: str | None, extra: dict[str, Any]
) -> ldap3.Connection:
    """A bound, read-only connection. ``extra``: use_ssl, start_tls, ca_file (certificates are checked).

    Raises SourceUnreachable, SourceRefused (bind, certificate), SettingUnreadable.
    """
    use_ssl, start_tls = _yes(extra, "use_ssl"), _yes(extra, "start_tls")
    port = port or (636 if use_ssl else 389)
    try:
        tls = ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=extra.get("ca_file") or None)
        server = ldap3.Server(
            host, port, use_ssl=use_ssl, tls=tls, get_info=ldap3.NONE, connect_timeout=CONNECT_SECONDS
        )
        connection = ldap3.Connection(
            server,
            user=login or None,
            password=password or None,
            auto_referrals=False,
            read_only=True,
            receive_timeout=SILENCE_SECONDS,
        )
        connection.open()
        if start_tls:
            connection.start_tls()
        bound = connection.bind()
    except LDAPException as error:
        raise _away(f"{host}:{port}", error) from error
    except NONSENSE:
        raise _no_ldap(f"{host}:{port}") from None
    if not bound:
        raise _refused(f"{host}:{port}", connection.result)
    return connection


def people(connection: ldap3.Connection, settings: DirectorySettings) -> pd.DataFrame:
    """population, code, uid (lower case), sn, given_name, mail; what an entry lacks is null.

    Of a multi-valued attribute, the first value that the server gives. Codes are trimmed and padded with
    zeros to the site's length. Raises SourceUnreachable, SourceRefused, SettingUnreadable (base, filter),
    TruncatedRead (a limit of the server: entries, page size, time).
    """
    wanted = [
        ("student", settings.students, settings.student_code, settings.student_code_length),
        ("staff", settings.staff, settings.staff_code, settings.staff_code_length),
    ]
    rows = [
        [population, code.zfill(length) if code else None, uid.lower() if uid else None, *names]
        for population, query, attribute, length in wanted
        for code, uid, *names in _entries(connection, settings, query, attribute)
    ]
    columns = zip(*rows, strict=True) if rows else ((),) * len(COLUMNS)
    return pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in zip(COLUMNS, columns, strict=True)})


def _entries(
    connection: ldap3.Connection, settings: DirectorySettings, query: str, code: str
) -> Iterator[list[str | None]]:
    attributes = [code, settings.uid, settings.sn, settings.given_name, settings.mail]
    try:
        found = connection.extend.standard.paged_search(
            settings.base, query, attributes=attributes, paged_size=settings.page_size, generator=True
        )
        for entry in found:
            if entry["type"] == "searchResEntry":
                yield _values(entry["raw_attributes"], attributes)
    except LDAPException as error:
        raise _away(str(connection.server.host), error) from error
    except NONSENSE:
        raise _no_ldap(str(connection.server.host)) from None
    _check(connection.result, settings.base, query)


def _values(raw: dict[str, list[bytes]], attributes: list[str]) -> list[str | None]:
    values = {name.lower(): value for name, value in raw.items()}
    return [_first(values.get(attribute.lower())) for attribute in attributes]


def _first(values: list[bytes] | None) -> str | None:
    return values[0].decode("utf-8", "replace").strip() or None if values else None


def _no_ldap(where: str) -> SourceUnreachable:
    return SourceUnreachable(
        f"L'annuaire LDAP ({where}) a répondu autre chose que du LDAP : vérifier le serveur, l'adresse et le port de la"
        " connexion « ldap », puis relancer la phase."
    )


def _check(result: dict[str, Any], base: str, query: str) -> None:
    """The paged search of ldap3 ends quietly on any error: only the last result tells."""
    code = result["result"]
    where = f"{query} sous {base}"
    words = f"{result['description']} {result.get('message') or ''}".strip()
    if code in (RESULT_SIZE_LIMIT_EXCEEDED, RESULT_TIME_LIMIT_EXCEEDED, RESULT_ADMIN_LIMIT_EXCEEDED):
        raise TruncatedRead(
            f"L'annuaire LDAP a coupé la liste des personnes ({words}, {where}) : "
            "son administrateur lève la limite pour le compte de la connexion, ou page_size est baissé."
        )
    if code == RESULT_INSUFFICIENT_ACCESS_RIGHTS:
        raise SourceRefused(f"L'annuaire LDAP refuse au compte de la connexion de lire {where}.")
    if code != RESULT_SUCCESS:
        raise SourceUnreachable(
            f"L'annuaire LDAP n'a pas pu répondre ({words}, {where}) : vérifier la base, les filtres et le serveur."
        )


def _away(host: str, error: Exception) -> EcampusError:
    if isinstance(error, OURS):
        return SettingUnreadable(f"Connexion « ldap » : {error} ; corriger la base, les filtres, le compte ou ca_file.")
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return SourceRefused(
            f"L'annuaire LDAP ({host}) présente un certificat qui n'est pas reconnu : donner dans ca_file, extra de la "
            f"connexion « ldap », le certificat de l'autorité qui l'a signé ({error})."
        )
    return SourceUnreachable(
        f"L'annuaire LDAP ({host}) est injoignable ({type(error).__name__} : {error}) : "
        "vérifier le serveur et la connexion « ldap », puis relancer."
    )


def _refused(host: str, result: dict[str, Any]) -> EcampusError:
    if result["result"] in (RESULT_INVALID_CREDENTIALS, RESULT_INSUFFICIENT_ACCESS_RIGHTS, RESULT_INVALID_DN_SYNTAX):
        return SourceRefused(
            f"L'annuaire LDAP ({host}) refuse le compte de la connexion « ldap » ({result['description']}) : "
            "corriger son identifiant ou son mot de passe."
        )
    return SourceUnreachable(f"L'annuaire LDAP ({host}) n'ouvre pas la connexion ({result['description']}).")


def _setting(name: str, value: Any, kind: type) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise SettingUnreadable(
            f"Connexion « ldap » : {name} vaut « {value} », un nombre entier est attendu."
        ) from None


def _yes(extra: dict[str, Any], name: str) -> bool:
    return str(extra.get(name, "")).strip().lower() in {"true", "1", "yes", "oui"}
