"""FAB's configuration, read as FAB reads it: what is missing stops the pages, nothing opens them wider."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from production import PROVIDERS

import compose
from programs import Missing, driver, skip

CONFIGURATION = compose.ROOT / "include" / "airflow" / "webserver_config.py"
GIVEN = {
    "ECAMPUS_LDAP_SERVER": "ldaps://ldap.univ.fr",
    "ECAMPUS_LDAP_CA_FILE": "/ca.pem",
    "ECAMPUS_LDAP_BASE": "ou=people,dc=univ,dc=fr",
    "ECAMPUS_LDAP_STAFF": "cn=scolarité (centrale),ou=groups,dc=univ,dc=fr",
    "ECAMPUS_LDAP_ENGINEERS": "cn=*,ou=groups,dc=univ,dc=fr",
}
SECRETS = {"ECAMPUS_LDAP_BIND_DN_FILE": "cn=lecteur\n", "ECAMPUS_LDAP_BIND_PASSWORD_FILE": "secret\n"}


@pytest.fixture
def environment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """All that the file reads."""
    try:
        for module in ("flask_appbuilder", "ldap"):
            driver(module, PROVIDERS)
    except Missing as why:
        skip(why, request.config)
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)
    for name, secret in SECRETS.items():
        (tmp_path / name).write_text(secret)
        monkeypatch.setenv(name, str(tmp_path / name))


def read() -> dict[str, Any]:
    """As FAB does: a file that is not there is taken for an empty one."""
    from flask import Config

    config = Config("/")
    config.from_pyfile(CONFIGURATION, silent=True)
    return config


@pytest.mark.usefixtures("environment")
def test_secrets_come_without_their_line_ends():
    assert (read()["AUTH_LDAP_BIND_USER"], read()["AUTH_LDAP_BIND_PASSWORD"]) == ("cn=lecteur", "secret")


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_that_is_missing_stops_the_pages_instead_of_opening_accounts_of_fab(name, tmp_path):
    (tmp_path / name).unlink()
    with pytest.raises(RuntimeError, match=rf"^Secret illisible \({name}\) : .*No such file or directory\)\.$"):
        read()


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("name", [*GIVEN, *SECRETS])
def test_a_variable_that_is_missing_stops_the_pages(name, monkeypatch):
    monkeypatch.delenv(name)
    with pytest.raises(KeyError, match=name):
        read()


@pytest.mark.usefixtures("environment")
def test_a_group_of_a_composante_sees_and_has_its_role_and_a_group_that_had_one_keeps_it(monkeypatch):
    droit = "cn=droit,ou=groups,dc=univ,dc=fr"
    said = {droit: "scol_droit", GIVEN["ECAMPUS_LDAP_STAFF"]: "scol_centrale", GIVEN["ECAMPUS_LDAP_ENGINEERS"]: "tout"}
    monkeypatch.setenv("ECAMPUS_LDAP_COMPOSANTES", json.dumps(said))
    assert read()["AUTH_ROLES_MAPPING"] == {
        GIVEN["ECAMPUS_LDAP_STAFF"]: ["Viewer", "scol_centrale"],
        GIVEN["ECAMPUS_LDAP_ENGINEERS"]: ["Op", "tout"],
        droit: ["Viewer", "scol_droit"],
    }
    assert f"(memberOf={droit})" in read()["AUTH_LDAP_SEARCH_FILTER"]


@pytest.mark.usefixtures("environment")
def test_groups_of_composantes_that_nobody_can_read_stop_the_pages(monkeypatch):
    monkeypatch.setenv("ECAMPUS_LDAP_COMPOSANTES", "cn=droit")
    with pytest.raises(ValueError, match="Expecting value"):
        read()


@pytest.mark.usefixtures("environment")
def test_the_name_of_a_group_is_no_piece_of_filter():
    assert read()["AUTH_LDAP_SEARCH_FILTER"] == (
        r"(|(memberOf=cn=scolarité \28centrale\29,ou=groups,dc=univ,dc=fr)(memberOf=cn=\2a,ou=groups,dc=univ,dc=fr))"
    )
