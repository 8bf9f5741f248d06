"""What Moodle has: the same columns whoever reads it."""

from __future__ import annotations

from ecampus.contract.kinds import Column, Contract, boolean, code, count, identifier, text


def _moodle(what: str, columns: dict[str, Column], key: tuple[str, ...], may_be_empty: bool = True) -> Contract:
    return Contract(f"La lecture des {what} de Moodle", columns, key, may_be_empty)


def _created() -> Column:
    """Beside the id, for a Moodle restored from a backup gives ids again."""
    return count("unix seconds; null where unseen")


def _added() -> Column:
    """Only Moodle's own database shows it."""
    return count("unix seconds; null where unseen")


HIDDEN = {
    "site_admins": _moodle("administrateurs", {"user_id": identifier("account that nobody may touch")}, ("user_id",)),
    "foreign_cohorts": _moodle(
        "cohortes des autres", {"id": identifier("cohort of a plugin, or of a category")}, ("id",)
    ),
    "held_members": _moodle(
        "membres tenus par une extension",
        {"group_id": identifier("group"), "user_id": identifier("member that a plugin holds")},
        ("group_id", "user_id"),
    ),
    "enrolment_methods": _moodle(
        "méthodes d'inscription",
        {
            "course_id": identifier("course"),
            "user_id": identifier("user"),
            "method": code("manual, database, cohort…"),
            "role": text("shortname of a role that the method gave; null when none"),
            "active": boolean("enabled, not suspended, begun and not ended"),
        },
        (),
    ),
}
"""No web service of Moodle 4.5 shows them, only its own database."""

MOODLE = {
    "users": _moodle(
        "comptes",
        {
            "id": identifier("Moodle's id"),
            "username": code("login, lower case"),
            "idnumber": text("the person's code; null when none"),
            "auth": code("authentication method"),
            "firstname": text("first name"),
            "lastname": text("last name"),
            "email": text("e-mail; null when hidden"),
            "suspended": boolean("cannot log in"),
            "created": _created(),
        },
        ("id",),
        may_be_empty=False,
    ),
    "categories": _moodle(
        "catégories",
        {
            "id": identifier("Moodle's id"),
            "idnumber": text("code; null when hand-made"),
            "name": text("name, not escaped"),
            "parent_id": identifier("category above, 0 at the top"),
            "visible": boolean("shown to students"),
            "created": _created(),
        },
        ("id",),
        may_be_empty=False,
    ),
    "courses": _moodle(
        "cours",
        {
            "id": identifier("Moodle's id"),
            "idnumber": text("code; null when hand-made"),
            "shortname": text("short name"),
            "fullname": text("full name, not escaped"),
            "category_id": identifier("category"),
            "visible": boolean("shown to students"),
            "created": _created(),
        },
        ("id",),
    ),
    "cohorts": _moodle(
        "cohortes",
        {
            "id": identifier("Moodle's id"),
            "idnumber": text("code of the étape; null when hand-made"),
            "name": text("name, not escaped"),
            "created": _created(),
        },
        ("id",),
    ),
    "cohort_members": _moodle(
        "membres des cohortes",
        {"cohort_id": identifier("cohort"), "user_id": identifier("user"), "added": _added()},
        ("cohort_id", "user_id"),
    ),
    "groups": _moodle(
        "groupes",
        {
            "id": identifier("Moodle's id"),
            "course_id": identifier("course"),
            "idnumber": text("code; null when hand-made"),
            "name": text("name, not escaped"),
            "created": _created(),
        },
        ("id",),
    ),
    "group_members": _moodle(
        "membres des groupes",
        {"group_id": identifier("group"), "user_id": identifier("user"), "added": _added()},
        ("group_id", "user_id"),
    ),
    "groupings": _moodle(
        "groupements",
        {
            "course_id": identifier("course"),
            "grouping_id": identifier("grouping that a teacher made"),
            "group_id": identifier("group that is in it"),
        },
        ("grouping_id", "group_id"),
    ),
    "enrolled": _moodle(
        "inscrits",
        {
            "course_id": identifier("course"),
            "user_id": identifier("user with an active enrolment"),
            "role": text("shortname of the role; null when none"),
        },
        ("course_id", "user_id", "role"),
    ),
    "spaces_read": _moodle(
        "espaces complémentaires lus", {"course_id": identifier("course of somebody else")}, ("course_id",)
    ),
    "known_accounts": _moodle("comptes connus", {"user_id": identifier("account that Moodle has")}, ("user_id",)),
    "gone": _moodle(
        "objets disparus",
        {
            "kind": code("as in the register"),
            "id": identifier("object of ours that Moodle says it has not"),
        },
        ("kind", "id"),
    ),
    "gone_courses": _moodle(
        "cours disparus", {"course_id": identifier("course of ours that Moodle says it has not")}, ("course_id",)
    ),
    "gone_accounts": _moodle(
        "comptes disparus", {"user_id": identifier("account of ours that Moodle says it has not")}, ("user_id",)
    ),
} | HIDDEN
