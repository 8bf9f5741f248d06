"""A Moodle as its installation leaves it: site, first category, roles, accounts, service and token."""

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
    if token or new:
        values = ("token", token or secrets.token_hex(16))
        db.run("INSERT OR REPLACE INTO mdl_config (name, value) VALUES (?, ?)", values)
    return db


def install(db: Database) -> None:
    schema = files(__package__).joinpath("schema.sql").read_text("utf-8")
    db.connection.executescript(f"BEGIN; {schema} COMMIT;")
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
