"""The plan of 04h15: the rows of the external table that Moodle's ``enrol_database`` applies.

The table is never emptied or rebuilt; rows that are not ours stay, and any row of a FOAD course whose role is not
student («/!\\ Cours FOAD : inscription et désinscription manuelle»).
"""

from __future__ import annotations

import pandas as pd

from ecampus.changes import plan
from ecampus.changes.courses import live_courses, owned_courses
from ecampus.changes.draft import Draft, Inputs
from ecampus.changes.keys import ROW
from ecampus.rules import offer, people, referential, teaching, text, traps
from ecampus.words import anomalies

STUDENT = "student"
TEACHER = "editingteacher"
ARCHIVED = r"^ex_(\d+_)?"
TOLD_BEFORE = ("categorie", "element", "porte", "etape", "inscription_administrative")


def draft(inputs: Inputs) -> Draft:
    """Rows to add and rows of ours to remove, with everything a clerk can mend about enrolments."""
    refer, defects = referential.clean(inputs.source, inputs.settings.padding, told_before=TOLD_BEFORE)
    wanted, _ = offer.desired(refer)
    known = people.accounts(inputs.existing["users"], inputs.ledger["account"], inputs.settings.forms)
    courses = live_courses(inputs.existing["courses"], inputs.ledger["course"])
    courses = courses[courses["idnumber"].str.upper() == courses["key"]]  # else the row would name another course
    placed = teaching.placements(refer, wanted.elements)
    seats = teaching.student_seats(placed, refer["groupe_etudiant"], refer["inscription_administrative"])
    teachers = teaching.teacher_seats(refer["seance_ade"], wanted.elements)

    rows = desired_rows(seats, teachers, known, courses)
    kept = protected(inputs, wanted.courses["key"])
    stranded = teaching.stranded_teachers(refer["seance_ade"], wanted.elements, inputs.memory["porte"])
    staying = desired_rows(seats.iloc[:0], stranded, known, courses)
    met = [
        defects,
        traps.of_students(refer, wanted.elements, placed),
        traps.of_teachers(refer["seance_ade"], wanted.elements),
        traps.hidden_courses(refer["seance_ade"], wanted.elements, courses, inputs.settings.night),
        traps.absent_accounts(refer, seats, teachers, known),
        traps.shared_by_teachers(teachers, known, inputs),
    ]
    return Draft(
        changes=diff(
            rows,
            inputs.existing["enrolment_rows"],
            inputs.ledger["enrolment"],
            kept,
            inputs.existing["users"]["username"],
            staying,
            all_accounts_seen=inputs.ledger["account"]["user_id"].isin(inputs.existing["users"]["id"]).all(),
        ),
        anomalies=anomalies.gather(met),
        read={"enrolment": len(rows)},
    )


def desired_rows(
    seats: pd.DataFrame, teachers: pd.DataFrame, known: pd.DataFrame, courses: pd.DataFrame
) -> pd.DataFrame:
    """course_idnumber, username, role, composante: only accounts and courses (ours, live) that exist now."""
    students = seats.merge(people.of_population(known, "student"), left_on="code_etudiant", right_on="code")
    staff = teachers.merge(people.of_population(known, "staff"), left_on="code_enseignant", right_on="code")
    rows = pd.concat([students.assign(role=STUDENT), staff.assign(role=TEACHER)], ignore_index=True)
    rows = rows[rows["key"].isin(courses["key"])].rename(columns={"key": "course_idnumber"})
    return rows[[*ROW, "composante"]].drop_duplicates(ROW, ignore_index=True)


def protected(inputs: Inputs, wanted: pd.Series) -> pd.Series:
    """Course idnumbers whose rows stay exactly as they are: all those of ours that REFER does not want now.

    Archives (people stay), courses of frozen elements, courses whose archive was refused or waits, unseen courses.
    ``wanted``: the keys of the courses that REFER wants.
    """
    owned = owned_courses(inputs.existing["courses"], inputs.ledger["course"])
    kept = owned[owned["archived"].notna() | ~owned["key"].isin(wanted)]
    return pd.concat([kept["idnumber"], kept.loc[kept["archived"].isna(), "key"], unseen(inputs)], ignore_index=True)


def unseen(inputs: Inputs) -> pd.Series:
    """Idnumbers in our rows of courses of ours that Moodle does not show: a token that cannot see hidden courses
    unenrols nobody."""
    shown, ours = inputs.existing["courses"], inputs.ledger["course"]
    rows = inputs.ledger["enrolment"]["course_idnumber"].drop_duplicates()
    keys = ours.loc[~ours["id"].isin(shown["id"]), "key"]
    return rows[~rows.isin(shown["idnumber"]) & rows.str.replace(ARCHIVED, "", regex=True).isin(keys)]


def diff(
    rows: pd.DataFrame,
    table: pd.DataFrame,
    owned: pd.DataFrame,
    kept: pd.Series,
    usernames: pd.Series,
    staying: pd.DataFrame,
    all_accounts_seen: bool,
) -> pd.DataFrame:
    """``enrol`` what is wanted and not in the table, ``unenrol`` what is ours and no longer wanted.

    ``kept``: courses whose rows stay, but for those that name no account (a rename that was killed half-way).
    ``staying``: single rows that stay if they are there. While accounts of ours are missing from the read, rows that
    name no account stay too.
    """
    fields = {field: field for field in ROW}
    new = rows.merge(table.assign(there=True), on=ROW, how="left")
    ours = owned[ROW].merge(table[ROW], on=ROW)
    wanted = pd.concat([rows[ROW], staying[ROW]]).drop_duplicates()
    ours = ours.merge(wanted.assign(wanted=True), on=ROW, how="left")
    manual = ours["course_idnumber"].str.endswith(text.FOAD_KEY) & (ours["role"] != STUDENT)
    named = ours["username"].isin(usernames)
    stays = manual | (ours["course_idnumber"].isin(kept) & named) | ~(named | all_accounts_seen)
    gone = ours[ours["wanted"].isna() & ~stays]
    scopes = rows.drop_duplicates("course_idnumber").set_index("course_idnumber")["composante"]
    gone = gone.assign(composante=gone["course_idnumber"].map(scopes))
    return plan.in_order(
        [
            plan.changes("enrolment", "enrol", new[new["there"].isna()], key=ROW, after=fields),
            plan.changes("enrolment", "unenrol", gone, key=ROW, before=fields),
        ]
    )
