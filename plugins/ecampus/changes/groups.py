"""The plan of 05h00: «Groupes : idem + actualisation composition (ajout, suppression, déplacement de membres)»."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ecampus.changes import plan
from ecampus.changes.compare import differs, has
from ecampus.changes.courses import live_courses
from ecampus.changes.draft import Draft, Inputs
from ecampus.changes.ours import present
from ecampus.register.owned import without_held
from ecampus.rules import offer, people, referential, teaching, text
from ecampus.rules.labels import cut_notes
from ecampus.words import anomalies

PLACE = ["course_id", "code"]
PAIR = ["group_id", "user_id"]
HERE: dict[str, Any] = {"course_id": "course_id", "place": "code"}
MEMBER: dict[str, Any] = {**HERE, "place_id": "group_id", "user_id": "user_id", "username": "username"}


def draft(inputs: Inputs) -> Draft:
    """Groups created and renamed, members added then removed, groups that REFER dropped deleted."""
    refer, _ = referential.clean(inputs.source, inputs.settings.padding)
    wanted_offer, _ = offer.desired(refer)
    existing, ledger = inputs.existing, inputs.ledger
    courses = live_courses(existing["courses"], ledger["course"])
    placed = teaching.placements(refer, wanted_offer.elements)
    seats = teaching.student_seats(placed, refer["groupe_etudiant"], refer["inscription_administrative"])
    known = people.of_population(
        people.accounts(existing["users"], ledger["account"], inputs.settings.forms), "student"
    )

    here = owned_groups(existing["groups"], ledger["group"], courses)
    places = desired_places(placed, courses)
    untouched = ~here["key"].isin(wanted_offer.courses["key"])  # frozen, or its archive was refused or waits
    gone = here[~untouched & ~has(here, places, PLACE)]
    mine = without_held(ledger["group_member"], existing)
    deleted = without_handmade_members(gone, existing["group_members"], mine)
    staying = gone[~gone["id"].isin(deleted["id"])]
    ours = here[~here["id"].isin(staying["id"])]
    others = existing["groups"][~existing["groups"]["id"].isin(ours["id"])]
    wanted, blocked = desired_groups(places, others, ours)
    entitled = entitled_members(seats, wanted, known)
    enrolled = existing["enrolled"][["course_id", "user_id"]].drop_duplicates()
    seated = entitled.merge(enrolled, on=["course_id", "user_id"])
    waiting = entitled[~has(entitled, enrolled, ["course_id", "user_id"])]

    first = holds_a_name(deleted, wanted)
    room = text.group_room(refer["groupe"]["code"])
    members = diff_members(entitled, seated, here[~untouched & ~here["id"].isin(deleted["id"])], existing, mine)
    return Draft(
        changes=plan.in_order(
            [delete_changes(deleted[first]), diff(wanted, here), members, delete_changes(deleted[~first])]
        ),
        anomalies=anomalies.gather(
            [
                cut_notes("du groupe", refer["groupe"]["code"], refer["groupe"]["libelle"], room),
                anomalies.notes(
                    "CODE_PRIS", blocked.assign(objet="Le groupe " + blocked["code"] + " du cours"), ["code", "key"]
                ),
            ]
        ),
        read={"group": len(wanted), "group_member": len(seated)},
        waiting=waiting[["key", "code", "username"]],
    )


def owned_groups(existing: pd.DataFrame, ledger: pd.DataFrame, courses: pd.DataFrame) -> pd.DataFrame:
    """Our groups in our live courses: id, course_id, code, idnumber, old_name, key (of the course)."""
    rows = present(ledger.drop(columns="course_id"), existing).rename(columns={"name": "old_name"})
    rows = rows.merge(courses[["id", "key"]].rename(columns={"id": "course_id"}), on="course_id")
    return rows.drop_duplicates(PLACE, ignore_index=True)


def desired_places(placed: pd.DataFrame, courses: pd.DataFrame) -> pd.DataFrame:
    """Where each group must be: key, course_id, code, libelle, composante."""
    rows = placed[placed["key"].notna()].merge(courses[["key", "id"]].rename(columns={"id": "course_id"}), on="key")
    return rows.rename(columns={"code_groupe": "code"}).drop_duplicates(PLACE, ignore_index=True)


def desired_groups(places: pd.DataFrame, others: pd.DataFrame, here: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The groups that each course must have, and apart those whose code a hand-made group of the course carries.

    Columns: key, course_id, code, name, composante. ``others``: groups that stay beside them (made by hand, or dropped
    by REFER and holding somebody put in by hand). Groups of a course whose names collide, others counted, all become
    ``label (CODE)``.
    """
    rows = places.copy()
    label = text.group_labels(rows["code"], rows["libelle"])
    names = pd.DataFrame({"course_id": rows["course_id"], "name": label.str.lower()})
    theirs = others[["course_id"]].assign(name=others["name"].str.lower())
    shared = names.duplicated(keep=False) | _pairs(names).isin(_pairs(theirs))
    rows["name"] = label.where(~shared, label + " (" + rows["code"] + ")")
    rows["key"] = rows["key"].astype("str")
    codes = others.assign(code=others["idnumber"].fillna("").str.upper())
    blocked = _pairs(rows[PLACE]).isin(_pairs(codes[PLACE])) & ~_pairs(rows[PLACE]).isin(_pairs(here[PLACE]))
    columns = ["key", *PLACE, "name", "composante"]
    return rows.loc[~blocked, columns], rows.loc[blocked, columns]


def _pairs(frame: pd.DataFrame) -> pd.Series:
    return pd.Series(list(frame.itertuples(index=False, name=None)), index=frame.index, dtype="object")


def entitled_members(seats: pd.DataFrame, groups: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Students that the rules put in each group: key, course_id, code, composante, user_id, username."""
    rows = seats.rename(columns={"code_groupe": "code"})[["key", "code", "code_etudiant"]]
    rows = rows.merge(groups[["key", *PLACE, "composante"]], on=["key", "code"])
    rows = rows.merge(known.rename(columns={"code": "code_etudiant"}), on="code_etudiant")
    return rows.drop_duplicates([*PLACE, "user_id"], ignore_index=True)


def diff(wanted: pd.DataFrame, here: pd.DataFrame) -> pd.DataFrame:
    """``rename`` then ``create``: a name that a group gives up is free for the new ones."""
    rows = wanted.merge(here[[*PLACE, "id", "idnumber", "old_name"]], on=PLACE, how="left")
    astray = rows["id"].notna() & (differs(rows["old_name"], rows["name"]) | differs(rows["idnumber"], rows["code"]))
    return plan.in_order(
        [
            plan.changes(
                "group", "rename", rows[astray], key=["key", "code"], name="name", moodle_id="id", **HERE,
                before={"idnumber": "idnumber", "name": "old_name"}, after={"idnumber": "code", "name": "name"},
            ),
            plan.changes(
                "group", "create", rows[rows["id"].isna()], key=["key", "code"], name="name", **HERE,
                after={"idnumber": "code", "name": "name"},
            ),
        ]
    )  # fmt: skip


def without_handmade_members(gone: pd.DataFrame, members: pd.DataFrame, owned: pd.DataFrame) -> pd.DataFrame:
    """Of the groups to delete, those that hold nobody put in by hand; the others only lose our members."""
    return gone[~gone["id"].isin(members.loc[~has(members, owned, PAIR), "group_id"])]


def holds_a_name(deleted: pd.DataFrame, wanted: pd.DataFrame) -> pd.Series:
    """Groups to delete whose name another group of the course takes, which Moodle 4.5 refuses while they are there."""
    names = wanted[["course_id"]].assign(name=wanted["name"].str.lower())
    return _pairs(deleted[["course_id"]].assign(name=deleted["old_name"].str.lower())).isin(_pairs(names))


def delete_changes(deleted: pd.DataFrame) -> pd.DataFrame:
    """``delete``: groups of ours that REFER no longer has there."""
    return plan.changes(
        "group", "delete", deleted.rename(columns={"scope": "composante"}), key=["key", "code"], name="old_name",
        moodle_id="id", **HERE, before={"idnumber": "idnumber", "name": "old_name"},
    )  # fmt: skip


def diff_members(
    entitled: pd.DataFrame,
    seated: pd.DataFrame,
    here: pd.DataFrame,
    existing: dict[str, pd.DataFrame],
    owned: pd.DataFrame,
) -> pd.DataFrame:
    """``add`` (a move adds first), then ``remove`` of memberships of ours that the rules no longer want."""
    ids = here[[*PLACE, "id"]].rename(columns={"id": "group_id"})
    wanted = entitled.merge(ids, on=PLACE)
    new = seated.merge(ids, on=PLACE, how="left").astype({"group_id": "Int64"})
    new = new[~has(new, existing["group_members"], PAIR)]
    ours = owned[has(owned, existing["group_members"], PAIR)]
    ours = ours.merge(here.rename(columns={"id": "group_id"}), on="group_id")
    names = existing["users"].set_index("id")["username"]
    gone = ours[~has(ours, wanted, PAIR) & ours["user_id"].isin(existing["users"]["id"])]
    gone = gone.assign(username=gone["user_id"].map(names), composante=gone["scope"])
    label = ["key", "code", "username"]
    return plan.in_order(
        [
            plan.changes("group_member", "add", new, key=label, **MEMBER),
            plan.changes("group_member", "remove", gone, key=label, **MEMBER),
        ]
    )
