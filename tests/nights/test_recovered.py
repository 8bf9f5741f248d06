"""The register or Moodle lost, restored, exchanged: each is told, mended, and the next night ends as an undisturbed one."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from campus import THEIRS, Campus, copied, night_after, opened
from older import CONFIRMED, recovered, without_mark

from ecampus.errors import RecoveryRefused, RegisterUnusable
from ecampus.night import recovering
from ecampus.register.owned import SHAPES
from rehearsal import ended
from sandbox.moodle import handmade

NIGHT = night_after(2)
DAY = re.compile(r"\d{4}-\d\d-\d\d")


@pytest.fixture(scope="session")
def undisturbed(played, second_night, cron) -> Path:
    """The campus of ``second_night``, a day of changes and its night later; nothing went wrong."""

    def play(folder: Path) -> None:
        with opened(copied(second_night, folder / "campus"), cron) as campus:
            campus.night("troisieme", NIGHT)

    return played(play) / "campus"


@pytest.fixture(scope="session")
def skipped(played, second_night, cron) -> Path:
    """The same, register and Moodle restored to the same day: its second night never was."""

    def play(folder: Path) -> None:
        restored(copied(second_night, folder / "campus"), second_night.parent / "before", "enrolments", "moodle")
        with opened(folder / "campus", cron) as campus:
            campus.night("troisieme", NIGHT)

    return played(play) / "campus"


@pytest.fixture
def yesterday(second_night, first_night, tmp_path, cron):
    """``yesterday("enrolments", "moodle")``: the campus whose third night is to come; these files of it as they were
    before its second one."""

    @contextmanager
    def open_(*files: str) -> Iterator[Campus]:
        folder = copied(second_night, tmp_path / "campus")
        restored(folder, second_night.parent / "before", *files)
        with opened(folder, cron) as campus:
            yield campus

    return open_


def restored(folder: Path, backup: Path, *files: str) -> None:
    """These databases of the campus put back from its backup."""
    for name in files:
        for path in (folder / "box").glob(f"{name}.db*"):
            path.unlink()
        for path in (backup / "box").glob(f"{name}.db*"):
            shutil.copy(path, folder / "box")


def stops(campus: Campus, words: str) -> None:
    with pytest.raises(RegisterUnusable, match=words):
        campus.play("users", "arretee", NIGHT)


def nothing_of_others_touched(campus: Campus) -> None:
    assert handmade.snapshot(campus.box.moodle.db) == json.loads((campus.folder / "by_hand.json").read_text())
    assert set(campus.rows()) >= THEIRS
    assert not THEIRS & set(campus.owned()["enrolment"])


LEFT = {"ex_L1MAT103", "e2100132"}
"""Who left a course the night that Moodle lost, and the course, archived the night after: his row is not back."""


def ends_undisturbed(campus: Campus, undisturbed: Path, tmp_path: Path, cron, but: set[str] | None = None) -> None:
    """The next night ends as it would have, but for the night of an archive that it makes once more.

    ``but``: names, rows of the state with all of which are not compared.
    """
    campus.night("troisieme", NIGHT)
    with opened(copied(undisturbed, tmp_path / "twin"), cron) as twin:
        twins = ended(twin)
    for mine, theirs in zip(ended(campus), twins, strict=True):
        mine, theirs = (compared(rows, but) for rows in (mine, theirs))
        assert beyond(mine, theirs) == beyond(theirs, mine) == {}
    nothing_of_others_touched(campus)


def compared(state: dict[str, list], but: set[str] | None) -> dict[str, list]:
    """An archive is one, whenever it was made."""
    return {
        kind: [
            tuple("archive" if DAY.fullmatch(str(cell)) else cell for cell in row)
            for row in rows
            if but is None or not but <= set(row)
        ]
        for kind, rows in state.items()
    }


def beyond(one: dict[str, list], other: dict[str, list]) -> dict[str, list]:
    """What one has and the other has not."""
    found = {name: [row for row in rows if row not in other[name]] for name, rows in one.items()}
    return {name: rows for name, rows in found.items() if rows}


def test_the_registers_database_of_yesterday(yesterday, undisturbed, tmp_path, cron):
    with yesterday("enrolments") as campus:
        stops(campus, "la base des inscriptions a été restaurée d'une sauvegarde")
        lines, left = recovering.told(replace(CONFIRMED, confirmed=False), campus.store, campus.systems)
        assert left
        assert lines[0].startswith("Moodle (")
        stops(campus, "la base des inscriptions a été restaurée d'une sauvegarde")
        moodle = campus.state() | {"rows": []}
        assert recovered(campus).case == "register_behind"
        assert campus.state() | {"rows": []} == moodle
        assert recovered(campus).case == "same"
        ends_undisturbed(campus, undisturbed, tmp_path, cron)


def test_moodle_of_yesterday_ends_as_if_both_had_been_restored_to_that_day(yesterday, skipped, tmp_path, cron):
    with yesterday("moodle") as campus:
        stops(campus, "Moodle a été restauré d'une sauvegarde")
        moodle, rows = campus.state() | {"rows": []}, campus.rows()
        assert recovered(campus).case == "moodle_behind"
        assert campus.state() | {"rows": []} == moodle
        moved = set(campus.rows()) - set(rows)
        assert {login for _, login, _ in moved} <= set(campus.usernames())
        assert sorted((course, role) for course, _, role in campus.rows()) == sorted((row[0], row[2]) for row in rows)
        assert moved
        assert recovered(campus).case == "same"
        ends_undisturbed(campus, skipped, tmp_path, cron, but=LEFT)


def test_the_mark_deleted(yesterday, undisturbed, tmp_path, cron):
    with yesterday() as campus:
        without_mark(campus)
        stops(campus, "ne porte pas sa marque")
        owned = campus.owned()
        with pytest.raises(RecoveryRefused, match="attendre la fin du gel"):
            recovering.told(replace(CONFIRMED, frozen="Gelé."), campus.store, campus.systems)
        assert recovered(campus).case == "no_mark"
        assert campus.owned() == owned
        ends_undisturbed(campus, undisturbed, tmp_path, cron)


def test_the_register_lost_whole_with_its_rows_there(yesterday, undisturbed, tmp_path, cron):
    with yesterday() as campus:
        owned = campus.owned()
        for table in campus.table_of("SELECT name FROM sqlite_master WHERE name LIKE 'ecampus_%' AND type = 'table'"):
            campus.table(f"DROP TABLE {table[0]}")
        stops(campus, "celui-ci est neuf")
        assert recovered(campus).case == "lost"
        assert {kind: rows for kind, rows in campus.owned().items() if rows != owned[kind]} == {}
        ends_undisturbed(campus, undisturbed, tmp_path, cron)


def test_the_tables_of_the_register_emptied_and_its_own_row_kept(yesterday):
    with yesterday() as campus:
        owned, state = campus.owned(), campus.state()
        for name in SHAPES:
            campus.table(f"DELETE FROM ecampus_{name}")
        stops(campus, "ses tables ont été vidées, ou restaurées en partie ; rien n'est écrit ; « make recover »")
        assert recovered(campus).case == "emptied"
        assert (campus.owned(), campus.state()) == (owned, state)
        assert recovered(campus).case == "same"


def test_another_moodle_is_refused_and_nothing_changes(yesterday, first_night, tmp_path, cron):
    with yesterday() as campus:
        owned, state = campus.owned(), campus.register.state()
        campus.moodle("UPDATE mdl_cohort SET description = 'x [ecampus un-autre 40]' WHERE idnumber = 'ecampus'")
        with pytest.raises(RecoveryRefused) as refused:
            recovered(campus)
        assert str(refused.value).startswith("Rien à reprendre ici : le Moodle de http://127.0.0.1")
        assert "est tenu par le registre un-autre" in str(refused.value)
        without_mark(campus)
        campus.moodle("UPDATE mdl_course SET timecreated = timecreated + 1")
        campus.moodle("UPDATE mdl_user SET idnumber = idnumber || 'X'")
        with pytest.raises(RecoveryRefused, match="n'est pas celui que ce registre connaît"):
            recovered(campus)
        assert (campus.owned(), campus.register.state()) == (owned, state)


def test_a_register_and_a_moodle_that_know_each_other_have_nothing_to_mend(campus):
    owned = campus.owned()
    assert recovering.told(CONFIRMED, campus.store, campus.systems) == (
        ["Rien à reprendre : le registre et Moodle se connaissent."],
        False,
    )
    assert campus.owned() == owned
