"""Nights that are approved as a whole: the first, a thaw, a new year, other systems. Until then nothing is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from campus import Campus, Cron, copied, night_after, opened
from test_rehearsed import NOON, bytes_of, planned, the_same

from ecampus.calendar import PHASES
from ecampus.errors import AnswerRefused
from ecampus.limits import Limits
from ecampus.night import approving, passage, reconcile
from ecampus.night.rehearsal import rehearse
from ecampus.store import opening
from ecampus.store.opening import Opening
from sharing import Played

GONE = "DELETE FROM refer_element WHERE code IN ('L1CAS101', 'L1CAS102', 'L1CAS103', 'L1CAS104')"
RENAMED = "UPDATE refer_element SET libelle = 'autre nom' WHERE code = 'L1CAS105'"
NO_SANDBOX = "UPDATE mdl_config SET value = 'https://moodle.univ.fr' WHERE name = 'siteurl'"
FREEZE = "Gel sans date de fin (variable ecampus_freeze)."


@pytest.fixture(scope="session")
def first_shown(played: Played, cron: Cron) -> Path:
    """A university that never had ecampus, and no sandbox by its address, after a night that showed what it would do."""

    def play(folder: Path) -> None:
        with opened(folder, cron) as campus:
            campus.moodle(NO_SANDBOX)
            night(campus, 0)

    return played(play)


@pytest.fixture(scope="session")
def kept_once(played: Played, cron: Cron, first_night: Path) -> Path:
    """A university that ecampus keeps since two nights, no sandbox by its address."""

    def play(folder: Path) -> None:
        with opened(copied(first_night, folder / "campus"), cron) as campus:
            night(campus, 3)
            campus.moodle(NO_SANDBOX)

    return played(play) / "campus"


@pytest.fixture
def shown(first_shown, tmp_path, cron) -> Iterator[Campus]:
    with opened(copied(first_shown, tmp_path / "campus"), cron) as campus:
        yield limited(campus)


@pytest.fixture
def kept(kept_once, tmp_path, cron) -> Iterator[Campus]:
    with opened(copied(kept_once, tmp_path / "campus"), cron) as campus:
        yield limited(campus)


def limited(campus: Campus) -> Campus:
    """With the limits of a site."""
    campus.limits = Limits()
    return campus


def night(
    campus: Campus, day: int, freeze: str | None = None, phases: Iterable[str] = PHASES
) -> dict[str, dict[str, Any]]:
    """The night as its tasks run it: the report of each phase, and under ``mode`` whether it might write."""
    campus.box.moodle.calls.clear()
    return {phase: one(campus, phase, day, freeze) for phase in phases}


def one(campus: Campus, phase: str, day: int, freeze: str | None, only_approved: bool = False) -> dict[str, Any]:
    night = night_after(day)
    run, systems = campus.run(phase, f"{'approuve' if only_approved else 'nuit'}{day}", night), campus.systems
    settings = systems.settings(night)
    known = Opening(night, "frozen" if freeze else "live", freeze, settings=settings, limits=systems.limits)
    known = replace(known, only_approved=only_approved)
    opening.forget(run)
    known = passage.opened(known, phase, systems)
    opening.keep(run, known)
    reconcile.extract_source(run, systems)
    reconcile.extract_moodle(run, systems)
    reconcile.diff(run)
    reconcile.check(run)
    if known.mode == "live":
        reconcile.apply(run, systems, lambda: None)
        reconcile.verify(run, systems)
    else:
        passage.show(run, systems)
    reconcile.report(run, "success", known.reason)
    return run.files.read_json("report.json") | {"mode": known.mode}


def modes(reports: dict[str, dict[str, Any]]) -> list[str]:
    return [made["mode"] for made in reports.values()]


def asked(campus: Campus) -> Any:
    """The night that waits; units that are held are other questions."""
    found = [
        question for question in approving.questions(campus.register, campus.store) if question.phase not in PHASES
    ]
    return found[0] if found else None


def answer(campus: Campus, day: int, approved: bool = True) -> int:
    return approving.answer(campus.register, asked(campus), approved, night_after(day), "camille", "vu")


class TestAFirstNight:
    def test_writes_nothing_and_shows_all_that_it_would_do(self, shown):
        reports = {phase: shown.run(phase, "nuit0").files.read_json("report.json") for phase in PHASES}
        assert (shown.writes(), shown.rows()) == ([], [])
        assert {made["reason"] for made in reports.values()} == {
            "Première nuit sur ce Moodle : rien n'est écrit dans ecampus avant qu'une personne l'approuve. Décider :"
            " « make approve », ou la question de « Décisions (06h15) » dans Airflow."
        }
        question = asked(shown)
        assert (question.subject, question.units) == ("Première nuit sur ce Moodle", 5)
        assert question.options == ["Ouvrir la nuit suivante", "Ne rien écrire", "Plus tard"]
        assert [line.partition(" : ")[0] for line in question.lines[:5]] == [*PHASES.values()]
        assert question.lines[5].startswith("1 objet de Moodle porte déjà un code que REFER demande")
        assert "72 cours à créer" in question.lines[2]

    def test_once_approved_is_done_by_the_next_night_as_it_was_shown(self, shown):
        plans = {phase: planned(shown.run(phase, "nuit0")) for phase in PHASES}
        answer(shown, 0)
        assert modes(night(shown, 1)) == ["live"] * 5
        for phase in PHASES:
            assert the_same(plans[phase], planned(shown.run(phase, "nuit1", night_after(1)))), phase
        assert asked(shown) is None
        assert modes(night(shown, 2, phases=["offer", "enrolments"])) == ["live"] * 2
        assert shown.writes() == []

    def test_that_is_refused_goes_on_showing(self, shown):
        answer(shown, 0, approved=False)
        assert modes(night(shown, 1, phases=["users", "cohorts"])) == ["frozen"] * 2
        assert shown.writes() == []
        assert asked(shown) is None

    def test_of_the_sandbox_waits_for_nobody(self, empty):
        assert modes(night(empty, 0, phases=["users"])) == ["live"]

    def test_is_open_for_seven_nights_and_then_asked_again(self, shown):
        answer(shown, 0)
        assert modes(night(shown, 8, phases=["users"])) == ["frozen"]
        answer(shown, 8)
        assert modes(night(shown, 15, phases=["users"])) == ["live"]

    def test_that_was_shown_again_since_is_not_approved_by_an_older_answer(self, shown):
        question = asked(shown)
        night(shown, 1, phases=["users"])
        with pytest.raises(AnswerRefused, match=r"n'est plus ce qui vous a été montré"):
            approving.answer(shown.register, question, True, night_after(1), "camille", "")

    def test_that_stopped_half_way_goes_on_the_next_night_without_a_new_question(self, shown):
        answer(shown, 0)
        assert modes(night(shown, 1, phases=["users"])) == ["live"]
        assert modes(night(shown, 2, phases=["users", "cohorts"])) == ["live"] * 2


class TestAThaw:
    def test_opens_accounts_and_cohorts_at_once_and_the_rest_once_approved(self, kept):
        before = bytes_of(kept)
        night(kept, 4, FREEZE, ["offer"])
        kept.change_a_day()
        night(kept, 5, FREEZE)
        now = bytes_of(kept)
        assert now["moodle.db"] == before["moodle.db"]
        assert differing(before, now) <= {"ecampus_passage", "ecampus_figure"}
        assert modes(night(kept, 6)) == ["live", "live", "frozen", "frozen", "frozen"]
        question = asked(kept)
        assert (question.subject, question.units) == ("Sortie du gel", 3)
        plans = {
            phase: planned(kept.run(phase, "nuit6", night_after(6))) for phase in ("offer", "enrolments", "groups")
        }
        answer(kept, 6)
        reports = night(kept, 7)
        assert modes(reports) == ["live"] * 5
        for phase, told in plans.items():
            assert the_same(told, planned(kept.run(phase, "nuit7", night_after(7)))), phase
        assert [made["held"] for phase, made in reports.items() if phase in plans] == [0, 0, 0]
        night(kept, 8, phases=["offer", "groups"])
        assert kept.writes() == []

    def test_that_was_approved_before_the_end_of_the_freeze_opens_the_first_night_after_it(self, kept):
        night(kept, 4, FREEZE, ["offer"])
        answer(kept, 4)
        assert modes(night(kept, 5, FREEZE, ["offer"])) == ["frozen"]
        assert modes(night(kept, 6, phases=["offer"])) == ["live"]

    def test_that_would_do_more_than_was_shown_holds_what_is_beyond(self, kept):
        night(kept, 4, FREEZE, ["offer"])
        answer(kept, 4)
        kept.refer(GONE)
        assert night(kept, 5, phases=["offer"])["offer"]["held"] > 0
        assert archived(kept) == 0

    def test_that_archives_what_was_shown_holds_nothing_of_it(self, kept):
        kept.refer(GONE)
        night(kept, 4, FREEZE, ["offer"])
        answer(kept, 4)
        assert night(kept, 5, phases=["offer"])["offer"]["held"] == 0
        assert archived(kept) == 4

    def test_that_waits_is_still_what_the_night_showed_when_a_run_does_only_what_was_approved(self, kept):
        kept.refer(GONE)
        night(kept, 4, phases=["offer"])
        (held,) = approving.questions(kept.register, kept.store)
        kept.refer(RENAMED)
        night(kept, 5, FREEZE, ["offer"])
        shown, before = asked(kept), kept.register.passages()
        assert "1 cours à renommer, 4 cours à archiver" in shown.lines[0]
        approving.answer(kept.register, held, True, night_after(5), "camille", "vu")
        assert one(kept, "offer", 5, None, only_approved=True)["mode"] == "frozen"
        assert (asked(kept), archived(kept)) == (shown, 0)
        for name, rows in kept.register.passages().items():
            pd.testing.assert_frame_equal(rows, before[name])
        answer(kept, 5)
        assert night(kept, 6, phases=["offer"])["offer"]["counts"]["course"] == {"rename": 1, "archive": 4}

    def test_is_needed_too_when_the_freeze_fell_upon_a_night_that_was_writing(self, kept):
        night(kept, 4, phases=["offer"])
        passage.show(kept.run("offer", "nuit4", night_after(4)), kept.systems)
        assert modes(night(kept, 5, phases=["offer", "enrolments"])) == ["frozen", "live"]


class TestANewYear:
    @pytest.fixture
    def empty_ade(self, kept) -> Campus:
        """Everything of 2027 is there as it was in 2026, but no timetable yet."""
        for table in tables_of_a_year(kept):
            kept.refer(f"DELETE FROM {table} WHERE annee <> '2026'")
            kept.refer(f"UPDATE {table} SET annee = '2027'")
        kept.refer("DELETE FROM refer_seance_ade")
        kept.site["annee"] = "2027"
        return kept

    def test_waits_for_accounts_and_cohorts_no_more_than_for_a_timetable_that_is_empty(self, empty_ade):
        reports = night(empty_ade, 4)
        assert modes(reports) == ["live", "live", "frozen", "frozen", "frozen"]
        assert reports["offer"]["reason"] == (
            "Première nuit de la nouvelle année (l'année : 2026 jusqu'ici, 2027 maintenant) : rien n'est écrit dans"
            " ecampus avant qu'une personne l'approuve. Décider : « make approve », ou la question de"
            " « Décisions (06h15) » dans Airflow."
        )

    def test_holds_the_removals_that_rest_on_what_is_empty_and_nothing_else(self, empty_ade):
        teachers = [row for row in empty_ade.rows() if row[2] == "editingteacher"]
        assert teachers
        empty_ade.refer("UPDATE refer_element SET libelle = 'autre nom' WHERE code = 'L1CAS104'")
        phases = ["offer", "enrolments", "groups"]
        night(empty_ade, 4, phases=phases)
        answer(empty_ade, 4)
        assert modes(night(empty_ade, 5, phases=phases)) == ["live"] * 3
        assert [row for row in empty_ade.rows() if row[2] == "editingteacher"] == teachers
        assert empty_ade.ask("SELECT fullname FROM mdl_course WHERE idnumber = 'L1CAS104'") == "L1CAS104 - autre nom"

    def test_that_was_a_slip_of_the_variable_writes_nothing_and_put_back_it_is_asked_once(self, kept):
        before = kept.rows()
        kept.site["annee"] = "2027"
        assert modes(night(kept, 4, phases=["offer"])) == ["frozen"]
        assert (kept.writes(), kept.rows()) == ([], before)
        kept.site["annee"] = "2026"
        assert modes(night(kept, 5, phases=["offer"])) == ["frozen"]
        answer(kept, 5)
        assert modes(night(kept, 6, phases=["offer"])) == ["live"]


class TestAnotherAirflow:
    def test_with_another_refer_on_the_same_register_asks_for_all_five_phases(self, kept, monkeypatch):
        monkeypatch.setattr(type(kept.systems), "addresses", lambda _: {"refer": "ailleurs", "ldap": "dc=univ,dc=fr"})
        reports = night(kept, 4)
        assert modes(reports) == ["frozen"] * 5
        assert reports["users"]["reason"].startswith(
            "Première nuit avec d'autres systèmes (REFER : box jusqu'ici, ailleurs maintenant) : "
        )

    def test_that_is_frozen_freezes_this_one(self, kept, monkeypatch):
        with monkeypatch.context() as other:
            other.setattr(type(kept.systems), "addresses", lambda _: {"refer": "ailleurs", "ldap": "dc=univ,dc=fr"})
            night(kept, 4, FREEZE, ["users", "offer"])
        reports = night(kept, 5, phases=["users", "offer"])
        assert modes(reports) == ["frozen"] * 2
        assert reports["users"]["reason"].startswith("Gelé par une autre installation d'ecampus")
        assert modes(night(kept, 7, phases=["users"])) == ["live"]


def test_a_rehearsal_says_that_the_night_waits_and_shows_all_of_it(shown):
    made = rehearse(shown.store, shown.systems, night_after(1), "une", NOON, None)
    assert made["state"] == "success"
    assert made["waits"].startswith("Première nuit sur ce Moodle : rien n'est écrit")
    assert shown.writes() == []


def archived(campus: Campus) -> int:
    return campus.ask("SELECT COUNT(*) FROM mdl_course WHERE idnumber LIKE 'ex!_L1CAS10%' ESCAPE '!'")


def tables_of_a_year(campus: Campus) -> list[str]:
    with closing(sqlite3.connect(campus.box.folder / "refer.db")) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [name for name in names if "annee" in {row[1] for row in db.execute(f"PRAGMA table_info({name})")}]


def differing(before: dict[str, list[str]], now: dict[str, list[str]]) -> set[str]:
    """The tables of the register of which a row is not what it was."""
    lines = set(before["enrolments.db"]) ^ set(now["enrolments.db"])
    return {line.split('"')[1] if '"' in line else line.split()[2] for line in lines}
