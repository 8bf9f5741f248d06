"""Who signs in to Airflow: two engineers, one of whom leaves, a clerk, a professor who is neither; their groups in the directory."""

from __future__ import annotations

from collections.abc import Iterator

import ldap3
from openldap import ADMIN, BASE, PASSWORD, READER, SUFFIX, Attributes, OpenLdap

from programs import HOST

GROUPS = f"ou=groups,{SUFFIX}"
ENGINEERS, STAFF = f"cn=ecampus-ingenieurs,{GROUPS}", f"cn=ecampus-scolarite,{GROUPS}"
ENGINEER, CLERK, LEAVER, PROFESSOR = "ines", "sacha", "lea", "paul"


def entries() -> Iterator[tuple[str, Attributes]]:
    """The four people, and where the groups are."""
    yield GROUPS, {"objectClass": ["organizationalUnit"], "ou": ["groups"]}
    for uid in (ENGINEER, CLERK, LEAVER, PROFESSOR):
        named = {"uid": [uid], "cn": [uid], "sn": ["Lefèvre"], "givenName": [uid], "mail": [f"{uid}@univ.fr"]}
        yield _dn(uid), {"objectClass": ["inetOrgPerson"], **named, "userPassword": [password(uid)]}


def password(uid: str) -> str:
    """What this person types."""
    return f"mot de passe de {uid}"


def gather(directory: OpenLdap) -> None:
    """The two groups, and who is in them at first. The overlay of slapd tells it to each person (memberOf)."""
    for group, uids in ((ENGINEERS, [ENGINEER, LEAVER]), (STAFF, [CLERK])):
        _administrator(directory).add(group, "groupOfNames", {"member": [READER, *map(_dn, uids)]})


def move(directory: OpenLdap, uid: str, leaves: str, joins: str | None = None) -> None:
    """Somebody leaves a group, and joins another."""
    for group, change in ((leaves, ldap3.MODIFY_DELETE), (joins, ldap3.MODIFY_ADD)):
        if group:
            _administrator(directory).modify(group, {"member": [(change, [_dn(uid)])]})


def _administrator(directory: OpenLdap) -> ldap3.Connection:
    server = ldap3.Server(HOST, directory.port, get_info=ldap3.NONE)
    return ldap3.Connection(server, ADMIN, PASSWORD, auto_bind=True, raise_exceptions=True)


def _dn(uid: str) -> str:
    return f"uid={uid},{BASE}"
