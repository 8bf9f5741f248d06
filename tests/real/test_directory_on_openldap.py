"""People read from a real OpenLDAP: every entry once, or an error; never a part of them."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import people as university
import pytest
from openldap import BASE, BLIND, LIMITED, PASSWORD, READER
from relay import relay

from ecampus import contract
from ecampus.errors import SettingUnreadable, SourceRefused, SourceUnreachable, TruncatedRead
from ecampus.night.preflight import sources
from ecampus.night.preflight.inspection import Inspection
from ecampus.sources import directory
from ecampus.sources.directory import DirectorySettings
from ecampus.words.findings import BAD, GOOD, UNSEEN
from programs import HOST

SETTINGS = DirectorySettings(base=BASE)
FEW = replace(SETTINGS, students="(&(uid=e00000*)(eduPersonAffiliation=student))", staff="(uid=p00000*)", page_size=20)
BOUND_SECONDS = 60


def read(port, settings=FEW, login=READER, password=PASSWORD, host=HOST, **extra) -> pd.DataFrame:
    secure = {"use_ssl", "start_tls"} & extra.keys()
    connection = directory.connect(host, port, login, password, extra if secure else extra | {"insecure": True})
    try:
        return directory.people(connection, settings).sort_values("uid", ignore_index=True)
    finally:
        connection.unbind()


def few() -> pd.DataFrame:
    everyone = university.frame()
    return everyone.loc[everyone["uid"].str.fullmatch("[ep]00000..")].reset_index(drop=True)


def test_thirty_thousand_people_are_read_once_each_under_a_server_limit_of_500(directory_server):
    start = time.monotonic()
    found = read(directory_server.port, SETTINGS)
    assert time.monotonic() - start < BOUND_SECONDS
    pd.testing.assert_frame_equal(found, university.frame())
    assert len(contract.validate("people", found)) == university.STUDENTS + university.STAFF


def test_an_account_that_may_not_page_past_the_limit_is_told_so_and_nobody_is_read(directory_server):
    with pytest.raises(TruncatedRead, match="a coupé la liste des personnes \\(sizeLimitExceeded"):
        read(directory_server.port, SETTINGS, login=LIMITED)


def test_a_page_larger_than_the_server_allows_is_told_so(directory_server):
    with pytest.raises(TruncatedRead, match=r"illegal pagedResults page size.*ou page_size est baissé"):
        read(directory_server.port, replace(SETTINGS, page_size=501))


def test_accents_several_values_and_languages_are_read_from_ldaps(directory_server):
    found = read(directory_server.tls_port, use_ssl=True, ca_file=str(directory_server.ca_file))
    pd.testing.assert_frame_equal(found, few())
    assert found.loc[found["uid"] == "e0000001", ["sn", "given_name"]].to_numpy().tolist() == [["Gœury", "Anaïs"]]


def test_start_tls_reads_the_same(directory_server):
    found = read(directory_server.port, start_tls=True, ca_file=str(directory_server.ca_file))
    pd.testing.assert_frame_equal(found, few())


@pytest.mark.parametrize("extra", [{"use_ssl": True}, {"start_tls": True}])
@pytest.mark.parametrize("known", [None, "stranger_file"])
def test_a_certificate_of_an_unknown_authority_is_refused_before_the_password_leaves(directory_server, extra, known):
    port = directory_server.tls_port if extra.get("use_ssl") else directory_server.port
    authority = {"ca_file": str(getattr(directory_server, known))} if known else {}
    with pytest.raises(SourceRefused, match="certificat qui n'est pas reconnu : donner dans ca_file"):
        read(port, **extra, **authority)


@pytest.mark.parametrize("extra", [{"use_ssl": True}, {"start_tls": True}])
def test_a_certificate_of_another_name_is_refused_and_named_as_such(directory_server, extra):
    port = directory_server.tls_port if extra.get("use_ssl") else directory_server.port
    with pytest.raises(SourceRefused, match="établi pour un autre nom : écrire dans la connexion « ldap » le nom"):
        read(port, host="localhost", ca_file=str(directory_server.ca_file), **extra)


@pytest.mark.parametrize(
    ("login", "password"), [(READER, "wr0ng"), (f"cn=personne,{BASE}", "wr0ng"), ("pas un dn", "wr0ng")]
)
def test_a_bind_that_is_refused_is_told_without_the_password(directory_server, login, password):
    with pytest.raises(SourceRefused, match="corriger son identifiant ou son mot de passe") as caught:
        read(directory_server.port, login=login, password=password)
    assert password not in str(caught.value)


@pytest.mark.parametrize(
    "settings",
    [
        {"password": None},
        {"ca_file": "/nowhere/ca.pem", "start_tls": True},
        {"settings": replace(FEW, base="nulle part")},
    ],
)
def test_a_wrong_setting_of_the_connection_is_not_a_server_away(directory_server, settings):
    with pytest.raises(SettingUnreadable, match=r"^Connexion « ldap » : .*corriger la base, les filtres, le compte"):
        read(directory_server.port, **settings)


def test_what_an_account_may_not_see_is_an_error_and_not_an_empty_directory(directory_server):
    with pytest.raises(SourceUnreachable, match="noSuchObject"):
        read(directory_server.port, login=None, password=None)


@pytest.mark.parametrize("answered", [0, 7, 14, 1_000, 20_000, 60_000])
def test_a_server_that_goes_away_mid_page_leaves_no_part_of_the_people(directory_server, answered):
    with relay(directory_server.port, answered) as wire, pytest.raises(SourceUnreachable, match="est injoignable"):
        read(wire.port, SETTINGS)


@pytest.mark.parametrize("answered", [0, 20_000])
def test_a_server_that_falls_silent_mid_page_is_not_waited_for_without_end(directory_server, answered, monkeypatch):
    monkeypatch.setattr(directory, "SILENCE_SECONDS", 1)
    with (
        relay(directory_server.port, answered, silent=True) as wire,
        pytest.raises(SourceUnreachable, match="timed out"),
    ):
        read(wire.port, SETTINGS)


def test_the_next_run_reads_everyone_after_the_server_came_back(directory_server):
    with directory_server.process.stopped(), pytest.raises(SourceUnreachable, match="est injoignable"):
        read(directory_server.port)
    pd.testing.assert_frame_equal(read(directory_server.port), few())


def inspected(port, login=READER, password=PASSWORD, **extra) -> dict[str, tuple[str, str]]:
    """What the preflight finds, subject by subject."""
    options = {"base": BASE, "students": FEW.students, "staff": FEW.staff, "page_size": FEW.page_size, "insecure": True}
    options |= extra
    connection = SimpleNamespace(host=HOST, port=port, login=login, password=password, extra_dejson=options)
    sources.people(found := Inspection(), SimpleNamespace(directory=lambda: connection))
    return {one.subject: (one.sign, one.sentence) for one in found.findings}


def test_the_preflight_sees_an_attribute_that_the_account_may_not_read(directory_server):
    assert {sign for sign, _ in inspected(directory_server.port).values()} == {GOOD}
    found = inspected(directory_server.port, login=BLIND)
    assert {subject for subject, (sign, _) in found.items() if sign != GOOD} == {"personnels"}
    assert found["personnels"] == (
        BAD,
        "aucune des 100 fiches ne montre l'attribut supannEmpId : donner au compte le droit de le lire, ou corriger"
        " « staff_code » dans les options de la connexion « ldap ».",
    )


@pytest.mark.parametrize(
    ("how", "subject", "told"),
    [
        ({"password": "wr0ng"}, "connexion", r"refuse le compte de la connexion « ldap » \(invalidCredentials\)"),
        ({"login": LIMITED, "page_size": 500, "students": "(uid=e*)"}, "personnes", "a coupé la liste des personnes"),
        ({"base": "ou=ailleurs,dc=univ,dc=fr"}, "personnes", "noSuchObject"),
        ({"use_ssl": True}, "connexion", "ldap"),
    ],
    ids=["password", "size limit", "base", "no TLS there"],
)
def test_the_preflight_says_what_the_directory_refuses_and_looks_no_further(directory_server, how, subject, told):
    found = inspected(directory_server.port, **how)
    signs = [sign for sign, _ in found.values()]
    assert found[subject][0] == BAD
    assert re.search(told, found[subject][1])
    assert signs[signs.index(BAD) + 1 :] == [UNSEEN] * (len(signs) - signs.index(BAD) - 1)
    assert "wr0ng" not in str(found)
