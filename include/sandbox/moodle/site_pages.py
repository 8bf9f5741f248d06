"""Plain pages, in French, to look at the site: categories, courses, people, groups."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from html import escape

from sandbox.moodle.database import COURSE, SITE_COURSE, Database
from sandbox.moodle.envelope import Answer, page

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2rem .6rem;text-align:left}"
    ".hidden{color:#767676}"
)
LOGIN = (
    '<form method="post" action="/login/index.php"><label>Se connecter comme '
    '<input name="username"></label> <button>Connexion</button></form>'
)
METHODS = {"manual": "manuelle", "database": "base de données"}


def show(db: Database, path: str) -> Answer:
    """``/``, ``/category/<id>``, ``/course/<id>`` or ``/user/<id>``."""
    with db.lock:
        kind, _, key = path.strip("/").partition("/")
        if not kind:
            return _page("Espaces de cours", LOGIN + _tree(db, 0) + _cohorts(db))
        pages = {"category": _category, "course": _course, "user": _user}
        found = pages[kind](db, int(key)) if kind in pages and key.isdecimal() else None
    return found or _page("Page introuvable", "<p>Rien à cette adresse.</p>", 404)


def _page(title: str, body: str, status: int = 200) -> Answer:
    return page(
        status,
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<style>{STYLE}</style></head><body><p><a href="/">Accueil</a></p><h1>{escape(title)}</h1>{body}'
        "</body></html>",
    )


def _link(kind: str, row: sqlite3.Row, label: str, visible: bool = True) -> str:
    if visible:
        return f'<a href="/{kind}/{row["id"]}">{escape(label)}</a>'
    return f'<a class="hidden" href="/{kind}/{row["id"]}">{escape(label)}</a> <small>(caché)</small>'


def _tree(db: Database, root: int) -> str:
    categories, courses = defaultdict(list), defaultdict(list)
    for row in db.all("SELECT * FROM mdl_course_categories ORDER BY name"):
        categories[row["parent"]].append(row)
    for row in db.all("SELECT * FROM mdl_course WHERE id <> ? ORDER BY fullname", (SITE_COURSE,)):
        courses[row["category"]].append(row)

    def branch(parent: int) -> str:
        items = [_link("course", row, row["fullname"], row["visible"]) for row in courses[parent]]
        items += [
            f"<b>{_link('category', row, row['name'], row['visible'])}</b>{branch(row['id'])}"
            for row in categories[parent]
        ]
        return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>" if items else ""

    return branch(root)


def _cohorts(db: Database) -> str:
    rows = db.all(
        "SELECT c.name, c.idnumber, count(m.id) AS members FROM mdl_cohort c"
        " LEFT JOIN mdl_cohort_members m ON m.cohortid = c.id GROUP BY c.id ORDER BY c.name"
    )
    return "<h2>Cohortes</h2>" + _table(("Cohorte", "Identifiant", "Membres"), [map(str, row) for row in rows])


def _category(db: Database, key: int) -> Answer | None:
    row = db.find("course_categories", key)
    if row is None:
        return None
    return _page(row["name"], _facts(row["idnumber"], row["visible"]) + _tree(db, key))


def _facts(idnumber: str | None, visible: bool) -> str:
    state = "visible" if visible else "caché"
    return f"<p>Identifiant : {escape(idnumber or 'aucun')} ; {state}</p>"


def _course(db: Database, key: int) -> Answer | None:
    row = db.find("course", key)
    if row is None:
        return None
    body = _facts(row["idnumber"], row["visible"]) + f"<p>{escape(row['summary'])}</p>"
    return _page(row["fullname"], body + _people(db, key) + _groups(db, key))


def _people(db: Database, course: int) -> str:
    rows = db.all(
        "SELECT u.id, u.username, u.firstname, u.lastname, e.enrol, x.status,"
        " group_concat(r.name, ', ') AS roles"
        " FROM mdl_user_enrolments x JOIN mdl_enrol e ON e.id = x.enrolid JOIN mdl_user u ON u.id = x.userid"
        " LEFT JOIN mdl_role_assignments a ON a.userid = u.id AND a.contextid = ?"
        "   AND (a.itemid = e.id OR (e.enrol = 'manual' AND a.component = ''))"
        " LEFT JOIN mdl_role r ON r.id = a.roleid"
        " WHERE e.courseid = ? GROUP BY x.id ORDER BY u.lastname, u.firstname",
        (db.context(COURSE, course), course),
    )
    lines = [
        (
            _link("user", row, f"{row['firstname']} {row['lastname']} ({row['username']})"),
            escape(row["roles"] or "aucun rôle"),
            METHODS.get(row["enrol"], row["enrol"]),
            "suspendue" if row["status"] else "active",
        )
        for row in rows
    ]
    heads = ("Personne", "Rôle", "Méthode", "Inscription")
    return f"<h2>Personnes inscrites ({len(lines)})</h2>" + _table(heads, lines, safe=True)


def _groups(db: Database, course: int) -> str:
    rows = db.all(
        "SELECT g.name, g.idnumber,"
        " coalesce(group_concat(u.firstname || ' ' || u.lastname, ', '), '') AS members"
        " FROM mdl_groups g LEFT JOIN mdl_groups_members m ON m.groupid = g.id"
        " LEFT JOIN mdl_user u ON u.id = m.userid WHERE g.courseid = ? GROUP BY g.id ORDER BY g.name",
        (course,),
    )
    return f"<h2>Groupes ({len(rows)})</h2>" + _table(("Groupe", "Identifiant", "Membres"), rows)


def _user(db: Database, key: int) -> Answer | None:
    user = db.find("user", key)
    if user is None:
        return None
    rows = db.all(
        "SELECT DISTINCT c.id, c.fullname, c.visible FROM mdl_user_enrolments x"
        " JOIN mdl_enrol e ON e.id = x.enrolid JOIN mdl_course c ON c.id = e.courseid"
        " WHERE x.userid = ? AND x.status = 0 ORDER BY c.fullname",
        (key,),
    )
    items = "".join(f"<li>{_link('course', row, row['fullname'], row['visible'])}</li>" for row in rows)
    suspended = " ; compte suspendu" if user["suspended"] else ""
    facts = f"{user['username']} ; identifiant : {user['idnumber'] or 'aucun'} ; {user['auth']}{suspended}"
    return _page(f"{user['firstname']} {user['lastname']}", f"<p>{escape(facts)}</p><ul>{items}</ul>")


def _table(heads: tuple[str, ...], lines: Iterable[Iterable[str]], safe: bool = False) -> str:
    clean = str if safe else escape
    top = "".join(f"<th>{head}</th>" for head in heads)
    rows = "".join("<tr>" + "".join(f"<td>{clean(cell)}</td>" for cell in line) + "</tr>" for line in lines)
    return f"<table><tr>{top}</tr>{rows}</table>"
