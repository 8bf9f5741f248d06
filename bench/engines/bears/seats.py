"""Which student is in which group of which course (docs/rules.md, «Students and teachers»), by Polars."""

from __future__ import annotations

import polars as pl
from polars import DataFrame, col

from bench.engines.bears.offer import Wanted, once, tidy

Frames = dict[str, DataFrame]
PERSON = ["population", "code"]


def accounts(read: Frames) -> DataFrame:
    """The account of each person: population, code, user_id, username."""
    users = read["existing_users"].select("username", user_id="id", carried=col("idnumber").str.to_uppercase())
    linked = read["owned_account"].select("user_id", *PERSON).join(users, on="user_id")
    linked = linked.sort(col("carried").ne_missing(col("code")), "user_id").unique(PERSON, keep="first")
    other = users.join(read["owned_account"], on="user_id", how="anti").filter(col("carried").is_not_null())
    login = col("username")
    form = (
        pl.when(login.str.starts_with("e"))
        .then(pl.lit("student"))
        .when(login.str.starts_with("p"))
        .then(pl.lit("staff"))
    )
    other = other.with_columns(population=form, code=col("carried")).filter(col("population").is_not_null())
    other = other.unique(PERSON, keep="none").join(linked, on=PERSON, how="anti")
    columns = [*PERSON, "user_id", "username"]
    return pl.concat([linked.select(columns), other.select(columns)])


def seats(read: Frames, offer: Wanted, known: DataFrame) -> tuple[DataFrame, DataFrame]:
    """Where groups live (key, team), and who is in them (key, team, user_id, username) of our live courses."""
    place = _places(read, offer)
    ia = read["source_inscription_administrative"].filter(col("tele_enseignement") == "O")
    tele = ia.select(student=tidy("code_etudiant")).to_series()
    students = known.filter((col("population") == "student") & ~col("user_id").is_in(frozen(read).implode()))
    rows = read["source_groupe_etudiant"].select(team=tidy("code_groupe"), code=tidy("code_etudiant"))
    rows = rows.join(place.join(offer.live, on="key", how="semi"), on="team")
    rows = rows.filter(~col("cemu") | col("code").is_in(tele.implode()))
    return place, rows.join(students, on="code").select("key", "team", "user_id", "username")


def _places(read: Frames, offer: Wanted) -> DataFrame:
    team = once(
        read["source_groupe"], "code", cemu=col("libelle").str.to_lowercase().str.contains("cemu", literal=True)
    )
    rows = read["source_groupe_element"].select(team=tidy("code_groupe"), code=tidy("code_element"))
    rows = rows.join(team.rename({"code": "team"}), on="team")
    rows = rows.join(offer.known.filter(~col("frozen") & ~col("porte")), on="code")
    lives = pl.when(col("cemu")).then(col("distant")).otherwise(~col("code").is_in(offer.doubled["code"].implode()))
    key = pl.when(col("cemu")).then(col("code") + "-FOAD").otherwise(col("code"))
    return rows.filter(lives).select("team", "cemu", key=key).unique()


def frozen(read: Frames) -> pl.Series:
    """The accounts of which nothing moves."""
    return read["owned_account"].filter(col("frozen"))["user_id"]


def keys(rows: DataFrame, columns: list[str]) -> DataFrame:
    """The keys of these changes, as the plan has them."""
    return rows.select(key=pl.concat_str(columns, separator=" / "))
