"""A Moodle as its installation leaves it: site, first category, roles, accounts, service and token."""

import hashlib
import secrets
from importlib.resources import files
from pathlib import Path

from sandbox.moodle.database import CATEGORY, COURSE, OWN_HOST, SITE_COURSE, SYSTEM, TOKEN_ROLE, Database, now
from sandbox.moodle.errors import CAPABILITIES
from sandbox.moodle.releases import DEFAULT, RELEASES
from sandbox.moodle.service import FUNCTIONS

SITE_NAME, SITE_URL = "ecampus (bac à sable)", "https://ecampus.bac-a-sable.example"
ROLES = {
    "manager": "Gestionnaire",
    "coursecreator": "Créateur de cours",
    "editingteacher": "Enseignant",
    "teacher": "Enseignant non éditeur",
    "student": "Étudiant",
    "guest": "Visiteur anonyme",
    "user": "Utilisateur authentifié",
    "frontpage": "Utilisateur authentifié sur la page d'accueil",
    "ws_ecampus": "Synchronisation",
}
ACCOUNTS = (
    {"username": "guest", "firstname": "Visiteur anonyme", "lastname": " ", "email": "root@localhost"},
    {
        "username": "admin",
        "firstname": "Administration",
        "lastname": "ecampus",
        "email": "admin@univ.example",
    },
    {
        "username": "ws_ecampus",
        "firstname": "Synchronisation",
        "lastname": "ecampus",
        "email": "ws@univ.example",
    },
)

SETTINGS = {
    "sitename": SITE_NAME,
    "siteurl": SITE_URL,
    "mnet_localhost_id": OWN_HOST,
    "auth": "cas",
    "enrol_plugins_enabled": "manual,guest,self,cohort,database",
}
"""``auth``: the methods that the administrator enabled, their plugins installed."""
TASK = {"component": "enrol_database", "classname": r"\enrol_database\task\sync_enrolments"}


def open_database(path: Path, token: str | None, branch: str | None) -> Database:
    """The database of the site, installed on first use, as Moodle ``branch`` (4.5 by default); it stays what it is.

    ``token`` then fixes the token, else it is random. Raises CannotPlay.
    """
    if branch and branch not in RELEASES:
        raise CannotPlay(f"Le bac à sable sait jouer Moodle {' et '.join(RELEASES)}, pas {branch}.")
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    db = Database(path)
    if new:
        install(db, branch or DEFAULT)
    elif db.value("SELECT value FROM mdl_config WHERE name = 'sandbox_schema'") != _fingerprint():
        db.close()
        raise CannotPlay(
            f"Le bac à sable de {path.parent} date d'une autre version d'ecampus : l'effacer par « make clean », puis"
            " relancer, qui en refait un."
        )
    elif branch and branch != db.release.branch:
        kept = db.release.branch
        db.close()
        raise CannotPlay(
            f"Le bac à sable de {path.parent} est un Moodle {kept}, pas {branch} : relancer avec MOODLE={kept} pour le"
            " garder, ou l'effacer par « make clean », puis relancer, qui en refait un."
        )
    if token or new:
        _set(db, "token", token or secrets.token_hex(16))
    return db


class CannotPlay(Exception):
    """The sandbox cannot be what is asked for: made for other tables, or another Moodle."""


def _schema() -> str:
    return files(__package__).joinpath("schema.sql").read_text("utf-8")


def _fingerprint() -> str:
    """Of the tables, and of the settings that a site is installed with."""
    return hashlib.sha256(f"{_schema()}{SETTINGS}".encode()).hexdigest()[:16]


def install(db: Database, branch: str) -> None:
    db.connection.executescript(f"BEGIN; {_schema()} COMMIT;")
    with db.transaction():
        for name, value in {**SETTINGS, "sandbox_release": branch, "sandbox_schema": _fingerprint()}.items():
            _set(db, name, value)
        for number, (shortname, name) in enumerate(ROLES.items(), start=1):
            db.insert("role", id=number, shortname=shortname, name=name)
        users = [db.insert("user", **account, timecreated=now()) for account in ACCOUNTS]
        _site(db)
        _set(db, "siteadmins", users[1])
        _set(db, "wsuser", users[2])
        db.insert("role_assignments", roleid=TOKEN_ROLE, contextid=db.context(SYSTEM, 0), userid=users[2])
        db.insert("task_scheduled", **TASK)
        for capability in CAPABILITIES:
            db.allow(capability)
        for function in FUNCTIONS:
            db.run("INSERT INTO sandbox_service (name) VALUES (?)", (function,))


def _set(db: Database, name: str, value: object) -> None:
    db.run("INSERT OR REPLACE INTO mdl_config (name, value) VALUES (?, ?)", (name, str(value)))


def _site(db: Database) -> None:
    """The system context, the site's own course (id 1) and the first category (id 1)."""
    db.context(SYSTEM, 0)
    db.insert("course", id=SITE_COURSE, category=0, fullname=SITE_NAME, shortname="ecampus", format="site")
    db.context(COURSE, SITE_COURSE)
    db.insert("course_categories", id=1, name="Divers", path="/1")
    db.context(CATEGORY, 1)
