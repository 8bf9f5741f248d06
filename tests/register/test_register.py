"""The register on SQLite: what is written is read, what waits goes with the next commit, one writer."""

from __future__ import annotations

import logging
from contextlib import closing, suppress

import pandas as pd
import pytest

from ecampus.errors import AlreadyRunning, ContractBroken, SourceLocked
from ecampus.register import owned
from ecampus.register.lease import Lease
from ecampus.register.register import Register
from registers import ABOUT, FOREIGN, NEW, NONE, OLD, Watched, content, furnished, members, rows, run, sqlite_hook

ITEMS = [{"kind": "course", "key": "A", "ids": {"id": None}, "before": None, "after": {"idnumber": "A", "nom": "É"}}]


@pytest.fixture
def hook(tmp_path):
    return sqlite_hook(tmp_path)


@pytest.fixture
def register(hook):
    register = Register(hook)
    register.prepare()
    return register


def listed(frame: pd.DataFrame) -> list[list]:
    frame = frame.astype("object")
    return sorted(frame.where(frame.notna(), None).to_numpy().tolist(), key=str)


def test_a_register_that_is_new_owns_nothing_has_a_name_and_no_site(register):
    state = register.state()
    assert len(state.name) == 36
    assert (state.number, state.intended, state.change, state.site) == (0, None, 0, None)
    for kind, frame in register.owned().items():
        pd.testing.assert_frame_equal(frame, owned.empty()[kind])


def test_the_name_is_given_once(register):
    name = register.state().name
    register.prepare()
    assert register.state().name == name


def test_what_is_ours_is_read_with_its_types(register):
    with register.lease("r1") as lease:
        lease.own("course", pd.DataFrame({"id": [7], "key": ["A"], "idnumber": ["A"], "scope": ["UFR"], "created": [1790000000]}))
        lease.own("account", pd.DataFrame({"user_id": [4, 4], "population": ["student", "staff"], "code": ["S", "T"]}))
        lease.own("enrolment", rows(OLD))
    ours = register.owned()
    assert listed(ours["course"]) == [[7, "A", "A", None, "UFR", 1790000000, None]]
    assert listed(ours["account"]) == [
        [4, "staff", "T", False, None, False, None, None],
        [4, "student", "S", False, None, False, None, None],
    ]
    assert listed(ours["enrolment"]) == [list(OLD)]
    for kind, frame in ours.items():
        assert frame.dtypes.astype("str").to_dict() == owned.SHAPES[kind]


def test_a_column_that_a_gain_does_not_name_keeps_its_value(register):
    with register.lease("r1") as lease:
        lease.own(
            "account", pd.DataFrame({"user_id": [4], "population": ["student"], "code": ["S"], "address": ["a@b"]})
        )
        lease.own("account", pd.DataFrame({"user_id": [4], "population": ["student"], "suspended": [True]}))
    assert listed(register.owned()["account"]) == [[4, "student", "S", True, "a@b", False, None, None]]


def test_each_commit_that_changes_what_is_ours_raises_the_number_and_no_other(register):
    with register.lease("r1") as lease:
        lease.own("group_member", members((1, 1)))
        lease.own("group_member", members((1, 2)))
        lease.commit()
        lease.commit()
        lease.remember(site="https://moodle")
        lease.disown("group_member", members((1, 1)))
    assert register.state().change == 2


def test_a_batch_is_open_from_its_intent_to_the_commit_of_its_settlement(register):
    with register.lease("r1") as lease:
        first = lease.intend(ITEMS, ABOUT)
        assert [(batch.number, batch.about, batch.items, batch.outcomes) for batch in register.open_batches()] == [
            (first, ABOUT, ITEMS, None)
        ]
        lease.settle(first, [{"outcome": "done", "id": 7}], {"course": pd.DataFrame({"id": [7], "key": ["A"], "idnumber": ["A"]})}, {})
        assert [batch.number for batch in register.open_batches()] == [first]
        assert register.owned()["course"].empty
        second = lease.intend(ITEMS, ABOUT)
        assert [batch.number for batch in register.open_batches()] == [second]
        assert listed(register.owned()["course"])[0][:2] == [7, "A"]


def test_a_settled_batch_keeps_what_was_intended_and_says_what_became_of_it(register):
    with register.lease("r1") as lease:
        lease.settle(lease.intend(ITEMS, ABOUT), [{"outcome": "done", "id": 7}], {}, {})
    (batch,) = register.batches(ABOUT.run)
    assert (batch.items, batch.outcomes) == (ITEMS, [{"outcome": "done", "id": 7}])
    assert register.batches("another") == []


def test_numbers_of_batches_go_on_from_one_writer_to_the_next(register):
    for number in (1, 2):
        with register.lease("r") as lease:
            assert lease.intend(ITEMS, ABOUT) == number


def test_what_waits_is_written_at_the_end_of_the_lease(register):
    with register.lease("r1") as lease:
        lease.settle(lease.intend(ITEMS, ABOUT), [{"outcome": "done"}], {"group_member": members((1, 1))}, {})
    assert register.open_batches() == []
    assert listed(register.owned()["group_member"]) == [[1, 1]]


def test_what_waits_is_written_after_an_error_too(register):
    with suppress(Interruption), register.lease("r1") as lease:
        lease.settle(lease.intend(ITEMS, ABOUT), [{"outcome": "done"}], {}, {})
        raise Interruption
    assert register.open_batches() == []


def test_the_number_of_the_mark_is_intended_then_raised(register):
    with register.lease("r1") as lease:
        assert [lease.intend_number(), lease.intend_number()] == [1, 1]
        assert (register.state().number, register.state().intended) == (0, 1)
        lease.settle_number()
        assert (register.state().number, register.state().intended) == (1, None)
        lease.settle_number()
        assert (register.state().number, register.state().intended) == (1, None)


def test_the_number_of_a_mark_that_a_killed_run_intended_is_intended_again(register):
    with register.lease("r1") as lease:
        lease.intend_number()
    with register.lease("r2") as lease:
        assert lease.intend_number() == 1
        lease.settle_number()
        assert lease.intend_number() == 2


def test_links_and_rows_to_follow_replace_those_remembered_and_figures_those_of_their_phase(register):
    figure = {"subject": "refer_groupe", "scope": None, "figure": "rows"}
    with register.lease("r1") as lease:
        for porteur in ("B", "C"):
            lease.remember(
                links=pd.DataFrame({"code": ["A"], "porteur": [porteur]}),
                following=rows(OLD).assign(verb="enrol", night="2026-11-23"),
                figures=pd.DataFrame([{"phase": "groups", **figure, "value": 3}]),
            )
        lease.remember(figures=pd.DataFrame([{"phase": "offer", **figure, "value": 4}]), site="https://moodle")
    memory = register.memory()
    assert listed(memory["links"]) == [["A", "C"]]
    assert listed(memory["following"]) == [[*OLD, "enrol", "2026-11-23"]]
    assert listed(memory["figures"]) == [
        ["groups", "refer_groupe", None, "rows", 3],
        ["offer", "refer_groupe", None, "rows", 4],
    ]
    assert register.state().site == "https://moodle"


def test_rows_are_published_with_who_owns_them_and_are_followed(register, hook):
    with register.lease("r1") as lease:
        assert lease.publish(rows(OLD, FOREIGN), NONE, rows(OLD), NONE, "2026-11-22") == (2, 0)
        assert lease.publish(rows(NEW), rows(OLD), rows(NEW), rows(OLD), "2026-11-23") == (1, 1)
        assert lease.publish(rows(NEW), rows(OLD), rows(NEW), rows(OLD), "2026-11-24") == (0, 0)
    assert run(hook, "SELECT * FROM enrolments ORDER BY 1") == [NEW, FOREIGN]
    assert listed(register.owned()["enrolment"]) == [list(NEW)]
    assert listed(register.memory()["following"]) == [
        [*OLD, "unenrol", "2026-11-24"],
        [*NEW, "enrol", "2026-11-24"],
        [*FOREIGN, "enrol", "2026-11-22"],
    ]


def test_a_row_that_is_twice_in_the_table_is_published_away_whole(tmp_path):
    hook = sqlite_hook(tmp_path)
    run(hook, "DROP TABLE enrolments", "CREATE TABLE enrolments(course_idnumber TEXT, username TEXT, role TEXT)")
    run(hook, *["INSERT INTO enrolments VALUES ('L1', 'e1', 'student')"] * 2)
    register = Register(hook)
    register.prepare()
    with register.lease("r1") as lease:
        assert lease.publish(NONE, rows(OLD), NONE, rows(OLD), "2026-11-23") == (0, 1)
    assert run(hook, "SELECT * FROM enrolments") == []


def test_rows_and_ownership_move_together_or_not_at_all_whichever_statement_fails(tmp_path):
    statements = 0
    while True:
        hook = sqlite_hook(tmp_path, name=f"{statements}.db")
        furnished(hook)
        before = content(hook)
        if not interrupted(hook, statements):
            break
        assert content(hook) == before
        statements += 1
    assert statements > 8


def interrupted(hook, number: int) -> bool:
    """Publish, cut before the statement ``number``; false when there were not so many."""
    cut = Cut(number)
    with suppress(Interruption), Register(Watched(hook, cut)).lease("r") as lease:
        cut.armed = True
        lease.publish(rows(NEW), rows(OLD), rows(NEW), rows(OLD), "2026-11-23")
        cut.armed, number = False, -1
    return number >= 0


class Interruption(Exception):
    """Something happens between two statements."""


class Cut:
    """Interrupts the statement ``left`` once it is armed."""

    def __init__(self, left: int):
        self.left, self.armed = left, False

    def __call__(self, statement: str) -> None:
        self.left -= self.armed
        if self.armed and self.left < 0:
            self.armed = False
            raise Interruption


@pytest.fixture
def pauses(monkeypatch):
    """What the attempts would have waited, in seconds; none of it is spent."""
    pauses = []
    monkeypatch.setattr(Lease.publish.retry, "sleep", pauses.append)
    return pauses


def test_a_lock_waited_for_too_long_publishes_again_whole(register, hook, pauses, monkeypatch, caplog):
    other = hook.get_conn()
    with register.lease("r1") as lease, caplog.at_level(logging.WARNING):
        lease.own("group_member", members((1, 1)))
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(Lease.publish.retry, "sleep", lambda seconds: other.rollback())
        assert lease.publish(rows(NEW), NONE, rows(NEW), NONE, "2026-11-23") == (1, 0)
    other.close()
    assert "Nouvel essai (2 sur 4)" in caplog.text
    assert listed(register.owned()["group_member"]) == [[1, 1]]


def test_a_lock_that_nobody_gives_back_ends_in_one_sentence_and_what_waits_still_waits(register, hook, pauses):
    with register.lease("r1") as lease, closing(hook.get_conn()) as other:
        lease.own("group_member", members((1, 1)))
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(SourceLocked, match="une table du registre est verrouillée par un autre traitement"):
            lease.publish(rows(NEW), NONE, rows(NEW), NONE, "2026-11-23")
        other.rollback()
        assert len(pauses) == 3
    assert listed(register.owned()["group_member"]) == [[1, 1]]
    assert run(hook, "SELECT * FROM enrolments") == []


def test_a_register_that_nobody_made_is_told(hook):
    with pytest.raises(ContractBroken, match="Dans la base des inscriptions, une table du registre n'existe pas"):
        Register(hook).owned()


def test_a_lease_is_given_back_at_the_end_and_after_an_error(register):
    with suppress(Interruption), register.lease("r1") as lease:
        first = lease.fence
        raise Interruption
    with register.lease("r2") as lease:
        assert lease.fence == first + 1


def test_who_holds_the_lease_is_named_with_since_when_and_does_not_enter_twice(register, hook):
    with register.lease("groups r1"):
        run(hook, "UPDATE ecampus_lease SET taken = 1795406700000")
        for holder in ("groups r1", "offer r2"):
            with pytest.raises(AlreadyRunning) as told, register.lease(holder):
                pass
            assert str(told.value) == (
                "Une autre exécution écrit dans ecampus en ce moment (groups r1, depuis le 23 novembre 2026 à 05h05) :"
                " attendre sa fin, puis relancer cette phase."
            )
