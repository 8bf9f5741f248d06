"""The database of the enrolment table: the table, the register, and the rights on both."""

from __future__ import annotations

from functools import partial

from ecampus.moodle import mark
from ecampus.night.intake import Systems
from ecampus.night.preflight.inspection import Inspection, Part
from ecampus.night.preflight.moodle import Site
from ecampus.register import rights, schema
from ecampus.register.enrolment_table import EnrolmentTable
from ecampus.register.register import Register, State
from ecampus.safety import whose
from ecampus.sources.sql import Hook
from ecampus.words.findings import counted

PART = "Base des inscriptions"
KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mariadb": "MariaDB ou MySQL", "oracle": "Oracle"}
NEW = State("", 0, None, None, 0)
"""Of a register that is not made yet."""
SCRIPTS = "include/sql/register"


def look(found: Inspection, systems: Systems, site: Site | None) -> Hook | None:
    """The way to the database, null when it does not answer."""
    at = found.part(PART)
    hook: Hook | None = at.tried("connexion", systems.enrolment_hook)
    kind = at.tried("connexion", lambda: rights.kind(hook), lambda kind: f"ouverte, {KINDS[kind]}") if hook else None
    if hook is None or kind is None:
        at.unseen("table enrolments", "registre", "registre et Moodle")
        return None
    if kind == "oracle":
        at.bad(
            "registre",
            "Oracle n'a pas encore été essayé pour le registre : mettre la table des inscriptions dans un PostgreSQL ou"
            " un MariaDB, ou faire d'abord passer les essais du registre sur cet Oracle.",
        )
        at.unseen("registre et Moodle")
        return hook
    _table(at, hook)
    state = at.tried("registre", lambda: Register(hook).found() or NEW)
    if state is None:
        at.unseen("registre et Moodle")
        return hook
    _register(at, hook, state)
    _same(at, state, site)
    return hook


def _table(at: Part, hook: Hook) -> None:
    table = EnrolmentTable(hook)
    subject = f"table {table.name}"
    lacking = at.tried(subject, lambda: rights.missing(hook, table.name, rights.ENROLMENT))
    if lacking:
        at.bad(subject, _lacking(lacking, table.name))
    elif lacking == []:
        at.tried(subject, lambda: _counted(table), lambda rows: f"{counted(rows, 'ligne')}, droits suffisants")


def _counted(table: EnrolmentTable) -> int:
    rights.require_writable(table.hook)
    return table.count()


def _register(at: Part, hook: Hook, state: State) -> None:
    """Its tables, or the right to make them."""
    version = at.tried("registre", lambda: schema.seen(hook, EnrolmentTable.name) or 0)
    if version == schema.VERSION:
        _rights(at, hook, state)
    if version is None or version == schema.VERSION:
        return
    may = at.tried("registre", lambda: rights.may_make_tables(hook))
    when = "seront mises à jour" if version else "seront faites"
    if may:
        at.good("registre", f"ses tables {when} par la première phase qui lira ecampus, le droit y est")
    elif may is False:
        at.bad(
            "registre",
            "ses tables ne peuvent pas être faites : donner le droit CREATE au compte de la connexion « enrolment_db »,"
            f" ou demander à l'administrateur de la base de passer les scripts de {SCRIPTS}.",
        )


def _rights(at: Part, hook: Hook, state: State) -> None:
    names = at.tried("registre", lambda: rights.made(hook)) or []
    tried = {name: at.tried(name, partial(rights.missing, hook, name, rights.REGISTER)) for name in names}
    for name, lacking in tried.items():
        if lacking:
            at.bad(name, _lacking(lacking, name))
    if names and all(lacking == [] for lacking in tried.values()):
        at.good("registre", f"{state.name or 'neuf'}, {len(names)} tables, droits suffisants")


def _same(at: Part, state: State, site: Site | None) -> None:
    subject = "registre et Moodle"
    if site is None:
        at.unseen(subject)
        return
    client = site.client
    told = f"ils se connaissent, n° {state.number}" if state.number else "aucun n'a encore servi"
    at.held(subject, lambda: whose.require_same(state, mark.read(client), client.url), told)


def _lacking(verbs: list[str], table: str) -> str:
    return (
        f"le compte de la connexion « enrolment_db » n'a pas le droit {', '.join(verbs)} : GRANT {', '.join(verbs)} ON"
        f" {table} TO ce compte."
    )
