"""The register on SQLite: what is written is read, what waits goes with the next commit, one writer."""

from __future__ import annotations

import time
from contextlib import closing, suppress

import pandas as pd
import pytest

from ecampus.errors import AlreadyRunning, ContractBroken
from ecampus.register import owned
from ecampus.register.register import Register
from registers import ABOUT, NEW, NONE, OLD, listed, members, rows, run

ITEMS = [{"kind": "course", "key": "A", "ids": {"id": None}, "before": None, "after": {"idnumber": "A", "nom": "É"}}]


def test_a_register_that_is_new_owns_nothing_has_a_name(register):
    state = register.state()
    assert len(state.name) == 36
    assert (state.number, state.intended, state.late, state.change) == (0, None, None, 0)
    for kind, frame in register.owned().items():
        pd.testing.assert_frame_equal(frame, owned.empty()[kind])


def test_the_name_is_given_once(register):
    name = register.state().name
    register.prepare()
    assert register.state().name == name


def test_what_is_ours_is_read_with_its_types(register):
    with register.lease("r1") as lease:
        lease.own(
            "course",
            pd.DataFrame({"id": [7], "key": ["A"], "idnumber": ["A"], "scope": ["UFR"], "created": [1790000000]}),
        )
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
        lease.remember(links=pd.DataFrame({"code": ["A"], "porteur": ["B"]}))
        lease.disown("group_member", members((1, 1)))
    assert register.state().change == 2


def test_a_batch_is_open_from_its_intent_to_the_commit_of_its_settlement(register):
    with register.lease("r1") as lease:
        first = lease.intend(ITEMS, ABOUT)
        assert [(batch.number, batch.about, batch.items, batch.outcomes) for batch in register.open_batches()] == [
            (first, ABOUT, ITEMS, None)
        ]
        lease.settle(
            first,
            [{"outcome": "done", "id": 7}],
            {"course": pd.DataFrame({"id": [7], "key": ["A"], "idnumber": ["A"]})},
            {},
        )
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


def test_a_batch_says_when_it_was_noted(register):
    before = int(time.time())
    with register.lease("r1") as lease:
        lease.intend(ITEMS, ABOUT)
        (batch,) = register.open_batches()
    assert before <= batch.intended <= time.time()


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
    with suppress(KeyError), register.lease("r1") as lease:
        lease.settle(lease.intend(ITEMS, ABOUT), [{"outcome": "done"}], {}, {})
        raise KeyError
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
        assert register.state().late == 1


def test_a_row_that_was_published_again_since_it_was_read_is_still_followed(register):
    def followed(night: str) -> pd.DataFrame:
        return rows(NEW).assign(verb="enrol", night=night)

    with register.lease("r1") as lease:
        lease.publish(rows(NEW), NONE, rows(NEW), NONE, "2026-11-23")
        lease.unfollow(followed("2026-11-22"))
        assert listed(register.memory()["following"]) == [[*NEW, "enrol", "2026-11-23"]]
        lease.unfollow(followed("2026-11-23"))
    assert register.memory()["following"].empty


def test_a_row_that_somebody_put_there_before_we_could_is_not_ours(register, hook):
    insert(hook, NEW)
    with register.lease("r1") as lease:
        assert lease.publish(rows(NEW, OLD), NONE, rows(NEW, OLD), NONE, "2026-11-23") == (1, 0)
    assert listed(register.owned()["enrolment"]) == [list(OLD)]


def insert(hook, row):
    with closing(hook.get_conn()) as connection:
        connection.execute("INSERT INTO enrolments VALUES (?, ?, ?)", row)
        connection.commit()


def test_links_replace_those_remembered_and_figures_those_of_their_phase(register):
    figure = {"subject": "refer_groupe", "scope": None, "figure": "rows"}
    with register.lease("r1") as lease:
        for porteur in ("B", "C"):
            lease.remember(
                links=pd.DataFrame({"code": ["A"], "porteur": [porteur]}),
                figures=pd.DataFrame([{"phase": "groups", **figure, "value": 3}]),
            )
        lease.remember(figures=pd.DataFrame([{"phase": "offer", **figure, "value": 4}]))
    memory = register.memory()
    assert listed(memory["links"]) == [["A", "C"]]
    assert listed(memory["figures"]) == [
        ["groups", "refer_groupe", None, "rows", 3],
        ["offer", "refer_groupe", None, "rows", 4],
    ]


def test_a_register_that_nobody_made_is_told(hook):
    with pytest.raises(ContractBroken, match="Dans la base des inscriptions, une table du registre n'existe pas"):
        Register(hook).owned()


def test_a_lease_is_given_back_at_the_end_and_after_an_error(register):
    with suppress(KeyError), register.lease("r1") as lease:
        first = lease.fence
        raise KeyError
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


def test_the_units_that_wait_for_an_answer_are_counted(register):
    states = ["asked", "approved", "asked", "refused"]
    held = pd.DataFrame({"phase": "offer", "unit": [*"abcd"], "digest": "x", "question": "q", "state": states})
    with register.lease("r1") as lease:
        lease.hold(held.assign(night="2026-11-23", decided=None, who=None, why=None), "offer")
    assert register.asked() == 2
