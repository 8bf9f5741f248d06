"""A frozen night shows what it would do; a past night is replayed from its archive, without any connection."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from campus import Campus, copied, night_after, opened
from refusals import Unreachable

from ecampus.calendar import PHASES, Frozen
from ecampus.errors import NightRefused
from ecampus.night import reconcile, reports
from rehearsal import NIGHT, ended
from university import play


def frozen_after(writes: int):
    """A freeze that begins after so many writes."""
    left = iter(range(writes))

    def live() -> None:
        if next(left, None) is None:
            raise Frozen("Gel jusqu'au 1er septembre 2027 inclus.")

    return live


def play_frozen(campus: Campus, phase: str, writes: int) -> dict:
    """A phase in which a freeze begins, as its tasks run it: apply stops, what it wrote is verified, the report is made."""
    run = campus.prepared(phase, "gelee", NIGHT)
    with pytest.raises(Frozen):
        reconcile.apply(run, campus.systems, frozen_after(writes))
    told = reports.stopped(run, "Gelé", "Gel.")
    if told:
        reconcile.verify(run, campus.systems)
    reconcile.report(run, "stopped" if told else "success", told or "Gel.")
    return run.files.read_json("report.json")


def test_a_frozen_night_writes_nothing_and_shows_what_it_would_do(second_night, tmp_path, cron):
    with opened(copied(second_night, tmp_path / "campus"), cron) as campus:
        before, owned = campus.state(), campus.owned()
        campus.box.moodle.calls.clear()
        for phase in PHASES:
            report = play_frozen(campus, phase, 0)
            assert (report["counts"], bool(report["planned"])) == ({}, True)
            assert "prévu" in (campus.run(phase, "gelee", NIGHT).folder / "report.html").read_text()
        assert campus.writes() == []
        assert (campus.state(), campus.owned()) == (before, owned)


@pytest.mark.parametrize(("phase", "writes"), [("users", 2), ("cohorts", 0), ("offer", 6), ("groups", 3)])
def test_a_freeze_that_begins_after_some_writes_stops_there_and_the_next_live_night_does_the_rest(
    rehearsed, before, phase, writes
):
    campus = before(phase)
    report = play_frozen(campus, phase, writes)
    assert bool(report["counts"]) == bool(writes)
    assert report["counts"] != report["planned"]
    assert report["state"] == ("stopped" if writes else "success")
    assert (added(report["counts"], report["left"]) == report["planned"]) == bool(writes)
    page = (campus.run(phase, "gelee", NIGHT).folder / "report.html").read_text()
    assert ("reste à faire" in page) == bool(writes)
    campus.play(phase, "degel", NIGHT)
    assert ended(campus) == (rehearsed[phase].state, rehearsed[phase].owned)


def added(one: dict, other: dict) -> dict:
    """Two counts by object and verb as one."""
    total = {kind: Counter(one.get(kind, {})) + Counter(other.get(kind, {})) for kind in {*one, *other}}
    return {kind: dict(verbs) for kind, verbs in total.items()}


def digests(folder: Path) -> dict[str, str]:
    """The content of every file."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_past_night_is_replayed_from_its_archive_with_the_same_plan_and_touches_nothing_else(second_night, tmp_path):
    folder = copied(second_night, tmp_path / "campus")
    before = digests(folder)
    for phase in PHASES:
        campus = Campus(folder, box=None, cron=None)
        replay = campus.run(phase, "rejeu", night_after(1), replay=True)
        report = play(replay, Unreachable())
        real = campus.run(phase, "deuxieme", night_after(1)).files
        assert replay.files.read_json("plan.json") == real.read_json("plan.json")
        assert (report["replay"], report["counts"]) == (True, {})
        assert report["planned"] == real.read_json("report.json")["planned"]
    after = digests(folder)
    assert {name: after[name] for name in before} == before
    assert all("rejeu~rejeu/" in name for name in after.keys() - before.keys())


def test_a_replay_that_bears_the_name_of_the_real_run_writes_beside_it(second_night, tmp_path):
    folder = copied(second_night, tmp_path / "campus")
    campus, before = Campus(folder, box=None, cron=None), digests(folder)
    play(campus.run("offer", "deuxieme", night_after(1), replay=True), Unreachable())
    after = digests(folder)
    assert {name: after[name] for name in before} == before


def test_a_night_without_an_archive_is_refused_in_one_sentence(second_night, tmp_path):
    campus = Campus(copied(second_night, tmp_path / "campus"), box=None, cron=None)
    with pytest.raises(NightRefused) as refused:
        play(campus.run("offer", "rejeu", date(2026, 11, 1), replay=True), Unreachable())
    assert str(refused.value) == (
        "La nuit du 1er novembre 2026 ne peut pas être rejouée : le magasin n'a pas d'archive de cette nuit pour cette"
        " phase ; choisir une nuit archivée, ou laisser la date vide pour cette nuit."
    )
