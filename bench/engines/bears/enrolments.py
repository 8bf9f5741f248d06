"""The rows to add and to remove (docs/rules.md, «Students and teachers» and «Publishing»), by Polars."""

from __future__ import annotations

import polars as pl
from polars import DataFrame, col

from bench.engines.bears.offer import Wanted, wanted
from bench.engines.bears.seats import accounts, frozen, keys, seats, tidy

Frames = dict[str, DataFrame]
ROW = ["course_idnumber", "username", "role"]


def enrolments(read: Frames) -> Frames:
    """The rows to add and to remove."""
    offer, known = wanted(read), accounts(read)
    sheet = _sheets(read, offer, known)
    there = offer.live.filter(col("idnumber") == col("key")).select("key")
    student = (
        seats(read, offer, known)[1].join(there, on="key", how="semi").select("key", "username", role=pl.lit("student"))
    )
    usable = offer.known.filter(~col("frozen")).join(offer.doubled, on="code", how="anti").select(key="code")
    teacher = (
        sheet.select("username", "user_id", key="porteur")
        .filter(col("username").is_not_null() & ~col("user_id").is_in(frozen(read).implode()))
        .join(usable, on="key", how="semi").join(there, on="key", how="semi")
        .select("key", "username", role=pl.lit("editingteacher"))
    )  # fmt: skip
    rows = pl.concat([student, teacher]).unique().rename({"key": "course_idnumber"})
    table = read["existing_enrolment_rows"]
    gone = read["owned_enrolment"].join(table, on=ROW, how="semi").join(rows, on=ROW, how="anti")
    stays = _stays(gone, read, offer, sheet)
    return {"add": keys(rows.join(table, on=ROW, how="anti"), ROW), "remove": keys(gone.filter(~stays), ROW)}


def _sheets(read: Frames, offer: Wanted, known: DataFrame) -> DataFrame:
    good = (col("seances") > 0) & (col("origine") == "APOGEE") & (col("obsolete") == "N")
    rows = read["source_seance_ade"].filter(good)
    rows = rows.select(code=tidy("code_element"), teacher=tidy("code_enseignant"))
    rows = rows.join(offer.known.select("code", "porteur", stuck=col("frozen") & col("porte")), on="code")
    staff = known.filter(col("population") == "staff").select("user_id", "username", teacher="code")
    return rows.join(staff, on="teacher", how="left")


def _stays(gone: DataFrame, read: Frames, offer: Wanted, sheet: DataFrame) -> pl.Series:
    users = read["existing_users"].select("username", user_id="id")
    stuck = sheet.filter(col("stuck")).join(read["memory_links"].select("code", last="porteur"), on="code")
    stuck = stuck.select("username", course_idnumber="last", stuck=pl.lit(True)).unique()
    rows = gone.join(
        offer.course.select("foad", course_idnumber="key"), on="course_idnumber", how="left", maintain_order="left"
    )
    rows = rows.join(users, on="username", how="left", maintain_order="left")
    rows = rows.join(stuck, on=["course_idnumber", "username"], how="left", maintain_order="left")
    whole = read["owned_account"].join(users, on="user_id", how="anti").is_empty()
    teacher, named = col("role") != "student", col("user_id").is_not_null()
    return rows.select(
        (teacher & (col("foad").fill_null(False) | col("stuck").fill_null(False)))
        | col("user_id").is_in(frozen(read).implode()).fill_null(False)
        | (named & col("course_idnumber").str.to_uppercase().is_in(_protected(read, offer).implode()))
        | ~(named | pl.lit(whole))
    ).to_series()


def _protected(read: Frames, offer: Wanted) -> pl.Series:
    shown, ours = read["existing_courses"], read["owned_course"]
    unwanted = ~col("key").is_in(offer.course["key"].implode())
    kept = offer.mine.filter(col("archived").is_not_null() | unwanted | col("idnumber").ne_missing(col("given")))
    unseen = ours.join(shown, on="id", how="anti").join(shown, on="idnumber", how="anti")
    keys = pl.concat([kept["idnumber"], kept["given"], unseen["idnumber"]]).drop_nulls().str.to_uppercase().unique()
    theirs = shown.join(offer.mine, on="id", how="anti")["idnumber"].drop_nulls().str.to_uppercase()
    return keys.filter(~keys.is_in(theirs.implode()))
