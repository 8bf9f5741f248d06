"""A Moodle as its installation leaves it: site, first category, roles, accounts, service and token."""

import hashlib
import secrets
from importlib.resources import files
from pathlib import Path

from sandbox.moodle.database import CATEGORY, COURSE, OWN_HOST, SITE_COURSE, SYSTEM, Database, now
from sandbox.moodle.errors import CAPABILITIES
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


def open_database(path: Path, token: str | None) -> Database:
    """The database of the site, installed on first use; ``token`` then fixes the token, else it is random."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    db = Database(path)
    if new:
        install(db)
    elif db.value("SELECT value FROM mdl_config WHERE name = 'sandbox_schema'") != _fingerprint():
        db.close()
        raise TooOld(path)
    if token or new:
        values = ("token", token or secrets.token_hex(16))
        db.run("INSERT OR REPLACE INTO mdl_config (name, value) VALUES (?, ?)", values)
    return db


class TooOld(Exception):
    """The sandbox was made for other tables than these."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Le bac à sable de {path.parent} date d'une autre version d'ecampus : l'effacer par « make clean », puis"
            " relancer, qui en refait un."
        )


def _schema() -> str:
    return files(__package__).joinpath("schema.sql").read_text("utf-8")


def _fingerprint() -> str:
    return hashlib.sha256(_schema().encode()).hexdigest()[:16]


def install(db: Database) -> None:
    db.connection.executescript(f"BEGIN; {_schema()} COMMIT;")
    with db.transaction():
        for number, (shortname, name) in enumerate(ROLES.items(), start=1):
            db.insert("role", id=number, shortname=shortname, name=name)
        users = [db.insert("user", **account, timecreated=now()) for account in ACCOUNTS]
        _site(db)
        settings = {
            "sitename": SITE_NAME,
            "siteurl": SITE_URL,
            "siteadmins": users[1],
            "wsuser": users[2],
            "mnet_localhost_id": OWN_HOST,
            "sandbox_schema": _fingerprint(),
        }
        for name, value in settings.items():
            db.run("INSERT INTO mdl_config (name, value) VALUES (?, ?)", (name, str(value)))
        for capability in CAPABILITIES:
            db.run("INSERT INTO sandbox_capability (name) VALUES (?)", (capability,))
        for function in FUNCTIONS:
            db.run("INSERT INTO sandbox_service (name) VALUES (?)", (function,))


def _site(db: Database) -> None:
    """The system context, the site's own course (id 1) and the first category (id 1)."""
    db.context(SYSTEM, 0)
    db.insert("course", id=SITE_COURSE, category=0, fullname=SITE_NAME, shortname="ecampus", format="site")
    db.context(COURSE, SITE_COURSE)
    db.insert("course_categories", id=1, name="Divers", path="/1")
    db.context(CATEGORY, 1)
