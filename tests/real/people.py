"""30,000 people of a directory, as SUPANN entries and as the frame that must be read from them."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from openldap import BASE, Attributes

STUDENTS, STAFF = 27_000, 3_000
COLUMNS = ["population", "code", "uid", "sn", "given_name", "mail"]
FOUND = ["entry", "population", "code", "sought", "uid", "sn", "given_name", "mail", "unreadable"]
NAMES = ["Lefèvre", "Gœury", "Ñuñez", "Müller", "Ó Súilleabháin", "D’Arc", "Żółć", "Martin", "Ağaoğlu", "李"]
GIVEN = ["Zoé", "Anaïs", "Jean-François", "Ali", "Łukasz", "Chloë"]

Person = tuple[str, str, str, str, str | None, str | None]


def people() -> Iterator[Person]:
    """Everyone, in the order of COLUMNS; some lack a mail or a given name."""
    for number in range(STUDENTS):
        uid = f"e{number:07}"
        yield "student", f"{22_000_000 + number}", uid, *_named(number), f"{uid}@etu.univ.fr" if number % 50 else None
    for number in range(STAFF):
        uid = f"p{number:07}"
        yield "staff", f"{number:06}", uid, *_named(number), f"{uid}@univ.fr"


def frame() -> pd.DataFrame:
    """What ``directory.people`` must give, by login."""
    known = pd.DataFrame(people(), columns=COLUMNS, dtype="str").sort_values("uid", ignore_index=True)
    known["entry"] = "uid=" + known["uid"] + f",{BASE}"
    return known.assign(sought=True, unreadable=pd.Series(pd.NA, index=known.index, dtype="str"))[FOUND]


def entries() -> Iterator[tuple[str, Attributes]]:
    """The entries of everyone, of alumni that no filter keeps, and of referrals to servers that do not exist."""
    for person in people():
        yield _entry(*person)
    for number in range(100):
        yield _entry("alum", "1", f"e8{number:06}", "Parti", None, None)
        yield _referral(number)


def _named(number: int) -> tuple[str, str | None]:
    return NAMES[number % len(NAMES)], GIVEN[number % len(GIVEN)] if number % 70 else None


def _entry(
    population: str, code: str, uid: str, sn: str, given: str | None, mail: str | None
) -> tuple[str, Attributes]:
    """Several values wherever SUPANN allows them, and the same attributes again in other languages."""
    attributes = {
        "objectClass": ["inetOrgPerson", "eduPerson", "supannPerson"],
        "uid": [uid],
        "cn": [f"{given or ''} {sn}".strip()],
        "sn": [sn],
        "sn;lang-en": ["Not this one"],
        "eduPersonAffiliation": ["member", "student"] if population == "student" else ["member", population],
        "supannEmpId" if population == "staff" else "supannEtuId": [code],
        "supannAliasLogin": [f"{uid}-alias", " entouré d'espaces "],
        "description": [": commence par deux-points", "ligne\nsuivante"],
    }
    if given:
        attributes["givenName"] = [given, "Deuxième Prénom"]
    if mail:
        attributes["mail"] = [mail, f"autre.{mail}"]
    return f"uid={uid},{BASE}", attributes


def _referral(number: int) -> tuple[str, Attributes]:
    name = f"ailleurs{number}"
    return f"ou={name},{BASE}", {
        "objectClass": ["referral", "extensibleObject"],
        "ou": [name],
        "ref": [f"ldap://127.0.0.1:1/ou={name},{BASE}"],
    }
