"""The directory on its socket, through the client that the project uses (ldap3)."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import ldap3
import pytest
from ldap3.core.exceptions import LDAPSessionTerminatedByServerError, LDAPSocketOpenError

from sandbox import directory
from sandbox.directory import DirectoryServer
from sandbox.university import create

STUDENTS = "(&(uid=e*)(eduPersonAffiliation=student))"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """About 3,000 people."""
    folder = tmp_path_factory.mktemp("directory")
    create(folder, today=date(2026, 11, 23), size=145)
    return folder


@pytest.fixture
def server(folder: Path) -> Iterator[DirectoryServer]:
    with directory.start(folder, size_limit=50) as server:
        yield server


@pytest.fixture
def client(server: DirectoryServer) -> Iterator[ldap3.Connection]:
    with connect(server) as client:
        yield client


def connect(server: DirectoryServer, password: str | None = None) -> ldap3.Connection:
    there = ldap3.Server(server.host, port=server.port, get_info=ldap3.NONE, connect_timeout=5)
    return ldap3.Connection(
        there, server.bind_dn, password or server.password, receive_timeout=5, return_empty_attributes=False
    )


def uids(client: ldap3.Connection, search_filter: str, **options: Any) -> list[str]:
    client.search(directory.BASE, search_filter, attributes=["uid"], **options)
    return [str(entry.uid) for entry in client.entries]


def count(folder: Path, condition: str) -> int:
    with closing(sqlite3.connect(folder / "directory.db")) as db:
        return int(db.execute(f"SELECT COUNT(*) FROM person WHERE {condition}").fetchone()[0])


def paged(client: ldap3.Connection, search_filter: str, size: int) -> list[dict[str, Any]]:
    found = client.extend.standard.paged_search(
        directory.BASE, search_filter, attributes=["uid", "sn"], paged_size=size, generator=False
    )
    return list(found)


def test_a_wrong_password_is_refused(server: DirectoryServer) -> None:
    client = connect(server, "faux")
    assert not client.bind()
    assert client.result["description"] == "invalidCredentials"


def test_nothing_is_told_without_a_bind(server: DirectoryServer) -> None:
    client = ldap3.Connection(ldap3.Server(server.host, port=server.port), auto_bind=True)
    client.search(server.base, "(uid=*)")
    assert client.result["description"] == "insufficientAccessRights"


def test_the_root_entry_tells_what_the_server_can_do(server: DirectoryServer) -> None:
    there = ldap3.Server(server.host, port=server.port, get_info=ldap3.ALL)
    ldap3.Connection(there, auto_bind=True)
    assert there.info.naming_contexts == ["dc=univ-campus,dc=fr"]
    assert "1.2.840.113556.1.4.319" in str(there.info.supported_controls)


def test_three_thousand_entries_come_by_pages(client: ldap3.Connection, folder: Path) -> None:
    start = time.monotonic()
    found = [entry["attributes"]["uid"][0] for entry in paged(client, STUDENTS, 500)]
    assert len(found) == len(set(found)) == count(folder, "population = 'student'") > 2_400
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("size", [1, 14, 15, 16, 500])
def test_pages_of_any_size_give_everyone_once(client: ldap3.Connection, size: int) -> None:
    found = [entry["attributes"]["uid"][0] for entry in paged(client, "(uid=e2900*)", size)]
    assert len(found) == len(set(found)) == len(paged(client, "(uid=e2900*)", 500))


def test_the_size_limit_stops_a_search_without_pages(client: ldap3.Connection) -> None:
    assert len(uids(client, STUDENTS)) == 50
    assert client.result["description"] == "sizeLimitExceeded"
    assert len(uids(client, STUDENTS, size_limit=3)) == 3
    assert client.result["description"] == "sizeLimitExceeded"
    assert len(uids(client, "(uid=e2900101)")) == 1
    assert client.result["description"] == "success"


@pytest.mark.parametrize(
    ("search_filter", "expected"),
    [
        ("(uid=E2900101)", ["e2900101"]),
        ("(&(uid=e2900*)(sn=*ILLENEU*)(!(sn=x*)))", ["e2900107"]),
        ("(|(supannEtuId=22900101)(supannEmpId=00090101))", ["e2900101", "p0090101"]),
        ("(&(uid=e29*)(!(mail=*)))", ["e2900123"]),
        ("(&(uid=e29*)(!(supannEtuId=*)))", ["e2900127"]),
        ("(&(uid=e29*)(!(givenName=*)))", ["e2900129"]),
        ("(supannEtuId=22900126)", ["e2900126", "e9900126"]),
        ("(sn=Lefrançois)", ["e2900102"]),
        ("(sn=le*go*nguyễn)", ["e2900105"]),
        ("(sn=jumel*jumel)", []),
        ("(&(uid=p00901*)(eduPersonAffiliation=faculty))", ["p0090101", "p0090102", "p0090103", "p0090131"]),
        ("(&(eduPersonAffiliation=alum)(uid=e*))", ["e0100001"]),
        ("(supannAliasLogin=lina.marchand)", ["e2900101"]),
        ("(uid>=e2900101)", []),
    ],
)
def test_filters_are_evaluated(client: ldap3.Connection, search_filter: str, expected: list[str]) -> None:
    assert uids(client, search_filter) == expected


def test_an_entry_carries_its_supann_attributes_and_accents(client: ldap3.Connection) -> None:
    client.search(directory.BASE, "(uid=e2900105)", attributes=["*"])
    found = client.entries[0].entry_attributes_as_dict
    assert found["sn"] == ["Le Goff-Nguyễn"]
    assert found["givenName"] == ["Inès"]
    assert found["supannEtuId"] == ["22900105"]
    assert found["supannAliasLogin"] == ["e2900105", "ines.legoff"]
    assert "supannEmpId" not in found


def test_a_missing_attribute_is_absent_and_only_what_is_asked_comes(client: ldap3.Connection) -> None:
    client.search(directory.BASE, "(uid=e2900123)", attributes=["UID", "mail", "sn"])
    assert client.response[0]["raw_attributes"] == {"uid": [b"e2900123"], "sn": [b"Sans-Mail"]}


def test_scopes_and_bases_are_those_of_the_tree(client: ldap3.Connection) -> None:
    me = f"uid=e2900101,{directory.BASE}"
    client.search(me, "(objectClass=*)", search_scope=ldap3.BASE)
    assert [entry.entry_dn for entry in client.entries] == [me]
    client.search("dc=univ-campus,dc=fr", "(objectClass=*)", search_scope=ldap3.LEVEL)
    assert len(client.entries) == 2
    client.search("ou=ailleurs,dc=fr", "(uid=*)")
    assert client.result["description"] == "noSuchObject"


def test_whoever_leaves_is_gone_at_the_next_search(tmp_path: Path) -> None:
    create(tmp_path, today=date(2026, 11, 23), size=0)
    with directory.start(tmp_path) as server, connect(server) as client:
        assert uids(client, "(uid=e2900101)")
        with closing(sqlite3.connect(tmp_path / "directory.db")) as db, db:
            db.execute("UPDATE person SET present = 0 WHERE uid = 'e2900101'")
        assert not uids(client, "(uid=e2900101)")


def test_it_is_read_only(client: ldap3.Connection) -> None:
    assert not client.delete(f"uid=e2900101,{directory.BASE}")
    assert client.result["description"] == "unwillingToPerform"
    assert not client.modify(f"uid=e2900101,{directory.BASE}", {"sn": [(ldap3.MODIFY_REPLACE, ["X"])]})
    assert client.result["description"] == "unwillingToPerform"


def test_it_can_hang_up_in_the_middle_of_a_page(server: DirectoryServer, client: ldap3.Connection) -> None:
    server.faults.close_on_page = 2
    with pytest.raises(LDAPSessionTerminatedByServerError):
        paged(client, STUDENTS, 100)


def test_it_can_refuse_to_page_to_the_end(server: DirectoryServer, client: ldap3.Connection) -> None:
    server.faults.size_limit_on_page = 2
    assert len(paged(client, STUDENTS, 100)) == 100
    assert client.result["description"] == "sizeLimitExceeded"


def test_it_answers_no_more_once_stopped(folder: Path) -> None:
    server = directory.start(folder)
    server.stop()
    with pytest.raises(LDAPSocketOpenError):
        connect(server).bind()
