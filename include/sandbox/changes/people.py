"""What happens in a day to students, teachers and accounts."""

from datetime import timedelta

from sandbox.changes.day import Day, Row

_STUDENTS = """
SELECT code_etudiant FROM refer_inscription_administrative
WHERE annee = :annee AND tele_enseignement = 'N'
AND code_etape NOT LIKE 'DU%' AND code_etudiant NOT LIKE '229%'
"""
"""Students of the bulk who are not in télé-enseignement."""

_SHEETS = """
SELECT code_activite FROM refer_seance_ade WHERE annee = :annee AND seances > 0 AND obsolete = 'N'
AND origine = 'APOGEE' AND code_activite LIKE 'ADE5%'
"""

_BULK_UID = {"student": "e21%", "staff": "p0041%"}


def change_groups(day: Day) -> None:
    """Des étudiants changent de groupe."""
    (code,) = day.pick(
        "SELECT code FROM refer_groupe WHERE annee = :annee AND code LIKE '%-TD2' AND code NOT LIKE '%CAS%'"
    )
    other = code.replace("-TD2", "-TD1")
    moved = day.rows("refer_groupe_etudiant", code_groupe=code)[:3]
    for row in moved:
        day.change("refer_groupe_etudiant", row, code_groupe=other)
    day.say(f"{_codes(moved)} passent du groupe {code} au groupe {other}.")


def arrive(day: Day) -> None:
    """De nouveaux étudiants arrivent."""
    (model,) = day.pick(_STUDENTS)
    first = int(day.values("SELECT MAX(code) FROM person WHERE code LIKE '221%'")[0]) + 1
    for code in map(str, range(first, first + 3)):
        for table in ("inscription_administrative", "inscription_pedagogique", "groupe_etudiant"):
            for row in day.rows(f"refer_{table}", code_etudiant=model):
                day.add(f"refer_{table}", **(row | {"code_etudiant": code}))
        _add_person(day, "student", code, f"e{code[1:]}")
    day.say(f"Trois nouveaux étudiants, {first} à {first + 2}, dans l'étape et les groupes de {model}.")


def leave_refer(day: Day) -> None:
    """Des étudiants abandonnent : ils quittent REFER et restent dans LDAP."""
    gone = day.pick(_STUDENTS, 2)
    for code in gone:
        for table in ("inscription_administrative", "inscription_pedagogique", "groupe_etudiant"):
            day.remove(f"refer_{table}", code_etudiant=code)
    day.say(f"Les étudiants {' et '.join(gone)} abandonnent : plus aucune inscription dans REFER.")


def plan_teachers(day: Day) -> None:
    """Des enseignants sont planifiés, déplanifiés, laissés sur une fiche obsolète."""
    unplanned, obsolete, model = day.pick(_SHEETS, 3)
    day.change("refer_seance_ade", {"code_activite": unplanned}, seances=0, premiere_seance=None)
    day.say(f"Les séances de la fiche ADE {unplanned} sont retirées : {_teaching(day, unplanned)}")
    day.change("refer_seance_ade", {"code_activite": obsolete}, obsolete="O")
    day.say(f"La fiche ADE {obsolete} devient obsolète : {_teaching(day, obsolete)}")
    row = day.rows("refer_seance_ade", code_activite=model)[0]
    (teacher,) = day.pick(
        "SELECT code FROM person WHERE population = 'staff' AND present = 1 AND code < '0009' "
        "AND code NOT IN (SELECT code_enseignant FROM refer_seance_ade WHERE code_element = :element)",
        element=row["code_element"],
    )
    first = (day.today + timedelta(days=7)).isoformat()
    planned = row | {
        "code_activite": f"ADE6{day.number:05}",
        "code_enseignant": teacher,
        "premiere_seance": first,
    }
    day.add("refer_seance_ade", **planned)
    day.say(f"L'enseignant {teacher} est planifié sur {row['code_element']}.")


def rename_logins(day: Day) -> None:
    """Des logins changent."""
    for population, letter in (("student", "e"), ("staff", "p")):
        (uid,) = day.pick(_uids(population), population=population)
        new = f"{letter}7{uid[2:]}"
        day.change("person", {"uid": uid, "present": 1}, uid=new)
        day.say(f"Le login {uid} devient {new} dans LDAP.")


def rename_people(day: Day) -> None:
    """Une personne change de nom et d'adresse."""
    (uid,) = day.pick(_uids("student"), population="student")
    row = day.rows("person", uid=uid, present=1)[0]
    day.change("person", row, sn=f"{row['sn']}-Delaunay", mail=f"delaunay.{uid}@etu.univ-campus.fr")
    day.say(f"{uid} change de nom et d'adresse dans LDAP.")


def leave_directory(day: Day) -> None:
    """Des personnes quittent LDAP."""
    for population in ("student", "staff"):
        (uid,) = day.pick(_uids(population), population=population)
        with day.until_tomorrow(f"{uid} revient dans LDAP."):
            day.change("person", {"uid": uid}, present=0)
        day.say(f"{uid} quitte LDAP.")


def hire(day: Day) -> None:
    """Un enseignant arrive."""
    last = day.values(
        "SELECT COALESCE(MAX(code), '00041000') FROM person WHERE population = 'staff' AND code < '0009'"
    )[0]
    code = f"{int(last) + 1:08}"
    _add_person(day, "staff", code, f"p{code[1:]}")
    day.say(f"Un nouvel enseignant, {code}, arrive dans LDAP.")


def _uids(population: str) -> str:
    return (
        f"SELECT uid FROM person WHERE present = 1 AND population = :population AND uid LIKE '{_BULK_UID[population]}'"
    )


def _add_person(day: Day, population: str, code: str, uid: str) -> None:
    mail = f"arrivee.{uid}@univ-campus.fr"
    day.add(
        "person",
        population=population,
        code=code,
        uid=uid,
        sn="Nouvel-Arrivant",
        given_name=day.rng.choice(("Alix", "Camille", "Dominique", "Sacha")),
        mail=mail,
        present=1,
    )


def _teaching(day: Day, activity: str) -> str:
    row = day.rows("refer_seance_ade", code_activite=activity)[0]
    return f"{row['code_enseignant']} n'est plus planifié sur {row['code_element']} par cette fiche."


def _codes(rows: list[Row]) -> str:
    return ", ".join(str(row["code_etudiant"]) for row in rows)


VERBS = (
    change_groups,
    arrive,
    leave_refer,
    plan_teachers,
    rename_logins,
    rename_people,
    leave_directory,
    hire,
)
