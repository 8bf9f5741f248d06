"""What Airflow hands to the adapters: the systems, the store, the Variables."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import Connection, ObjectStoragePath, Variable
from airflow.sdk.bases.hook import BaseHook
from airflow.sdk.exceptions import AirflowException, AirflowNotFoundException

from ecampus import limits
from ecampus.calendar import Freeze, parse_annee
from ecampus.errors import SettingUnreadable
from ecampus.limits import Limits

if TYPE_CHECKING:
    from ecampus.changes.draft import Settings
    from ecampus.explain.reach import Reaches
    from ecampus.moodle.client import MoodleClient
    from ecampus.moodle.database import MoodleDatabase
    from ecampus.store.files import Store
    from ecampus.store.retention import Keeping

SMTP = "smtp_default"
OUR_EXTRAS = ("managed_root", "auth", "exclude", "table_prefix")


class Systems:
    """The systems of one phase; nothing is opened before it is asked for."""

    @property
    def limits(self) -> Limits:
        """The site's breakers (``include/limits.toml``). Raises ``SettingUnreadable``."""
        return limits.read()

    def settings(self, night: date) -> Settings:
        """The site's choices: Variables, and the extras of the connections ``moodle`` and ``ldap``."""
        from ecampus.changes.draft import Settings
        from ecampus.rules.people import UidForms
        from ecampus.rules.referential import PersonCodes
        from ecampus.sources.directory import DirectorySettings

        moodle, people = _connection("moodle").extra_dejson, DirectorySettings.of(_connection("ldap").extra_dejson)
        return Settings(
            annee=annee(),
            night=night,
            managed_root=moodle.get("managed_root") or None,
            auth=moodle.get("auth") or Settings.auth,
            exclude=Settings.exclude | frozenset(_usernames(moodle.get("exclude") or [])),
            padding=PersonCodes(people.student_code_length, people.staff_code_length),
            forms=UidForms(people.student_uid, people.staff_uid),
            contact=Variable.get("ecampus_contact", default=None) or Settings.contact,
            contact_link=Variable.get("ecampus_contact_link", default=None) or None,
        )

    def addresses(self) -> dict[str, str]:
        """Where REFER (``refer``) and the directory (``ldap``) are, without a secret: another one asks for approval."""
        refer, ldap = _connection("refer"), _connection("ldap")
        database = refer.schema or refer.extra_dejson.get("service_name") or refer.extra_dejson.get("sid") or ""
        base = ldap.extra_dejson.get("base", "")
        return {"refer": f"{refer.host or ''}/{database}"[:255], "ldap": f"{ldap.host or ''}/{base}"[:255]}

    def refer_hook(self) -> Any:
        """The hook of whatever database holds REFER."""
        return _hook("refer")

    def enrolment_hook(self) -> Any:
        """The hook of whatever database holds the enrolment table."""
        return _hook("enrolment_db")

    def directory(self) -> Connection:
        """The connection of the LDAP directory."""
        return _connection("ldap")

    def moodle(self) -> MoodleClient:
        """A client of Moodle's web services; the token is the connection's password."""
        from ecampus.moodle.client import MoodleClient

        token = _connection("moodle").password or ""
        return MoodleClient(_moodle_session(), moodle_url(), token)

    def moodle_database(self) -> MoodleDatabase | None:
        """Moodle's own database, if the connection ``moodle_db`` is defined; the prefix is an extra of ``moodle``."""
        from ecampus.moodle.database import MoodleDatabase

        if not defined("moodle_db"):
            return None
        prefix = _connection("moodle").extra_dejson.get("table_prefix", MoodleDatabase.prefix)
        return MoodleDatabase(_hook("moodle_db"), str(prefix))


def moodle_url() -> str:
    """The address of Moodle, path included, without the final slash."""
    known = _connection("moodle")
    host = known.host or ""
    url = host if "://" in host else f"{known.schema or 'https'}://{host}"
    return (f"{url}:{known.port}" if known.port else url).rstrip("/")


def annee() -> str:
    """The year in force. Raises ``SettingUnreadable``."""
    return parse_annee(Variable.get("ecampus_annee", default=None))


def freeze_text() -> str:
    """What the Variable ``ecampus_freeze`` says at this moment."""
    return str(Variable.get("ecampus_freeze", default=None) or "")


def freeze() -> Freeze:
    """The freeze as it stands at this moment."""
    return Freeze.parse(freeze_text())


def reaches() -> Reaches:
    """What each role sees of the pages (the Variable ``ecampus_composantes``). Raises SettingUnreadable."""
    from ecampus.explain.reach import Reaches

    return Reaches.parse(Variable.get("ecampus_composantes", default=None))


def keeping() -> Keeping:
    """How long the nights are kept, by Variables. Raises ``SettingUnreadable``."""
    from ecampus.store.retention import Keeping

    extracts, reports = (Variable.get(f"ecampus_keep_{what}", default=None) for what in ("extracts", "reports"))
    return Keeping.parse(extracts, reports)


def smtp() -> Connection:
    """The connection of the mail server. Raises SettingUnreadable."""
    return _connection(SMTP)


def store_url() -> str:
    """Where the nights are kept: ``ECAMPUS_STORE``, else a folder beside Airflow's own."""
    home = Path(os.environ.get("AIRFLOW_HOME", "~/airflow")).expanduser().resolve()
    return os.environ.get("ECAMPUS_STORE") or f"file://{home / 'ecampus'}"


def store(url: str | None = None) -> Store:
    """The store, wherever Airflow can open it (``s3://connexion@bucket/…`` included)."""
    from ecampus.store.files import open_store

    return open_store(ObjectStoragePath(url or store_url()))


def _connection(name: str) -> Connection:
    try:
        return Connection.get(name)
    except AirflowNotFoundException:
        raise SettingUnreadable(
            f"La connexion Airflow « {name} » n'est pas définie : la créer dans Airflow (Admin › Connexions)"
            f" ou par la variable d'environnement AIRFLOW_CONN_{name.upper()}."
        ) from None


def defined(name: str) -> bool:
    try:
        Connection.get(name)
    except AirflowNotFoundException:
        return False
    return True


def _usernames(given: Any) -> list[str]:
    if isinstance(given, list) and all(isinstance(name, str) for name in given):
        return [name.strip().lower() for name in given]
    raise SettingUnreadable(
        "L'option « exclude » de la connexion « moodle » n'est pas une liste d'identifiants :"
        ' l\'écrire comme ["admin", "guest"].'
    )


def _hook(name: str) -> Any:
    kind = _connection(name).conn_type
    try:
        return BaseHook.get_hook(name)
    except (AirflowException, ImportError):
        raise SettingUnreadable(
            f"La connexion « {name} » est de la sorte « {kind} », qu'Airflow ne sait pas ouvrir ici : la corriger, ou"
            " installer le fournisseur (provider) d'Airflow de cette base."
        ) from None


def _moodle_session() -> Any:
    """The provider's session (TLS, proxies); it takes every extra for a header, ours are taken out."""
    from airflow.providers.http.hooks.http import HttpHook

    session = HttpHook("POST", "moodle").get_conn()
    for name in OUR_EXTRAS:
        session.headers.pop(name, None)
    return session
