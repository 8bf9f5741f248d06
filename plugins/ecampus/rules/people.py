"""Who is who: LDAP's people, REFER's codes and Moodle's accounts."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ecampus.shapes import cast

ACCOUNT = ["population", "code", "user_id", "username"]
POPULATIONS = ("student", "staff")


@dataclass(frozen=True)
class UidForms:
    """The regular expression that a whole login of each population matches; '' where logins tell nothing."""

    student: str = "e.*"
    staff: str = "p.*"


def accounts(users: pd.DataFrame, links: pd.DataFrame, forms: UidForms | None = None) -> pd.DataFrame:
    """The Moodle account of each person code, suspended ones included: population, code, user_id, username.

    An account serves a population by the register, whatever its idnumber has become (``links``: user_id, population,
    code); one that the register does not know, by its idnumber and the form of its login (``forms``). So a student
    who carries the code of a teacher teaches nothing. A code that several such accounts carry is nobody's.
    """
    here = users[["id", "username", "idnumber"]].rename(columns={"id": "user_id"})
    here = cast(here, {"username": "str", "idnumber": "str"})
    linked = links[["user_id", "population", "code"]].merge(here, on="user_id", validate="many_to_one")
    exact = linked["idnumber"].str.upper().eq(linked["code"])
    linked = linked.assign(rank=~exact).sort_values(["rank", "user_id"]).drop_duplicates(["population", "code"])
    other = here[~here["user_id"].isin(links["user_id"]) & here["idnumber"].notna()]
    other = other.assign(code=other["idnumber"].str.upper(), population=by_form(other["username"], forms or UidForms()))
    other = other[other["population"].notna()]
    alone = other[~other.duplicated(["population", "code"], keep=False)]
    return pd.concat([linked[ACCOUNT], alone[ACCOUNT]]).drop_duplicates(["population", "code"], ignore_index=True)


def by_form(usernames: pd.Series, forms: UidForms) -> pd.Series:
    """student, staff, or null when a login has the form of neither or of both."""
    student, staff = (_fits(usernames, getattr(forms, population)) for population in POPULATIONS)
    told = pd.Series(pd.NA, index=usernames.index, dtype="str")
    return told.mask(student & ~staff, "student").mask(staff & ~student, "staff")


def _fits(usernames: pd.Series, form: str) -> pd.Series:
    if not form:
        return pd.Series(False, index=usernames.index)
    return usernames.str.fullmatch(form).eq(True)


def of_population(people: pd.DataFrame, population: str) -> pd.DataFrame:
    """The accounts of one population: code, user_id, username."""
    return people.loc[people["population"] == population, ["code", "user_id", "username"]]
