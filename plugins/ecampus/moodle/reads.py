"""What Moodle has now, as frames with fixed columns and types; nothing found is an empty frame.

Its accounts are read in ``accounts``.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ecampus.contract.moodle import HIDDEN
from ecampus.errors import SourceRefused
from ecampus.moodle.client import MoodleClient, MoodleRefusal
from ecampus.moodle.mark import is_mark
from ecampus.moodle.passing import UNSEEN, known, of_course, settled
from ecampus.moodle.rows import ADDED, CHUNK, Row, chunks, frame, require_shown
from ecampus.moodle.together import WORKERS, Alone, gather, of_courses
from ecampus.words.progress import Progress

LOG = logging.getLogger("ecampus")
SITE_COURSE = 1
UNASKED = "criteriaerror"
"""A criterion that the token may not name."""
SANDBOX = "https://ecampus.bac-a-sable.example"


def site(client: MoodleClient) -> dict[str, Any]:
    """``core_webservice_get_site_info``: siteurl, release, userid, functions [{name, version}]…"""
    answer: dict[str, Any] = client.call("core_webservice_get_site_info")
    return answer


def is_sandbox(site: dict[str, Any]) -> bool:
    """Whether this Moodle is ecampus's own sandbox, by its address, which no real site can have (RFC 2606)."""
    return str(site.get("siteurl", "")).rstrip("/") == SANDBOX


def preflight(site: dict[str, Any], functions: Sequence[str]) -> None:
    """Raise SourceRefused when the token's service lacks one of ``functions``."""
    offered = {function["name"] for function in site.get("functions", [])}
    missing = sorted(set(functions) - offered)
    if missing:
        raise SourceRefused(
            f"Fonctions absentes du service web du jeton Moodle : {', '.join(missing)} ; un administrateur "
            "les ajoute dans Administration › Serveur › Services web › Services externes › Fonctions."
        )


def missing_optional(site: dict[str, Any], optional: Mapping[str, str]) -> str | None:
    """Which ``optional`` functions the token's service lacks, and what it costs; None when it has them all."""
    offered = {function["name"] for function in site.get("functions", [])}
    missing = [f"{name} ({cost})" for name, cost in optional.items() if name not in offered]
    if not missing:
        return None
    return (
        f"Fonctions facultatives absentes du service web du jeton Moodle : {', '.join(missing)} ; le résultat est le"
        " même, plus lent ; un administrateur peut les ajouter."
    )


def categories(client: MoodleClient) -> pd.DataFrame:
    """id, idnumber (null when empty), name, parent_id (0 at the top), visible, created; hidden ones included."""
    return _categories(settled(client, "core_course_get_categories"))


def _categories(rows: list[Row]) -> pd.DataFrame:
    require_shown(rows, ["idnumber", "visible"], "toutes les catégories", "moodle/category:manage")
    rows = [{**row, "parent_id": row["parent"]} for row in rows]
    columns = ["id", "idnumber", "name", "parent_id", "visible", "created"]
    return frame(rows, columns, text=["idnumber", "name"], flags=["visible"])


def categories_named(client: MoodleClient, ids: Sequence[int]) -> pd.DataFrame:
    """As ``categories``, those of ``ids`` that Moodle still has.

    One that the token may not see is left out without a word too. Only who may see hidden ones may ask which are
    visible (Moodle 4.5, ``get_categories``): so they are asked for. Raises SourceRefused for who may not.
    """
    asked = [
        [{"key": "ids", "value": ",".join(map(str, chunk))}, {"key": "visible", "value": visible}]
        for chunk in chunks(ids, CHUNK)
        for visible in ("1", "0")
    ]
    try:
        found = [settled(client, "core_course_get_categories", criteria=one, addsubcategories=0) for one in asked]
    except MoodleRefusal as refusal:
        if refusal.errorcode != UNASKED:
            raise
        raise SourceRefused(
            "Le compte du jeton Moodle ne voit pas les catégories cachées, et il manque des catégories d'ecampus : un"
            " administrateur ajoute la capacité moodle/category:viewhiddencategories à son rôle, au niveau du site."
        ) from None
    return _categories([row for rows in found for row in rows])


def category_contents(client: MoodleClient) -> pd.DataFrame:
    """id, parent_id (0 at the top), courses: how many are right in it, those that the token may not see among them."""
    rows = settled(client, "core_course_get_categories")
    rows = [{**row, "parent_id": row["parent"], "courses": row["coursecount"]} for row in rows]
    return frame(rows, ["id", "parent_id", "courses"])


def courses(client: MoodleClient, ids: Sequence[int] = ()) -> pd.DataFrame:
    """id, idnumber (null when empty), shortname, fullname, category_id, visible, created; or those of ``ids``.

    The site's page is none. Moodle 4.5 refuses the whole list to a token that cannot see one hidden course: raises
    SourceRefused if that lasts.
    """
    try:
        asked: dict[str, Any] = {"options": {"ids": list(ids)}} if ids else {}
        found = settled(client, "core_course_get_courses", **asked)
        rows = [row for row in found if row["id"] != SITE_COURSE]
    except MoodleRefusal as refusal:
        if refusal.errorcode not in UNSEEN:
            raise
        raise SourceRefused(
            f"Le compte du jeton Moodle ne voit pas tous les cours ({refusal.words}) : un administrateur ajoute les"
            " capacités moodle/course:view et moodle/course:viewhiddencourses à son rôle, au niveau du site."
        ) from None
    require_shown(rows, ["idnumber", "visible"], "tous les cours", "moodle/course:update")
    return _courses(rows)


def _courses(rows: list[Row]) -> pd.DataFrame:
    rows = [{**row, "category_id": row["categoryid"], "created": row.get("timecreated")} for row in rows]
    columns = ["id", "idnumber", "shortname", "fullname", "category_id", "visible", "created"]
    return frame(rows, columns, text=["idnumber", "shortname", "fullname"], flags=["visible"])


def courses_named(client: MoodleClient, ids: Sequence[int]) -> pd.DataFrame:
    """As ``courses``, those of ``ids`` that Moodle still has."""
    return pd.concat([courses(client, chunk) for chunk in chunks(ids, CHUNK)] or [_courses([])], ignore_index=True)


def cohorts(client: MoodleClient) -> pd.DataFrame:
    """id, idnumber (null when empty), name, created; all but the mark of the register (``mark``).

    Cohorts of categories come too: REST does not say whose they are. Their idnumbers are taken for
    Moodle all the same, and what we do not own is left alone.
    """
    rows = [row for row in settled(client, "core_cohort_get_cohorts") if not is_mark(row["idnumber"])]
    return frame(rows, ["id", "idnumber", "name", "created"], text=["idnumber", "name"])


def cohorts_named(client: MoodleClient, ids: Sequence[int]) -> pd.DataFrame:
    """As ``cohorts``, those of ``ids`` that Moodle still has; it leaves out the others without a word."""
    rows = [
        row for chunk in chunks(ids, CHUNK) for row in settled(client, "core_cohort_get_cohorts", cohortids=list(chunk))
    ]
    return frame(rows, ["id", "idnumber", "name", "created"], text=["idnumber", "name"])


def cohort_members(client: MoodleClient, cohort_ids: Sequence[int]) -> pd.DataFrame:
    """cohort_id, user_id, added of the cohorts named."""
    progress = Progress("Lecture des membres", len(cohort_ids), LOG, "cohortes")

    def read(ids: Sequence[int]) -> list[Row]:
        return known(client, "core_cohort_get_cohort_members", "cohortids", ids, "cohortid")

    rows = gather(read, list(chunks(cohort_ids, CHUNK)), progress, workers=1)
    pairs = [{"cohort_id": row["cohortid"], "user_id": user} for row in rows for user in row["userids"]]
    return frame(pairs, ["cohort_id", "user_id", ADDED])


def groups(client: MoodleClient, course_ids: Sequence[int], workers: int = WORKERS) -> pd.DataFrame:
    """id, course_id, idnumber (null when empty), name, created of the courses' groups; a deleted course has none."""
    progress = Progress("Lecture des groupes", len(course_ids), LOG, "cours")
    found = of_courses(client, "core_group_get_course_groups", course_ids, progress, workers)
    return _groups([row for _, rows in found for row in rows])


def groups_named(client: MoodleClient, ids: Sequence[int], workers: int = WORKERS) -> pd.DataFrame:
    """As ``groups``, those of ``ids`` that Moodle still has."""
    progress = Progress("Lecture des groupes", len(ids), LOG, "groupes")

    def read(chunk: Sequence[int]) -> list[Row]:
        return known(client, "core_group_get_groups", "groupids", chunk, "id")

    return _groups(gather(read, list(chunks(ids, CHUNK)), progress, workers))


def group_members(client: MoodleClient, group_ids: Sequence[int], workers: int = WORKERS) -> pd.DataFrame:
    """group_id, user_id, added of the groups named; a group deleted meanwhile has no rows."""
    progress = Progress("Lecture des membres", len(group_ids), LOG, "groupes")

    def read(ids: Sequence[int]) -> list[Row]:
        return known(client, "core_group_get_group_members", "groupids", ids, "groupid")

    rows = gather(read, list(chunks(group_ids, CHUNK)), progress, workers)
    pairs = [{"group_id": row["groupid"], "user_id": user} for row in rows for user in row["userids"]]
    return frame(pairs, ["group_id", "user_id", ADDED])


def groupings(client: MoodleClient, course_ids: Sequence[int], workers: int = WORKERS) -> pd.DataFrame:
    """course_id, grouping_id, group_id: the groups that are in a grouping, in the courses named."""
    progress = Progress("Lecture des groupements", len(course_ids), LOG, "cours")
    there = of_courses(client, "core_group_get_course_groupings", course_ids, progress, workers)
    ids = [grouping["id"] for _, found in there for grouping in found]
    rows = [
        {"course_id": grouping["courseid"], "grouping_id": grouping["id"], "group_id": group["id"]}
        for chunk in chunks(ids, CHUNK)
        for grouping in known(client, "core_group_get_groupings", "groupingids", chunk, "id", returngroups=1)
        for group in grouping.get("groups", [])
    ]
    return frame(rows, ["course_id", "grouping_id", "group_id"])


def enrolled(
    client: MoodleClient, course_ids: Sequence[int], workers: int = WORKERS, alone: Alone = of_course
) -> pd.DataFrame:
    """course_id, user_id, role (shortname): active enrolments, a row per role, role null when none.

    A role that two methods gave comes twice from Moodle 4.5 and once from here. A deleted course has none.
    """
    options = [{"name": "onlyactive", "value": 1}, {"name": "userfields", "value": "id,roles"}]
    progress = Progress("Lecture des inscrits", len(course_ids), LOG, "cours")
    rows = [
        {"course_id": course, "user_id": person["id"], "role": role["shortname"]}
        for course, people in of_courses(
            client, "core_enrol_get_enrolled_users", course_ids, progress, workers, alone, options=options
        )
        for person in people
        for role in person["roles"] or [{"shortname": None}]
    ]
    seats = frame(rows, ["course_id", "user_id", "role"], text=["role"])
    return seats.drop_duplicates(ignore_index=True)


def strangers(client: MoodleClient, course_ids: Sequence[int]) -> tuple[pd.DataFrame, list[int]]:
    """As ``enrolled``, of courses that are not ours, and those that were read: one that cannot be is left aside."""
    aside: list[int] = []

    def alone(client: MoodleClient, function: str, course: int, **params: Any) -> list[Row] | None:
        try:
            return of_course(client, function, course, **params)
        except (MoodleRefusal, SourceRefused) as refusal:
            LOG.warning("Espace complémentaire n° %s laissé de côté : %s", course, refusal)
            aside.append(course)
            return None

    seats = enrolled(client, course_ids, alone=alone)
    return seats, sorted(set(course_ids) - set(aside))


def hidden(name: str) -> pd.DataFrame:
    """No row of a frame that no web service of Moodle 4.5 shows."""
    return frame([], list(HIDDEN[name].declared))


def _groups(rows: list[Row]) -> pd.DataFrame:
    rows = [{**row, "course_id": row["courseid"]} for row in rows]
    return frame(rows, ["id", "course_id", "idnumber", "name", "created"], text=["idnumber", "name"])
