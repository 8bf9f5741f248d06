"""People of a directory that really speaks LDAP, and what its failures say."""

from __future__ import annotations

import socket
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace

import pandas as pd
import pytest
from ldap3.core.exceptions import LDAPSocketOpenError
from ldap3.strategy.sync import SyncStrategy

from ecampus import contract
from ecampus.errors import SettingUnreadable, SourceRefused, SourceUnreachable, TruncatedRead
from ecampus.sources import directory
from ecampus.sources.directory import DirectorySettings
from ecampus.sources.entries import entry
from sandbox.directory import BASE, BIND_DN, PASSWORD, start

PEOPLE = [
    ("student", "22100123", "E2100123", "Martin", "Zoé", "zoe.martin@etu.univ.fr"),
    ("student", None, "e2100124", "Durand", "Ali", None),
    ("staff", "417", "p417", "Le Goff", None, "a.legoff@univ.fr"),
    ("alum", "20000001", "e2000001", "Parti", "Luc", "luc@univ.fr"),
]


def write(folder, people):
    with closing(sqlite3.connect(folder / "directory.db")) as db, db:
        db.execute("CREATE TABLE person(population, code, uid, sn, given_name, mail, present)")
        db.executemany("INSERT INTO person VALUES (?, ?, ?, ?, ?, ?, 1)", people)


@pytest.fixture
def server(tmp_path):
    write(tmp_path, PEOPLE)
    with start(tmp_path) as server:
        yield server


@pytest.fixture
def crowd(tmp_path):
    write(tmp_path, [("student", f"{n:05}", f"e{n:05}", "N", "P", None) for n in range(1234)])
    with start(tmp_path, size_limit=100) as server:
        yield server


def connected(server, password=PASSWORD, **extra):
    return directory.connect(server.host, server.port, BIND_DN, password, {"insecure": True} | extra)


def people(server, **settings):
    connection = connected(server)
    try:
        return directory.people(connection, replace(DirectorySettings(base=BASE), **settings))
    finally:
        connection.unbind()


def test_students_and_staff_come_with_their_codes_and_lower_case_logins(server):
    frame = contract.validate("people", people(server))
    assert sorted(zip(frame["uid"], frame["population"], strict=True)) == [
        ("e2100123", "student"),
        ("e2100124", "student"),
        ("p417", "staff"),
    ]
    assert frame.set_index("uid").loc["e2100123", "given_name"] == "Zoé"


def test_what_an_entry_lacks_is_null_and_the_entry_is_kept(server):
    frame = people(server).set_index("uid")
    assert frame.loc["e2100124", ["code", "mail"]].isna().all()
    assert frame.loc["p417", ["given_name"]].isna().all()


def test_codes_are_padded_to_the_length_of_the_site(server):
    frame = people(server, staff_code_length=6, student_code_length=6).set_index("uid")
    assert frame.loc["p417", "code"] == "000417"
    assert frame.loc["e2100123", "code"] == "22100123"


def test_pages_go_beyond_the_limit_of_the_server(crowd):
    frame = people(crowd, page_size=100)
    assert frame["uid"].nunique() == 1234


def test_a_filter_that_finds_nobody_is_an_empty_frame_of_text(server):
    frame = people(server, students="(uid=nobody)", staff="(uid=nobody)")
    assert frame.empty
    assert set(map(str, frame.drop(columns="sought").dtypes)) == {"str"}


def said(**raw):
    """What an entry with these raw values says."""
    return entry("uid=e1", raw, DirectorySettings())


def test_of_several_values_the_first_of_the_server_is_taken_but_every_code():
    found = said(MAIL=[b"b@univ.fr", b"a@univ.fr"], sn=[b"  "], uid=[], supannEtuId=[b"2", b"1"])
    assert found.names == {"mail": "b@univ.fr", "sn": None, "uid": None, "given_name": None}
    assert found.codes == {"student": ["2", "1"], "staff": []}


@pytest.mark.parametrize("attribute", ["sn", "givenName", "mail", "uid", "supannEtuId", "supannEmpId"])
@pytest.mark.parametrize("value", ["André".encode("latin-1"), "Andr\ufffd".encode()], ids=["latin-1", "spoilt before"])
def test_an_unreadable_value_is_as_an_absent_one_and_is_named(attribute, value):
    found = said(**{attribute: [value]})
    assert found.unreadable == (attribute.lower(),)
    assert set(found.names.values()) == {None}
    assert found.codes == {"student": [], "staff": []}


@pytest.mark.parametrize("sign", ["\x1b", "\x00", "\u200b", "\ufeff", "\u202e", "\u00ad"])
def test_no_control_or_format_character_survives_in_any_attribute(sign):
    value = f"a{sign}b".encode()
    found = said(sn=[value], givenName=[value], mail=[value], uid=[value], supannEtuId=[value], supannEmpId=[value])
    assert set(found.names.values()) == {"ab"}
    assert found.codes == {"student": ["ab"], "staff": ["ab"]}


def test_white_space_is_one_space_and_letters_have_one_form():
    assert said(sn=[" Le\n\tGoff\u00a0 ".encode()], givenName=["Zoe\u0301".encode()]).names["sn"] == "Le Goff"
    assert said(givenName=["Zoe\u0301".encode()]).names["given_name"] == "Zoé"


def test_an_entry_with_both_codes_is_found_once_a_row_for_each(tmp_path):
    write(tmp_path, [("student", "S1", "e1", "Lou", "K", None), ("staff", "T1", "e1", "Lou", "K", None)])
    with start(tmp_path) as server:
        frame = contract.validate("people", people(server))
        both = contract.validate("people", people(server, staff="(uid=e*)"))
    assert frame["entry"].nunique() == both["entry"].nunique() == 1
    assert frame[["population", "code", "sought"]].to_numpy().tolist() == [
        ["student", "S1", True], ["staff", "T1", False],
    ]  # fmt: skip
    assert both["sought"].all()


def test_where_one_attribute_holds_everybodys_codes_the_filter_tells_whose_they_are(tmp_path):
    write(tmp_path, [("student", "S1", "e1", "Lou", "K", None), ("staff", "T1", "p1", "Ada", "K", None)])
    with start(tmp_path) as server:
        frame = people(server, student_code="uid", staff_code="UID")
    assert frame[["population", "code"]].to_numpy().tolist() == [["student", "e1"], ["staff", "p1"]]


def test_a_name_in_latin_1_comes_as_absent_and_unreadable(tmp_path):
    write(tmp_path, [("student", "S1", "e1", "André".encode("latin-1"), "Lou", "a@univ.fr")])
    with start(tmp_path) as server:
        (row,) = people(server).to_dict("records")
    assert pd.isna(row["sn"])
    assert (row["given_name"], row["unreadable"]) == ("Lou", "sn")


def test_a_list_cut_by_the_size_limit_is_never_taken_for_everyone(crowd):
    crowd.faults.size_limit_on_page = 2
    with pytest.raises(TruncatedRead, match="a coupé la liste des personnes"):
        people(crowd, page_size=100)


def test_a_directory_that_hangs_up_in_the_middle_is_unreachable(crowd):
    crowd.faults.close_on_page = 2
    with pytest.raises(SourceUnreachable, match="est injoignable"):
        people(crowd, page_size=100)


def test_a_base_that_does_not_exist_is_an_error_not_an_empty_directory(server):
    with pytest.raises(SourceUnreachable, match="noSuchObject"):
        people(server, base="ou=nowhere,dc=univ,dc=fr")


def test_a_wrong_password_is_refused_without_being_shown(server):
    with pytest.raises(SourceRefused, match="refuse le compte de la connexion") as caught:
        connected(server, password="wr0ng")
    assert "wr0ng" not in str(caught.value)


def test_nobody_listening_is_unreachable(server):
    server.stop()
    with pytest.raises(SourceUnreachable, match=f"{server.host}:{server.port}"):
        connected(server)


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.0 400 Bad Request\r\n\r\n", bytes(64), b"\xff" * 64, b"220 mail.univ.fr ESMTP\r\n"],
    ids=["a web server", "zeros", "ones", "a mail server"],
)
def test_something_else_at_the_port_is_unreachable(answer):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            client, _ = listener.accept()
            with client:
                client.recv(4096)
                client.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(
            SourceUnreachable, match=r"^L'annuaire LDAP \(127\.0\.0\.1:\d+\) (est injoignable|a répondu)"
        ):
            directory.connect("127.0.0.1", listener.getsockname()[1], BIND_DN, PASSWORD, {"insecure": True})


@pytest.mark.parametrize("extra", [{}, {"insecure": ""}, {"insecure": False}, {"insecure": "non"}])
def test_without_tls_nothing_leaves_unless_the_connection_says_insecure(extra):
    with pytest.raises(SettingUnreadable) as caught:
        directory.connect("ldap.univ.invalid", None, BIND_DN, PASSWORD, extra)
    assert str(caught.value) == (
        "L'annuaire LDAP (ldap.univ.invalid:389) n'est pas lu : la connexion « ldap » ne chiffre pas, le mot de passe"
        " et les noms des personnes passeraient en clair ; mettre use_ssl ou start_tls à true dans son extra, ou, si"
        " l'annuaire ne sait pas chiffrer, y écrire insecure à true."
    )


def test_a_connection_that_says_insecure_is_told_so_each_time(server, caplog):
    for _ in range(2):
        connected(server).unbind()
    assert caplog.messages == 2 * [
        f"L'annuaire LDAP ({server.host}:{server.port}) est lu sans chiffrement (insecure) : le mot de passe et les"
        " noms des personnes passent en clair ; demander LDAPS ou StartTLS à son administrateur."
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("certificate has expired", "présente un certificat périmé : son administrateur le renouvelle"),
        ("self-signed certificate", "présente un certificat qui n'est pas reconnu : donner dans ca_file"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_named(monkeypatch, words, told):
    def refused(*_):
        raise LDAPSocketOpenError(f"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {words} (_ssl.c:1016)")

    monkeypatch.setattr(SyncStrategy, "open", refused)
    with pytest.raises(SourceRefused, match=told):
        directory.connect("ldap.univ.invalid", None, BIND_DN, PASSWORD, {"use_ssl": True})


def test_a_certificate_that_is_not_given_is_not_accepted(server):
    with pytest.raises(SourceUnreachable):
        connected(server, use_ssl=True)


def test_settings_come_from_the_extra_and_other_keys_are_left():
    extra = {"base": "ou=gens", "page_size": "200", "staff": "(uid=x*)", "use_ssl": True, "uid": ""}
    assert DirectorySettings.of(extra) == DirectorySettings(
        base="ou=gens", page_size=200, staff="(uid=x*)", staff_uid=""
    )
    assert DirectorySettings.of({}) == DirectorySettings()


def test_a_site_with_a_filter_of_its_own_has_no_form_of_logins_until_it_gives_one():
    own = {"students": "(eduPersonAffiliation=student)"}
    assert (DirectorySettings.of(own).student_uid, DirectorySettings.of(own).staff_uid) == ("", "p.*")
    assert DirectorySettings.of(own | {"student_uid": "etu[0-9]+"}).student_uid == "etu[0-9]+"


def test_a_form_of_logins_that_is_no_regular_expression_is_said():
    with pytest.raises(SettingUnreadable) as caught:
        DirectorySettings.of({"staff_uid": "p("})
    assert str(caught.value) == (
        "Connexion « ldap » : staff_uid vaut « p( », qui n'est pas une expression régulière (missing ), unterminated"
        " subpattern at position 1) ; y décrire tout l'identifiant, par exemple « e.* »."
    )


def test_a_page_size_that_is_no_number_is_said():
    with pytest.raises(SettingUnreadable, match="page_size vaut « beaucoup »"):
        DirectorySettings.of({"page_size": "beaucoup"})
