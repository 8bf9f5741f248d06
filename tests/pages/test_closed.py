"""Every route of the pages is closed: nobody without an account, nobody who may not see the DAGs, nothing but reading."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from airflow.api_fastapi import app as airflow_app
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
from fastapi.testclient import TestClient
from seeing import Seeing
from visits import mounted

from ecampus.calendar import Freeze
from ecampus.pages.access import CLOSED
from ecampus.pages.app import HEADERS, application
from ecampus.pages.site import Site
from ecampus.store.files import Store


@pytest.fixture
def manager(monkeypatch, airflow_database) -> Seeing:
    manager = Seeing()
    monkeypatch.setattr(airflow_app._AuthManagerState, "instance", manager)
    return manager


@pytest.fixture
def pages(tmp_path):
    site = Site(lambda: Store(tmp_path), lambda: None, lambda: Freeze("live"), lambda: datetime.now(UTC))
    return application(site, CLOSED)


def paths(pages) -> list[str]:
    """Every route of ours, each with something in place of its parameters."""
    found = [route.path.format_map({"name": "style.css", "guide": "guide-scolarite"}) for route in pages.routes]
    assert len(found) > 3
    return found


def visitor(pages, manager, name: str | None) -> TestClient:
    client = TestClient(mounted(pages), follow_redirects=False)
    if name:
        client.cookies.set("_token", manager.generate_jwt(SimpleAuthManagerUser(username=name, role="viewer")))
    return client


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
