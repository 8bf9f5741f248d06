"""The courses that REFER wants, beside those that are ours (docs/rules.md, «Offer»), by Polars."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl
from polars import DataFrame, Expr, col

LONGEST = 64  # chain of porteurs


class Wanted(NamedTuple):
    """known: code, distant, porte, porteur, frozen. doubled: code. course: key, foad. mine, live: our courses."""

    known: DataFrame
    doubled: DataFrame
    course: DataFrame
    mine: DataFrame
    live: DataFrame


def tidy(column: str) -> Expr:
    """A code as the rules clean it."""
    return col(column).str.normalize("NFC").str.strip_chars().str.to_uppercase()


def once(view: DataFrame, code: str, **columns: Expr) -> DataFrame:
    """The rows of a view, of equal codes that with the lowest raw one."""
    rows = view.sort(code).select(code=tidy(code), **columns)
    return rows.unique("code", keep="first", maintain_order=True)


def wanted(read: dict[str, DataFrame]) -> Wanted:
    """What the offer is."""
    known = _known(read)
    free = known.filter(~col("frozen") & ~col("porte"))
    twins = known.filter((col("distant") | col("unreadable")) & (col("frozen") | ~col("porte")))
    twins = twins.select(code=col("code") + "-FOAD")
    course = pl.concat(
        [
            free.join(twins, on="code", how="anti").select(key="code", foad=pl.lit(False)),
            free.filter(col("distant")).select(key=col("code") + "-FOAD", foad=pl.lit(True)),
        ]
    )
    shown = read["existing_courses"].select("id", "idnumber", now="created")
    mine = read["owned_course"].rename({"idnumber": "given"}).join(shown, on="id")
    mine = mine.filter((col("created") == col("now")).fill_null(True))
    live = mine.filter(col("archived").is_null()).sort("id").unique("key", keep="first")
    return Wanted(known, free.join(twins, on="code", how="semi").select("code"), course, mine, live)


def _known(read: dict[str, DataFrame]) -> DataFrame:
    view = once(read["source_element"], "code", category=tidy("code_categorie"), distant=col("a_distance") == "O")
    unread = read["source_illisible"].filter((col("view") == "element") & col("element").is_not_null())
    unread = unread.select(code=tidy("element"), unreadable=pl.lit(True)).unique()
    element = view.join(unread, on="code", how="full", coalesce=True)
    element = element.with_columns(col("distant", "unreadable").fill_null(False))
    links = once(read["source_porte"], "code_porte", parent=tidy("code_porteur"))
    rows = element.join(_ends(links), on="code", how="left").with_columns(
        porte=col("code").is_in(links["code"].implode()),
        rooted=col("category").is_in(_rooted(read["source_categorie"]).implode()).fill_null(False),
    )
    porteur = pl.when(col("porte")).then(col("end")).otherwise(col("code"))
    rows = rows.with_columns(porteur=pl.when(porteur.is_in(element["code"].implode())).then(porteur))
    return rows.with_columns(frozen=col("unreadable") | ~col("rooted") | col("porteur").is_null())


def _ends(links: DataFrame) -> DataFrame:
    """The end of each chain of porteurs: code, end; those that loop have none."""
    further, at = links.select(at="code", to="parent"), links.select("code", at="parent")
    for _ in range(LONGEST):
        step = at.join(further, on="at", how="left")
        if step["to"].is_null().all():
            break
        at = step.select("code", at=pl.coalesce("to", "at"))
    return at.join(links, left_on="at", right_on="code", how="anti").select("code", end="at")


def _rooted(view: DataFrame) -> pl.Series:
    rows = once(view, "code", parent=tidy("code_parent"))
    found, fresh = [], rows.filter(col("parent").is_null())
    while not fresh.is_empty():
        found.append(fresh["code"])
        fresh = rows.join(fresh.select(parent="code"), on="parent", how="semi")
    return pl.concat(found)
