"""``make bench`` at a tiny size: its university keeps the contract, its second night plans nothing, its table is made."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import programs
from bench import archived, beside, child, digests, drafts, history, pages, runs, table, why
from bench.engines import compare
from ecampus import contract
from ecampus.night.phases import PHASES
from ecampus.store import archive

SIZE = 0.01
LIBRARIES = child.ROOT / "bench/.work/libraries/.installed"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three nights of a university of nine classes: the second one raises if it plans anything."""
    folder = tmp_path_factory.mktemp("bench")
    runs.made(folder, SIZE)
    return folder


@pytest.mark.parametrize("phase", PHASES)
def test_what_is_archived_keeps_the_contract(store, phase):
    inputs = archive.inputs(archived.run(store, phase, archived.CHANGED))
    for name, frame in (inputs.source | inputs.existing).items():
        contract.validate("enrolled" if name == "space_teachers" else name, frame)


@pytest.mark.parametrize("phase", PHASES)
def test_every_phase_of_a_day_of_changes_plans_some_change_and_tells_some_anomaly(store, phase):
    draft = PHASES[phase].draft(archive.inputs(archived.run(store, phase, archived.CHANGED)))
    assert len(draft.changes) > 0
    assert len(draft.anomalies) > 0


def test_a_phase_is_measured_in_a_process_of_its_own(store, monkeypatch):
    monkeypatch.setattr(drafts, "PHASES", ("cohorts",))
    monkeypatch.setattr(drafts, "CASES", {"same": "no change"})
    lines = list(drafts.section({"0.01": store}, repeat=1))
    cells = [cell.strip() for cell in lines[3].strip("|").split("|")]
    assert cells[:4] == ["0.01", "no change", "cohorts", "0"]
    assert all(float(cell) >= 0 for cell in cells[4:])
    assert lines[4].startswith("| 0.01 | no change | **all** | 0 |")


@pytest.fixture
def engines(pytestconfig: pytest.Config) -> None:
    """DuckDB and Polars, which ``make bench`` installs."""
    if not LIBRARIES.exists():
        programs.skip(
            programs.Missing("DuckDB and Polars are missing: make bench/.work/libraries/.installed"), pytestconfig
        )


def test_duckdb_and_polars_find_the_changes_of_ecampus(store, engines):
    folders = {name: beside.folder_of(store, archived.CHANGED, name) for name in beside.ENGINES}
    for name, folder in folders.items():
        beside.played(name, store, archived.CHANGED, folder, repeat=1)
    assert sum(compare.counted(list(folders.values())).values()) > 0


def test_other_changes_than_those_of_ecampus_are_refused(tmp_path):
    for name, keys in {"one": ["A / e1"], "other": ["A / e2"]}.items():
        (tmp_path / name).mkdir()
        for file in ("enrolments-add", "enrolments-remove", "groups-add", "groups-remove"):
            pd.DataFrame({"key": keys}).to_parquet(tmp_path / name / f"{file}.parquet")
    with pytest.raises(RuntimeError, match="other has other changes"):
        compare.counted([tmp_path / "one", tmp_path / "other"])


def test_what_the_pages_ask_of_many_nights_is_measured(tmp_path):
    lines = list(history.of_size(tmp_path, "1/500", nights=9))
    assert lines[0].startswith("### 9 nights of 1/500 Caen")
    assert len([line for line in lines if line.count("|") == 5]) == 2 + 17


def test_a_process_that_fails_stops_the_bench():
    with pytest.raises(RuntimeError, match=r"bench\.nowhere 1: 1"):
        child.run("bench.nowhere", 1)


def test_a_digest_is_the_same_whatever_the_order_of_rows_and_columns():
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None]})
    assert digests.whatever_order(frame) == digests.whatever_order(frame[["b", "a"]].iloc[::-1])
    assert digests.whatever_order(frame) != digests.whatever_order(frame.assign(a=[1, 3]))


def test_a_line_of_the_table():
    assert list(table.head(["a", "b"])) == ["| a | b |", "| --- | --- |"]


def test_each_question_of_pourquoi_is_measured(store):
    lines = list(why.section({"0.01": store}, repeat=1))
    assert lines[0] == "### «Pourquoi ?» at 0.01 Caen: seconds of each question\n"
    assert len([line for line in lines if line.count("|") == 4]) == 2 + 7


def test_each_page_is_measured_from_a_real_api_server(store, tmp_path):
    lines = list(pages.of_size(store, tmp_path / "nights", "1/500", number=9, times=1, requests=0))
    assert lines[0].startswith("### 9 nights of 1/500 Caen and the last one")
    assert len([line for line in lines if line.count("|") == 7]) == 2 + 38
    assert len([line for line in lines if line.count("|") == 4]) == 2 + 5
