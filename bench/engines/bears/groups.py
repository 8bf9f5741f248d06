"""The memberships to add and to remove (docs/rules.md, «Groups»), by Polars."""

from __future__ import annotations

import polars as pl
from polars import DataFrame, col

from bench.engines.bears.offer import Wanted, wanted
from bench.engines.bears.seats import accounts, frozen, keys, seats

Frames = dict[str, DataFrame]
PLACE, PAIR = ["course_id", "team"], ["group_id", "user_id"]


def groups(read: Frames) -> Frames:
    """The memberships to add and to remove."""
    offer, known = wanted(read), accounts(read)
    place, seat = seats(read, offer, known)
    live = offer.live.select("key", course_id="id")
    spot = place.join(live, on="key").select(PLACE).unique()
    here = _here(read, offer)
    standing = here.filter(col("archived").is_null()).sort("id").unique(PLACE, keep="first")
    stays = standing.join(spot, on=PLACE, how="semi")
    gone = standing.join(spot, on=PLACE, how="anti")
    back = (
        here.filter(col("archived").is_not_null()).join(spot, on=PLACE, how="semi").join(standing, on=PLACE, how="anti")
    )
    back = back.sort("archived", "id").unique(PLACE, keep="last")
    kept = pl.concat([stays, back]).select(*PLACE, group_id="id")
    taken = read["existing_groups"].filter(~col("id").is_in(pl.concat([kept["group_id"], gone["id"]]).implode()))
    taken = taken.select("course_id", team=col("idnumber").str.to_uppercase())
    entitled = seat.join(live, on="key").unique(["course_id", "team", "user_id"]).join(kept, on=PLACE, how="left")
    entitled = entitled.filter(col("group_id").is_not_null()).vstack(
        entitled.filter(col("group_id").is_null()).join(taken, on=PLACE, how="anti")
    )
    held = read["existing_group_members"]
    mine = read["owned_group_member"].join(read["existing_held_members"], on=PAIR, how="anti")
    add = entitled.join(read["existing_enrolled"], on=["course_id", "user_id"], how="semi").join(
        held, on=PAIR, how="anti"
    )
    used = pl.concat([held.join(mine, on=PAIR, how="anti")["group_id"], read["existing_groupings"]["group_id"]])
    tended = pl.concat(
        [stays, gone.filter(col("id").is_in(used.implode())), here.filter(col("archived").is_not_null())]
    )
    remove = (
        mine.join(held, on=PAIR, how="semi").join(entitled, on=PAIR, how="anti")
        .join(tended.select("key", "team", group_id="id"), on="group_id")
        .join(read["existing_users"].select("username", user_id="id"), on="user_id")
        .filter(~col("user_id").is_in(frozen(read).implode()))
    )  # fmt: skip
    return {"add": keys(add, ["key", "team", "username"]), "remove": keys(remove, ["key", "team", "username"])}


def _here(read: Frames, offer: Wanted) -> DataFrame:
    """Our groups in our live courses that REFER wants: id, course_id, team, archived, key."""
    shown = read["existing_groups"].select("id", "course_id", now="created")
    rows = read["owned_group"].select("id", "archived", "created", team="code").join(shown, on="id")
    rows = rows.filter((col("created") == col("now")).fill_null(True))
    rows = rows.join(offer.live.select("key", course_id="id"), on="course_id").join(offer.course, on="key", how="semi")
    return rows.select("id", "course_id", "team", "archived", "key")
