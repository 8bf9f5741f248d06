"""The people of ``directory.db`` as SUPANN entries, under the containers that every directory has."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
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

Value = str | bytes
"""A text, or bytes that are none: an entry that was typed in latin-1."""

Attributes = dict[str, list[Value]]


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
        people = map(_person, db.execute(_PRESENT))
        for _, same in groupby(people, key=lambda entry: entry.dn):
            yield _merged(list(same))


def _merged(entries: list[Entry]) -> Entry:
    """Rows of one login are one entry: a student who teaches has both codes."""
    whole: dict[str, dict[Value, None]] = {}
    for entry in entries:
        for name, values in entry.attributes.items():
            whole.setdefault(name, {}).update(dict.fromkeys(values))
    single = {"sn", "givenName", "cn", "displayName", "mail"}
    return Entry(
        entries[0].dn, {name: [*values][:1] if name in single else [*values] for name, values in whole.items()}
    )


def _person(row: tuple[str, Value | None, str, Value | None, Value | None, Value | None]) -> Entry:
    population, code, uid, sn, given_name, mail = row
    names = [name for name in (sn, given_name) if isinstance(name, str) and name]
    single: dict[str, Value | None] = {
        "uid": uid,
        "sn": sn,
        "givenName": given_name,
        "cn": " ".join(names),
        "displayName": " ".join(reversed(names)),
        "mail": mail,
        "supannEmpId" if population == "staff" else "supannEtuId": code,
    }
    logins: list[Value] = [uid, mail.partition("@")[0]] if isinstance(mail, str) and mail else [uid]
    attributes: Attributes = {
        "objectClass": [
            "top",
            "person",
            "organizationalPerson",
            "inetOrgPerson",
            "eduPerson",
            "supannPerson",
        ],
        "eduPersonAffiliation": [*AFFILIATIONS[population]],
        "supannAliasLogin": logins,
    }
    return Entry(f"uid={uid},{BASE}", attributes | {name: [value] for name, value in single.items() if value})
