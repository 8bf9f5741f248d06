"""A Moodle where everything is a little odd, and every frame of it read by REST and in its database."""

from __future__ import annotations

import pandas as pd

from ecampus import contract
from ecampus.contract.moodle import HIDDEN
from ecampus.moodle.client import MoodleClient
from ecampus.moodle.database import MoodleDatabase, Snapshot
from ecampus.moodle.reader import Reader, WebServices
from sandbox.moodle import categories, courses, enrolments, groupings, groups
from sandbox.moodle.database import CATEGORY, COURSE, SYSTEM, Database, now

OF = {
    "cohort_members": "cohorts", "groups": "courses", "group_members": "groups", "groupings": "courses",
    "enrolled": "courses",
}  # fmt: skip
SHOWN_BY_REST = ["users", "categories", "courses", "cohorts", *OF]
HIDDEN_BY_REST = list(HIDDEN)
STUDENT, TEACHER = 5, 3


def make_odd(db: Database) -> dict[str, int]:
    """Accounts, courses, enrolments, groups and cohorts of every kind; their ids by name."""
    with db.transaction():
        ids = _accounts(db) | _places(db)
        _enrolments(db, ids)
        return ids | _groups_and_cohorts(db, ids)


def _accounts(db: Database) -> dict[str, int]:
    plain = {"auth": "cas", "firstname": "Zoé", "lastname": "Müller & fils", "email": "", "idnumber": ""}
    odd = {
        "suspendu": {"suspended": 1, "idnumber": "22100001"},
        "deux_roles": {"firstname": "Œdipe", "email": "o@univ.example"},
        "sans_role": {"idnumber": "0"},
        "des_deux": {"lastname": " "},
        "inactif": {"lastname": "名前 😀"},
        "a_venir": {"firstname": ""},
        "fini": {},
        "desactive": {},
        "sans_nom": {"lastname": ""},
        "zero": {"lastname": "0"},
        "supprime": {"deleted": 1, "email": "0cc175b9c0f1b6a831c399e269772661"},
    }
    db.insert("user", username="suspendu", mnethostid=3, **(plain | {"auth": "mnet", "idnumber": "22100001"}))
    return {name: db.insert("user", username=name, **(plain | more)) for name, more in odd.items()}


def _places(db: Database) -> dict[str, int]:
    above = categories.create_category(db, "Sciences & techniques", idnumber="ODD")
    below = categories.create_category(db, "Été « L1 »", parent=above)
    categories.hide(db, below)
    ids = {"above": above, "below": below}
    for name, where, idnumber in (("caché", below, "ODD-1"), ("vu", above, ""), ("vide", above, "ODD-3")):
        category = db.get("course_categories", where)
        ids[name] = courses.create_course(
            db, category, shortname=f"odd {name}", fullname=f"Algèbre & co : {name}", idnumber=idnumber,
            visible=int(name == "vu"),
        )  # fmt: skip
    return ids


def _enrolments(db: Database, ids: dict[str, int]) -> None:
    course = ids["caché"]

    def enrol(who: str, how: str = "manual", role: int | None = STUDENT, **state: int) -> None:
        enrolments.enrol(db, course, how, ids[who], role, **state)

    enrol("suspendu")
    enrol("deux_roles")
    enrol("deux_roles", role=TEACHER)
    enrol("sans_role", role=None)
    for how in ("manual", "database"):
        enrol("des_deux", how)
    enrol("supprime")
    enrol("inactif", status=enrolments.SUSPENDED)
    enrol("inactif", "cohort", status=enrolments.SUSPENDED)
    enrol("a_venir", start=now() + 9_999)
    enrol("fini", end=now() - 9_999)
    enrol("desactive", "self")
    db.run("UPDATE mdl_enrol SET status = 1 WHERE enrol = 'self'")
    enrolments.assign(db, db.context(CATEGORY, ids["below"]), ids["suspendu"], TEACHER)
    enrolments.assign(db, db.context(COURSE, ids["vu"]), ids["suspendu"], TEACHER)
    enrolments.enrol(db, ids["vu"], "database", ids["inactif"], STUDENT)


def _groups_and_cohorts(db: Database, ids: dict[str, int]) -> dict[str, int]:
    made = {
        "groupe": groups.create_group(db, ids["caché"], "TD & 1", idnumber="ODD-TD1"),
        "à la main": groups.create_group(db, ids["vu"], "Groupe d'été"),
    }
    grouping = groupings.create_grouping(db, ids["caché"], "Groupement")
    groupings.create_grouping(db, ids["vu"], "Vide")
    groupings.assign(db, grouping, made["groupe"])
    for who in ("deux_roles", "des_deux"):
        groups.add_member(db, made["groupe"], ids[who])
    db.run("UPDATE mdl_groups_members SET component = 'enrol_cohort' WHERE userid = ?", (ids["des_deux"],))
    site, category = db.context(SYSTEM, 0), db.context(CATEGORY, ids["above"])
    for name, context, component in (("site", site, ""), ("catégorie", category, ""), ("extension", site, "tool_x")):
        made[name] = db.insert(
            "cohort", contextid=context, name=f"Cohorte & {name}", idnumber=f"ODD-{name}", component=component
        )
        db.insert("cohort_members", cohortid=made[name], userid=ids["suspendu"], timeadded=now())
    db.insert("cohort", contextid=site, name="sans numéro")
    db.insert("cohort", contextid=category, name="la marque", idnumber="ECAMPUS", component="tool_x")
    db.run("INSERT INTO mdl_cohort_members (cohortid, userid) SELECT max(id), ? FROM mdl_cohort", (ids["suspendu"],))
    db.run("UPDATE mdl_config SET value = ? WHERE name = 'siteadmins'", (f"2,{ids['deux_roles']}",))
    return made


def read_by_both(client: MoodleClient, database: MoodleDatabase) -> Snapshot:
    """Every frame that both show is the same; returns what the database shows."""
    shown = database.read([*SHOWN_BY_REST, *HIDDEN_BY_REST, "known_accounts"])
    by_rest, by_sql = (frames(reader, shown) for reader in (WebServices(client), shown))
    for name, frame in by_rest.items():
        pd.testing.assert_frame_equal(by_sql[name].pipe(_as_seen_by, frame), frame, obj=name)
    ids, witness = range(1, 100), int(shown.whole("users")["id"].iloc[0])
    pd.testing.assert_frame_equal(
        shown.known_accounts(ids, witness), WebServices(client).known_accounts(ids, witness), obj="known_accounts"
    )
    return shown


def _as_seen_by(exact: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """No web service shows when an account, a cohort or a group was created, nor since when somebody is a member."""
    unseen = [name for name in ("created", "added") if name in frame and frame[name].isna().all()]
    return exact.assign(**{name: pd.array([pd.NA] * len(exact), dtype="Int64") for name in unseen})


def frames(reader: Reader, shown: Snapshot) -> dict[str, pd.DataFrame]:
    """Every frame that both show, for all objects, sorted."""
    found = {name: reader.whole(name) for name in SHOWN_BY_REST if name not in OF}
    found |= {name: reader.of(name, shown.whole(things)["id"].tolist()) for name, things in OF.items()}
    return {
        name: contract.validate(name, frame).sort_values(list(frame.columns), ignore_index=True)
        for name, frame in found.items()
    }
