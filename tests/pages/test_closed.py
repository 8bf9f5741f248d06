"""Every route of the pages is closed: nobody without an account, nobody who may not see the DAGs, nothing but reading."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from airflow.api_fastapi import app as airflow_app
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
from fastapi.testclient import TestClient
from seeing import Seeing
from visits import mounted

from ecampus.calendar import Freeze
from ecampus.pages.access import CLOSED, roles
from ecampus.pages.app import HEADERS, application
from ecampus.pages.asking import Asking
from ecampus.pages.site import Site
from ecampus.store.files import Store


@pytest.fixture
def manager(monkeypatch, airflow_database) -> Seeing:
    manager = Seeing()
    monkeypatch.setattr(airflow_app._AuthManagerState, "instance", manager)
    return manager


@pytest.fixture
def pages(tmp_path):
    site = Site(
        lambda: Store(tmp_path),
        lambda: None,
        lambda: Freeze("live"),
        lambda: datetime.now(UTC),
        lambda: Asking(True, []),
    )
    return application(site, CLOSED)


def paths(pages) -> list[str]:
    """Every route of ours, each with something in place of its parameters."""
    found = [route.path.format_map({"name": "style.css", "guide": "guide-scolarite"}) for route in pages.routes]
    assert len(found) > 3
    return found


def visitor(pages, manager, name: str | None, role: str = "viewer") -> TestClient:
    client = TestClient(mounted(pages), follow_redirects=False)
    if name:
        client.cookies.set("_token", manager.generate_jwt(SimpleAuthManagerUser(username=name, role=role)))
    return client


def answers(client: TestClient, pages) -> set[tuple[int, str]]:
    """What every route answers: the code, and the sentence where it is a refusal."""
    found = [client.get(f"/ecampus{path}") for path in paths(pages)]
    return {(one.status_code, html.unescape(one.text.partition("<p>")[2].partition("</p>")[0])) for one in found}


@pytest.mark.parametrize(("who", "code"), [(None, 401), ("passant", 403), ("voisin", 403)])
def test_every_route_is_closed_to_nobody_and_to_who_may_not_see_every_dag_of_the_night(pages, manager, who, code):
    client = visitor(pages, manager, who)
    assert {path: client.get(f"/ecampus{path}").status_code for path in paths(pages)} == dict.fromkeys(
        paths(pages), code
    )


def test_no_address_opens_a_route_by_naming_another_dag(pages, manager):
    client = visitor(pages, manager, "passant")
    assert client.get("/ecampus/nuit?dag_id=autre").status_code == 403


def test_who_may_see_the_dags_sees_every_page(pages, manager):
    client = visitor(pages, manager, "staff")
    assert {client.get(f"/ecampus{path}").status_code for path in paths(pages)} <= {200, 303, 404}


def test_where_roles_have_composantes_an_account_without_one_is_refused_on_every_route(pages, manager, monkeypatch):
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_COMPOSANTES", '{"scol_droit": ["DROIT"], "op": "*"}')
    told = "Votre compte n'est rattaché à aucune composante : demandez-le à qui gère Airflow."
    assert answers(visitor(pages, manager, "staff"), pages) == {(403, told)}
    assert visitor(pages, manager, "staff", "op").get("/ecampus/retenus").status_code == 200


def test_the_role_of_an_account_says_which_composantes_it_sees(pages, manager, monkeypatch):
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_COMPOSANTES", '{"viewer": ["DROIT"], "op": "*"}')
    client = visitor(pages, manager, "staff")
    assert "Votre compte ne voit que la composante DROIT." in client.get("/ecampus/nuit").text
    assert client.get("/ecampus/retenus").status_code == 403


def test_what_nobody_can_read_of_the_composantes_closes_every_route_to_everybody(pages, manager, monkeypatch):
    monkeypatch.setenv("AIRFLOW_VAR_ECAMPUS_COMPOSANTES", '{"viewer": "DROIT"}')
    ((code, told),) = answers(visitor(pages, manager, "staff", "admin"), pages)
    assert code == 503
    assert told.startswith("La variable Airflow ecampus_composantes ne peut pas être lue (« viewer » n'a ni")


def test_an_account_of_fab_has_several_roles_one_of_the_simple_sign_in_has_one_others_have_none():
    several = SimpleNamespace(roles=[SimpleNamespace(name="Viewer"), SimpleNamespace(name="scol_droit")])
    assert roles(several) == ["Viewer", "scol_droit"]
    assert roles(SimpleAuthManagerUser(username="staff", role="viewer")) == ["viewer"]
    assert roles(SimpleAuthManagerUser(username="staff", role=None)) == roles(SimpleNamespace()) == []


def test_nothing_is_done_through_the_pages(pages, manager):
    assert {method for route in pages.routes for method in route.methods} == {"GET"}
    client = visitor(pages, manager, "staff")
    assert {client.request(method, "/ecampus/nuit").status_code for method in ("POST", "PUT", "DELETE")} == {405}


def test_what_refuses_says_nothing_of_the_site_and_closes_the_frame_to_others(pages, manager):
    answer = visitor(pages, manager, None).get("/ecampus/nuit")
    assert "Ouvrez une session dans Airflow pour voir cette page." in answer.text
    assert "Retenus" not in answer.text
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["Cache-Control"] == "no-store"
