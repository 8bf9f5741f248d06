"""What Airflow hands to the adapters."""

import json
from datetime import date

import pytest

from ecampus.errors import SettingUnreadable
from ecampus.orchestration.connections import Systems, moodle_url

NIGHT = date(2026, 11, 23)


@pytest.fixture
def connect(monkeypatch):
    def define(name, **fields):
        monkeypatch.setenv(f"AIRFLOW_CONN_{name.upper()}", json.dumps(fields))

    return define


@pytest.fixture
def systems(connect, monkeypatch):
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_ANNEE", "2026")
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_CONTACT", "")
    connect("ldap", conn_type="ldap", host="ldap", extra={"student_code_length": 8})
    connect(
        "moodle",
        conn_type="http",
        host="https://moodle",
        password="secret",
        extra={"exclude": ["ws"], "table_prefix": "m2_"},
    )
    return Systems()


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"host": "http://127.0.0.1:8910"}, "http://127.0.0.1:8910"),
        ({"host": "https://univ.fr/moodle/"}, "https://univ.fr/moodle"),
        ({"host": "ecampus.univ.fr"}, "https://ecampus.univ.fr"),
        ({"host": "ecampus.univ.fr", "schema": "http", "port": 8080}, "http://ecampus.univ.fr:8080"),
    ],
)
def test_the_address_of_moodle_may_be_whole_or_in_parts(connect, fields, url):
    connect("moodle", conn_type="http", **fields)
    assert moodle_url() == url


@pytest.mark.parametrize("name", ["refer", "enrolment_db", "moodle_db"])
def test_a_connection_of_a_sort_that_airflow_cannot_open_is_told(systems, connect, name):
    connect(name, conn_type="db2", host="db.univ.fr", password="secret-de-db2")
    opened = {"refer": systems.refer_hook, "enrolment_db": systems.enrolment_hook, "moodle_db": systems.moodle_database}
    with pytest.raises(SettingUnreadable) as told:
        opened[name]()
    assert str(told.value) == (
        f"La connexion « {name} » est de la sorte « db2 », qu'Airflow ne sait pas ouvrir ici : la corriger, ou installer"
        " le fournisseur (provider) d'Airflow de cette base."
    )


@pytest.mark.usefixtures("airflow_database")
def test_a_moodle_that_is_not_defined_is_named():
    with pytest.raises(SettingUnreadable, match="La connexion Airflow « moodle » n'est pas définie"):
        Systems().moodle()


def test_our_options_are_not_sent_to_moodle_as_headers(systems):
    session = systems.moodle().session
    assert {"exclude", "auth", "managed_root", "table_prefix"}.isdisjoint(session.headers)


def test_the_settings_of_the_site_come_from_the_connections_and_the_variables(systems):
    settings = systems.settings(NIGHT)
    assert (settings.annee, settings.night, settings.auth, settings.managed_root) == ("2026", NIGHT, "cas", None)
    assert settings.exclude == {"admin", "guest", "ws"}
    assert (settings.padding.student, settings.padding.staff) == (8, 0)
    assert settings.contact == "pôle plateforme"


def test_a_list_that_is_not_one_is_refused(systems, connect):
    connect("moodle", conn_type="http", host="https://moodle", extra={"exclude": "ws"})
    with pytest.raises(SettingUnreadable, match="exclude"):
        systems.settings(NIGHT)


@pytest.mark.usefixtures("airflow_database")
def test_a_missing_connection_is_named_with_where_to_create_it():
    with pytest.raises(SettingUnreadable) as missing:
        Systems().refer_hook()
    assert str(missing.value) == (
        "La connexion Airflow « refer » n'est pas définie : la créer dans Airflow (Admin › Connexions)"
        " ou par la variable d'environnement AIRFLOW_CONN_REFER."
    )


@pytest.mark.parametrize("given", [["ws"], ["WS"], [" Ws "]])
def test_excluded_usernames_are_written_as_moodle_keeps_them(systems, connect, given):
    connect("moodle", conn_type="http", host="https://moodle", extra={"exclude": given})
    assert systems.settings(NIGHT).exclude == {"admin", "guest", "ws"}


@pytest.mark.usefixtures("airflow_database")
def test_without_a_connection_to_it_moodles_own_database_is_not_read(systems):
    assert systems.moodle_database() is None


def test_moodles_own_database_has_the_prefix_that_the_connection_of_moodle_gives(systems, connect, tmp_path):
    connect("moodle_db", conn_type="sqlite", host=str(tmp_path / "moodle.db"))
    assert systems.moodle_database().prefix == "m2_"
    connect("moodle", conn_type="http", host="https://moodle")
    assert systems.moodle_database().prefix == "mdl_"


def test_a_prefix_that_is_not_one_is_refused(systems, connect):
    connect("moodle_db", conn_type="sqlite", host="moodle.db")
    connect("moodle", conn_type="http", host="https://moodle", extra={"table_prefix": ""})
    with pytest.raises(SettingUnreadable, match=r"table_prefix.*\(\) n'est pas un préfixe de tables"):
        systems.moodle_database()
