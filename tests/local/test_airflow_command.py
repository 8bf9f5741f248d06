"""``make airflow``: nights run at once on the sandbox, and on real systems only once somebody unpauses them."""

from __future__ import annotations

import signal
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from ecampus.local import airflow_command, box, preparation, services
from ecampus.local.airflow_command import BASE, NIGHTS, PAUSED

NEW = "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION"
READY = (
    "Airflow est prêt : http://127.0.0.1:1 ; Ctrl-C l'arrête.\n  admin / a (ingénieur, tous les droits)\n"
    "Les pages : http://127.0.0.1:1/plugin/ecampus ; voir « Cette nuit », puis « Anomalies »."
)

LOOK = (
    " Avec le compte « staff », chercher « 22900101 L1CAS101 » : la page dit pourquoi cet étudiant n'est pas dans ce cours,"
    " et que faire."
)


class Stopped(Exception):
    """Somebody typed Ctrl-C."""


@pytest.fixture
def served(monkeypatch, tmp_path):
    """``served(known)``: what happens, in order, when Airflow knows these connections."""
    happened: list[object] = []
    told: list[str] = []
    airflow = SimpleNamespace(wait_for_dag=lambda dag: None, url="http://127.0.0.1:1", passwords=lambda: {"admin": "a"})

    def started(environment):
        happened.append(("started", environment[NEW]))
        told.append(environment[BASE])
        return nullcontext(airflow)

    def stopped():
        raise Stopped

    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path))
    monkeypatch.delenv(NEW, raising=False)
    monkeypatch.delenv(BASE, raising=False)
    monkeypatch.setattr(services, "alone", lambda environment: nullcontext())
    monkeypatch.setattr(preparation, "prepare_database", lambda: None)
    monkeypatch.setattr(preparation, "known_year", lambda: True)
    monkeypatch.setattr(preparation, "pause", lambda dags: happened.append(("paused", dags)))
    monkeypatch.setattr(box, "sandbox", lambda *_: nullcontext({"AIRFLOW_CONN_MOODLE": "bac à sable"}))
    monkeypatch.setattr(airflow_command, "LocalAirflow", started)
    monkeypatch.setattr(signal, "pause", stopped)

    def serve(*known: str) -> list[object]:
        monkeypatch.setattr(preparation, "known_connections", lambda _: list(known))
        with pytest.raises(Stopped):
            airflow_command._serve(1)
        return happened

    serve.told = told
    return serve


def test_on_real_systems_nights_are_paused_before_airflow_starts_and_it_is_said(served, capsys):
    assert served("refer", "ldap", "moodle", "enrolment_db") == [("paused", NIGHTS), ("started", "True")]
    assert capsys.readouterr().out == f"Préparation…\n{READY}\n{PAUSED}\n"


def test_on_the_sandbox_they_run_at_their_hours(served, capsys):
    assert served() == [("started", "False")]
    assert capsys.readouterr().out == f"Préparation…\n{READY}{LOOK}\n"


@pytest.mark.usefixtures("airflow_database")
def test_nights_that_ran_on_the_sandbox_are_paused_too():
    from airflow.models.dag import DagModel
    from airflow.models.dagbundle import DagBundleModel
    from airflow.utils.session import create_session

    named = DagModel.dag_id.in_(("ecampus_users", "autre"))
    with create_session() as session:
        session.add(DagBundleModel(name="essai"))
        session.flush()
        session.add_all(
            DagModel(dag_id=dag, bundle_name="essai", is_paused=False) for dag in ("ecampus_users", "autre")
        )
    try:
        preparation.pause(NIGHTS)
        with create_session() as session:
            known = session.query(DagModel.dag_id, DagModel.is_paused).filter(named)
            assert dict(map(tuple, known)) == {"ecampus_users": True, "autre": False}
    finally:
        with create_session() as session:
            session.query(DagModel).filter(named).delete()
            session.query(DagBundleModel).filter_by(name="essai").delete()


def test_the_mails_find_the_pages_where_they_are(served, monkeypatch):
    served()
    monkeypatch.setenv(BASE, "https://airflow.univ.fr")
    served()
    assert served.told == ["http://127.0.0.1:1", "https://airflow.univ.fr"]
