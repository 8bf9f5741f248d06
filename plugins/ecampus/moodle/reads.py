"""What Moodle has now, as frames with fixed columns and types; nothing found is an empty frame.

A field that Moodle hides from the token is refused (courses without idnumber): taken for an empty value,
it would make each of our objects look like a stranger's.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from ecampus.contract.moodle import HIDDEN
from ecampus.errors import SourceRefused, TruncatedRead
from ecampus.moodle import methods
from ecampus.moodle.client import MoodleClient, MoodleRefusal
from ecampus.moodle.mark import is_mark
from ecampus.moodle.passing import UNSEEN, known, of_course, settled
from ecampus.moodle.together import WORKERS, Alone, gather, of_courses
from ecampus.words.progress import Progress

LOG = logging.getLogger("ecampus")
SITE_COURSE = 1
GUEST = "guest"
CHUNK = 500
MD5 = re.compile(r"[0-9a-f]{32}")
ELSEWHERE = "mnet"
"""The method of accounts that another site lends (MNet)."""
CREATED = "created"
"""Unix seconds; null where no web service shows it (all but courses, in Moodle 4.5)."""
ADDED = "added"
"""When somebody became a member: unix seconds; no web service of Moodle 4.5 shows it."""

Row = dict[str, Any]


def site(client: MoodleClient) -> dict[str, Any]:
    """``core_webservice_get_site_info``: siteurl, release, userid, functions [{name, version}]…"""
    answer: dict[str, Any] = client.call("core_webservice_get_site_info")
    return answer


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


def users(client: MoodleClient) -> pd.DataFrame:
    """id, username, idnumber, auth, firstname, lastname, email, suspended, created; deleted accounts left out.

    So are those that another site lends (MNet): they may have the usernames of ours. One call, 3 ms a user. An idnumber
    or an e-mail that is empty or hidden is null. Accounts that the token may not see are absent without a word: the
    guest's, which every site has, tells whether it sees them all. Raises SourceRefused.
    """
    try:
        answer = settled(client, "core_user_get_users", criteria=[{"key": "lastname", "value": "%"}])
    except MoodleRefusal as refusal:
        raise methods.unshown(client, refusal) if refusal.errorcode == methods.UNSHOWN else refusal from None
    accounts = _accounts(answer["users"])
    if GUEST not in set(accounts["username"]):
        raise SourceRefused(
            f"Le compte du jeton Moodle ne voit que {len(accounts)} comptes, sans celui du visiteur anonyme que tout"
            " site a : un administrateur ajoute la capacité moodle/user:viewdetails à son rôle, au niveau du site."
        )
    return _one_each(accounts)


def users_named(client: MoodleClient, ids: Sequence[int]) -> pd.DataFrame:
    """As ``users``, those of ``ids`` that Moodle still has."""
    rows = [
        row
        for chunk in _chunks(ids)
        for row in client.call("core_user_get_users_by_field", field="id", values=list(chunk))
        if not _deleted(row)
    ]
    return _accounts(rows)


def _accounts(rows: list[Row]) -> pd.DataFrame:
    rows = [row for row in rows if row.get("auth") != ELSEWHERE]
    _seen(rows, ["username", "auth", "suspended"], "utilisateurs", "moodle/user:viewalldetails")
    _seen(rows, ["email"], "utilisateurs", "moodle/site:viewuseridentity (et « email » à showuseridentity)")
    text = ["username", "idnumber", "auth", "firstname", "lastname", "email"]
    columns = ["id", "username", "idnumber", "auth", "firstname", "lastname", "email", "suspended", "created"]
    return _frame(rows, columns, text=text, flags=["suspended"])


def categories(client: MoodleClient) -> pd.DataFrame:
    """id, idnumber (null when empty), name, parent_id (0 at the top), visible, created; hidden ones included."""
    rows = settled(client, "core_course_get_categories")
    _seen(rows, ["idnumber", "visible"], "catégories", "moodle/category:manage")
    rows = [{**row, "parent_id": row["parent"]} for row in rows]
    columns = ["id", "idnumber", "name", "parent_id", "visible", "created"]
    return _frame(rows, columns, text=["idnumber", "name"], flags=["visible"])


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
    _seen(rows, ["idnumber", "visible"], "cours", "moodle/course:update")
    return _courses(rows)


def _courses(rows: list[Row]) -> pd.DataFrame:
    rows = [{**row, "category_id": row["categoryid"], "created": row.get("timecreated")} for row in rows]
    columns = ["id", "idnumber", "shortname", "fullname", "category_id", "visible", "created"]
    return _frame(rows, columns, text=["idnumber", "shortname", "fullname"], flags=["visible"])


def courses_named(client: MoodleClient, ids: Sequence[int]) -> pd.DataFrame:
    """As ``courses``, those of ``ids`` that Moodle still has."""
    return pd.concat([courses(client, chunk) for chunk in _chunks(ids)] or [_courses([])], ignore_index=True)


def cohorts(client: MoodleClient) -> pd.DataFrame:
    """id, idnumber (null when empty), name, created; all but the mark of the register (``mark``).

    Cohorts of categories come too: REST does not say whose they are. Their idnumbers are taken for
    Moodle all the same, and what we do not own is left alone.
    """
    rows = [row for row in settled(client, "core_cohort_get_cohorts") if not is_mark(row["idnumber"])]
    return _frame(rows, ["id", "idnumber", "name", "created"], text=["idnumber", "name"])


def cohort_members(client: MoodleClient, cohort_ids: Sequence[int]) -> pd.DataFrame:
    """cohort_id, user_id, added of the cohorts named."""
    progress = Progress("Lecture des membres", len(cohort_ids), LOG, "cohortes")

    def read(ids: Sequence[int]) -> list[Row]:
        return known(client, "core_cohort_get_cohort_members", "cohortids", ids, "cohortid")

    rows = gather(read, list(_chunks(cohort_ids)), progress, workers=1)
    pairs = [{"cohort_id": row["cohortid"], "user_id": user} for row in rows for user in row["userids"]]
    return _frame(pairs, ["cohort_id", "user_id", ADDED])


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

    return _groups(gather(read, list(_chunks(ids)), progress, workers))


def group_members(client: MoodleClient, group_ids: Sequence[int], workers: int = WORKERS) -> pd.DataFrame:
    """group_id, user_id, added of the groups named; a group deleted meanwhile has no rows."""
    progress = Progress("Lecture des membres", len(group_ids), LOG, "groupes")

    def read(ids: Sequence[int]) -> list[Row]:
        return known(client, "core_group_get_group_members", "groupids", ids, "groupid")

    rows = gather(read, list(_chunks(group_ids)), progress, workers)
    pairs = [{"group_id": row["groupid"], "user_id": user} for row in rows for user in row["userids"]]
    return _frame(pairs, ["group_id", "user_id", ADDED])


def groupings(client: MoodleClient, course_ids: Sequence[int], workers: int = WORKERS) -> pd.DataFrame:
    """course_id, grouping_id, group_id: the groups that are in a grouping, in the courses named."""
    progress = Progress("Lecture des groupements", len(course_ids), LOG, "cours")
    there = of_courses(client, "core_group_get_course_groupings", course_ids, progress, workers)
    ids = [grouping["id"] for _, found in there for grouping in found]
    rows = [
        {"course_id": grouping["courseid"], "grouping_id": grouping["id"], "group_id": group["id"]}
        for chunk in _chunks(ids)
        for grouping in known(client, "core_group_get_groupings", "groupingids", chunk, "id", returngroups=1)
        for group in grouping.get("groups", [])
    ]
    return _frame(rows, ["course_id", "grouping_id", "group_id"])


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
    seats = _frame(rows, ["course_id", "user_id", "role"], text=["role"])
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


def hidden(frame: str) -> pd.DataFrame:
    """No row of a frame that no web service of Moodle 4.5 shows."""
    return _frame([], list(HIDDEN[frame].declared))


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _seen(rows: list[Row], fields: list[str], what: str, capability: str) -> None:
    hidden = [field for field in fields if any(field not in row for row in rows)]
    if hidden:
        raise SourceRefused(
            f"Le compte du jeton Moodle ne voit pas « {', '.join(hidden)} » de tous les {what} : un "
            f"administrateur ajoute la capacité {capability} à son rôle, au niveau du site."
        )


def _one_each(accounts: pd.DataFrame) -> pd.DataFrame:
    """Without those whose username an older account has: only its method tells a lent account, and that can change."""
    twice = accounts.sort_values("id").duplicated("username").sort_index()
    if twice.any():
        numbers = ", ".join(str(id_) for id_ in accounts.loc[twice, "id"].head(5))
        LOG.warning(
            "Comptes laissés de côté, leur identifiant est celui d'un compte plus ancien : n° %s ; un administrateur"
            " les renomme ou les supprime.",
            numbers,
        )
    return accounts[~twice].reset_index(drop=True)


def _frame(rows: list[Row], columns: list[str], text: Sequence[str] = (), flags: Sequence[str] = ()) -> pd.DataFrame:
    """``columns`` of ``rows``: text ('' is null), flags as booleans, moments as Int64, the others as int64."""
    kinds = dict.fromkeys(text, "str") | dict.fromkeys(flags, "bool") | {CREATED: "Int64", ADDED: "Int64"}
    data = {column: [row.get(column) for row in rows] for column in columns}
    for column in text:
        data[column] = [value or None for value in data[column]]
    return pd.DataFrame({column: pd.Series(data[column], dtype=kinds.get(column, "int64")) for column in columns})


def _groups(rows: list[Row]) -> pd.DataFrame:
    rows = [{**row, "course_id": row["courseid"]} for row in rows]
    return _frame(rows, ["id", "course_id", "idnumber", "name", "created"], text=["idnumber", "name"])


def _deleted(account: dict[str, Any]) -> bool:
    """Moodle (``delete_user``) empties the idnumber and puts the MD5 of the login, which no address can be."""
    return "idnumber" not in account and bool(MD5.fullmatch(account.get("email", "")))


def known_accounts(client: MoodleClient, ids: Sequence[int], witness: int) -> pd.DataFrame:
    """user_id: those of ``ids`` that Moodle still has; deleted accounts, which it answers too, are not among them.

    ``witness``: an account that it showed a moment ago, asked for each time: an answer without it proves nothing.
    Raises TruncatedRead then.
    """
    known: list[int] = []
    for chunk in _chunks(ids):
        rows = client.call("core_user_get_users_by_field", field="id", values=[*chunk, witness])
        found = {int(row["id"]) for row in rows if not _deleted(row)}
        if witness not in found:
            raise TruncatedRead(
                f"Moodle ne montre plus le compte n° {witness} qu'il vient de montrer : on ne sait pas quels comptes"
                " ont été supprimés et rien n'est écrit ; relancer la phase."
            )
        known.extend(sorted(found & set(chunk)))
    return _frame([{"user_id": id_} for id_ in known], ["user_id"])
