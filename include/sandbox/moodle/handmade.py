"""What people made in the site by hand, and that no night may alter.

``seed`` puts it there once; ``seed_in`` adds a hand-made group and manual enrolments to any one course;
``snapshot`` reads all of it back, so that two snapshots can be compared.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sandbox.moodle import categories, courses, enrolments, groups
from sandbox.moodle.database import COURSE, SYSTEM, Database, now


@dataclass(frozen=True)
class Account:
    username: str
    auth: str
    firstname: str
    lastname: str
    idnumber: str = ""


@dataclass(frozen=True)
class Space:
    """A course made by hand; people by role, groups by name with the usernames of their members."""

    shortname: str
    fullname: str
    category: str = "Divers"
    idnumber: str = ""
    visible: bool = True
    people: tuple[tuple[str, str], ...] = ()
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()


ACCOUNTS = (
    Account("intervenante.ext", "manual", "Claire", "Extérieure"),
    Account("tuteur.ext", "manual", "Luc", "Tuteur"),
    Account("lecteur.bu", "ldap", "Nadia", "Lectrice", "BU-0042"),
    Account("partenaire", "ldap", "Omar", "Partenaire"),
)
HIDDEN_CATEGORY = "Archives de la plateforme"
SPACES = (
    Space(
        "TUTEURS", "Espace des tuteurs",
        people=(("intervenante.ext", "editingteacher"), ("tuteur.ext", "student"), ("partenaire", "student")),
        groups=(("Tuteurs de première année", ("tuteur.ext",)), ("Observateurs", ("partenaire",))),
    ),
    Space(
        "BU-FORM", "Formation documentaire", idnumber="BU-FORM",
        people=(("lecteur.bu", "teacher"), ("tuteur.ext", "student")),
    ),
    Space("Bac à sable", "Bac à sable des enseignants", people=(("intervenante.ext", "editingteacher"),)),
    Space("ARCHIVE-2019", "Ancienne plateforme", HIDDEN_CATEGORY, idnumber="ARCH-2019", visible=False),
)  # fmt: skip
COHORT = ("Personnels de la bibliothèque", "BU-PERSONNELS", ("lecteur.bu", "partenaire"))


def seed(db: Database, spaces: Iterable[Space] = ()) -> None:
    """The accounts, the hidden category, the spaces (and those given), the cohort; once only."""
    if db.value("SELECT 1 FROM sandbox_handmade"):
        return
    with db.transaction():
        for account in ACCOUNTS:
            email = f"{account.username}@partenaires.example"
            _mark(db, "user", db.insert("user", email=email, **vars(account)))
        hidden = categories.create_category(db, HIDDEN_CATEGORY)
        categories.hide(db, hidden)
        _mark(db, "course_categories", hidden)
        for space in (*SPACES, *spaces):
            _make_space(db, space)
        _make_cohort(db)


def _mark(db: Database, table: str, key: int) -> None:
    db.run("INSERT OR IGNORE INTO sandbox_handmade (tablename, id) VALUES (?, ?)", (table, key))


def _make_space(db: Database, space: Space) -> None:
    category = db.get("course_categories", db.same("course_categories", "name", space.category) or 0)
    course = courses.create_course(
        db, category, shortname=space.shortname, fullname=space.fullname, idnumber=space.idnumber,
        visible=int(space.visible), summary="Espace créé à la main.",
    )  # fmt: skip
    _mark(db, "course", course)
    for username, role in space.people:
        _enrol(db, course, username, role)
    for name, members in space.groups:
        _make_group(db, course, name, members)


def _user(db: Database, username: str) -> int:
    return int(db.get("user", db.same("user", "username", username) or 0)["id"])


def _enrol(db: Database, course: int, username: str, role: str) -> None:
    user = _user(db, username)
    roleid = db.value("SELECT id FROM mdl_role WHERE shortname = ?", (role,))
    enrolments.enrol(db, course, "manual", user, roleid)
    enrolled = "SELECT id FROM mdl_user_enrolments WHERE enrolid = ? AND userid = ?"
    _mark(db, "user_enrolments", db.value(enrolled, (enrolments.method(db, course, "manual"), user)))
    assigned = "SELECT id FROM mdl_role_assignments WHERE contextid = ? AND userid = ? AND component = ''"
    for row in db.all(assigned, (db.context(COURSE, course), user)):
        _mark(db, "role_assignments", row["id"])


def _make_group(db: Database, course: int, name: str, members: Iterable[str]) -> None:
    group = groups.create_group(db, course, name)
    _mark(db, "groups", group)
    for username in members:
        user = _user(db, username)
        groups.add_member(db, group, user)
        sql = "SELECT id FROM mdl_groups_members WHERE groupid = ? AND userid = ?"
        _mark(db, "groups_members", db.value(sql, (group, user)))


def _make_cohort(db: Database) -> None:
    name, idnumber, members = COHORT
    cohort = db.insert("cohort", contextid=db.context(SYSTEM, 0), name=name, idnumber=idnumber)
    _mark(db, "cohort", cohort)
    for username in members:
        key = db.insert("cohort_members", cohortid=cohort, userid=_user(db, username), timeadded=now())
        _mark(db, "cohort_members", key)


def seed_in(db: Database, course: int) -> None:
    """In a course of the offer: a teacher and a student enrolled by hand, and a hand-made group of theirs."""
    with db.transaction():
        _enrol(db, course, "intervenante.ext", "editingteacher")
        _enrol(db, course, "tuteur.ext", "student")
        _make_group(db, course, "Groupe d'entraide", ("tuteur.ext",))


def snapshot(db: Database) -> dict[str, list[dict[str, Any]]]:
    """Every hand-made row by table, as it is now; a row that has gone is missing."""
    tables = [row[0] for row in db.all("SELECT DISTINCT tablename FROM sandbox_handmade ORDER BY 1")]
    sql = "SELECT t.* FROM mdl_{0} t JOIN sandbox_handmade h ON h.id = t.id AND h.tablename = '{0}' ORDER BY t.id"
    return {table: [dict(row) for row in db.all(sql.format(table))] for table in tables}
