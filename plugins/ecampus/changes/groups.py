"""The plan of 05h00: «Groupes : idem + actualisation composition (ajout, suppression, déplacement de membres)»."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from ecampus.changes import group_members, group_names, plan, recoding
from ecampus.changes.courses import live_courses
from ecampus.changes.draft import Draft, Inputs
from ecampus.changes.group_leaving import (
    HERE,
    NAMES,
    archive_changes,
    delete_changes,
    in_the_way,
    purely_ours,
    yield_changes,
    yielding,
)
from ecampus.changes.group_members import PAIR, PLACE
from ecampus.changes.ours import present
from ecampus.joins import among, beside, differs, has, joined, once
from ecampus.register.owned import without_held
from ecampus.rules import offer, people, referential, teaching, text, unreadable
from ecampus.rules.labels import cut_notes, double_notes
from ecampus.words import anomalies

ONE_NUMBER = " sont un même nombre pour Moodle"
LABEL = ["key", "code", "username"]
MEMBER: dict[str, Any] = {**HERE, "place_id": "group_id", "user_id": "user_id", "username": "username"}


class Ground(NamedTuple):
    """What REFER wants of groups, beside those that are ours.

    refer     the cleaned views
    known     ``people.accounts``
    placed    ``teaching.places``
    seats     ``teaching.student_seats``
    places    where each group must be: ``desired_places``
    doubled   places left out, for a group of the course has the same code as a number: with ``lower``, its code
    ours      our groups that are wanted where they are: ``owned_groups``
    back      our archives whose place is wanted again, the last one of each place
    gone      our groups that REFER dropped, neither frozen nor archived, which no unreadable row may explain
    archives  our archives that stay so
    tended    all those of ours whose members follow the rules, archives included; with element and foad of their course
    """

    refer: dict[str, pd.DataFrame]
    known: pd.DataFrame
    placed: pd.DataFrame
    seats: pd.DataFrame
    places: pd.DataFrame
    doubled: pd.DataFrame
    ours: pd.DataFrame
    back: pd.DataFrame
    gone: pd.DataFrame
    archives: pd.DataFrame
    tended: pd.DataFrame


def draft(inputs: Inputs) -> Draft:
    """Groups created and renamed, members added then removed, groups that REFER dropped deleted or archived ``ex_``."""
    at = ground(inputs)
    existing, register = inputs.existing, inputs.owned
    groups = at.refer["groupe"]
    mine = without_held(register["group_member"], existing)

    pure = purely_ours(at.gone, existing, mine) & ~at.gone["id"].isin(existing["groupings"]["group_id"])
    deleted, kept = at.gone[pure], at.gone[~pure]
    ours = pd.concat([at.ours, at.back], ignore_index=True)
    giving_up = yielding(at.archives, at.places, kept)
    wanted, blocked = desired_groups(at.places, other_groups(existing["groups"], ours, at.gone, giving_up), ours)
    archived = group_names.archived(pd.concat([kept, giving_up]), existing["groups"], wanted)
    again = archived["id"].isin(giving_up["id"])

    entitled = group_members.entitled(at.seats, wanted, ours)
    held = existing["group_members"]
    missing = group_members.missing(entitled, held)
    there = has(missing, existing["enrolled"], ["course_id", "user_id"])
    tended = at.tended[~at.tended["id"].isin(deleted["id"])]
    gone = group_members.gone(entitled, tended, mine[has(mine, held, PAIR)], existing["users"])
    gone = gone[
        ~gone["user_id"].isin(inputs.frozen) & ~unreadable.explained(gone, group_members.doubtful(at.refer, at.known))
    ]
    missing["needs"] = restored_first(missing, at.back)
    first = in_the_way(deleted, wanted)
    return Draft(
        changes=plan.in_order(
            [
                archive_changes(archived[~again]),
                delete_changes(deleted[first]),
                yield_changes(archived[again]),
                diff(wanted, at.ours, at.back),
                plan.changes("group_member", "add", missing[there], key=LABEL, needs="needs", **MEMBER),
                plan.changes("group_member", "remove", gone, key=LABEL, **MEMBER),
                delete_changes(deleted[~first]),
            ]
        ),
        anomalies=anomalies.gather(
            [
                cut_notes("du groupe", groups["code"], groups["libelle"], text.group_room(groups["code"])),
                double_notes(
                    "refer_groupe", at.doubled, "de l'espace de cours " + at.doubled["key"] + ONE_NUMBER, ["key"]
                ),
                anomalies.notes(
                    "CODE_PRIS", blocked.assign(objet="Le groupe " + blocked["code"] + " du cours"), ["code", "key"]
                ),
            ]
        ),
        read={"group": len(wanted), "group_member": len(entitled) - int((~there).sum())},
        verdicts={"groups": at.placed, "seats": at.seats},
        waiting=missing.loc[~there, ["key", "code", "username"]],
    )


def restored_first(members: pd.DataFrame, back: pd.DataFrame) -> pd.Series:
    """The restoration that these need: nobody enters an archive that is not restored. Null for the others."""
    needs = plan.change_id("group", "restore", "") + members["key"] + " / " + members["code"]
    return needs.where(members["group_id"].isin(back["id"]).astype("bool")).astype("str")


def further(inputs: Inputs) -> dict[str, list[int]]:
    """By frame, the courses of which it must be read too, given our own groups and their members.

    This is the plan if nobody stood in its way: the other groups of a course matter only where one of ours is created,
    renamed, restored, archived or deleted, its groupings where one would be deleted, who is enrolled where somebody is
    missing.
    """
    at, existing = ground(inputs), inputs.existing
    ours = pd.concat([at.ours, at.back], ignore_index=True)
    giving_up = yielding(at.archives, at.places, at.gone)
    wanted, _ = desired_groups(at.places, other_groups(existing["groups"], ours, at.gone, giving_up), ours)
    missing = group_members.missing(group_members.entitled(at.seats, wanted, ours), existing["group_members"])
    alone = at.gone[purely_ours(at.gone, existing, without_held(inputs.owned["group_member"], existing))]
    touched = pd.concat([at.gone["course_id"], giving_up["course_id"], diff(wanted, at.ours, at.back)["course_id"]])
    courses = {"groups": touched, "groupings": alone["course_id"], "enrolled": missing["course_id"]}
    return {frame: sorted({int(course) for course in ids}) for frame, ids in courses.items()}


def ground(inputs: Inputs) -> Ground:
    """What the rules want, beside our groups."""
    refer, _ = referential.clean(inputs.source, inputs.settings.padding)
    wanted = offer.desired(refer, inputs.memory["links"])
    courses = live_courses(inputs.existing["courses"], inputs.owned["course"])
    known = people.accounts(inputs.existing["users"], inputs.owned["account"], inputs.settings.forms)
    placed = teaching.places(refer, wanted.elements, wanted.verdicts)
    about = teaching.Known(known, courses["key"], inputs.frozen, recoding.waiting(inputs.memory["decisions"]))
    seats = teaching.student_seats(refer, wanted.elements, placed, about)
    places = desired_places(placed, courses)
    places["lower"] = group_names.doubles(places)
    alone = places["lower"].isna()
    here = owned_groups(inputs.existing["groups"], inputs.owned["group"], courses)
    here = here[among(here["key"], wanted.courses["key"])]  # else frozen, or its archive was refused or waits
    here = here.join(offer.located(here["key"], wanted.courses))
    live = here[here["archived"].isna()].drop_duplicates(PLACE)
    stays = has(live, places[alone], PLACE)
    doubtful = unreadable.explained(live.assign(group=live["code"]), unreadable.places(refer))
    old = here[here["archived"].notna()].sort_values(["archived", "id"]).drop_duplicates(PLACE, keep="last")
    back = old[has(old, places[alone], PLACE) & ~has(old, live, PLACE)]
    archives = here[here["archived"].notna()]
    tended = pd.concat([live, archives])
    gone, staying = live[~stays & ~doubtful], archives[~archives["id"].isin(back["id"])]
    return Ground(refer, known, placed, seats, places[alone], places[~alone], live[stays], back, gone, staying, tended)


def owned_groups(existing: pd.DataFrame, register: pd.DataFrame, courses: pd.DataFrame) -> pd.DataFrame:
    """Our groups in our live courses: id, course_id, code, archived, scope, idnumber, old_name, key (of the course)."""
    rows = present(register.drop(columns="course_id"), existing).rename(columns={"name": "old_name"})
    return rows.merge(courses[["id", "key"]].rename(columns={"id": "course_id"}), on="course_id")


def desired_places(placed: pd.DataFrame, courses: pd.DataFrame) -> pd.DataFrame:
    """Where each group must be: key, course_id, code, libelle, composante."""
    rows = joined(placed[placed["key"].notna()], courses[["key", "id"]].rename(columns={"id": "course_id"}), ["key"])
    return once(rows.rename(columns={"code_groupe": "code"}), PLACE).reset_index(drop=True)


def other_groups(
    existing: pd.DataFrame, ours: pd.DataFrame, gone: pd.DataFrame, giving_up: pd.DataFrame
) -> pd.DataFrame:
    """The groups that stay beside ``ours``: made by hand, or archived; without a code those that give theirs up."""
    others = existing[~existing["id"].isin([*ours["id"], *gone["id"]])]
    return others.assign(idnumber=others["idnumber"].mask(others["id"].isin(giving_up["id"])))


def desired_groups(places: pd.DataFrame, others: pd.DataFrame, ours: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The groups that each course must have, and apart those whose code another group of the course carries.

    Columns: key, course_id, code, name, composante, stuck. ``others``: groups that stay beside them (made by hand, or
    archived). One of ours whose code is taken is ``stuck``: live, it keeps its members and its name; archived, it stays
    so. ``ours``: our live groups, and those that would be restored.
    """
    columns = [*PLACE, "idnumber", "old_name", "archived"]
    rows = beside(places, ours[columns], PLACE).astype({"key": "str"})
    blocked = group_names.taken_codes(rows, others) & differs(rows["idnumber"], rows["code"])
    rows["stuck"] = blocked & rows["old_name"].notna()
    named = rows.loc[rows["stuck"], ["course_id", "old_name"]].rename(columns={"old_name": "name"})
    taken = pd.concat([others[["course_id", "name"]], named])
    names = group_names.named(rows[~blocked], taken).reindex(rows.index)
    rows["name"] = names.where(~rows["stuck"], rows["old_name"])
    lost = blocked & (rows["old_name"].isna() | rows["archived"].notna())
    columns = ["key", *PLACE, "name", "composante", "stuck"]
    return rows.loc[~lost, columns], rows.loc[blocked, columns]


def diff(wanted: pd.DataFrame, live: pd.DataFrame, back: pd.DataFrame) -> pd.DataFrame:
    """``rename``, ``restore``, then ``create``: a name that a group gives up is free for those that come."""
    columns = [*PLACE, "id", "idnumber", "old_name"]
    rows = beside(wanted, live[columns], PLACE)
    astray = rows["id"].notna() & (differs(rows["old_name"], rows["name"]) | differs(rows["idnumber"], rows["code"]))
    named: dict[str, Any] = {
        "key": ["key", "code"],
        "name": "name",
        **HERE,
        "after": {"idnumber": "code", "name": "name"},
    }
    return plan.in_order(
        [
            plan.changes("group", "rename", rows[astray & ~rows["stuck"]], moodle_id="id", before=NAMES, **named),
            plan.changes(
                "group", "restore", wanted.merge(back[columns], on=PLACE), moodle_id="id", before=NAMES, **named
            ),
            plan.changes("group", "create", rows[rows["id"].isna() & ~has(rows, back, PLACE)], **named),
        ]
    )
