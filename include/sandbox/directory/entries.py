"""The people of ``directory.db`` as SUPANN entries, under the containers that every directory has."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

SUFFIX = "dc=univ-campus,dc=fr"
BASE = f"ou=people,{SUFFIX}"
BIND_DN = f"cn=ecampus,{SUFFIX}"
PASSWORD = "lecture-seule"

AFFILIATIONS = {
    "student": ["student", "member"],
    "staff": ["employee", "faculty", "member"],
    "alum": ["alum", "affiliate"],
}

Attributes = dict[str, list[str]]


class Entry(NamedTuple):
    """A DN and its attributes; one without a value is absent, as in a real directory."""

    dn: str
    attributes: Attributes


ROOT_DSE = Entry(
    "",
    {
        "objectClass": ["top"],
        "namingContexts": [SUFFIX],
        "supportedLDAPVersion": ["3"],
        "supportedControl": ["1.2.840.113556.1.4.319"],
        "vendorName": ["ecampus sandbox"],
    },
)

CONTAINERS = (
    Entry(SUFFIX, {"objectClass": ["top", "dcObject", "organization"], "dc": ["univ-campus"], "o": ["Campus"]}),
    Entry(BASE, {"objectClass": ["top", "organizationalUnit"], "ou": ["people"]}),
    Entry(BIND_DN, {"objectClass": ["top", "applicationProcess"], "cn": ["ecampus"]}),
)

_PRESENT = "SELECT population, code, uid, sn, given_name, mail FROM person WHERE present = 1 ORDER BY uid"


def read_entries(folder: Path) -> Iterator[Entry]:
    """The containers, then everyone who is present in ``directory.db``, by uid."""
    yield from CONTAINERS
    with closing(sqlite3.connect(f"file:{folder / 'directory.db'}?mode=ro", uri=True)) as db:
        yield from map(_person, db.execute(_PRESENT))


def _person(row: tuple[str, str | None, str, str | None, str | None, str | None]) -> Entry:
    population, code, uid, sn, given_name, mail = row
    single = {
        "uid": uid,
        "sn": sn,
        "givenName": given_name,
        "cn": " ".join(filter(None, (sn, given_name))),
        "displayName": " ".join(filter(None, (given_name, sn))),
        "mail": mail,
        "supannEmpId" if population == "staff" else "supannEtuId": code,
    }
    attributes: Attributes = {
        "objectClass": [
            "top",
            "person",
            "organizationalPerson",
            "inetOrgPerson",
            "eduPerson",
            "supannPerson",
        ],
        "eduPersonAffiliation": AFFILIATIONS[population],
        "supannAliasLogin": [uid, mail.partition("@")[0]] if mail else [uid],
    }
    return Entry(f"uid={uid},{BASE}", attributes | {name: [value] for name, value in single.items() if value})
