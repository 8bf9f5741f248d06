"""What the profile ``rehearsal`` brings of ours: its variables, and its directory, started by the file's own command."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import ldap3
import pytest

import compose
from ecampus import contract
from ecampus.local.services import free_port
from ecampus.sources import directory
from ecampus.sources.directory import DirectorySettings
from programs import HOST, PLACES, Missing, folder, found, running, skip

REHEARSAL = compose.ROOT / "include" / "rehearsal"
ADMINISTRATOR, PASSWORD = "cn=ecampus,dc=univ,dc=fr", "l'essai"
ENGINEER = "uid=p0900001,ou=people,dc=univ,dc=fr"


def variables() -> dict[str, str]:
    """``rehearsal.env``."""
    lines = (REHEARSAL / "rehearsal.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


def moved(text: str, place: Path, port: int) -> str:
    """The paths and the address of the container, as they are here."""
    here = {
        "/run/secrets": place,
        "/etc/ldap/rootpw.conf": place / "rootpw.conf",
        "/rehearsal": place / "rehearsal",
        "/directory": place / "directory",
        "ldap:///": f"ldap://{HOST}:{port}",
        "ldap://localhost": f"ldap://{HOST}:{port}",
    }
    return re.sub(rf"({'|'.join(here)})(?![\w.])", lambda match: str(here[match[0]]), text)


@pytest.fixture(scope="module")
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    """Where the directory of the rehearsal listens."""
    try:
        found("slapd", "slapd")
        found("ldapsearch", "ldap-utils")
    except Missing as why:
        skip(why, request.config)
    with folder() as place:
        number = free_port()
        shutil.copytree(REHEARSAL, place / "rehearsal")
        (place / "directory").mkdir()
        (place / "ldap_bind_password").write_text(f"{PASSWORD}\n")
        configuration = place / "rehearsal" / "slapd.conf"
        configuration.write_text(moved(configuration.read_text(), place, number))
        words = compose.read()["services"]["openldap"]["command"]
        command = ["env", f"PATH={PLACES}", *(moved(compose.interpolated(word, {}), place, number) for word in words)]
        with running(command, number, place / "log"):
            yield number


def bound(port: int, login: str, password: str) -> ldap3.Connection:
    return ldap3.Connection(ldap3.Server(HOST, port, get_info=ldap3.NONE), login, password, auto_bind=True)


def test_its_variables_are_all_that_the_file_requires():
    for service in compose.ours(compose.read()).values():
        assert variables().items() <= compose.environment(service, variables()).items()


def test_its_directory_passes_the_health_check_of_the_file(port):
    words = compose.read()["services"]["openldap"]["healthcheck"]["test"][1:]
    command = [moved(word, Path("/"), port) for word in words]
    assert subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0


def test_its_directory_gives_the_people_that_ecampus_reads(port):
    reader = directory.connect(HOST, port, ADMINISTRATOR, PASSWORD, {"insecure": True})
    people = directory.people(reader, DirectorySettings(base=variables()["ECAMPUS_LDAP_BASE"]))
    assert sorted(contract.validate("people", people)["population"]) == ["staff", "staff", "student"]


def test_an_engineer_is_found_by_the_group_and_signs_in_once_given_a_password(port):
    administrator = bound(port, ADMINISTRATOR, PASSWORD)
    group = f"(memberOf={variables()['ECAMPUS_LDAP_ENGINEERS']})"
    assert administrator.search(variables()["ECAMPUS_LDAP_BASE"], group)
    assert [entry["dn"] for entry in administrator.response] == [ENGINEER]
    assert administrator.extend.standard.modify_password(ENGINEER, new_password="un mot de passe")
    assert bound(port, ENGINEER, "un mot de passe").bound
