"""The plan of 04h15: the rows of the external table that Moodle's ``enrol_database`` applies.

The table is never emptied or rebuilt; rows that are not ours stay, and any row of a FOAD course whose role is not
student («/!\\ Cours FOAD : inscription et désinscription manuelle»).
"""

from __future__ import annotations

import pandas as pd

from ecampus.changes import plan
from ecampus.changes.compare import differs, has
from ecampus.changes.courses import live_courses, owned_courses
from ecampus.changes.draft import Draft, Inputs
from ecampus.changes.keys import CELLS, ROW
from ecampus.rules import offer, people, referential, teaching, text, traps
from ecampus.words import anomalies

STUDENT = "student"
TEACHER = "editingteacher"
TOLD_BEFORE = ("categorie", "element", "porte", "etape", "inscription_administrative")


def draft(inputs: Inputs) -> Draft:
    """Rows to add and rows of ours to remove, with everything a clerk can mend about enrolments."""
    refer, defects = referential.clean(inputs.source, inputs.settings.padding, told_before=TOLD_BEFORE)
    wanted, _ = offer.desired(refer)
    known = people.accounts(inputs.existing["users"], inputs.ledger["account"], inputs.settings.forms)
    courses = live_courses(inputs.existing["courses"], inputs.ledger["course"])
    courses = courses[courses["idnumber"].eq(courses["key"])]  # else the row would name another course
    placed = teaching.placements(refer, wanted.elements)
    seats = teaching.student_seats(placed, refer["groupe_etudiant"], refer["inscription_administrative"])
    teachers = teaching.teacher_seats(refer["seance_ade"], wanted.elements)

    rows = desired_rows(seats, teachers, known, courses)
    kept = protected(inputs, wanted.courses["key"])
    stranded = teaching.stranded_teachers(refer["seance_ade"], wanted.elements, inputs.memory["links"])
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
            scopes=inputs.ledger["course"].drop_duplicates("idnumber").set_index("idnumber")["scope"],
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

    Archives (people stay), courses of frozen elements, courses whose archive was refused or waits, unseen courses, and
    those whose code somebody changed by hand, until it is healed; not a code that a course of somebody else carries by
    now. Upper case.
    ``wanted``: the keys of the courses that REFER wants.
    """
    owned = owned_courses(inputs.existing["courses"], inputs.ledger["course"])
    off_code = differs(owned["idnumber"], owned["given"])
    kept = owned[owned["archived"].notna() | ~owned["key"].isin(wanted) | off_code]
    keys = pd.concat([kept["idnumber"], kept["given"], unseen(inputs)], ignore_index=True)
    keys = keys.dropna().str.upper().drop_duplicates()
    strangers = inputs.existing["courses"][~inputs.existing["courses"]["id"].isin(owned["id"])]
    return keys[~keys.isin(strangers["idnumber"].str.upper())]


def unseen(inputs: Inputs) -> pd.Series:
    """The codes of courses of ours that Moodle does not show and that none of its courses carries.

    A token that cannot see hidden courses unenrols nobody.
    """
    shown, ours = inputs.existing["courses"], inputs.ledger["course"]
    codes = ours.loc[~ours["id"].isin(shown["id"]), "idnumber"]
    return codes[~codes.isin(shown["idnumber"])]


def diff(
    rows: pd.DataFrame,
    table: pd.DataFrame,
    owned: pd.DataFrame,
    kept: pd.Series,
    usernames: pd.Series,
    staying: pd.DataFrame,
    all_accounts_seen: bool,
    scopes: pd.Series,
) -> pd.DataFrame:
    """``enrol`` what is wanted and not in the table, ``unenrol`` what is ours and no longer wanted.

    ``kept``: courses whose rows stay, but for those that name no account (a rename that was killed half-way).
    ``staying``: single rows that stay if they are there. While accounts of ours are missing from the read, rows that
    name no account stay too. ``scopes``: the composante of each course of ours, by the code that we gave it.
    """
    ours = owned[has(owned, table, ROW)]
    manual = ours["course_idnumber"].str.endswith(text.FOAD_KEY) & (ours["role"] != STUDENT)
    named = ours["username"].isin(usernames)
    kept_course = ours["course_idnumber"].str.upper().isin(kept)
    stays = manual | (kept_course & named) | ~(named | all_accounts_seen)
    gone = ours[~has(ours, pd.concat([rows[ROW], staying[ROW]]), ROW) & ~stays]
    gone = gone.assign(composante=gone["course_idnumber"].map(scopes))
    return plan.in_order(
        [
            plan.changes("enrolment", "enrol", rows[~has(rows, table, ROW)], key=ROW, **CELLS),
            plan.changes("enrolment", "unenrol", gone, key=ROW, **CELLS),
        ]
    )
