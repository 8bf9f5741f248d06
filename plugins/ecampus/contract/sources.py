"""REFER's views (docs/rules.md, «REFER»; without ``annee``), the directory, the enrolment table."""

from __future__ import annotations

from ecampus.contract.kinds import Column, Contract, boolean, code, count, flag, iso_date, label, one_of, text, word


def _refer(view: str, columns: dict[str, Column], key: tuple[str, ...]) -> Contract:
    place = f"La vue refer_{view} (include/sql/refer/{view}.sql)"
    return Contract(place, columns, key)


REFER = {
    "categorie": _refer(
        "categorie",
        {
            "code": code("code of the category (étape, diploma, faculty), raw", "category"),
            "libelle": label("label, shown after the code"),
            "code_parent": code("code of the category above; null at the root", nullable=True),
            "code_composante": code("faculty, the scope of figures and anomalies"),
        },
        ("code",),
    ),
    "element": _refer(
        "element",
        {
            "code": code("COD_ELP of the élément pédagogique", "element"),
            "libelle": label("LIB_ELP, case untouched"),
            "code_categorie": code("the category of its course", "category"),
            "a_distance": flag("O: FOAD, it has a second course"),
        },
        ("code",),
    ),
    "porte": _refer(
        "porte",
        {
            "code_porte": code("element taught inside another", "element"),
            "code_porteur": code("element that it is taught inside"),
        },
        ("code_porte",),
    ),
    "groupe": _refer(
        "groupe",
        {
            "code": code("COD_EXT_GPE", "group"),
            "libelle": label("name of the group; «cemu» in it marks distance groups"),
            "code_collection": code("family of groups, for messages only", nullable=True),
        },
        ("code",),
    ),
    "groupe_element": _refer(
        "groupe_element",
        {
            "code_groupe": code("group", "group"),
            "code_element": code("element that it is attached to", "element"),
        },
        ("code_groupe", "code_element"),
    ),
    "groupe_etudiant": _refer(
        "groupe_etudiant",
        {
            "code_groupe": code("group", "group"),
            "code_etudiant": code("COD_ETU = supannEtuId", "student"),
        },
        ("code_groupe", "code_etudiant"),
    ),
    "etape": _refer(
        "etape",
        {
            "code": code("COD_ETP_COD_VRS", "etape"),
            "libelle": label("label of the year of degree"),
            "code_composante": code("faculty"),
        },
        ("code",),
    ),
    "inscription_administrative": _refer(
        "inscription_administrative",
        {
            "code_etudiant": code("COD_ETU", "student"),
            "code_etape": code("étape of the IA", "etape"),
            "tele_enseignement": flag("TEM_TLS_IAE: O studies at a distance"),
        },
        ("code_etudiant", "code_etape"),
    ),
    "inscription_pedagogique": _refer(
        "inscription_pedagogique",
        {
            "code_etudiant": code("COD_ETU", "student"),
            "code_etape": code("étape under which the IP was made", "etape"),
            "code_element": code("element of the IP", "element"),
        },
        ("code_etudiant", "code_etape", "code_element"),
    ),
    "seance_ade": _refer(
        "seance_ade",
        {
            "code_activite": code("sheet (fiche) in ADE"),
            "code_element": code("element that the sheet teaches", "element"),
            "code_enseignant": code("teacher = supannEmpId", "teacher"),
            "origine": word("APOGEE, or where the sheet comes from"),
            "obsolete": flag("O: the sheet is no longer used"),
            "seances": count("planned sessions; 0 or null: associated only"),
            "premiere_seance": iso_date("date of the first session"),
        },
        ("code_activite", "code_element", "code_enseignant"),
    ),
}

DIRECTORY = {
    "people": Contract(
        "L'annuaire LDAP",
        {
            "entry": code("the entry of the directory (its DN)"),
            "population": one_of("student, staff", "student", "staff"),
            "code": text("supannEtuId or supannEmpId, padded by the site's rule; null when absent"),
            "sought": boolean("found by the filter of this population, not only carrying its code"),
            "uid": text("login, lower case = Moodle's username; null when absent"),
            "sn": text("last name"),
            "given_name": text("first name"),
            "mail": text("e-mail"),
            "unreadable": text("attributes of the entry that are no UTF-8, apart by commas; null when none"),
        },
        (),
        may_be_empty=False,
    )
}

ENROLMENT = {
    "enrolment_rows": Contract(
        "La table des inscriptions",
        {
            "course_idnumber": text("idnumber of the course"),
            "username": text("login"),
            "role": text("shortname of the role"),
        },
        ("course_idnumber", "username", "role"),
    )
}

NAMED = ("element", "group", "student", "teacher", "etape", "category")
ASIDE = ("view", "key", "column", "value", "defect", *NAMED)

UNREAD = {
    "illisible": Contract(
        "La liste des lignes illisibles de REFER",
        {
            "view": code("view of REFER, without refer_"),
            "key": code("the row, for people: «code=L1MAT101»"),
            "column": code("column that cannot be read"),
            "value": text("what it holds, cleaned and cut; null when nothing"),
            "defect": code("what is wrong with it"),
            "element": text("raw code of the element that the row names; null when none can be read"),
            "group": text("code of the group, likewise"),
            "student": text("code of the student, likewise"),
            "teacher": text("code of the teacher, likewise"),
            "etape": text("code of the étape, likewise"),
            "category": text("code of the category, likewise"),
        },
        (),
    )
}
"""The rows that ``contract.admit`` sets aside, one line per defect."""
