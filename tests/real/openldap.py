"""A slapd with SUPANN people, which gives at most 500 entries to a search, or to a page of it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from certificates import Authority

from ecampus.local.services import free_port
from programs import HOST, Server, folder, found, quietly, running

SCHEMAS = Path(__file__).parents[2] / "include" / "rehearsal"
SUFFIX = "dc=univ,dc=fr"
BASE = f"ou=people,{SUFFIX}"
READER = f"cn=ecampus,{SUFFIX}"
LIMITED = f"cn=autre,{SUFFIX}"
BLIND = f"cn=aveugle,{SUFFIX}"
"""May not read the codes of staff."""
ADMIN = f"cn=admin,{SUFFIX}"
PASSWORD = "lecture-seule"
SIZE_LIMIT = 500

CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include {schemas}/eduperson.schema
include {schemas}/supann.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile {folder}/slapd.pid
TLSCACertificateFile {tls}/ca.pem
TLSCertificateFile {tls}/server.pem
TLSCertificateKeyFile {tls}/server.key
sizelimit size.soft={limit} size.hard={limit} size.pr={limit} size.prtotal=hard

database mdb
suffix {suffix}
rootdn {admin}
rootpw {password}
directory {folder}
maxsize 268435456
dbnosync
limits dn.exact={reader} size.soft={limit} size.hard={limit} size.pr={limit} size.prtotal=unlimited
access to attrs=userPassword by anonymous auth by * none
access to attrs=supannEmpId by dn.exact={blind} none by users read by * none
access to * by users read by * none
index objectClass,eduPersonAffiliation eq
index uid eq,sub
overlay memberof
"""

Attributes = dict[str, list[str]]


@dataclass(frozen=True)
class OpenLdap:
    """A running slapd: its two ports, the authority that signed its certificate and another one."""

    process: Server
    port: int
    tls_port: int
    ca_file: Path
    stranger_file: Path


@contextmanager
def slapd(entries: Iterable[tuple[str, Attributes]]) -> Iterator[OpenLdap]:
    """A slapd that holds the three accounts and ``entries`` (dn, attributes), loaded by slapadd."""
    server, loader = found("slapd", "slapd"), found("slapadd", "slapd")
    with folder() as place:
        tls = Authority(place)
        configuration = place / "slapd.conf"
        names = {
            "suffix": SUFFIX,
            "reader": READER,
            "blind": BLIND,
            "admin": ADMIN,
            "password": PASSWORD,
            "limit": SIZE_LIMIT,
        }
        configuration.write_text(CONFIGURATION.format(schemas=SCHEMAS, folder=place, tls=place, **names))
        ldif = place / "people.ldif"
        ldif.write_text("\n".join(_ldif(dn, attributes) for dn, attributes in [*_containers(), *entries]))
        quietly([loader, "-q", "-f", str(configuration), "-l", str(ldif)])
        port, tls_port = free_port(), free_port()
        urls = f"ldap://{HOST}:{port} ldaps://{HOST}:{tls_port}"
        with running([server, "-d", "0", "-f", str(configuration), "-h", urls], port, place / "slapd.log") as process:
            yield OpenLdap(process, port, tls_port, tls.certificate, tls.stranger)


def _containers() -> Iterator[tuple[str, Attributes]]:
    yield SUFFIX, {"objectClass": ["dcObject", "organization"], "dc": ["univ"], "o": ["Université"]}
    yield BASE, {"objectClass": ["organizationalUnit"], "ou": ["people"]}
    for account in (READER, LIMITED, BLIND):
        name = account.partition(",")[0].removeprefix("cn=")
        yield account, {"objectClass": ["person"], "cn": [name], "sn": [name], "userPassword": [PASSWORD]}


def _ldif(dn: str, attributes: Attributes) -> str:
    lines = [_line(name, value) for name, values in attributes.items() for value in values]
    return "\n".join([_line("dn", dn), *lines, ""])


def _line(name: str, value: str) -> str:
    """In base64 what LDIF cannot hold as it is: accents, a space at either end, a colon first."""
    if value.isascii() and value.isprintable() and value == value.strip() and not value.startswith((":", "<")):
        return f"{name}: {value}"
    return f"{name}:: {base64.b64encode(value.encode()).decode()}"
