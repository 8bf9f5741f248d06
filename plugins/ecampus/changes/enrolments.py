"""The plan of 04h15: the rows of the external table that Moodle's ``enrol_database`` applies.

The table is never emptied or rebuilt; rows that are not ours stay, and any row of a FOAD course whose role is not
student («/!\\ Cours FOAD : inscription et désinscription manuelle»).
"""

from __future__ import annotations

import pandas as pd

from ecampus.changes import plan, recoding
from ecampus.changes.courses import live_courses, owned_courses
from ecampus.changes.draft import Draft, Inputs
from ecampus.changes.keys import CELLS, ROW
from ecampus.joins import among, columns, differs, has, looked_up, numbered, once, within
from ecampus.rules import offer, people, referential, teaching, traps, unreadable
from ecampus.words import anomalies

STUDENT = "student"
TEACHER = "editingteacher"
TOLD_BEFORE = ("categorie", "element", "porte", "etape", "inscription_administrative")


def draft(inputs: Inputs) -> Draft:
    """Rows to add and rows of ours to remove, with everything a clerk can mend about enrolments."""
    refer, defects = referential.clean(inputs.source, inputs.settings.padding, told_before=TOLD_BEFORE)
    wanted = offer.desired(refer, inputs.memory["links"])
    known = people.accounts(inputs.existing["users"], inputs.owned["account"], inputs.settings.forms)
    courses = live_courses(inputs.existing["courses"], inputs.owned["course"])
    courses = courses[courses["idnumber"].eq(courses["key"])]  # else the row would name another course
    about = teaching.Known(known, courses["key"], inputs.frozen, recoding.waiting(inputs.memory["decisions"]))
    placed = teaching.places(refer, wanted.elements, wanted.verdicts)
    seats = teaching.student_seats(refer, wanted.elements, placed, about)
    teachers = teaching.teacher_seats(refer, wanted.elements, wanted.verdicts, about, inputs.memory["links"])

    rows = desired_rows(seats, teachers)
    owned = inputs.owned["enrolment"]
    stays = staying(owned, refer, wanted, teachers, known, inputs)
    told = refer["inscription_administrative"]
    told = told.loc[among(told["code_etape"], refer["etape"]["code"]), "code_etudiant"]  # with the cohorts
    met = [
        defects,
        traps.of_groups(placed, wanted.verdicts),
        traps.of_students(seats, placed),
        traps.of_teachers(teachers, wanted.elements),
        traps.hidden_courses(teachers, courses, inputs.settings.night),
        traps.absent_accounts(seats, teachers, told),
        traps.shared_by_teachers(teachers, inputs.existing["space_teachers"], inputs.existing["courses"]),
        traps.still_suspect(inputs.memory["anomalies"], spaces_unread(inputs)),
    ]
    return Draft(
        changes=diff(
            rows,
            inputs.existing["enrolment_rows"],
            owned[~stays],
            protected(inputs, wanted.courses["key"]),
            inputs.existing["users"]["username"],
            all_accounts_seen=inputs.owned["account"]["user_id"].isin(inputs.existing["users"]["id"]).all(),
            scopes=inputs.owned["course"].drop_duplicates("idnumber").set_index("idnumber")["scope"],
        ),
        anomalies=anomalies.gather(met),
        read={"enrolment": len(rows)},
        verdicts={"groups": placed, "seats": seats, "teachers": teachers},
    )


def desired_rows(seats: pd.DataFrame, teachers: pd.DataFrame) -> pd.DataFrame:
    """The good rows of the two ladders: course_idnumber, username, role, composante."""
    seated = []
    for ladder, role in ((seats, STUDENT), (teachers, TEACHER)):
        rows = ladder.loc[ladder["verdict"].eq(teaching.SEATED), ["key", "username", "composante"]]
        seated.append(once(rows, ["key", "username"]).assign(role=role))
    return pd.concat(seated, ignore_index=True).rename(columns={"key": "course_idnumber"})[[*ROW, "composante"]]


def staying(
    owned: pd.DataFrame,
    refer: dict[str, pd.DataFrame],
    wanted: offer.Offer,
    teachers: pd.DataFrame,
    known: pd.DataFrame,
    inputs: Inputs,
) -> pd.Series:
    """The rows of ours that stay, wanted or not (a mask of ``owned``).

    Teachers of a FOAD course; teachers planned on a porté that is frozen tonight, where they were; what a row of REFER
    that cannot be read may explain; all those of an account of which nothing moves. Not those whose login names no
    account, nor those whose code no course of ours has: a change that was killed half-way leaves them, and they enrol
    nobody.
    """
    courses = offer.located(owned["course_idnumber"], wanted.courses)
    rows = pd.concat([owned, courses], axis="columns")
    student = rows["role"] == STUDENT
    manual = rows["foad"].eq("O") & ~student
    frozen = inputs.existing["users"].loc[inputs.existing["users"]["id"].isin(inputs.frozen), "username"]
    stuck = teaching.planned(teachers)[["last", "username"]].dropna()
    stuck = has(rows, stuck, ["course_idnumber", "username"], ["last", "username"])
    seats = unreadable.of_accounts(unreadable.seats(refer), "student", known, "student")
    sheets = unreadable.of_accounts(doubtful_teachers(refer, wanted, inputs.memory), "teacher", known, "staff")
    stays = (
        manual
        | among(rows["username"], frozen)
        | (~student & stuck)
        | (student & unreadable.explained(rows, seats))
        | (~student & unreadable.explained(rows, sheets))
    )
    named = among(rows["username"], inputs.existing["users"]["username"])
    coded = among(rows["course_idnumber"].str.upper(), inputs.owned["course"]["idnumber"].str.upper())
    return stays & named & coded


def doubtful_teachers(
    refer: dict[str, pd.DataFrame], wanted: offer.Offer, memory: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Whom a sheet that cannot be read may keep in which course: course_idnumber, teacher; null is any."""
    rows = unreadable.rows(refer, "seance_ade")
    last = memory["links"].drop_duplicates("code").set_index("code")["porteur"]
    porteur = looked_up(rows["element"], wanted.elements.set_index("code")["porteur"])
    course = porteur.fillna(looked_up(rows["element"], last)).fillna(rows["element"])
    return rows.assign(course_idnumber=course)[["course_idnumber", "teacher"]]


def protected(inputs: Inputs, wanted: pd.Series) -> pd.Series:
    """Course idnumbers whose rows stay exactly as they are: all those of ours that REFER does not want now.

    Archives (people stay), courses of frozen elements, courses whose archive was refused or waits, unseen courses, and
    those whose code somebody changed by hand, until it is healed; not a code that a course of somebody else carries by
    now. Upper case.
    ``wanted``: the keys of the courses that REFER wants.
    """
    owned = owned_courses(inputs.existing["courses"], inputs.owned["course"])
    off_code = differs(owned["idnumber"], owned["given"])
    kept = owned[owned["archived"].notna() | ~among(owned["key"], wanted) | off_code]
    keys = pd.concat([kept["idnumber"], kept["given"], unseen(inputs)], ignore_index=True)
    keys = keys.dropna().str.upper().drop_duplicates()
    strangers = inputs.existing["courses"][~inputs.existing["courses"]["id"].isin(owned["id"])]
    return keys[~among(keys, strangers["idnumber"].str.upper())]


def unseen(inputs: Inputs) -> pd.Series:
    """The codes of courses of ours that Moodle does not show and that none of its courses carries.

    A token that cannot see hidden courses unenrols nobody.
    """
    shown, ours = inputs.existing["courses"], inputs.owned["course"]
    codes = ours.loc[~ours["id"].isin(shown["id"]), "idnumber"]
    return codes[~among(codes, shown["idnumber"])]


def spaces_unread(inputs: Inputs) -> pd.DataFrame:
    """The courses of others of which tonight did not read who teaches there."""
    courses = inputs.existing["courses"]
    known = [*inputs.owned["course"]["id"], *inputs.existing["spaces_read"]["course_id"]]
    return courses[~courses["id"].isin(known)]


def diff(
    rows: pd.DataFrame,
    table: pd.DataFrame,
    owned: pd.DataFrame,
    kept: pd.Series,
    usernames: pd.Series,
    all_accounts_seen: bool,
    scopes: pd.Series,
) -> pd.DataFrame:
    """``enrol`` what is wanted and not in the table, ``unenrol`` what is ours and no longer wanted.

    ``kept``: courses whose rows stay, but for those that name no account (a rename that was killed half-way). While
    accounts of ours are missing from the read, rows that name no account stay too. ``scopes``: the composante of each
    course of ours, by the code that we gave it.
    """
    wanted, there, ours = numbered(*(columns(frame, ROW) for frame in (rows, table, owned)))
    unwanted = owned[within(ours, there) & ~within(ours, wanted)]
    named = among(unwanted["username"], usernames)
    kept_course = among(unwanted["course_idnumber"].str.upper(), kept)
    gone = unwanted[~(kept_course & named) & (named | all_accounts_seen)]
    gone = gone.assign(composante=looked_up(gone["course_idnumber"], scopes))
    return plan.in_order(
        [
            plan.changes("enrolment", "enrol", rows[~within(wanted, there)], key=ROW, **CELLS),
            plan.changes("enrolment", "unenrol", gone, key=ROW, **CELLS),
        ]
    )
