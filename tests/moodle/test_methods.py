"""The authentication method of our accounts: one sentence where Moodle does not have it."""

from __future__ import annotations

import pytest
import requests

from ecampus.errors import SourceRefused
from ecampus.moodle import methods
from ecampus.moodle.client import MoodleClient, MoodleRefusal
from ecampus.moodle.database import MoodleDatabase
from sandbox.moodle import start
from sandbox.moodle.errors import MoodleError
from university import SqliteHook


@pytest.fixture
def site(tmp_path):
    with start(tmp_path, release="5.1") as server:
        yield server


@pytest.fixture
def client(site):
    return MoodleClient(requests.Session(), site.url, site.token)


def without_cas(site):
    site.db.run("UPDATE mdl_config SET value = 'email,shibboleth' WHERE name = 'auth'")


def test_by_rest_a_moodle_5_without_the_plugin_says_what_to_install(site, client):
    methods.require(client, "cas")
    without_cas(site)
    with pytest.raises(SourceRefused) as told:
        methods.require(client, "cas")
    assert str(told.value) == (
        f"La méthode d'authentification « cas » n'est pas installée sur Moodle ({site.url}), qui refuserait chaque"
        " compte : un administrateur y installe le greffon auth_cas, qui n'est plus livré avec Moodle depuis la version"
        " 5.0, ou corrige « auth » dans la connexion « moodle »."
    )
    methods.require(client, "shibboleth")


def test_by_rest_another_refusal_is_what_it_is(site, client):
    site.faults.push("core_user_update_users", MoodleError("odd", "Something else"))
    with pytest.raises(MoodleRefusal, match="Something else"):
        methods.require(client, "cas")


def test_asking_changes_nothing(site, client):
    before = [tuple(row) for row in site.db.all("SELECT * FROM mdl_user")]
    methods.require(client, "cas")
    assert [tuple(row) for row in site.db.all("SELECT * FROM mdl_user")] == before


def test_its_database_says_that_a_method_is_not_enabled(site):
    database = MoodleDatabase(SqliteHook(site.db.path))
    for auth in ("cas", "manual", "nologin"):
        database.require_method(auth, site.url)
    without_cas(site)
    database.require_method("shibboleth", site.url)
    with pytest.raises(SourceRefused) as told:
        database.require_method("cas", site.url)
    assert str(told.value) == (
        f"La méthode d'authentification « cas » n'est pas activée sur Moodle ({site.url}) : un administrateur y installe"
        " le greffon auth_cas, qui n'est plus livré avec Moodle depuis la version 5.0, et l'active dans Administration ›"
        " Plugins › Authentification, ou corrige « auth » dans la connexion « moodle »."
    )


def test_a_view_that_hides_the_setting_says_nothing(site):
    site.db.run("DELETE FROM mdl_config WHERE name = 'auth'")
    MoodleDatabase(SqliteHook(site.db.path)).require_method("cas", site.url)
