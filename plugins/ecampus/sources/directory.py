"""People of the LDAP directory (SUPANN): one paged search for students, one for staff."""

from __future__ import annotations

import logging
import re
import ssl
from collections.abc import Iterator
from dataclasses import replace
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
from ecampus.sources.entries import NAMES, POPULATIONS, DirectorySettings, Entry, entry, identities

log = logging.getLogger("ecampus")

CONNECT_SECONDS = 10
SILENCE_SECONDS = 120
OURS = (LDAPConfigurationError, LDAPInvalidDnError, LDAPInvalidFilterError, LDAPPasswordIsMandatoryError)
"""What ldap3 itself refuses to send: a setting of the connection is wrong."""
NONSENSE = (LookupError, TypeError, ValueError)
"""What ldap3 stumbles on when the answer is no LDAP."""
CERTIFICATES = (
    (re.compile("certificate has expired|certificate is not yet valid"), "périmé : son administrateur le renouvelle"),
    (
        re.compile("doesn't match|[Hh]ostname mismatch|IP address mismatch"),
        "établi pour un autre nom : écrire dans la connexion « ldap » le nom qu'il porte",
    ),
    (
        re.compile("CERTIFICATE_VERIFY_FAILED"),
        "qui n'est pas reconnu : donner dans ca_file, extra de la connexion « ldap », le certificat de l'autorité qui"
        " l'a signé",
    ),
)
"""What is wrong with the directory's certificate, and who mends it, by what OpenSSL or ldap3 says."""
COLUMNS = ["entry", "population", "code", "sought", "uid", "sn", "given_name", "mail", "unreadable"]
TYPES = {"sought": "bool"}


def connect(
    host: str, port: int | None, login: str | None, password: str | None, extra: dict[str, Any]
) -> ldap3.Connection:
    """A bound, read-only connection. ``extra``: use_ssl, start_tls, ca_file (certificates are always checked).

    Without TLS nothing leaves, unless ``insecure`` says so: then it is told each time. Raises SourceUnreachable,
    SourceRefused (bind, certificate), SettingUnreadable.
    """
    use_ssl, start_tls = _yes(extra, "use_ssl"), _yes(extra, "start_tls")
    port = port or (636 if use_ssl else 389)
    if not (use_ssl or start_tls):
        _require_insecure(f"{host}:{port}", extra)
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


def encrypted(extra: dict[str, Any]) -> bool:
    """Whether what goes over the line cannot be read on the way."""
    return _yes(extra, "use_ssl") or _yes(extra, "start_tls")


def people(connection: ldap3.Connection, settings: DirectorySettings) -> pd.DataFrame:
    """Who is in LDAP: a row per entry, population and code of it that the entry carries.

    entry (its DN), population, code, sought (found by the filter of that population, not only carrying such a code),
    uid (lower case), sn, given_name, mail, unreadable (attributes of the entry that are no UTF-8, apart by commas).
    What an entry lacks is null, and an unreadable value is as an absent one; of several values, the first that the
    server gives, but every code. An entry without any code has one row. No control or format character survives; codes
    are padded with zeros to the site's length.

    Raises SourceUnreachable, SourceRefused, SettingUnreadable (base, filter), TruncatedRead (a limit of the server:
    entries, page size, time).
    """
    found: dict[str, Entry] = {}
    for population, query in zip(POPULATIONS, (settings.students, settings.staff), strict=True):
        for one in _entries(connection, settings, query):
            known = found.get(one.dn, one)
            found[one.dn] = replace(known, sought=known.sought | {population})
    rows = [row for one in found.values() for row in identities(one, settings)]
    columns = zip(*rows, strict=True) if rows else ((),) * len(COLUMNS)
    return pd.DataFrame(
        {name: pd.Series(values, dtype=TYPES.get(name, "str")) for name, values in zip(COLUMNS, columns, strict=True)}
    )


def _entries(connection: ldap3.Connection, settings: DirectorySettings, query: str) -> Iterator[Entry]:
    for one in _found(connection, settings, query):
        if one["type"] == "searchResEntry":
            yield entry(one["dn"], one["raw_attributes"], settings)


def _found(connection: ldap3.Connection, settings: DirectorySettings, query: str) -> Iterator[dict[str, Any]]:
    wanted = [*map(settings.attribute, POPULATIONS), *(getattr(settings, name) for name in NAMES)]
    try:
        yield from connection.extend.standard.paged_search(
            settings.base, query, attributes=list(dict.fromkeys(wanted)), paged_size=settings.page_size, generator=True
        )
    except LDAPException as error:
        raise _away(str(connection.server.host), error) from error
    except NONSENSE:
        raise _no_ldap(str(connection.server.host)) from None
    _check(connection.result, settings.base, query)


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
    for words, sentence in CERTIFICATES:
        if words.search(str(error)):
            return SourceRefused(f"L'annuaire LDAP ({host}) présente un certificat {sentence} ({error}).")
    return SourceUnreachable(
        f"L'annuaire LDAP ({host}) est injoignable ({type(error).__name__} : {error}) : "
        "vérifier le serveur et la connexion « ldap », puis relancer."
    )


def _require_insecure(host: str, extra: dict[str, Any]) -> None:
    if not _yes(extra, "insecure"):
        raise SettingUnreadable(
            f"L'annuaire LDAP ({host}) n'est pas lu : la connexion « ldap » ne chiffre pas, le mot de passe et les noms"
            " des personnes passeraient en clair ; mettre use_ssl ou start_tls à true dans son extra, ou, si l'annuaire"
            " ne sait pas chiffrer, y écrire insecure à true."
        )
    log.warning(
        "L'annuaire LDAP (%s) est lu sans chiffrement (insecure) : le mot de passe et les noms des personnes passent en"
        " clair ; demander LDAPS ou StartTLS à son administrateur.",
        host,
    )


def _refused(host: str, result: dict[str, Any]) -> EcampusError:
    if result["result"] in (RESULT_INVALID_CREDENTIALS, RESULT_INSUFFICIENT_ACCESS_RIGHTS, RESULT_INVALID_DN_SYNTAX):
        return SourceRefused(
            f"L'annuaire LDAP ({host}) refuse le compte de la connexion « ldap » ({result['description']}) : "
            "corriger son identifiant ou son mot de passe."
        )
    return SourceUnreachable(f"L'annuaire LDAP ({host}) n'ouvre pas la connexion ({result['description']}).")


def _yes(extra: dict[str, Any], name: str) -> bool:
    return str(extra.get(name, "")).strip().lower() in {"true", "1", "yes", "oui"}
