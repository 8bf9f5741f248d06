"""Every page on any store: one that is not a folder, that has only a part, whose files are broken or older."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from airflow.sdk import ObjectStoragePath
from airflow.sdk.io import attach
from fsspec.implementations.memory import MemoryFileSystem
from visits import MORNING, visit

from ecampus.calendar import PHASES
from ecampus.history import tables
from ecampus.store import opening
from ecampus.store.files import Store, open_store
from university import NIGHT

PAGES = [
    "nuit", "accueil", "anomalies", "anomalies.csv", "retenus", "changements", "changements?qui=22900101",
    "changements?cours=L1CAS306", "changements/comparer?une=2026-11-23&autre=2026-11-22", "historique",
    "rapport?dag=ecampus_offer&run=run", "rapport/complet?dag=ecampus_offer&run=run", "pourquoi",
    "pourquoi?q=22900101", "pourquoi?q=22900101+L1CAS101", "pourquoi?q=marchand+lina", "pourquoi?q=L1CAS101",
    "pourquoi?q=L1CAS306-CM", "pourquoi?q=LCAS1_1", "pourquoi?q=zzz", "pourquoi?q=22900101&donnees=maintenant", "aide",
]  # fmt: skip
RUN = f"{NIGHT}/offer/run"


class Remembering(MemoryFileSystem):
    """As S3's: a folder that was listed is told as it was then, until the file system is told to forget."""

    cachable = False
    listed: dict[str, Any]

    def ls(self, path: str, detail: bool = True, **how: Any) -> Any:
        found = self.listed.setdefault(path, super().ls(path, detail=True, **how))
        return found if detail else [one["name"] for one in found]

    def invalidate_cache(self, path: str | None = None) -> None:
        self.listed.clear()


@pytest.fixture
def bucket(campus, tmp_path) -> Callable[[], Store]:
    """The store of the campus, as each request opens it in an object store that others write too."""
    there = Remembering()
    there.listed = {}
    attach("memory", tmp_path.name, fs=there)
    url = f"memory://{tmp_path.name}@nuits/{tmp_path.name}"
    for name in campus.store.everything():
        Store(ObjectStoragePath(url)).write(name, campus.store.read(name))
    return lambda: open_store(ObjectStoragePath(url))


def test_every_page_of_an_object_store_is_that_of_a_folder(campus, bucket):
    here, there = visit(campus.store), visit(bucket)
    for path in PAGES:
        assert there.get(path).text == here.get(path).text, path


def test_a_night_that_another_process_wrote_is_seen_in_an_object_store(bucket):
    clerk = visit(bucket)
    assert clerk.reads("nuit")[0].startswith("La nuit du 23 novembre")
    elsewhere = MemoryFileSystem()
    path = bucket().root.path
    for name in ("run.json", "record.json"):
        content = elsewhere.cat(f"{path}/{RUN}/{name}")
        elsewhere.makedirs(f"{path}/2026-11-24/users/autre", exist_ok=True)
        elsewhere.pipe(f"{path}/2026-11-24/users/autre/{name}", content)
    assert clerk.reads("nuit")[0].startswith("La nuit du 24 novembre")


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"3"])
@pytest.mark.parametrize("name", ["report.json", "record.json", "run.json"])
def test_a_document_of_a_run_that_nobody_can_read_breaks_no_page(campus, name, content):
    campus.store.write(f"{RUN}/{name}", content)
    assert broken(campus.store) == []


@pytest.mark.parametrize("name", [f"{NIGHT}/cohorts/run/source/etape.parquet", f"{NIGHT}/cohorts/run/report.html"])
def test_a_file_that_one_page_reads_does_not_close_the_others(campus, name):
    campus.store.write(name, campus.store.read(name)[:100])
    assert {visit(campus.store).get(path).status_code for path in ("nuit", "aide", "anomalies", "historique")} == {200}


def test_a_view_of_an_older_layout_does_not_close_the_pages(campus):
    campus.store.write_frame(f"{NIGHT}/cohorts/run/source/etape.parquet", pd.DataFrame({"code": ["L1"]}))
    assert broken(campus.store) == []


def test_a_history_of_another_version_is_one_sentence(campus):
    for phase in PHASES:
        for table in tables.SHAPES:
            campus.store.write_frame(
                tables.path(table, phase, f"{NIGHT:%Y-%m}"), pd.DataFrame({"night": ["2026-11-23"]})
            )
    assert broken(campus.store) == []
    assert (
        "L&#39;historique n&#39;a pas les colonnes que cette version d&#39;ecampus lit"
        in visit(campus.store).get("historique").text
    )


@pytest.mark.parametrize("content", [b"", b"pas du Parquet, mais assez long"])
def test_anomalies_that_nobody_can_read_are_not_said_to_be_none(campus, content):
    for phase in PHASES:
        campus.store.write(f"memory/anomalies-{phase}.parquet", content)
    assert (
        visit(campus.store)
        .reads("anomalies?composante=SCIENCES")[1]
        .endswith("rien de connu · Utilisateurs, Cohortes, Offre de formation, Inscriptions, Groupes : pas connues")
    )


@pytest.fixture
def alone(campus, tmp_path) -> Store:
    """A store of which only the accounts were computed."""
    store = Store(tmp_path / "alone")
    for name in campus.store.everything():
        if "/users" in name or name.endswith(("-users.parquet", "-users.json")):
            store.write(name, campus.store.read(name))
    return store


def test_where_only_the_accounts_were_computed_nobody_is_said_to_be_nowhere(alone):
    clerk = visit(alone)
    assert broken(alone) == []
    assert (
        clerk.reads("pourquoi?q=22900101")[0] == "On ne sait pas encore quels espaces concernent l'étudiant 22900101."
    )
    words = clerk.reads("pourquoi?q=22900101+L1CAS101")
    assert words[0] == "Pas encore : l'étudiant 22900101 n'a pas encore été vu dans l'espace L1CAS101."
    assert words[words.index("Raison :") + 1] == (
        "le traitement « Offre de formation » n'a encore jamais abouti : personne n'a regardé."
    )
    assert clerk.reads("pourquoi?q=L1CAS101")[1] == (
        "Rien n'est connu encore sous « L1CAS101 ». Jamais calculé encore : Cohortes, Offre de formation,"
        " Inscriptions, Groupes."
    )
    assert clerk.reads("anomalies")[1].endswith(" · Cohortes, Offre de formation, Inscriptions, Groupes : pas connues")


def test_a_composante_that_nothing_has_is_not_one_without_anomaly(campus):
    assert visit(campus.store).reads("anomalies?composante=LETRES") == [
        "Anomalies de LETRES",
        "Aucune étape et aucune anomalie n'est de la composante « LETRES » : en choisir une autre.",
    ]


def test_a_store_without_a_night_has_no_spreadsheet_of_nothing(tmp_path):
    assert "Aucune nuit n&#39;a encore dit ses anomalies." in visit(Store(tmp_path)).get("anomalies.csv").text


def test_a_rehearsal_that_nobody_can_read_is_as_none(campus):
    for content in (b"{", b"[]", b"{}"):
        campus.store.write("rehearsals/midi__2026-11-23T12:00:00+00:00/report.json", content)
        assert broken(campus.store) == []


def test_a_run_without_settings_explains_nothing_and_breaks_nothing(campus):
    for phase in PHASES:
        run = campus.run(phase)
        opening.keep(run, replace(opening.read(run), settings=None, opened_at=MORNING))
    assert broken(campus.store) == []


def broken(store: Store) -> list[tuple[str, int]]:
    """The pages that answer neither with a page nor with one sentence."""
    clerk = visit(store)
    clerk.client._transport.raise_server_exceptions = False
    found = {path: clerk.get(path).status_code for path in PAGES}
    return [(path, code) for path, code in found.items() if code not in (200, 303, 404, 503)]
