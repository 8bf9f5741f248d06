"""The Oracle path without a server: the provider's hook, the thin driver against a listener that refuses, and
a connection that gives what oracledb gives. No test here has met a live Oracle."""

from __future__ import annotations

import json
import socket
import threading
from datetime import datetime
from decimal import Decimal

import oracledb
import pytest
from oracledb import errors

from ecampus import contract
from ecampus.contract.characters import UNREADABLE
from ecampus.errors import ContractBroken, SourceRefused, SourceUnreachable
from ecampus.orchestration.connections import Systems
from ecampus.sources import refer, silence, sql

COLUMNS = list(contract.REFER["seance_ade"].declared)


class Locator:
    """What oracledb gives for a CLOB."""

    def __init__(self, text):
        self.text = text

    def read(self, offset=1, amount=None):
        return self.text


class Cursor:
    """What is used of an ``oracledb.Cursor``; columns come back in upper case."""

    def __init__(self, rows=(), error=None):
        self.rows, self.error, self.calls = list(rows), error, []
        self.arraysize = 100
        self.description = [(name.upper(), oracledb.DB_TYPE_VARCHAR, 40, 40, None, None, True) for name in COLUMNS]

    def execute(self, statement, parameters):
        self.calls.append(("execute", self.arraysize, statement, parameters))
        if self.error:
            raise self.error

    def fetchmany(self, size):
        self.calls.append(("fetchmany", size))
        chunk, self.rows = self.rows[:size], self.rows[size:]
        return chunk

    def close(self):
        self.calls.append(("close",))


def connection(cursor):
    made = type("Connection", (), {"__module__": oracledb.Connection.__module__})()
    made.call_timeout = 0
    made.outputtypehandler = None
    made.cursor = lambda: cursor
    made.close = lambda: cursor.calls.append(("disconnect",))
    return made


@pytest.fixture
def hook(monkeypatch):
    """The hook of REFER as Airflow makes it from a connection of type ``oracle``."""

    def made(port=1521, **extra):
        fields = {"conn_type": "oracle", "host": "127.0.0.1", "port": port, "login": "ECAMPUS", "password": "hunter2"}
        fields["extra"] = {"service_name": "REFER"} | extra
        monkeypatch.setenv("AIRFLOW_CONN_REFER", json.dumps(fields))
        return Systems().refer_hook()

    return made


@pytest.fixture
def read(hook, monkeypatch):
    """Read the view of ADE through the provider's hook, from this cursor."""

    def asked(cursor):
        cursor.connection = connection(cursor)
        monkeypatch.setattr(oracledb, "connect", lambda **given: cursor.connection)
        return refer.read(hook(), "seance_ade", "2026")

    return asked


def listener(answer: bytes) -> int:
    """The port of something that takes one connection, says this and hangs up."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        with server, server.accept()[0] as client:
            client.recv(4096)
            client.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    return server.getsockname()[1]


def refusal(code: int) -> bytes:
    """Oracle Net's REFUSE packet."""
    data = f"(DESCRIPTION=(TMP=)(VSNNUM=0)(ERR={code})(ERROR_STACK=(ERROR=(CODE={code})(EMFI=4))))".encode()
    body = bytes([34, 0]) + len(data).to_bytes(2, "big") + data
    return (8 + len(body)).to_bytes(2, "big") + bytes([0, 0, 4, 0, 0, 0]) + body


def ora(code: int, words: str) -> Exception:
    """The exception that oracledb raises for an error of the database."""
    error = errors._Error(message=f"ORA-{code:05}: {words}", code=code)
    return error.exc_type(error)


def dpy(code: int, **about) -> Exception:
    """The exception that oracledb raises for an error of its own."""
    return errors._create_exception(code, **about)


def row(**values):
    usual = dict.fromkeys(COLUMNS, "X") | {"seances": 3, "premiere_seance": None}
    return tuple((usual | values).values())


def test_the_hook_asks_for_the_service_in_thin_mode(hook, monkeypatch):
    asked = {}
    monkeypatch.setattr(oracledb, "connect", lambda **given: asked.update(given) or connection(Cursor()))
    refer.read(hook(), "seance_ade", "2026")
    assert oracledb.is_thin_mode()
    assert (asked["user"], asked["password"]) == ("ECAMPUS", "hunter2")
    assert "(SERVICE_NAME=REFER)" in asked["dsn"]


def test_the_statement_goes_as_it_is_with_its_bind_by_name_and_a_large_array(read):
    cursor = Cursor()
    read(cursor)
    assert cursor.calls[0] == ("execute", sql.ARRAY_SIZE, sql.statement("refer/seance_ade.sql"), {"annee": "2026"})
    assert cursor.calls[-2:] == [("close",), ("disconnect",)]


def test_a_call_is_not_waited_for_without_end(read):
    cursor = Cursor()
    read(cursor)
    assert cursor.connection.call_timeout == silence.SECONDS * 1000 == 1_800_000


def test_rows_come_by_chunks_and_none_is_lost(read):
    cursor = Cursor(row(code_activite=str(number)) for number in range(2 * sql.ARRAY_SIZE + 1))
    frame = read(cursor)
    assert frame["code_activite"].nunique() == 2 * sql.ARRAY_SIZE + 1
    assert [call for call in cursor.calls if call[0] == "fetchmany"] == [("fetchmany", sql.ARRAY_SIZE)] * 4


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (22100123, "22100123"),
        (22100123.0, "22100123"),
        (Decimal("22100123"), "22100123"),
        (Decimal("2210012E+1"), "22100120"),
        (Decimal("22100123.0"), "22100123"),
        ("007", "007"),
        ("A ", "A "),
        (Locator("très long"), "très long"),
    ],
)
def test_a_code_is_the_same_text_whatever_type_the_dba_gave_the_column(read, given, kept):
    assert read(Cursor([row(code_enseignant=given)]))["code_enseignant"].tolist() == [kept]


@pytest.mark.parametrize("given", [None, "", Locator(None), Locator("")])
def test_nothing_is_null_whatever_way_it_is_said(read, given):
    assert read(Cursor([row(code_enseignant=given)]))["code_enseignant"].isna().all()


@pytest.mark.parametrize("given", [3, 3.0, Decimal("3"), Decimal("3.00"), "3"])
def test_a_number_of_sessions_is_whole_whatever_number_it_was(read, given):
    frame = contract.validate("seance_ade", read(Cursor([row(seances=given, obsolete="N")])))
    assert frame["seances"].tolist() == [3]


def test_half_a_session_is_left_for_the_contract_to_name(read):
    with pytest.raises(ContractBroken, match="seances"):
        contract.validate("seance_ade", read(Cursor([row(seances=Decimal("1.5"), obsolete="N")])))


def test_texts_that_oracle_cannot_decode_are_asked_for_as_bytes(read):
    cursor = Cursor([row(code_element="L1"), row(code_element=b"Andr\xe9")])
    execute = cursor.execute

    def undecodable(statement, parameters):
        execute(statement, parameters)
        if cursor.connection.outputtypehandler is None:
            raise UnicodeDecodeError("utf-8", b"Andr\xe9", 4, 5, "unexpected end of data")

    cursor.execute = undecodable
    assert read(cursor)["code_element"].tolist() == ["L1", f"{UNREADABLE}Andr\\xe9"]


def test_a_date_of_oracle_which_has_an_hour_is_a_day(read):
    assert read(Cursor([row(premiere_seance=datetime(2026, 9, 7, 8, 30))]))["premiere_seance"].tolist() == [
        "2026-09-07"
    ]


@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [
        (
            ora(942, 'table or view "ECAMPUS"."REFER_SEANCE_ADE" does not exist'),
            ContractBroken,
            "Dans REFER, la vue refer_seance_ade n'existe pas ou n'est pas visible : la créer, ou donner le droit de"
            " la lire au compte de la connexion"
            ' (ORA-00942: table or view "ECAMPUS"."REFER_SEANCE_ADE" does not exist).',
        ),
        (
            ora(904, '"SEANCES": invalid identifier'),
            ContractBroken,
            "Dans REFER, la vue refer_seance_ade n'a pas la colonne seances : l'ajouter, ou corriger la requête"
            ' (ORA-00904: "SEANCES": invalid identifier).',
        ),
        (
            ora(4063, 'view "ECAMPUS.REFER_SEANCE_ADE" has errors'),
            ContractBroken,
            "Dans REFER, la vue refer_seance_ade n'est plus valide : la recréer, une de ses tables a changé ou n'est"
            ' plus lisible (ORA-04063: view "ECAMPUS.REFER_SEANCE_ADE" has errors).',
        ),
        (
            ora(1017, "invalid username/password; logon denied"),
            SourceRefused,
            "REFER refuse l'accès à la vue refer_seance_ade : vérifier le mot de passe et les droits du compte"
            " (ORA-01017: invalid username/password; logon denied).",
        ),
        (
            ora(28, "your session has been killed"),
            SourceUnreachable,
            "REFER est injoignable (pour la vue refer_seance_ade) : DPY-4011: the database or network closed the"
            " connection.",
        ),
        (
            ora(1555, "snapshot too old: rollback segment number 3 too small"),
            SourceUnreachable,
            "Dans REFER, lire ou écrire la vue refer_seance_ade a échoué : relancer, et si cela revient le montrer à"
            " l'administrateur de la base (ORA-01555: snapshot too old: rollback segment number 3 too small).",
        ),
        (
            ora(1652, "unable to extend temp segment by 128 in tablespace TEMP"),
            SourceUnreachable,
            "REFER n'a plus de place pour la vue refer_seance_ade et n'y a rien changé : l'administrateur de la base en"
            " libère, puis relancer la phase (ORA-01652: unable to extend temp segment by 128 in tablespace TEMP).",
        ),
        (
            dpy(errors.ERR_UNSUPPORTED_VERIFIER_TYPE, verifier_type=0x939),
            SourceRefused,
            "REFER demande le client complet d'Oracle : l'installer et mettre « thick_mode » à true dans les options"
            " de la connexion (DPY-3015: password verifier type 0x939 is not supported by python-oracledb in thin"
            " mode).",
        ),
    ],
    ids=lambda value: str(value).partition(":")[0] if isinstance(value, Exception) else "",
)
def test_an_error_of_oracle_is_one_clear_sentence(read, error, kind, sentence):
    with pytest.raises(kind) as told:
        read(Cursor(error=error))
    assert str(told.value) == sentence


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (refusal(12514), 'DPY-6001: Service "REFER" is not registered with the listener'),
        (refusal(12528), "DPY-6000: Listener refused connection"),
        (b"", "DPY-4011: the database or network closed the connection"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "DPY-4011: the database or network closed the connection"),
    ],
    ids=["unknown service", "listener refuses", "hangs up", "not an Oracle"],
)
def test_the_thin_driver_says_why_it_cannot_connect(hook, answer, cause):
    with pytest.raises(SourceUnreachable) as told:
        refer.read(hook(listener(answer)), "element", "2026")
    assert str(told.value).startswith(f"REFER est injoignable (pour la vue refer_element) : {cause}")
    assert "hunter2" not in str(told.value)


def test_nobody_at_the_port_is_said_so(hook, free_port):
    with pytest.raises(SourceUnreachable, match=r"REFER est injoignable .*: \[Errno \d+\] Connection refused"):
        refer.read(hook(free_port), "element", "2026")
